//! What is counted of documents, so that a report can be summed up without holding them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Document, Summary};
use crate::assess::{Assessment, Verdict};
use crate::examine::Examined;
use crate::finding::{Finding, Severity};
use crate::profile::Level;

/// Counts of documents; those of several files are added up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Disclosures, and files in which none was found.
    pub documents: usize,
    /// Files in which no disclosure was found.
    pub unrecognised: usize,
    severities: BTreeMap<Severity, usize>,
    verdicts: BTreeMap<Level, BTreeMap<Verdict, usize>>,
    qualified: usize,
}

impl Tally {
    /// Counts a file with its documents, and one assessment for each of its disclosures.
    pub(super) fn count(
        &mut self,
        file: &Examined,
        documents: &[Document],
        assessments: Option<&[Assessment<'_>]>,
    ) {
        self.documents += documents.len();
        let unrecognised = |document: &&Document| document.form.is_none();
        self.unrecognised += documents.iter().filter(unrecognised).count();
        self.of_findings(file.all_findings());
        for assessment in assessments.unwrap_or_default() {
            for ((level, verdict), count) in assessment.counts() {
                *self
                    .verdicts
                    .entry(level)
                    .or_default()
                    .entry(verdict)
                    .or_default() += count;
            }
            self.qualified += usize::from(assessment.is_qualified());
        }
    }

    /// Counts findings.
    pub(super) fn of_findings<'f>(&mut self, findings: impl IntoIterator<Item = &'f Finding>) {
        for finding in findings {
            *self.severities.entry(finding.severity()).or_default() += 1;
        }
    }

    /// Adds other counts.
    pub(super) fn absorb(&mut self, other: &Tally) {
        self.documents += other.documents;
        self.unrecognised += other.unrecognised;
        for (severity, count) in &other.severities {
            *self.severities.entry(*severity).or_default() += count;
        }
        for (level, verdicts) in &other.verdicts {
            let of_level = self.verdicts.entry(*level).or_default();
            for (verdict, count) in verdicts {
                *of_level.entry(*verdict).or_default() += count;
            }
        }
        self.qualified += other.qualified;
    }

    /// The counts as they are published; verdicts where a profile was held against the documents.
    pub(super) fn summary(&self, judged: bool) -> Summary {
        let count = |severity| self.severities.get(&severity).copied().unwrap_or(0);
        let flat = self.verdicts.iter().flat_map(|(level, verdicts)| {
            let counts = verdicts.iter();
            counts.map(|(verdict, count)| ((*level, *verdict), *count))
        });
        Summary {
            documents: self.documents,
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            notes: count(Severity::Note),
            verdicts: judged.then(|| verdicts(flat.collect())),
            qualified: judged.then_some(self.qualified),
        }
    }
}

/// Counts by level and verdict, noughts included.
pub(crate) fn verdicts(
    counts: BTreeMap<(Level, Verdict), usize>,
) -> BTreeMap<String, BTreeMap<String, usize>> {
    let mut named: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for level in Level::ALL {
        let of_level = named.entry(level.code().to_owned()).or_default();
        for verdict in Verdict::ALL {
            of_level.insert(
                verdict.code().to_owned(),
                counts.get(&(level, verdict)).copied().unwrap_or(0),
            );
        }
    }
    named
}
