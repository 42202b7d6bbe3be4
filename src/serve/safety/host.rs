//! Host and Origin: under which name a request came, and from which page.
//!
//! A page elsewhere can make a visitor's browser send requests here, and can give its own name our address (DNS
//! rebinding). Neither passes: Host has to be a name of ours, and a request that a page sent has to be sent by ours.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};

use axum::extract::Request;
use axum::http::{HeaderName, Method, header};

use crate::language::Localised;
use crate::serve::problem::{Kind, Problem};

const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The names under which the page is asked for.
#[derive(Clone, Debug)]
pub struct Hosts {
    /// Names with their ports, as Host says them, in small letters.
    names: BTreeSet<String>,
    /// Origins of our own pages.
    origins: BTreeSet<String>,
    /// The port at which every address of this computer is ours, where the page listens on all of them.
    every_address: Option<u16>,
    /// True if it is asked for by https only.
    is_secure: bool,
}

impl Hosts {
    /// Those of an address that is listened on, and those that a reverse proxy in front of it has
    /// (`https://host` or `https://host:port`).
    ///
    /// # Errors
    /// The words for one of these that is no such address.
    pub fn of(address: SocketAddr, proxies: &[String]) -> Result<Self, Localised> {
        let port = address.port();
        let ip = address.ip();
        let mut hosts = Self {
            names: BTreeSet::new(),
            origins: BTreeSet::new(),
            every_address: ip.is_unspecified().then_some(port),
            is_secure: false,
        };
        if ip.is_loopback() || ip.is_unspecified() {
            for name in ["localhost", "127.0.0.1", "[::1]"] {
                hosts.add("http", name, port);
            }
        }
        if !ip.is_unspecified() {
            hosts.add("http", &literal(ip), port);
        }
        for proxy in proxies {
            hosts.add_proxy(proxy)?;
        }
        hosts.is_secure = !proxies.is_empty() && proxies.iter().all(|it| it.starts_with("https:"));
        Ok(hosts)
    }

    fn add(&mut self, scheme: &str, name: &str, port: u16) {
        self.names.insert(format!("{name}:{port}"));
        self.origins.insert(format!("{scheme}://{name}:{port}"));
        // Browsers leave out the port that goes without saying.
        if (scheme, port) == ("http", 80) || (scheme, port) == ("https", 443) {
            self.names.insert(name.to_owned());
            self.origins.insert(format!("{scheme}://{name}"));
        }
    }

    fn add_proxy(&mut self, proxy: &str) -> Result<(), Localised> {
        let wrong = || Localised::label("serve-origin-wrong", &[("found", proxy)]);
        let (scheme, rest) = proxy.split_once("://").ok_or_else(wrong)?;
        let usual = match scheme {
            "https" => 443,
            "http" => 80,
            _ => return Err(wrong()),
        };
        let rest = rest.trim_end_matches('/').to_ascii_lowercase();
        let (name, port) = match rest.rsplit_once(':') {
            Some((name, port)) if !port.ends_with(']') => {
                (name.to_owned(), port.parse().map_err(|_| wrong())?)
            }
            Some(_) | None => (rest, usual),
        };
        let is_name = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
        if name.is_empty() || !name.chars().all(is_name) {
            return Err(wrong());
        }
        self.add(scheme, &name, port);
        Ok(())
    }

    /// True if visitors come by https only, so that cookies need not go by anything else.
    pub(in crate::serve) fn is_secure(&self) -> bool {
        self.is_secure
    }

    /// Whether a request came under a name of ours.
    ///
    /// # Errors
    /// [`Kind::Host`] if not, or if it says no name or several.
    pub(in crate::serve) fn check_host(&self, request: &Request) -> Result<(), Problem> {
        let mut said = request.headers().get_all(header::HOST).iter();
        let (first, second) = (said.next(), said.next());
        let named = request.uri().authority().map(|name| name.as_str());
        let host = first.and_then(|name| name.to_str().ok());
        let known = host.is_some_and(|name| self.knows(name))
            && named.is_none_or(|name| self.knows(name))
            && second.is_none();
        match known {
            true => Ok(()),
            false => Err(Kind::Host.into()),
        }
    }

    fn knows(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        self.names.contains(&name) || self.is_address(&name)
    }

    /// True for an address with our port, where the page listens on all of them: no name can be bound to that.
    fn is_address(&self, name: &str) -> bool {
        let Some(port) = self.every_address else {
            return false;
        };
        match name.parse::<SocketAddr>() {
            Ok(address) => address.port() == port,
            Err(_) => port == 80 && name.parse::<IpAddr>().is_ok(),
        }
    }

    /// Whether a request that changes or sends something was sent by a page of ours, or by no page at all.
    ///
    /// # Errors
    /// [`Kind::Origin`] if not.
    pub(in crate::serve) fn check_origin(&self, request: &Request) -> Result<(), Problem> {
        if [Method::GET, Method::HEAD].contains(request.method()) {
            return Ok(());
        }
        let mut said = request.headers().get_all(header::ORIGIN).iter();
        let ours = said.all(|origin| origin.to_str().is_ok_and(|origin| self.is_ours(origin)));
        let site = request.headers().get(SITE);
        let same = site.is_none_or(|site| site == "same-origin" || site == "none");
        match ours && same {
            true => Ok(()),
            false => Err(Kind::Origin.into()),
        }
    }

    fn is_ours(&self, origin: &str) -> bool {
        let origin = origin.to_ascii_lowercase();
        let address = || origin.strip_prefix("http://");
        self.origins.contains(&origin) || address().is_some_and(|name| self.is_address(name))
    }
}

fn literal(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn hosts(address: &str, proxies: &[&str]) -> Hosts {
        let proxies: Vec<String> = proxies.iter().map(|it| (*it).to_owned()).collect();
        Hosts::of(address.parse().expect("an address"), &proxies).expect("names")
    }

    #[test]
    fn only_our_own_names_pass() {
        let here = hosts("127.0.0.1:7878", &[]);
        for name in [
            "127.0.0.1:7878",
            "localhost:7878",
            "LOCALHOST:7878",
            "[::1]:7878",
        ] {
            assert!(here.knows(name), "{name}");
        }
        for name in [
            "localhost",
            "localhost:80",
            "127.0.0.1:7879",
            "rebound.example:7878",
            "127.0.0.1:7878.rebound.example",
            "192.0.2.1:7878",
            "",
        ] {
            assert!(!here.knows(name), "{name}");
        }
    }

    #[test]
    fn a_page_on_all_addresses_passes_addresses_and_no_names() {
        let here = hosts("0.0.0.0:7878", &["https://kaiji.example.jp"]);
        assert!(here.knows("192.0.2.1:7878") && here.knows("[2001:db8::1]:7878"));
        assert!(here.knows("kaiji.example.jp") && here.knows("kaiji.example.jp:443"));
        assert!(!here.knows("192.0.2.1:80") && !here.knows("rebound.example:7878"));
        assert!(here.is_ours("https://kaiji.example.jp") && here.is_ours("http://192.0.2.1:7878"));
        assert!(!here.is_ours("http://kaiji.example.jp") && !here.is_ours("null"));
        assert!(here.is_secure() && !hosts("0.0.0.0:1", &[]).is_secure());
    }

    #[test]
    fn a_name_that_is_none_is_refused() {
        for proxy in [
            "kaiji.example.jp",
            "ftp://x",
            "https://",
            "https://a b",
            "https://a/b",
            "https://a:x",
        ] {
            let address = "127.0.0.1:1".parse().expect("an address");
            assert!(Hosts::of(address, &[proxy.to_owned()]).is_err(), "{proxy}");
        }
    }

    #[test]
    fn two_hosts_or_none_do_not_pass() {
        let here = hosts("127.0.0.1:7878", &[]);
        let request = |names: &[&str], uri: &str| {
            let mut builder = Request::builder().uri(uri);
            for name in names {
                builder = builder.header(header::HOST, *name);
            }
            here.check_host(&builder.body(Body::empty()).expect("a request"))
        };
        let good = "localhost:7878";
        assert!(request(&[good], "/").is_ok());
        assert!(request(&[], "/").is_err());
        assert!(request(&[good, good], "/").is_err());
        assert!(request(&[good], "http://rebound.example/").is_err());
    }
}
