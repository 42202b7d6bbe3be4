//! Secrets: random, compared in a time that tells nothing, never shown.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::error::{Error, Result};

/// A random key of this run.
pub(in crate::serve) struct Secret([u8; 32]);

impl Secret {
    /// A new one from the system.
    ///
    /// # Errors
    /// [`Error::Format`] if the system gives no random numbers.
    pub(in crate::serve) fn new() -> Result<Self> {
        random().map(Self)
    }

    /// What only this run can make of a text; as hard to guess as the key.
    ///
    /// The key has a fixed length and stands before and behind, so no text can be lengthened into another's.
    pub(in crate::serve) fn sign(&self, purpose: &str, text: &str) -> String {
        let mut hash = Sha256::new();
        hash.update(self.0);
        hash.update(purpose);
        hash.update([0]);
        hash.update(text);
        hash.update(self.0);
        hexadecimal(&hash.finalize())
    }
}

/// Thirty-two random bytes.
pub(in crate::serve) fn random() -> Result<[u8; 32]> {
    let mut bytes = [0; 32];
    let failed = |error| Error::Format(format!("no random numbers: {error}"));
    getrandom::fill(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// A random text of 64 hexadecimal digits.
pub(in crate::serve) fn random_text() -> Result<String> {
    random().map(|bytes| hexadecimal(&bytes))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether two texts are the same, in a time that does not tell where they differ.
///
/// Their hashes are compared, so not even the length is told.
pub(in crate::serve) fn same(left: &str, right: &str) -> bool {
    let [left, right] = [left, right].map(Sha256::digest);
    left.ct_eq(&right).into()
}

/// The hash by which a token is kept and compared.
pub(in crate::serve) fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// Whether a text has this hash, in a time that does not tell where they differ.
pub(in crate::serve) fn is(text: &str, hash: &[u8; 32]) -> bool {
    digest(text).ct_eq(hash).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_the_same_or_not() {
        assert!(same("a token", "a token"));
        assert!(!same("a token", "a tokem"));
        assert!(!same("a token", "a toke"));
        assert!(is("a token", &digest("a token")) && !is("", &digest("a token")));
    }

    #[test]
    fn what_is_signed_depends_on_key_purpose_and_text() {
        let (one, other) = (Secret([1; 32]), Secret([2; 32]));
        let signed = one.sign("page", "x");
        assert_eq!(signed, one.sign("page", "x"));
        assert_ne!(signed, other.sign("page", "x"));
        assert_ne!(signed, one.sign("pag", "ex"));
        assert_ne!(
            random_text().expect("random"),
            random_text().expect("random")
        );
    }
}
