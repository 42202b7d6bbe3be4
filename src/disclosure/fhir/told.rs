//! What FHIR resources hold beyond what is read, told once each.

use std::collections::{HashMap, HashSet};

use crate::answer::ItemNumber;
use crate::finding::{Finding, Value, rule};
use crate::language::Localised;
use crate::place::Place;
use crate::read::too_large;
use crate::read::tree::Node;

/// Findings in the making.
#[derive(Debug)]
pub(super) struct Told {
    findings: Vec<Finding>,
    most: usize,
    /// How many of each rule there are.
    counts: HashMap<&'static str, usize>,
    /// Names told already: what stands at every question is told at the first.
    known: HashSet<String>,
}

impl Told {
    /// At most so many of a kind are told; the last one says that there are more.
    pub(super) fn new(most: usize) -> Self {
        Self {
            findings: Vec::new(),
            most,
            counts: HashMap::new(),
            known: HashSet::new(),
        }
    }

    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    /// Says that something is not used, and what could stand there.
    pub(super) fn not_used(&mut self, place: &Place, found: &str, expected: &[&str]) {
        let expected = expected.iter().map(|text| Localised::same(*text)).collect();
        self.push(rule::CONTENT_UNRECOGNISED, place, found, |finding| {
            finding.with("expected", Value::Words(expected))
        });
    }

    /// Says that the documents have more items than are judged.
    pub(super) fn too_many_items(&mut self, place: &Place, allowed: usize) {
        let found = format!("> {allowed}");
        let finding = too_large(place.clone(), "limit-items", allowed, found);
        self.findings.push(finding);
    }

    /// Says that a question has another number than its link.
    pub(super) fn numbered(&mut self, place: &Place, link: &str, number: &ItemNumber) {
        self.push(rule::ITEM_RENUMBERED, place, link, |finding| {
            finding.about(number)
        });
    }

    fn push(
        &mut self,
        rule: &'static str,
        place: &Place,
        found: &str,
        fill: impl FnOnce(Finding) -> Finding,
    ) {
        let count = self.counts.entry(rule).or_default();
        *count += 1;
        if *count > self.most {
            return;
        }
        let found = if *count == self.most { "…" } else { found };
        let finding = Finding::new(rule, place.clone()).with("found", Value::quoted(found));
        self.findings.push(fill(finding));
    }

    /// Says which fields of an element are not known.
    pub(super) fn unknown(&mut self, node: &Node, known: &[&str]) {
        for (key, place, value) in node.entries() {
            if key == "extension" || key == "modifierExtension" {
                self.extensions(value);
                continue;
            }
            // What stands beside a primitive is its extensions.
            let bare = key.strip_prefix('_').unwrap_or(key);
            if known.contains(&bare) {
                continue;
            }
            if self.known.insert(key.clone()) {
                self.not_used(place, key, known);
            }
        }
    }

    /// Says which extensions are not ours and not FHIR's own for languages and missing values.
    fn extensions(&mut self, extensions: &Node) {
        for extension in extensions.list() {
            let url = extension.get("url").and_then(Node::text);
            let url = url.unwrap_or_default();
            let known = url.starts_with("urn:kaijisho:")
                || url == super::names::TRANSLATION
                || url == super::names::ABSENT_REASON;
            if !known && self.known.insert(url.to_owned()) {
                self.not_used(&extension.place, url, &["urn:kaijisho:…"]);
            }
        }
    }
}
