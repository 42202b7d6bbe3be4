//! What must hold of a workbook that is changed in place: it stays a workbook, and reads as it was meant.

use std::sync::OnceLock;

use kaijisho::fill::{FillOptions, fill};
use kaijisho::import::{Wanted, learn};
use kaijisho::{Catalog, Disclosure, Options, ReturnOptions, Source, examine, return_sheet};

use crate::{LIMITS, options};

/// Answers to what the workbook of `workbook.rs` asks.
fn answers() -> &'static [Disclosure] {
    static ANSWERS: OnceLock<Vec<Disclosure>> = OnceLock::new();
    ANSWERS.get_or_init(|| {
        let text = "form = \"mds-reference\"\nheader = { date = 2026-09-30, manufacturer = \"見本\", product = \"=1+1\", version = \"3\" }\n\
                    items = [{ number = \"1\", answer = \"いいえ\", remark = \"<別紙> & 表\" }, { number = \"1.1\", answer = \"対象外\" }]\n";
        examine(&Source::new("answers.toml", text.into()), options()).disclosures
    })
}

/// How a file is read whose form the user names.
fn named() -> &'static Options {
    static NAMED: OnceLock<Options> = OnceLock::new();
    NAMED.get_or_init(|| {
        let form = options().catalog.form("mds-reference").expect("a bundled form");
        Options {
            forced: Some(Catalog::of(vec![form])),
            ..options().clone()
        }
    })
}

/// Fills a workbook, sends it back and learns a form from it: each is done or refused in words.
pub fn changed(bytes: Vec<u8>) {
    crate::only_ours_end_the_run();
    crate::save(&bytes);
    let source = Source::new("book.xlsx", bytes);
    let wanted = FillOptions {
        read: options(),
        force: true,
        sheet: None,
    };
    if let Ok(filled) = fill(answers(), &source, &wanted) {
        // A workbook of few items is filled by the form of the answers, and is known again where that form is named.
        let back = examine(&Source::new("book.xlsx", filled.bytes), named());
        assert!(
            !back.disclosures.is_empty(),
            "filled, it is no disclosure: {:?}",
            back.findings
        );
    }
    let found = examine(&source, options());
    let how = ReturnOptions {
        limits: LIMITS,
        notes: true,
        ..ReturnOptions::default()
    };
    if let Ok(sheet) = return_sheet(&source, &found, &how) {
        let back = examine(&Source::new("book.xlsx", sheet.bytes), options());
        let returned = back
            .returned
            .as_ref()
            .expect("a sheet that was sent back is known again");
        assert_eq!(
            returned.mended, 0,
            "nothing was mended, but something is gone"
        );
        assert_eq!(back.disclosures.len(), found.disclosures.len());
        for (one, other) in found.disclosures.iter().zip(&back.disclosures) {
            assert!(
                one.same_content(other),
                "marked, it reads otherwise:\n{one:#?}\n{other:#?}"
            );
        }
    }
    if let Ok(drafts) = learn(&source, &Wanted::default(), &LIMITS) {
        for mut draft in drafts {
            draft.accept();
            let text = draft.to_toml();
            Catalog::parse(&text, "form.toml").unwrap_or_else(|error| panic!("{error:?}\n{text}"));
        }
    }
}
