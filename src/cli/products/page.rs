//! A run over a product source file, for the terminal.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kaijisho::products::run::{MadeInfo, OpenItem, OpenReason, Outcome, Run};
use kaijisho::report::model::FindingInfo;
use kaijisho::{Language, harmless};

use super::super::message;

/// The page: what is to be said about the source, then every disclosure, then the sum.
pub(super) fn page(run: &Run, width: usize, verbose: bool, language: Language) -> String {
    let mut page = Page {
        text: String::new(),
        width,
        language,
    };
    for finding in run
        .findings
        .iter()
        .filter(|finding| verbose || finding.severity.code() != "note")
    {
        page.finding(&run.file, finding, None);
    }
    page.findings_of_disclosures(run, verbose);
    let mut product = None;
    for made in &run.disclosures {
        let this = (&made.product, &made.version);
        if product.replace(this) != Some(this) {
            page.line(
                "",
                &format!("{} {}（{}）", made.name, made.version, made.product),
            );
        }
        page.made(made, verbose);
    }
    page.sum(run);
    harmless(&page.text)
}

/// How many disclosures have a finding, and on which forms.
#[derive(Default)]
struct FoundIn {
    disclosures: usize,
    forms: Vec<String>,
}

struct Page {
    text: String,
    width: usize,
    language: Language,
}

impl Page {
    fn line(&mut self, before: &str, text: &str) {
        let further = format!("{before}    ");
        let options = textwrap::Options::new(self.width)
            .initial_indent(before)
            .subsequent_indent(&further);
        let _ = writeln!(self.text, "{}", textwrap::fill(text, options));
    }

    fn finding(&mut self, file: &str, finding: &FindingInfo, found_in: Option<&FoundIn>) {
        let mut told = message::mistake(file, finding, self.language);
        if let Some(found_in) = found_in {
            let count = found_in.disclosures.to_string();
            let values = [
                ("count", count.as_str()),
                ("forms", &found_in.forms.join(", ")),
            ];
            let line = self.language.label_with("products-found-in", &values);
            let _ = writeln!(told, "    {line}");
        }
        self.text.push_str(&message::wrapped(&told, self.width));
    }

    /// What the checks of the disclosures found, each once for each place of the source. Unanswered items are
    /// counted below, and a form that was replaced is told of the source already.
    fn findings_of_disclosures(&mut self, run: &Run, verbose: bool) {
        let mut told: BTreeMap<(Option<String>, &str, &str), (FoundIn, &FindingInfo)> =
            BTreeMap::new();
        let mut order = Vec::new();
        for made in &run.disclosures {
            for finding in &made.findings {
                let counted =
                    ["answer-missing", "form-edition-old"].contains(&finding.name.as_str());
                if counted || (!verbose && finding.severity.code() == "note") {
                    continue;
                }
                let place = finding.place.as_ref().map(|place| place.label());
                let key = (place, finding.code.as_str(), finding.message.as_str());
                let entry = told.entry(key.clone()).or_insert_with(|| {
                    order.push(key);
                    (FoundIn::default(), finding)
                });
                entry.0.disclosures += 1;
                if !entry.0.forms.contains(&made.form) {
                    entry.0.forms.push(made.form.clone());
                }
            }
        }
        for key in order {
            let (found_in, finding) = &told[&key];
            self.finding(&run.file, finding, Some(found_in));
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    fn made(&mut self, made: &MadeInfo, verbose: bool) {
        let language = self.language;
        let outcome = language.label(&format!("made-{}", made.outcome.code()));
        self.line(
            "  ",
            &format!("{}  {} {}  {outcome}", made.file, made.form, made.edition),
        );
        if let Some(reason) = &made.reason {
            self.line("      ", reason);
        }
        let numbers = [
            ("answered", made.answered, 3),
            ("items", made.items, 0),
            ("open", made.open, 3),
            ("not_asked", made.not_asked, 3),
            ("errors", made.errors, 3),
            ("warnings", made.warnings, 3),
            ("stale", made.stale, 2),
        ]
        .map(|(name, number, width)| (name, format!("{number:>width$}")));
        let values = numbers
            .each_ref()
            .map(|(name, number)| (*name, number.as_str()));
        // Not wrapped: the numbers of all disclosures stand below each other.
        let _ = writeln!(
            self.text,
            "      {}",
            language.label_with("products-counts", &values)
        );
        if verbose {
            for item in &made.open_items {
                self.open(item);
            }
        }
    }

    fn open(&mut self, item: &OpenItem) {
        let language = self.language;
        let (control, shared, place) = (
            item.control.clone().unwrap_or_default(),
            item.shared_with
                .iter()
                .map(|n| n.as_str())
                .collect::<Vec<_>>()
                .join(", "),
            item.place
                .as_ref()
                .map(|place| place.label())
                .unwrap_or_default(),
        );
        let values = [
            ("control", control.as_str()),
            ("items", shared.as_str()),
            ("place", place.as_str()),
        ];
        let key = match item.reason {
            OpenReason::NoAnswer => "open-no-answer",
            OpenReason::NoControl => "open-no-control",
            OpenReason::NotTaken => "open-not-taken",
            OpenReason::Shared => "open-shared",
        };
        let why = language.label_with(key, &values);
        self.line("        ", &format!("{} {}", item.number, item.title));
        self.line("            ", &why);
    }

    fn sum(&mut self, run: &Run) {
        let language = self.language;
        let summary = &run.summary;
        self.text.push('\n');
        let numbers = [
            ("disclosures", summary.disclosures),
            ("written", summary.written),
            ("unchanged", summary.unchanged),
            ("kept", summary.kept),
            ("failed", summary.failed),
            ("open", summary.open),
            ("stale", summary.stale),
            ("errors", summary.errors),
            ("warnings", summary.warnings),
            ("notes", summary.notes),
        ]
        .map(|(name, number)| (name, number.to_string()));
        let values = numbers
            .each_ref()
            .map(|(name, number)| (*name, number.as_str()));
        let checked = run
            .disclosures
            .iter()
            .all(|made| made.outcome == Outcome::Checked);
        if !checked {
            self.line("", &language.label_with("products-sum-files", &values));
        }
        self.line("", &language.label_with("products-sum", &values));
        if summary.kept > 0 {
            self.line("", &language.label("products-kept-help"));
        }
        if summary.open > 0 && run.disclosures.iter().any(|made| made.open > 0) {
            self.line("", &language.label("products-open-help"));
        }
    }
}
