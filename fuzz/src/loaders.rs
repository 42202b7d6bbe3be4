//! What must hold of data files that people write: they are taken, or refused with places and words.

use kaijisho::checklist::{Facility, Year};
use kaijisho::crosswalk::Crosswalk;
use kaijisho::risks::Register;
use kaijisho::{Catalog, Error, GivenLayouts, Language, check_form, products, profile};

use crate::examined::nowhere;
use crate::options;

/// A refusal tells of mistakes, each in words, and of nothing else.
fn refused(error: &Error) {
    let Error::Invalid { findings, .. } = error else {
        // What it names is not there, or not known.
        assert!(!error.to_string().is_empty());
        return;
    };
    assert!(!findings.is_empty(), "refused without a mistake");
    for finding in findings {
        for language in Language::ALL {
            assert!(
                !finding.message(language).trim().is_empty(),
                "{}",
                finding.rule
            );
            let _ = finding.help(language);
        }
    }
}

fn judged<T>(read: impl Fn() -> kaijisho::Result<T>) -> Option<T> {
    let (first, again) = (read(), read());
    // What is taken may hold maps, whose order is that of nothing; a refusal is a list.
    let why = |read: &kaijisho::Result<T>| read.as_ref().err().map(|error| format!("{error:?}"));
    assert_eq!(why(&first), why(&again), "loaded twice, it differs");
    first.inspect_err(refused).ok()
}

/// A profile file.
pub fn profile(text: &str) {
    crate::only_ours_end_the_run();
    judged(|| profile::parse(text, "profile.toml", nowhere(), &options().catalog));
}

/// A form file: what is taken is written and taken again.
pub fn form(text: &str) {
    crate::only_ours_end_the_run();
    let forms = judged(|| Catalog::parse(text, "form.toml"));
    let _ = check_form(text);
    for form in forms.iter().flat_map(|catalog| catalog.forms()) {
        // The id of an older edition is made of the edition's name, which may be in any script.
        if !form.id.is_ascii() {
            continue;
        }
        let written = form.to_toml(&[]);
        let again = Catalog::parse(&written, "form.toml");
        let again = again.unwrap_or_else(|error| panic!("{error:?}\n{written}"));
        assert_eq!(again.forms().len(), 1);
        assert_eq!(
            again.forms()[0].to_toml(&[]),
            written,
            "written again, it differs"
        );
    }
}

/// The other files that people write; the number says which.
pub fn other(number: usize, text: &str) {
    crate::only_ours_end_the_run();
    match number % 5 {
        0 => {
            let year = Year::load("r7", Language::Ja).expect("a bundled year");
            judged(|| Facility::parse(text, "facility.toml", &year));
        }
        1 => {
            judged(|| Register::parse(text, "risks.toml"));
        }
        2 => {
            judged(|| GivenLayouts::parse(text, "layout.toml"));
        }
        3 => {
            judged(|| products::parse(text, "products.toml", nowhere(), &options().catalog));
        }
        _ => {
            judged(|| Crosswalk::parse(text, "crosswalk.toml", &options().catalog));
        }
    }
}
