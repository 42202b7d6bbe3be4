//! JUnit XML: for continuous integration, where a red test stops the work.
//!
//! One suite for each document, one test case for each finding and each requirement:
//! - an error, and a must requirement that is unmet, is a failure: what makes the exit code 1;
//! - a warning or note passes, and an unmet should or info, with the text in `system-out`: it must
//!   not stop anything, and a skipped test would say that nothing was checked;
//! - a requirement that is undecided, waived or not applicable is skipped, with the reason: here
//!   indeed nothing was judged;
//! - a document about which nothing is to be said has one test case that passes.

use super::model::{Document, FindingInfo, Report, ResultInfo};
use super::words;
use crate::assess::Verdict;
use crate::finding::Severity;
use crate::language::Language;
use crate::profile::Level;
use crate::text::harmless;

pub(super) fn render(report: &Report) -> String {
    let language = report.language;
    let mut suites: Vec<Suite> = report
        .documents
        .iter()
        .map(|document| Suite::of(document, language))
        .collect();
    if let Some(profile) = &report.profile {
        let findings = report.profile_findings.iter();
        let cases: Vec<Case> = findings.map(|f| Case::of_finding(f, language)).collect();
        if !cases.is_empty() {
            suites.push(Suite {
                name: profile.id.clone(),
                cases,
            });
        }
    }
    if let Some(register) = &report.risk_register {
        let findings = register.findings.iter();
        suites.push(Suite {
            name: register.file.clone(),
            cases: findings.map(|f| Case::of_finding(f, language)).collect(),
        });
    }
    let total = |count: fn(&Suite) -> usize| suites.iter().map(count).sum::<usize>();
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">\n",
        escaped(&report.tool.name),
        total(Suite::tests),
        total(Suite::failures),
        total(Suite::skipped),
    );
    for suite in &suites {
        suite.write(&mut xml);
    }
    xml.push_str("</testsuites>\n");
    xml
}

struct Suite {
    name: String,
    cases: Vec<Case>,
}

struct Case {
    class: String,
    name: String,
    outcome: CaseOutcome,
}

enum CaseOutcome {
    Passed {
        said: Option<String>,
    },
    Failed {
        kind: String,
        message: String,
        text: String,
    },
    Skipped {
        message: String,
    },
}

impl Suite {
    fn of(document: &Document, language: Language) -> Self {
        let findings = document.findings.iter().flatten();
        let results = document.results.iter().flatten();
        let mut cases: Vec<Case> = findings
            .map(|finding| Case::of_finding(finding, language))
            .chain(results.map(|result| Case::of_result(result, language)))
            .collect();
        if cases.is_empty() {
            cases.push(Case {
                class: "kaijisho".to_owned(),
                name: language.label("no-findings"),
                outcome: CaseOutcome::Passed { said: None },
            });
        }
        Suite {
            name: words::file_and_sheet(document),
            cases,
        }
    }

    fn tests(&self) -> usize {
        self.cases.len()
    }

    fn failures(&self) -> usize {
        let failed = |case: &&Case| matches!(case.outcome, CaseOutcome::Failed { .. });
        self.cases.iter().filter(failed).count()
    }

    fn skipped(&self) -> usize {
        let skipped = |case: &&Case| matches!(case.outcome, CaseOutcome::Skipped { .. });
        self.cases.iter().filter(skipped).count()
    }

    fn write(&self, xml: &mut String) {
        xml.push_str(&format!(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">\n",
            escaped(&self.name),
            self.tests(),
            self.failures(),
            self.skipped()
        ));
        for case in &self.cases {
            case.write(xml);
        }
        xml.push_str("  </testsuite>\n");
    }
}

impl Case {
    fn of_finding(finding: &FindingInfo, language: Language) -> Self {
        let mut name = format!("{} {}", finding.code, finding.name);
        for part in [
            finding.item.clone().unwrap_or_default(),
            words::place(finding.place.as_ref()),
        ] {
            if !part.is_empty() {
                name.push(' ');
                name.push_str(&part);
            }
        }
        let said = format!(
            "{}: {}\n{}: {}",
            words::severity(finding.severity, language),
            finding.message,
            language.label("help"),
            finding.help
        );
        Case {
            class: finding.code.clone(),
            name,
            outcome: match finding.severity {
                Severity::Error => CaseOutcome::Failed {
                    kind: finding.name.clone(),
                    message: finding.message.clone(),
                    text: said,
                },
                Severity::Warning | Severity::Note => CaseOutcome::Passed { said: Some(said) },
            },
        }
    }

    fn of_result(result: &ResultInfo, language: Language) -> Self {
        let mut said = format!(
            "{} {}: {}",
            words::level(result.level, language),
            words::verdict(result.verdict, language),
            result.reason
        );
        if let Some(waiver) = &result.waiver {
            said.push('\n');
            said.push_str(&words::waiver(waiver, language));
        }
        let place = words::place(result.place.as_ref());
        let text = format!(
            "{said}\n{}: {}\n{}: {}\n{}: {place}",
            language.label("purpose"),
            result.purpose,
            language.label("answer"),
            words::result_answer(result, language),
            language.label("place"),
        );
        Case {
            class: "requirement".to_owned(),
            name: format!("{} {}", result.requirement, result.title),
            outcome: match (result.verdict, result.level) {
                (Verdict::Met, _) => CaseOutcome::Passed { said: None },
                (Verdict::Unmet, Level::Must) => CaseOutcome::Failed {
                    kind: "requirement-unmet".to_owned(),
                    message: said,
                    text,
                },
                (Verdict::Unmet, Level::Should | Level::Info) => {
                    CaseOutcome::Passed { said: Some(text) }
                }
                // The exit code says so too: what is not decided is not met.
                (Verdict::Undecided, Level::Must) => CaseOutcome::Failed {
                    kind: "requirement-undecided".to_owned(),
                    message: said,
                    text,
                },
                (Verdict::Undecided | Verdict::Waived | Verdict::NotApplicable, _) => {
                    CaseOutcome::Skipped { message: said }
                }
            },
        }
    }

    fn write(&self, xml: &mut String) {
        let start = format!(
            "    <testcase classname=\"{}\" name=\"{}\"",
            escaped(&self.class),
            escaped(&self.name)
        );
        xml.push_str(&start);
        let inside = match &self.outcome {
            CaseOutcome::Passed { said: None } => None,
            CaseOutcome::Passed { said: Some(said) } => {
                Some(format!("<system-out>{}</system-out>", escaped(said)))
            }
            CaseOutcome::Failed {
                kind,
                message,
                text,
            } => Some(format!(
                "<failure type=\"{}\" message=\"{}\">{}</failure>",
                escaped(kind),
                escaped(message),
                escaped(text)
            )),
            CaseOutcome::Skipped { message } => {
                Some(format!("<skipped message=\"{}\"/>", escaped(message)))
            }
        };
        match inside {
            Some(inside) => xml.push_str(&format!(">\n      {inside}\n    </testcase>\n")),
            None => xml.push_str("/>\n"),
        }
    }
}

/// Text for XML, in elements and attributes alike: markup escaped, what XML cannot hold shown.
fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for c in harmless(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&apos;"),
            '\n' => safe.push_str("&#10;"),
            '\t' => safe.push_str("&#9;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_inside_its_element() {
        assert_eq!(
            escaped("]]></failure>\u{1b}\u{0}\u{fffe}\"'"),
            "]]&gt;&lt;/failure&gt;⟨U+001B⟩⟨U+0000⟩⟨U+FFFE⟩&quot;&apos;"
        );
    }
}
