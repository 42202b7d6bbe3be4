//! What is reported on: plain, hostile and unreadable files, and requirements with hostile texts.

use std::path::Path;
use std::sync::LazyLock;

use kaijisho::report::model::{self, Judged, Kind, Report};
use kaijisho::report::{Format, Style, render};
use kaijisho::{
    Assessment, Catalog, Disclosure, Error, Examined, Language, Options, Profile, Source, assess,
    examine, profile, waiver_findings,
};

/// What must come out as plain text wherever it is shown.
pub(crate) const HOSTILE: [&str; 16] = [
    "<script>alert(1)</script>",
    "=cmd|'/c calc'!A0",
    "＝1+1",
    "\u{1b}[31mred",
    "]]></failure><testcase/>",
    "abc\u{202e}fdp.exe",
    "| md | pipe |",
    "+1",
    "@SUM(A1)",
    "-2+3",
    "_x003D_1",
    "![x](https://evil.example/x.png)",
    "</td></tr></table><img src=x onerror=alert(1)>",
    "{{ report }}{% raw %}",
    "first\nsecond\r\n=third",
    "\u{fffe}\u{7}\u{200b}=9",
];

pub(crate) const FORMATS: [Format; 8] = [
    Format::Human,
    Format::Json,
    Format::Sarif,
    Format::Junit,
    Format::Markdown,
    Format::Csv,
    Format::Html,
    Format::Xlsx,
];

pub(crate) const KINDS: [Kind; 3] = [Kind::Check, Kind::Diff, Kind::Report];

pub(crate) fn examined(name: &str, text: &str) -> Examined {
    let options = Options::new(jiff::civil::date(2026, 10, 1));
    examine(&Source::new(name, text.as_bytes().to_vec()), &options)
}

/// A small disclosure: items 1 to 4 answered well, badly, not at all and with an unknown word.
pub(crate) fn plain() -> Examined {
    examined(
        "answers.toml",
        r#"
form = "mds-reference"
header = { date = 2026-09-30, manufacturer = "見本メディカル", product = "見本カルテ", version = "3.2" }

[[items]]
number = "1"
answer = "はい"
remark = "一覧は別紙"

[[items]]
number = "2"
answer = "いいえ"

[[items]]
number = "3"

[[items]]
number = "4"
answer = "一部対応"
"#,
    )
}

/// A disclosure whose every text is hostile, under a hostile file name.
pub(crate) fn hostile() -> Examined {
    let items: Vec<serde_json::Value> = HOSTILE
        .iter()
        .enumerate()
        .map(|(at, text)| {
            let number = (at + 1).to_string();
            let answer = if at % 2 == 0 { text } else { "いいえ" };
            serde_json::json!({ "number": number, "text": text, "answer": answer, "remark": text })
        })
        .collect();
    let document = serde_json::json!({
        "form": "mds-reference",
        "sheet": HOSTILE[0],
        "header": {
            "date": HOSTILE[1], "manufacturer": HOSTILE[12], "product": HOSTILE[6],
            "model": HOSTILE[3], "version": HOSTILE[5],
        },
        "items": items,
        "remarks": [{ "label": HOSTILE[2], "key": 7, "text": HOSTILE[4] }],
    });
    examined("=<b>\u{202e}|.json", &document.to_string())
}

/// A file in which nothing is recognised.
pub(crate) fn unreadable() -> Examined {
    examined("notes.txt", "not a disclosure")
}

/// Requirements on items 1 to 4, with hostile reasons and a waiver.
pub(crate) fn requirements() -> Profile {
    let text = |text: &str| serde_json::Value::from(text).to_string();
    let both = |words: &str| format!("{{ ja = {0}, en = {0} }}", text(words));
    let mut toml = format!(
        "schema = \"kaijisho/profile/1\"\nid = \"ward\"\ntitle = {}\nprovenance = {}\n",
        both(HOSTILE[0]),
        both(HOSTILE[11])
    );
    let wanted = [
        ("list", "doc.information-list", "must"),
        ("manual", "doc.operation-manual", "must"),
        ("bcp", "doc.bcp-procedure", "should"),
        ("accounts", "doc.emergency-account-procedure", "info"),
        ("diagram", "doc.configuration-diagram", "must"),
    ];
    for (id, control, level) in wanted {
        toml.push_str(&format!(
            "\n[[requirement]]\nid = \"{id}\"\ncontrol = \"{control}\"\nlevel = \"{level}\"\nweight = 1\nanswers = [\"yes\"]\n\
             remark = \"optional\"\nreason = {}\nreferences = [{}]\non_no = \"risk-assessment\"\n",
            both(HOSTILE[4]),
            text(HOSTILE[1])
        ));
    }
    for (requirement, until) in [("diagram", "2027-03-31"), ("bcp", "2026-03-31")] {
        toml.push_str(&format!(
            "\n[[waiver]]\nrequirement = \"{requirement}\"\nreason = {}\napprover = {}\nfrom = 2026-01-01\nuntil = {until}\ncompensating = {}\n",
            both(HOSTILE[6]),
            text(HOSTILE[12]),
            both(HOSTILE[3])
        ));
    }
    profile::parse(&toml, "ward.toml", Path::new("."), &Catalog::bundled()).unwrap_or_else(
        |error| match error {
            Error::Invalid { findings, .. } => panic!(
                "{:?}",
                findings
                    .iter()
                    .map(|f| f.message(Language::En))
                    .collect::<Vec<_>>()
            ),
            other => panic!("{other}"),
        },
    )
}

pub(crate) fn report(
    kind: Kind,
    files: &[Examined],
    against: Option<&Profile>,
    language: Language,
) -> Report {
    let date = jiff::civil::date(2026, 10, 1);
    let judged = against.map(|profile| {
        let assessments: Vec<Vec<Assessment<'_>>> = files
            .iter()
            .map(|file| {
                file.disclosures
                    .iter()
                    .map(|d| assess(d, profile, date))
                    .collect()
            })
            .collect();
        let disclosures: Vec<&Disclosure> = files.iter().flat_map(|f| &f.disclosures).collect();
        let all: Vec<Assessment<'_>> = disclosures
            .iter()
            .map(|d| assess(d, profile, date))
            .collect();
        let findings = waiver_findings(profile, &disclosures, &all, date);
        Judged {
            profile,
            date,
            assessments,
            findings,
        }
    });
    model::build(kind, files, judged.as_ref(), language)
}

/// Reports of every kind and language on plain, hostile and unreadable files.
pub(crate) fn all_reports() -> &'static [Report] {
    static REPORTS: LazyLock<Vec<Report>> = LazyLock::new(every_report);
    &REPORTS
}

fn every_report() -> Vec<Report> {
    let files = [plain(), hostile(), unreadable()];
    let profile = requirements();
    let mut reports = Vec::new();
    for language in Language::ALL {
        for kind in KINDS {
            let against = (kind != Kind::Check).then_some(&profile);
            reports.push(report(kind, &files, against, language));
        }
        reports.push(report(Kind::Report, &files, None, language));
    }
    reports
}

pub(crate) fn rendered(report: &Report, format: Format) -> Vec<u8> {
    render(report, format, &Style::default()).unwrap_or_else(|error| panic!("{format:?}: {error}"))
}

pub(crate) fn text(report: &Report, format: Format) -> String {
    String::from_utf8(rendered(report, format)).expect("text formats are UTF-8")
}
