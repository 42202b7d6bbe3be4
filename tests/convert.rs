//! Conversions lose nothing: a disclosure is the same in xlsx, XML, JSON and TOML, and after any chain of them.
//!
//! The golden documents in `tests/golden` are written from `source.toml` there and compared byte by byte;
//! `KAIJISHO_UPDATE=1 cargo test --test convert` writes them anew, and their diff is to be read.

// A test that cannot go on says where it stopped; the panic is the message.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "convert/edges.rs"]
mod edges;

use std::path::{Path, PathBuf};

use kaijisho::write::{Origin, Target, write};
use kaijisho::{Answer, Catalog, Disclosure, Examined, Language, Options, Source, State, examine};
use rust_xlsxwriter::{Format, Workbook};

const TARGETS: [(Target, &str); 4] = [
    (Target::Xlsx, "xlsx"),
    (Target::Xml, "xml"),
    (Target::Json, "json"),
    (Target::Toml, "toml"),
];

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name)
}

fn options() -> Options {
    Options::new(jiff::civil::date(2026, 10, 1))
}

/// Options with the golden form among the forms known, and nothing else.
fn golden_options() -> Options {
    let form = std::fs::read_to_string(golden("form.toml")).unwrap();
    Options {
        catalog: Catalog::parse(&form, "form.toml").unwrap(),
        ..options()
    }
}

fn read(name: &str, bytes: Vec<u8>, options: &Options) -> Examined {
    examine(&Source::new(name, bytes), options)
}

fn written(disclosures: &[Disclosure], target: Target) -> Vec<u8> {
    let origin = Origin {
        file: "元のファイル.xlsx",
        sha256: "0123456789abcdef",
    };
    write(disclosures, &origin, target, Language::Ja).unwrap()
}

fn assert_same(left: &[Disclosure], right: &[Disclosure], what: &str) {
    assert_eq!(left.len(), right.len(), "{what}: number of disclosures");
    for (left, right) in left.iter().zip(right) {
        for (a, b) in left.entries.iter().zip(&right.entries) {
            let view = |e: &kaijisho::Entry| {
                let text = e.text.as_ref().map(|text| text.text.clone());
                format!(
                    "{} {text:?} {:?} {:?} {:?} {:?} {:?}",
                    e.number, e.answer, e.options, e.state, e.written, e.remark
                )
            };
            assert_eq!(view(a), view(b), "{what}");
        }
        let notes = |d: &Disclosure| {
            format!(
                "{:?}",
                d.notes
                    .iter()
                    .map(|n| (&n.label, &n.text))
                    .collect::<Vec<_>>()
            )
        };
        assert_eq!(notes(left), notes(right), "{what}");
        let header = |d: &Disclosure| {
            d.header
                .iter()
                .map(|h| (h.field, h.value()))
                .collect::<Vec<_>>()
        };
        assert!(
            left.same_content(right),
            "{what}: {} entries and {}, head {:?} and {:?}",
            left.entries.len(),
            right.entries.len(),
            header(left),
            header(right),
        );
    }
}

/// What is said about the disclosures, places left out.
fn judged(examined: &Examined) -> Vec<(String, String)> {
    let mut judged: Vec<(String, String)> = examined
        .disclosure_findings
        .iter()
        .flatten()
        // Only a sheet of cells has hidden rows, rows without a number and numbers stored as numbers.
        .filter(|finding| !["row-hidden", "item-number-ambiguous"].contains(&finding.rule))
        .filter(|finding| !(finding.rule == "item-unknown" && finding.item.is_none()))
        .map(|finding| {
            let item = finding.item.as_ref().map(ToString::to_string);
            (finding.rule.to_owned(), item.unwrap_or_default())
        })
        .collect();
    judged.sort();
    judged
}

/// Writes and reads in every format, in every chain of so many.
fn assert_every_chain(start: &Examined, options: &Options, what: &str, hops: usize) {
    assert!(!start.disclosures.is_empty(), "{what}: nothing read");
    chain(start, start, options, what, hops);
}

fn chain(start: &Examined, from: &Examined, options: &Options, what: &str, hops: usize) {
    for (target, ending) in TARGETS {
        let what = format!("{what} → {ending}");
        let bytes = written(&from.disclosures, target);
        let again = read(&format!("a.{ending}"), bytes, options);
        let about: Vec<_> = again
            .findings
            .iter()
            .map(|f| f.message(Language::En))
            .collect();
        assert_eq!(
            about,
            Vec::<String>::new(),
            "{what}: findings about the file"
        );
        assert_same(&start.disclosures, &again.disclosures, &what);
        assert_eq!(judged(start), judged(&again), "{what}");
        if hops > 1 {
            chain(start, &again, options, &what, hops - 1);
        }
    }
}

fn oddities() -> Examined {
    let source = std::fs::read(golden("source.toml")).unwrap();
    read("source.toml", source, &golden_options())
}

#[test]
fn oddities_survive_every_chain() {
    assert_every_chain(&oddities(), &golden_options(), "source.toml", 3);
}

#[test]
fn oddities_are_read_as_what_they_are() {
    let source = oddities();
    let [mds, sds] = source.disclosures.as_slice() else {
        panic!("{:?}", source.findings);
    };
    let entry = |at: usize| &mds.entries[at];
    assert_eq!(entry(0).written, "はい");
    assert_eq!(
        entry(0).remark.text.as_deref(),
        Some("一つ目の備考\n二行目")
    );
    assert_eq!(entry(1).answer, Some(Answer::Yes));
    assert_eq!(entry(1).written, "対応済み");
    assert_eq!(entry(2).number.as_str(), "1.10");
    assert_eq!(entry(3).options, ["knowledge", "token"]);
    assert_eq!(
        (entry(4).state, entry(4).options.len()),
        (State::Unknown, 1)
    );
    assert_eq!((entry(5).answer, entry(5).written.as_str()), (None, "yes"));
    assert_eq!(entry(6).remark.text.as_deref(), Some(""));
    assert_eq!(entry(7).number.as_str(), "5");
    assert_eq!(
        (entry(7).state, entry(7).written.as_str()),
        (State::Conflicting, "はい・いいえ")
    );
    assert_eq!(entry(8).state, State::Unknown);
    assert_eq!(entry(8).remark.reference.as_deref(), Some("1"));
    assert_eq!(entry(9).item, None);
    assert_eq!(entry(9).remark.reference.as_deref(), Some("備考9"));
    assert_eq!(entry(10).state, State::Conflicting);
    assert_eq!(entry(10).remark.text, None);
    let referenced: Vec<bool> = mds.notes.iter().map(|note| note.referenced).collect();
    assert_eq!(referenced, [true, false, true, false]);
    assert_eq!(sds.form.id, "derived-sds");
    let answers: Vec<_> = sds
        .entries
        .iter()
        .map(|entry| (entry.answer, entry.state))
        .collect();
    assert_eq!(
        answers,
        [
            (Some(Answer::SeeNote), State::Answered),
            (Some(Answer::Na), State::Answered),
            (None, State::Conflicting),
            (Some(Answer::No), State::Answered),
            (None, State::Unanswered),
        ]
    );
    // The label and the key of a note, and nothing else, is put right; nothing is said where nothing is wrong.
    let about: Vec<_> = source
        .findings
        .iter()
        .map(|f| f.message(Language::En))
        .collect();
    assert_eq!(about, Vec::<String>::new());
}

#[test]
fn golden_documents() {
    let source = oddities();
    for (target, ending) in TARGETS.into_iter().filter(|(_, ending)| *ending != "xlsx") {
        let path = golden(&format!("disclosure.{ending}"));
        let bytes = written(&source.disclosures, target);
        let text = String::from_utf8(bytes).unwrap();
        // The version of the tool stands first in the JSON, and changes with every release.
        let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
        let text = text.replacen(&version, "\"version\": \"0.0.0\"", 1);
        if std::env::var_os("KAIJISHO_UPDATE").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == text,
            "{} is not what is written now; KAIJISHO_UPDATE=1 writes it anew",
            path.display()
        );
        let again = read(
            &format!("a.{ending}"),
            committed.into_bytes(),
            &golden_options(),
        );
        assert_same(&source.disclosures, &again.disclosures, ending);
    }
}

#[test]
fn the_same_bytes_every_time() {
    let source = oddities();
    for (target, ending) in TARGETS {
        let (one, two) = (
            written(&source.disclosures, target),
            written(&source.disclosures, target),
        );
        assert!(one == two, "{ending}");
    }
}

/// A sheet as vendors make them: marks, dates, numbers stored as numbers, hidden rows, a cover, remarks below.
fn workbook() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let cover = workbook.add_worksheet().set_name("表紙").unwrap();
    cover.write(0, 0, "型式").unwrap();
    cover.write(0, 1, "MK-100").unwrap();
    let sheet = workbook.add_worksheet().set_name("製造業者").unwrap();
    let day = Format::new().set_num_format("yyyy/m/d");
    sheet
        .write(0, 0, "製造業者による医療情報セキュリティ開示書")
        .unwrap();
    sheet.write(1, 0, "バージョン").unwrap();
    sheet.write(1, 1, 3.5).unwrap();
    sheet.write(2, 0, "作成日").unwrap();
    sheet.write_with_format(2, 1, 46295, &day).unwrap();
    sheet
        .write(3, 0, "製品名：見本カルテ　製造業者：見本メディカル")
        .unwrap();
    for (column, heading) in ["No.", "質問", "はい", "いいえ", "N/A", "備考"]
        .into_iter()
        .enumerate()
    {
        sheet.write(5, column as u16, heading).unwrap();
    }
    let rows: [(&str, [&str; 3], &str); 12] = [
        ("１", ["○", "", ""], "備考1"),
        ("2", ["", "レ", "−"], "備考 2、3"),
        ("3", ["○", "", "×"], "備考88"),
        ("4", ["はい", "いいえ", ""], "テキスト\r\n二行"),
        ("5", ["", "検討中", ""], "__"),
        ("6", ["○", "△", ""], "1"),
        ("7", ["", "はい", ""], " 先頭の空白"),
        ("8", ["□", "□", "□"], "_x000D_"),
        ("8", ["　", "", "〇"], ""),
        ("8.1", ["", "", "N/A"], "対象外"),
        ("500", ["○", "", ""], "知らない項目"),
        ("9", ["", "", ""], ""),
    ];
    for (at, (number, marks, remark)) in rows.into_iter().enumerate() {
        let row = 6 + at as u32;
        sheet.write(row, 0, number).unwrap();
        sheet.write(row, 1, format!("質問 {number}")).unwrap();
        for (column, mark) in marks.into_iter().enumerate() {
            sheet.write(row, 2 + column as u16, mark).unwrap();
        }
        sheet.write(row, 5, remark).unwrap();
    }
    sheet.set_row_hidden(8).unwrap();
    sheet.write(18, 0, 8.1).unwrap();
    sheet.write(18, 3, "○").unwrap();
    sheet.write(20, 0, "備考記載欄").unwrap();
    for (row, (label, text)) in [
        ("備考1", "一"),
        ("(2)", " 二\n"),
        ("備考3：三", ""),
        ("注9", "九"),
    ]
    .into_iter()
    .enumerate()
    {
        sheet.write(21 + row as u32, 0, label).unwrap();
        sheet.write(21 + row as u32, 1, text).unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_of_marks_survives_every_chain() {
    let options = options();
    let start = read("vendor.xlsx", workbook(), &options);
    let [disclosure] = start.disclosures.as_slice() else {
        panic!("{:?}", start.findings);
    };
    let as_read: Vec<_> = disclosure
        .entries
        .iter()
        .map(|entry| (entry.number.as_str(), entry.written.as_str(), entry.state))
        .collect();
    use State::{Answered, Conflicting, Unanswered, Unknown};
    assert_eq!(
        as_read,
        [
            ("1", "はい", Answered),
            ("2", "いいえ", Answered),
            ("3", "はい ○・N/A ×", Conflicting),
            ("4", "はい・いいえ", Conflicting),
            ("5", "いいえ: 検討中", Unknown),
            ("6", "はい ○・いいえ: △", Unknown),
            ("7", "いいえ: はい", Unknown),
            ("8", "", Unanswered),
            ("8", "N/A", Answered),
            ("8.1", "N/A", Answered),
            ("500", "はい", Answered),
            ("9", "", Unanswered),
            ("8.1", "いいえ", Answered),
        ]
    );
    assert_every_chain(&start, &options, "vendor.xlsx", 3);
}

#[test]
fn the_heading_of_the_numbers_is_no_answer() {
    for headings in [
        ["No.", "Question", "Yes", "No", "N/A"],
        ["No.", "項目", "はい", "いいえ", "対象外"],
        ["項目", "No.", "Yes", "No", "N/A"],
    ] {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet().set_name("MDS").unwrap();
        sheet.write(0, 0, "見本の開示書").unwrap();
        for (column, heading) in headings.into_iter().enumerate() {
            sheet.write(1, column as u16, heading).unwrap();
        }
        let number = if headings[0] == "No." { 0 } else { 1 };
        for (row, mark) in [(2, 2), (3, 3), (4, 4)] {
            sheet
                .write(row, number, ["1", "1.1", "1.10"][row as usize - 2])
                .unwrap();
            sheet.write(row, 1 - number, "通信を暗号化する").unwrap();
            sheet.write(row, mark, "○").unwrap();
        }
        let mut options = golden_options();
        options.forced = Some(options.catalog.clone());
        let examined = read("a.xlsx", workbook.save_to_buffer().unwrap(), &options);
        let entries = &examined.disclosures[0].entries;
        let answers: Vec<_> = entries
            .iter()
            .map(|e| (e.number.as_str(), e.answer))
            .collect();
        assert_eq!(
            answers,
            [
                ("1", Some(Answer::Yes)),
                ("1.1", Some(Answer::No)),
                ("1.10", Some(Answer::Na)),
            ],
            "{headings:?}"
        );
    }
}

#[test]
fn sheets_of_the_corpus_survive_every_chain() {
    let shared = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared"));
    let mut files: Vec<PathBuf> = ["sheets", "corpus/mds2"]
        .iter()
        .filter_map(|folder| std::fs::read_dir(shared.join(folder)).ok())
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "xlsx"))
        .collect();
    files.sort();
    if files.is_empty() {
        println!("skipped: no corpus");
        return;
    }
    for file in files {
        let start = read("a.xlsx", std::fs::read(&file).unwrap(), &options());
        let hops = if start.disclosures[0].entries.len() > 200 {
            2
        } else {
            3
        };
        assert_every_chain(&start, &options(), &file.display().to_string(), hops);
    }
}
