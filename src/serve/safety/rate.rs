//! Rate: how often one address may ask.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Addresses that are remembered at most.
const REMEMBERED: usize = 4_096;

/// So many requests at once, and so many a second for long, of one address.
pub(in crate::serve) struct Rate {
    burst: f64,
    rate: f64,
    known: Mutex<HashMap<IpAddr, Left>>,
}

/// What an address has left, and since when.
#[derive(Clone, Copy)]
struct Left {
    requests: f64,
    at: Instant,
}

impl Rate {
    pub(in crate::serve) fn new(burst: u32, rate: u32) -> Self {
        Self {
            burst: f64::from(burst.max(1)),
            rate: f64::from(rate),
            known: Mutex::default(),
        }
    }

    /// Whether this request may pass; it counts.
    pub(in crate::serve) fn allows(&self, peer: Option<IpAddr>) -> bool {
        self.allows_at(network(peer), Instant::now())
    }

    fn allows_at(&self, peer: IpAddr, now: Instant) -> bool {
        // A panic elsewhere leaves counts that are still counts.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED && !known.contains_key(&peer) {
            known.retain(|_, left| self.now(*left, now) < self.burst);
            // All of them are busy: a flood of addresses is held back together.
            if known.len() >= REMEMBERED {
                return false;
            }
        }
        let new = Left {
            requests: self.burst,
            at: now,
        };
        let left = known.entry(peer).or_insert(new);
        let requests = self.now(*left, now);
        let allowed = requests >= 1.0;
        *left = Left {
            requests: if allowed { requests - 1.0 } else { requests },
            at: now,
        };
        allowed
    }

    fn now(&self, left: Left, now: Instant) -> f64 {
        let since = now.saturating_duration_since(left.at).as_secs_f64();
        (left.requests + since * self.rate).min(self.burst)
    }
}

/// The address, or of IPv6 the network that one subscriber has.
fn network(peer: Option<IpAddr>) -> IpAddr {
    match peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)) {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => IpAddr::V4(address),
            None => {
                let [a, b, c, d, ..] = address.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_burst_passes_then_the_rate_counts() {
        let rate = Rate::new(3, 2);
        let (peer, start) = (network(None), Instant::now());
        let allowed = |at: u64| rate.allows_at(peer, start + Duration::from_millis(at));
        assert_eq!([0, 0, 0, 0].map(allowed), [true, true, true, false]);
        assert_eq!([400, 500, 500].map(allowed), [false, true, false]);
        // Another address has its own.
        let other = network(Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1))));
        assert!(rate.allows_at(other, start));
    }

    #[test]
    fn a_flood_of_addresses_takes_no_more_memory() {
        let rate = Rate::new(1, 1);
        let now = Instant::now();
        for at in 0..10_000u32 {
            rate.allows_at(IpAddr::V4(Ipv4Addr::from(at)), now);
        }
        let known = || rate.known.lock().expect("no panic").len();
        assert_eq!(known(), REMEMBERED);
        // Later they are forgotten, and there is room again.
        assert!(rate.allows_at(network(None), now + Duration::from_secs(2)));
        assert_eq!(known(), 1);
    }

    #[test]
    fn a_subscriber_of_ipv6_is_one() {
        let of = |text: &str| network(Some(text.parse().expect("an address")));
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }
}
