//! Shares of a list of files: machines that have the same list split it without talking to each other.

use std::path::Component;

use sha2::{Digest, Sha256};

use crate::cli::inputs::Input;

/// The most shares there can be.
const MOST: u64 = 100_000;

/// One of several shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Shard {
    /// Which one, from 1.
    which: u64,
    /// Of how many.
    of: u64,
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.which, self.of)
    }
}

/// Reads `2/8`.
pub(in crate::cli) fn parse(text: &str) -> Result<Shard, String> {
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let parts = text.split_once('/');
    match parts.map(|(which, of)| (number(which), number(of))) {
        Some((Some(which), Some(of))) if (1..=of).contains(&which) && of <= MOST => {
            Ok(Shard { which, of })
        }
        _ => Err("I/N, 1 <= I <= N: 1/8, 2/8, … 8/8".to_owned()),
    }
}

impl Shard {
    /// True if a file belongs to this share: by its path below the folder that was named, so that the
    /// folder may stand elsewhere on each machine. A file that is named itself counts by its name.
    pub(super) fn has(&self, input: &Input) -> bool {
        let mut hash = Sha256::new();
        for part in input.below() {
            if let Component::CurDir = part {
                continue;
            }
            hash.update(part.as_os_str().as_encoded_bytes());
            hash.update(b"/");
        }
        let start: [u8; 8] = hash.finalize()[..8].try_into().expect("a hash is longer");
        u64::from_be_bytes(start) % self.of + 1 == self.which
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_written_as_fractions() {
        assert_eq!(
            parse("2/8").map(|shard| shard.to_string()),
            Ok("2/8".into())
        );
        for wrong in [
            "", "2", "0/8", "9/8", "1/0", "a/b", "-1/4", "1/2/3", "1/100001",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_file_is_in_one_share_and_shares_are_even() {
        let named = |n: usize| Input::named(format!("folder-{}/sheet-{n}.xlsx", n % 7).into());
        let inputs: Vec<Input> = (0..4000).map(named).collect();
        for of in [1, 2, 3, 8] {
            let shares: Vec<Shard> = (1..=of).map(|which| Shard { which, of }).collect();
            let mut sizes = vec![0_usize; shares.len()];
            for input in &inputs {
                let having: Vec<usize> = (0..shares.len())
                    .filter(|at| shares[*at].has(input))
                    .collect();
                assert_eq!(having.len(), 1, "{input:?}");
                sizes[having[0]] += 1;
            }
            let even = inputs.len() / shares.len();
            let near = |size: &usize| size.abs_diff(even) < even / 5;
            assert!(sizes.iter().all(near), "{sizes:?}");
        }
    }
}
