//! SARIF 2.1.0: findings, and requirements not met, for tools that show results of checks.
//!
//! A cell becomes a region (row → line, column → column) and a logical location (`MDS!D13`).
//! A requirement that is unmet, undecided or waived is a result of the rule `requirement-<verdict>`;
//! a waived one is suppressed with its reason, so that it stays visible.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::model::{Document, FindingInfo, PlaceInfo, Report, ResultInfo};
use super::words;
use crate::assess::Verdict;
use crate::error::Result;
use crate::finding::{Rules, Severity};
use crate::language::Language;
use crate::place::parse_address;
use crate::profile::Level;
use crate::source::sha256;
use crate::text::harmless;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn render(report: &Report) -> Result<Vec<u8>> {
    let mut run = Builder::new(report.language);
    for document in &report.documents {
        run.document(document);
    }
    if let Some(profile) = &report.profile {
        let artifact = run.artifact(&profile.id, &profile.sha256);
        for finding in &report.profile_findings {
            run.finding(finding, artifact, "");
        }
    }
    if let Some(register) = &report.risk_register {
        let artifact = run.artifact(&register.file, &register.sha256);
        for finding in &register.findings {
            run.finding(finding, artifact, "");
        }
    }
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: &report.tool.name,
                    version: &report.tool.version,
                    rules: run.rules,
                },
            },
            language: report.language.code(),
            column_kind: "unicodeCodePoints",
            artifacts: run.artifacts,
            results: run.results,
        }],
    };
    super::json::of(&log)
}

#[derive(Serialize)]
struct Log<'r> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'r>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'r> {
    tool: Tool<'r>,
    language: &'static str,
    column_kind: &'static str,
    artifacts: Vec<Artifact>,
    results: Vec<Finding>,
}

#[derive(Serialize)]
struct Tool<'r> {
    driver: Driver<'r>,
}

#[derive(Serialize)]
struct Driver<'r> {
    name: &'r str,
    version: &'r str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: String,
    name: String,
    short_description: Message,
    full_description: Message,
    help: Message,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
struct Artifact {
    location: Location,
    hashes: BTreeMap<&'static str, String>,
}

#[derive(Clone, Serialize)]
struct Location {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding {
    rule_id: String,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: [Value; 1],
    partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Suppression>,
    properties: Map<String, Value>,
}

#[derive(Serialize)]
struct Suppression {
    kind: &'static str,
    status: &'static str,
    justification: String,
}

/// Collects rules, artifacts and results in the order in which they are met.
struct Builder {
    language: Language,
    rules: Vec<Descriptor>,
    artifacts: Vec<Artifact>,
    /// The artifacts by reference and hash, to be found among any number of files.
    known: HashMap<(String, String), usize>,
    results: Vec<Finding>,
    fingerprints: BTreeMap<String, usize>,
}

impl Builder {
    fn new(language: Language) -> Self {
        Self {
            language,
            rules: Vec::new(),
            artifacts: Vec::new(),
            known: HashMap::new(),
            results: Vec::new(),
            fingerprints: BTreeMap::new(),
        }
    }

    fn document(&mut self, document: &Document) {
        let artifact = self.artifact(&document.file, &document.sha256);
        let sheet = document.sheet.as_deref().unwrap_or_default();
        for finding in document.findings.iter().flatten() {
            self.finding(finding, artifact, sheet);
        }
        for result in document.results.iter().flatten() {
            match result.verdict {
                Verdict::Unmet | Verdict::Undecided | Verdict::Waived => {
                    self.result(result, artifact, sheet);
                }
                Verdict::Met | Verdict::NotApplicable => {}
            }
        }
    }

    fn artifact(&mut self, file: &str, sha256: &str) -> usize {
        let uri = uri(file);
        let key = (uri, sha256.to_owned());
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        self.artifacts.push(Artifact {
            location: Location {
                uri: key.0.clone(),
                index: None,
            },
            // A file that could not be opened has no hash.
            hashes: Some(("sha-256", sha256.to_owned()))
                .filter(|(_, hash)| !hash.is_empty())
                .into_iter()
                .collect(),
        });
        self.known.insert(key, self.artifacts.len() - 1);
        self.artifacts.len() - 1
    }

    fn finding(&mut self, finding: &FindingInfo, artifact: usize, sheet: &str) {
        let rule_index = self.rule_of_finding(&finding.code);
        let mut properties = Map::new();
        let text = |text: &str| Value::String(harmless(text));
        properties.insert(
            "item".into(),
            finding.item.as_deref().map_or(Value::Null, text),
        );
        properties.insert(
            "found".into(),
            finding.found.as_deref().map_or(Value::Null, text),
        );
        let expected: Vec<Value> = finding.expected.iter().map(|e| text(e)).collect();
        properties.insert("expected".into(), expected.into());
        properties.insert("help".into(), text(&finding.help));
        // The item outlives rows that are moved about; without one, the place has to do.
        let subject = finding.item.clone().unwrap_or_else(|| {
            let place = words::place(finding.place.as_ref());
            format!("{place} {}", finding.found.as_deref().unwrap_or_default())
        });
        let fingerprint = self.fingerprint(artifact, sheet, &finding.code, &subject);
        self.results.push(Finding {
            rule_id: finding.code.clone(),
            rule_index,
            level: level_of(finding.severity),
            message: message(&finding.message),
            locations: [self.location(artifact, finding.place.as_ref())],
            partial_fingerprints: fingerprint,
            suppressions: Vec::new(),
            properties,
        });
    }

    fn result(&mut self, result: &ResultInfo, artifact: usize, sheet: &str) {
        let rule_id = format!("requirement-{}", result.verdict.code());
        let rule_index = self.rule_of_verdict(result.verdict, &rule_id);
        let text = |text: &str| Value::String(harmless(text));
        let mut properties = Map::new();
        properties.insert(
            "item".into(),
            result.item.as_deref().map_or(Value::Null, text),
        );
        properties.insert(
            "found".into(),
            text(&words::result_answer(result, self.language)),
        );
        let expected: Vec<Value> = result
            .accepted
            .iter()
            .map(|answer| text(answer.word(self.language)))
            .collect();
        properties.insert("expected".into(), expected.into());
        properties.insert("requirement".into(), text(&result.requirement));
        properties.insert("level".into(), result.level.code().into());
        properties.insert("purpose".into(), text(&result.purpose));
        let fingerprint = self.fingerprint(artifact, sheet, &rule_id, &result.requirement);
        let title = format!(
            "{} {}: {} – {}",
            words::level(result.level, self.language),
            words::verdict(result.verdict, self.language),
            result.title,
            result.reason
        );
        self.results.push(Finding {
            rule_id,
            rule_index,
            level: level_of(severity_of(result)),
            message: message(&title),
            locations: [self.location(artifact, result.place.as_ref())],
            partial_fingerprints: fingerprint,
            suppressions: result
                .waiver
                .iter()
                .map(|waiver| Suppression {
                    kind: "external",
                    status: "accepted",
                    justification: words::waiver(waiver, self.language),
                })
                .collect(),
            properties,
        });
    }

    fn rule_of_finding(&mut self, code: &str) -> usize {
        if let Some(known) = self.rules.iter().position(|rule| rule.id == code) {
            return known;
        }
        let rule = Rules::bundled()
            .find(code)
            .expect("a finding's code comes from the list of rules");
        let text = rule.text(self.language);
        self.rules.push(Descriptor {
            id: rule.code.clone(),
            name: rule.name.clone(),
            short_description: message(&text.title),
            full_description: message(&text.why),
            help: message(&without_placeholders(&text.help)),
            default_configuration: Configuration {
                level: level_of(rule.severity),
            },
        });
        self.rules.len() - 1
    }

    fn rule_of_verdict(&mut self, verdict: Verdict, id: &str) -> usize {
        if let Some(known) = self.rules.iter().position(|rule| rule.id == id) {
            return known;
        }
        let means = self
            .language
            .label(&format!("verdict-{}-means", verdict.code()));
        self.rules.push(Descriptor {
            id: id.to_owned(),
            name: id.to_owned(),
            short_description: message(&words::verdict(verdict, self.language)),
            full_description: message(&means),
            help: message(&means),
            default_configuration: Configuration {
                level: match verdict {
                    Verdict::Unmet => "error",
                    Verdict::Undecided => "warning",
                    Verdict::Waived | Verdict::Met | Verdict::NotApplicable => "note",
                },
            },
        });
        self.rules.len() - 1
    }

    fn location(&self, artifact: usize, place: Option<&PlaceInfo>) -> Value {
        let mut physical = json!({
            "artifactLocation": { "uri": self.artifacts[artifact].location.uri, "index": artifact },
        });
        let mut location = Map::new();
        let logical =
            |kind: &str| json!([{ "fullyQualifiedName": words::place(place), "kind": kind }]);
        match place {
            Some(PlaceInfo::Cell { cell, .. }) => {
                let at = cell.as_deref().and_then(parse_address);
                if let Some((row, column)) = at {
                    physical["region"] = json!({ "startLine": row + 1, "startColumn": column + 1 });
                }
                let kind = if at.is_some() { "element" } else { "module" };
                location.insert("logicalLocations".into(), logical(kind));
            }
            Some(PlaceInfo::Text { line, column }) => {
                physical["region"] = json!({ "startLine": line, "startColumn": column });
            }
            None => {}
        }
        location.insert("physicalLocation".into(), physical);
        Value::Object(location)
    }

    /// A hash that stays the same from run to run; equal ones of a file are numbered.
    fn fingerprint(
        &mut self,
        artifact: usize,
        sheet: &str,
        rule: &str,
        subject: &str,
    ) -> BTreeMap<&'static str, String> {
        let uri = &self.artifacts[artifact].location.uri;
        let key = [uri, sheet, rule, subject].join("\u{1f}");
        let count = self.fingerprints.entry(key.clone()).or_default();
        *count += 1;
        let hash = sha256(format!("{key}\u{1f}{count}").as_bytes());
        BTreeMap::from([("kaijisho/v1", hash[..32].to_owned())])
    }
}

/// A must that is unmet is an error, one that is undecided a warning, like a should that is unmet.
fn severity_of(result: &ResultInfo) -> Severity {
    match (result.verdict, result.level) {
        (Verdict::Unmet, Level::Must) => Severity::Error,
        (Verdict::Unmet, Level::Should) | (Verdict::Undecided, Level::Must) => Severity::Warning,
        (Verdict::Unmet, Level::Info)
        | (Verdict::Undecided, Level::Should | Level::Info)
        | (Verdict::Waived | Verdict::Met | Verdict::NotApplicable, _) => Severity::Note,
    }
}

fn level_of(severity: Severity) -> &'static str {
    severity.code()
}

fn message(text: &str) -> Message {
    Message {
        text: harmless(text),
    }
}

/// A rule's help for all its findings: `{item}` becomes an ellipsis.
fn without_placeholders(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((_, after)) = after.split_once('}') else {
            break;
        };
        plain.push_str(before);
        plain.push('…');
        rest = after;
    }
    plain.push_str(rest);
    plain
}

/// A file's name as a URI reference: a relative path stays relative, an absolute one becomes `file:///`.
fn uri(file: &str) -> String {
    let path = file.replace('\\', "/");
    let drive = path.as_bytes().get(1) == Some(&b':') && path.as_bytes()[0].is_ascii_alphabetic();
    let (start, path) = if drive {
        ("file:///", path.as_str())
    } else if let Some(path) = path.strip_prefix("//") {
        ("file://", path)
    } else if path.starts_with('/') {
        ("file://", path.as_str())
    } else {
        ("", path.trim_start_matches("./"))
    };
    let mut uri = start.to_owned();
    for (at, byte) in path.bytes().enumerate() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            b':' if drive && at == 1 => uri.push(':'),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_references() {
        for (file, expected) in [
            ("MDS 回答.xlsx", "MDS%20%E5%9B%9E%E7%AD%94.xlsx"),
            ("./a/b#c.toml", "a/b%23c.toml"),
            ("/srv/a.xlsx", "file:///srv/a.xlsx"),
            ("C:\\data\\a.xlsx", "file:///C:/data/a.xlsx"),
            ("\\\\server\\share\\a.xlsx", "file://server/share/a.xlsx"),
            ("javascript:alert(1)", "javascript%3Aalert%281%29"),
            ("-", "-"),
        ] {
            assert_eq!(uri(file), expected);
        }
    }

    #[test]
    fn help_of_a_rule_has_no_braces() {
        assert_eq!(without_placeholders("項目{item}の{found}"), "項目…の…");
    }
}
