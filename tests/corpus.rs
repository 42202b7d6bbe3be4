//! Files from outside: hostile, huge, odd and foreign ones. Each comes back with a disclosure or with a
//! finding, and none ends the run; where it is certain what a file is, the finding is that one.
//!
//! The files lie beside the project (`../shared/corpus`), not in it; without them the tests say so and pass.
//! `cargo test --test corpus -- --nocapture` prints what became of each file.

mod support;

use kaijisho::{Examined, Limits, Options, Place, Severity, Source, examine};

/// What must be found: a rule, and for text files the place.
enum Certain {
    /// This rule, about the file as a whole or anywhere in it.
    Rule(&'static str),
    /// This rule at this line and column.
    At(&'static str, u32, u32),
    /// This note.
    Note(&'static str),
}

use Certain::{At, Note, Rule};

/// Files of which it is certain what they are, by the end of their path.
const CERTAIN: &[(&str, Certain)] = &[
    // Encrypted workbooks are OLE files with an encrypted package in them.
    (
        "hostile/calamine-pass_protected.xlsx",
        Rule("file-encrypted"),
    ),
    (
        "hostile/poi-protected_passtika.xlsx",
        Rule("file-encrypted"),
    ),
    // More than is read, whatever the zip's headers say.
    ("bombs/cells-8M.xlsx", Rule("file-too-large")),
    ("bombs/one-text-256MiB.xlsx", Rule("file-too-large")),
    // More rows than a sheet has, by a number.
    ("hostile/calamine-issue_594_dos.ods", Rule("file-damaged")),
    // Other kinds of spreadsheets.
    ("hostile/calamine-OOM_alloc3.xls", Rule("file-damaged")),
    (
        "hostile/calamine-issue_666_panic.xlsb",
        Rule("nothing-recognised"),
    ),
    (
        "tricky/calamine-special_cells.ods",
        Rule("nothing-recognised"),
    ),
    (
        "hostile/openpyxl-null_archive.xlsx",
        Rule("nothing-recognised"),
    ),
    // Macros of the old kind, in a sheet of their own.
    // NOTE: calamine does not open a workbook with such a sheet, so it is told as damaged besides.
    ("hostile/poi-xlmmacro.xlsm", Note("file-macro")),
    ("tricky/calamine-errors.xlsx", Note("file-external-link")),
    // A document type declaration is refused where it stands.
    ("xml/defusedxml-cyclic.xml", At("file-damaged", 1, 1)),
    ("xml/defusedxml-dtd.xml", At("file-damaged", 2, 1)),
    ("xml/defusedxml-external.xml", At("file-damaged", 1, 1)),
    ("xml/defusedxml-quadratic.xml", At("file-damaged", 1, 1)),
    ("xml/libxml2-dup-xml-attr.xml", At("file-damaged", 1, 1)),
    ("xml/libxml2-huge_dtd.xml", At("file-damaged", 2, 1)),
    ("xml/libxml2-unclosed-element.xml", At("file-damaged", 2, 1)),
    // Well-formed XML of something else.
    (
        "xml/cyclonedx-valid-standard-1.6.xml",
        Rule("nothing-recognised"),
    ),
    ("xml/oscal-800-53r4-catalog.xml", Rule("nothing-recognised")),
    ("xml/oscal-ssp-example.xml", Rule("nothing-recognised")),
    ("xml/defusedxml-simple-ns.xml", Rule("nothing-recognised")),
];

fn folder(name: &str) -> Vec<(String, Examined)> {
    let Some(path) = support::shared(&format!("corpus/{name}")) else {
        return Vec::new();
    };
    let options = Options::new(support::TODAY);
    let read = |path: &std::path::PathBuf| {
        let file = path
            .file_name()
            .expect("files have names")
            .to_string_lossy();
        let source = Source::open(path, &Limits::default()).expect("the file is there");
        (format!("{name}/{file}"), examine(&source, &options))
    };
    support::files(&path).iter().map(read).collect()
}

/// One line for each file: what was found, and where.
fn line(name: &str, examined: &Examined) -> String {
    let findings: Vec<String> = examined
        .all_findings()
        .map(|finding| match &finding.place {
            Place::File => finding.rule.to_owned(),
            place => format!("{} ({place})", finding.rule),
        })
        .collect();
    let forms: Vec<&str> = examined
        .disclosures
        .iter()
        .map(|disclosure| disclosure.form.id.as_str())
        .collect();
    let shown = findings.iter().take(6).cloned().collect::<Vec<_>>();
    let more = findings.len() - shown.len();
    let more = if more > 0 {
        format!(" +{more}")
    } else {
        String::new()
    };
    format!("{name:80} {forms:?} {}{more}", shown.join(", "))
}

fn check(name: &str) {
    let mut problems = Vec::new();
    for (file, examined) in folder(name) {
        support::say(&line(&file, &examined));
        if examined.disclosures.is_empty() {
            let error = examined
                .all_findings()
                .any(|finding| finding.severity() == Severity::Error);
            if !error || !examined.is_unreadable() {
                problems.push(format!("{file}: not read, and nothing said"));
            }
        }
        let Some((_, certain)) = CERTAIN.iter().find(|(known, _)| *known == file) else {
            continue;
        };
        let found = |rule: &str| examined.all_findings().find(|finding| finding.rule == rule);
        let right = match certain {
            Rule(rule) => found(rule).is_some() && examined.is_unreadable(),
            At(rule, line, column) => {
                let place = Place::Text {
                    line: *line,
                    column: *column,
                };
                found(rule).is_some_and(|finding| finding.place == place)
                    && examined.all_findings().count() == 1
            }
            Note(rule) => found(rule).is_some_and(|finding| finding.severity() == Severity::Note),
        };
        if !right {
            problems.push(format!("not as expected: {}", line(&file, &examined)));
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn hostile_workbooks() {
    check("hostile");
}

#[test]
fn bombs() {
    check("bombs");
}

#[test]
fn odd_but_valid_workbooks() {
    check("tricky");
}

#[test]
fn foreign_and_broken_xml() {
    check("xml");
}
