//! What must hold of disclosures that are written: they are read back as the same, in every format.

use kaijisho::write::{Origin, Target, write};
use kaijisho::{Examined, Language, Options, Source, examine};

use crate::options;

/// Writes what was read in a format and reads it back.
///
/// A format may refuse, but what it writes is read back with nothing lost.
pub fn round_trip(found: &Examined, target: Target, language: Language) {
    if found.disclosures.is_empty() {
        return;
    }
    let origin = Origin {
        file: &found.file,
        sha256: &found.sha256,
    };
    let Ok(bytes) = write(&found.disclosures, &origin, target, language) else {
        return;
    };
    let source = Source::new(format!("back.{}", target.ending()), bytes);
    // What was read within low limits may be written a little longer than they are.
    let wide = Options {
        limits: kaijisho::Limits::default(),
        ..options().clone()
    };
    let back = examine(&source, &wide);
    assert_eq!(
        back.disclosures.len(),
        found.disclosures.len(),
        "{target:?}: {:?}",
        back.findings
    );
    for (one, other) in found.disclosures.iter().zip(&back.disclosures) {
        assert!(
            one.same_content(other),
            "{target:?}: not the same:\n{one:#?}\n{other:#?}"
        );
    }
}
