//! JSON: the published shape `kaijisho/disclosure/1`, as reports build it.

use super::Origin;
use crate::disclosure::Disclosure;
use crate::error::Result;
use crate::examine::{Examined, SheetOutcome};
use crate::language::{Language, Localised};
use crate::report::model::{self, Kind, Report};

/// Writes the disclosures of a file as JSON.
pub(super) fn write(
    disclosures: &[Disclosure],
    origin: &Origin<'_>,
    language: Language,
) -> Result<Vec<u8>> {
    let report = report(disclosures, origin, language);
    let mut text = serde_json::to_string_pretty(&report).expect("a report is JSON");
    text.push('\n');
    Ok(text.into_bytes())
}

/// The published shape of some disclosures, with nothing said about the file but what they tell.
fn report(disclosures: &[Disclosure], origin: &Origin<'_>, language: Language) -> Report {
    let reason = |disclosure: &Disclosure| {
        let form = disclosure.form.id.as_str();
        Localised {
            ja: Language::Ja.label_with("sheet-disclosure", &[("form", form)]),
            en: Language::En.label_with("sheet-disclosure", &[("form", form)]),
        }
    };
    let examined = Examined {
        file: origin.file.to_owned(),
        sha256: origin.sha256.to_owned(),
        sheets: disclosures
            .iter()
            .filter_map(|disclosure| {
                Some(SheetOutcome {
                    name: disclosure.sheet.clone()?,
                    is_disclosure: true,
                    reason: reason(disclosure),
                })
            })
            .collect(),
        disclosures: disclosures.to_vec(),
        returned: None,
        findings: Vec::new(),
        disclosure_findings: vec![Vec::new(); disclosures.len()],
    };
    model::build(Kind::Disclosure, &[examined], None, language)
}
