//! Verdicts worked out by hand: what each requirement comes to on the sample sheets and on small documents.
//!
//! Every expectation was reasoned from the answer keys, the profile texts and the rules in the header of
//! `src/assess.rs`; none was copied from the tool.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // a test may stop, and says when it is skipped

use std::path::Path;

use jiff::civil::{Date, date};
use kaijisho::profile::parse;
use kaijisho::{Catalog, Disclosure, Options, Profile, Source, Verdict, assess, examine};

#[path = "assess/documents.rs"]
mod documents;
#[path = "assess/profiles.rs"]
mod profiles;
#[path = "assess/sheets.rs"]
mod sheets;

const TODAY: Date = date(2026, 10, 1);

/// One result, without its borrowed parts.
#[derive(Debug)]
struct Found {
    verdict: Verdict,
    why: &'static str,
    item: String,
    planned: bool,
    risk: bool,
}

impl Found {
    fn summary(&self) -> String {
        let why = self.why.strip_prefix("why-").unwrap();
        format!("{} {why} {}", self.verdict.code(), self.item)
    }
}

fn judge(disclosure: &Disclosure, profile: &Profile, requirement: &str, day: Date) -> Found {
    let assessment = assess(disclosure, profile, day);
    let outcome = assessment
        .outcomes
        .iter()
        .find(|outcome| outcome.requirement.id == requirement)
        .unwrap_or_else(|| panic!("{} has no requirement {requirement}", profile.id));
    Found {
        verdict: outcome.verdict,
        why: outcome.why.label(),
        item: outcome
            .item
            .map_or_else(|| "-".to_owned(), |item| item.number.to_string()),
        planned: outcome.planned,
        risk: outcome.assess_risk,
    }
}

/// The result of the only requirement of a profile.
fn found(disclosure: &Disclosure, profile: &Profile) -> String {
    judge(disclosure, profile, "only", TODAY).summary()
}

fn headed(text: &str) -> String {
    format!(
        "schema = 'kaijisho/profile/1'\nid = 't'\ntitle = {{ ja = '題', en = 'title' }}\n{text}"
    )
}

fn checked(text: &str) -> Profile {
    parse(&headed(text), "test", Path::new("."), &Catalog::bundled()).unwrap()
}

fn one(fields: &str) -> Profile {
    checked(&format!(
        "[[requirement]]\nid = 'only'\nlevel = 'must'\nreason = {{ ja = '理', en = 'why' }}\n{fields}"
    ))
}

fn mds(items: &[(&str, &str, &str)]) -> Disclosure {
    document("mds-reference", items)
}

/// A disclosure of items with number, answer and remark.
fn document(form: &str, items: &[(&str, &str, &str)]) -> Disclosure {
    let items: Vec<String> = items
        .iter()
        .map(|(number, answer, remark)| {
            let [number, answer, remark] =
                [number, answer, remark].map(|text| toml::Value::from(*text).to_string());
            format!("{{ number = {number}, answer = {answer}, remark = {remark} }}")
        })
        .collect();
    disclosure(form, &items.join(",\n"), Catalog::bundled())
}

fn disclosure(form: &str, items: &str, catalog: Catalog) -> Disclosure {
    let text = format!(
        "form = '{form}'\nheader = {{ date = 2026-09-30, manufacturer = '見本メディカル', product = '見本カルテ', version = '1' }}\nitems = [\n{items}\n]"
    );
    let mut options = Options::new(TODAY);
    options.catalog = catalog;
    let mut examined = examine(&Source::new("t.toml", text.into()), &options);
    assert!(examined.findings.is_empty(), "{:?}", examined.findings);
    examined.disclosures.remove(0)
}
