//! Every limit on every format: a file just at the limit is read, one above it gives the finding that says which
//! limit, what was met and how to raise it; and what it says about raising it works.

mod support;

#[path = "limits/files.rs"]
mod files;
#[path = "limits/kept.rs"]
mod kept;

use std::io::{Cursor, Read, Write};

use files::{LONGEST, documents, paper};
use kaijisho::{Examined, Finding, Language, Limits, Options, Source, examine};
use support::formats::{self, Format};
use support::paper::{Page, Paper, Written};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// A limit: its name on the command line, its words, and how it is set.
struct Limit {
    option: &'static str,
    ja: &'static str,
    en: &'static str,
    set: fn(&mut Limits, u64),
}

fn small(number: u64) -> usize {
    usize::try_from(number).expect("a small number")
}

const FILE: Limit = Limit {
    option: "file-bytes",
    ja: "ファイルの大きさ",
    en: "file size",
    set: |limits, to| limits.file_bytes = to,
};
const ENTRIES: Limit = Limit {
    option: "entries",
    ja: "ファイルの中の部品の数",
    en: "number of zip members",
    set: |limits, to| limits.entries = small(to),
};
const PART: Limit = Limit {
    option: "part-bytes",
    ja: "ファイルの中の部品一つの大きさ",
    en: "size of one zip member",
    set: |limits, to| limits.part_bytes = to,
};
const TOTAL: Limit = Limit {
    option: "total-bytes",
    ja: "開いたときの大きさ",
    en: "inflated size",
    set: |limits, to| limits.total_bytes = to,
};
const RATIO: Limit = Limit {
    option: "ratio",
    ja: "圧縮の割合",
    en: "compression ratio",
    set: |limits, to| limits.ratio = to,
};
const CELLS: Limit = Limit {
    option: "cells",
    ja: "書き込みのあるセルの数",
    en: "number of cells",
    set: |limits, to| limits.cells = small(to),
};
const STRINGS: Limit = Limit {
    ja: "文字列の数",
    en: "number of shared texts",
    ..CELLS
};
const CELL: Limit = Limit {
    option: "cell-chars",
    ja: "セル一つの文字数",
    en: "characters of a cell",
    set: |limits, to| limits.cell_chars = small(to),
};
const VALUE: Limit = Limit {
    ja: "値一つの文字数",
    en: "characters of a value",
    ..CELL
};
const TEXT: Limit = Limit {
    option: "text-bytes",
    ja: "文字全体の大きさ",
    en: "text of all cells",
    set: |limits, to| limits.text_bytes = small(to),
};
const VALUES: Limit = Limit {
    option: "values",
    ja: "値の数",
    en: "number of values",
    set: |limits, to| limits.values = small(to),
};
const DEPTH: Limit = Limit {
    option: "depth",
    ja: "入れ子の深さ",
    en: "depth of nesting",
    set: |limits, to| limits.depth = small(to),
};
const SHEETS: Limit = Limit {
    option: "sheets",
    ja: "シートの数",
    en: "number of sheets",
    set: |limits, to| limits.sheets = small(to),
};
const COMMENTS: Limit = Limit {
    option: "objects",
    ja: "シート一枚のコメントの数",
    en: "comments of a sheet",
    set: |limits, to| limits.objects = small(to),
};

/// The paper in every format, by name.
fn sheets(paper: &Paper) -> Vec<(Format, &'static str, Vec<u8>)> {
    Format::ALL
        .into_iter()
        .map(|format| (format, format.file_name(), formats::write(paper, format)))
        .collect()
}

fn examined(name: &str, bytes: &[u8], limits: Limits) -> Examined {
    let mut options = Options::new(support::TODAY);
    options.limits = limits;
    examine(&Source::new(name, bytes.to_vec()), &options)
}

fn too_large(examined: &Examined) -> Option<Finding> {
    let mut findings = examined.all_findings();
    findings
        .find(|finding| finding.rule == "file-too-large")
        .cloned()
}

fn within(limit: &Limit, number: u64) -> Limits {
    let mut limits = Limits::default();
    (limit.set)(&mut limits, number);
    limits
}

/// The least number with which a file is read; below it the finding says so, in both languages.
fn least(limit: &Limit, name: &str, bytes: &[u8]) -> u64 {
    let fits = |number| too_large(&examined(name, bytes, within(limit, number))).is_none();
    let (mut low, mut high) = (0, 1);
    while !fits(high) {
        low = high;
        high *= 2;
        assert!(high < 1 << 32, "{name}: {} has no end", limit.option);
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        match fits(middle) {
            true => high = middle,
            false => low = middle,
        }
    }
    assert!(
        !examined(name, bytes, within(limit, high))
            .disclosures
            .is_empty(),
        "{name}: nothing is read at {} = {high}",
        limit.option
    );
    let refused = examined(name, bytes, within(limit, high - 1));
    let finding = too_large(&refused).expect("one less is refused");
    let what = format!("{name} {}={}: ", limit.option, high - 1);
    said(limit, &finding, &what);
    // What is left out beside the cells hinders nothing else.
    let is_read = !refused.disclosures.is_empty();
    assert_eq!(is_read, limit.option == "objects", "{what}");
    advised(limit, &finding, name, bytes);
    high
}

/// Which limit, what was met, how to raise it.
fn said(limit: &Limit, finding: &Finding, what: &str) {
    // Shared texts are counted as the cells they are for.
    let also = if limit.option == CELLS.option {
        &STRINGS
    } else {
        limit
    };
    for (language, words) in [
        (Language::Ja, [limit.ja, also.ja]),
        (Language::En, [limit.en, also.en]),
    ] {
        let message = finding.message(language);
        assert!(
            words.iter().any(|words| message.contains(words)),
            "{what}{message}"
        );
        assert!(
            message.contains(|c: char| c.is_ascii_digit()),
            "{what}{message}"
        );
        let help = finding.help(language);
        let option = format!("--limit {}=", limit.option);
        assert!(help.contains(&option), "{what}{help}");
    }
}

/// Doing what the help says leads to a file that is read.
fn advised(limit: &Limit, finding: &Finding, name: &str, bytes: &[u8]) {
    let option = format!("--limit {}=", limit.option);
    let mut finding = Some(finding.clone());
    for _ in 0..40 {
        let Some(found) = finding else { return };
        let help = found.help(Language::En);
        let (_, number) = help.split_once(&option).expect("how to raise it");
        let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
        let raised: u64 = digits.parse().expect("a number");
        finding = too_large(&examined(name, bytes, within(limit, raised)));
    }
    panic!("{name}: what is said about {} does not help", limit.option);
}

/// The inflated sizes of the members of a package.
fn inflated(bytes: &[u8]) -> Vec<u64> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).expect("a package");
    let sizes = (0..zip.len()).map(|at| {
        let mut content = Vec::new();
        let mut member = zip.by_index(at).expect("a member");
        member.read_to_end(&mut content).expect("its content");
        content.len() as u64
    });
    sizes.collect()
}

#[test]
fn size_of_the_file() {
    let sheets = sheets(&paper());
    let sheets = sheets.iter().map(|(_, name, bytes)| (*name, bytes));
    let documents = documents();
    let documents = documents.iter().map(|(name, bytes)| (*name, bytes));
    for (name, bytes) in sheets.chain(documents) {
        assert_eq!(least(&FILE, name, bytes), bytes.len() as u64, "{name}");
    }
}

#[test]
fn members_of_packages() {
    for (format, name, bytes) in sheets(&paper()) {
        if !matches!(format, Format::Xlsx | Format::Xlsb | Format::Ods) {
            continue;
        }
        let sizes = inflated(&bytes);
        assert_eq!(least(&ENTRIES, name, &bytes), sizes.len() as u64, "{name}");
        let largest = sizes.iter().copied().max().expect("members");
        assert_eq!(least(&PART, name, &bytes), largest, "{name}");
        assert_eq!(
            least(&TOTAL, name, &bytes),
            sizes.iter().sum::<u64>(),
            "{name}"
        );
        // Two MiB of nothing, packed into almost nothing.
        let mut zip = ZipWriter::new_append(Cursor::new(bytes)).expect("a package");
        zip.start_file("pad.bin", SimpleFileOptions::default())
            .expect("a member");
        zip.write_all(&vec![0; 2 << 20]).expect("a member");
        let bytes = zip.finish().expect("a package").into_inner();
        let mut zip = ZipArchive::new(Cursor::new(&bytes)).expect("a package");
        let packed = zip.by_name("pad.bin").expect("a member").compressed_size();
        assert_eq!(least(&RATIO, name, &bytes), (2 << 20) / packed, "{name}");
        let finding = too_large(&examined(name, &bytes, Limits::default()));
        assert!(finding.is_some(), "{name}: the usual ratio is enough");
    }
}

#[test]
fn cells_and_their_text() {
    let paper = paper();
    let cells = paper.sheets[0].cells.len() as u64;
    let texts = paper.sheets[0].cells.iter().map(|ink| match &ink.value {
        Written::Text(text) => text.len() as u64,
        _ => 0,
    });
    let texts: u64 = texts.sum();
    for (_, name, bytes) in sheets(&paper) {
        assert_eq!(least(&CELLS, name, &bytes), cells, "{name}");
        assert_eq!(least(&CELL, name, &bytes), LONGEST as u64, "{name}");
        let found = least(&TEXT, name, &bytes);
        // Where everything is text, the date is as well.
        assert!(
            (texts..texts + 12).contains(&found),
            "{name}: {found}, {texts} expected"
        );
    }
}

#[test]
fn sheets_of_workbooks() {
    let mut paper = paper();
    for name in ["二枚目", "三枚目"] {
        let mut page = Page {
            name: name.to_owned(),
            ..Page::default()
        };
        page.text(0, 0, "表紙");
        paper.sheets.push(page);
    }
    for (format, name, bytes) in sheets(&paper) {
        if format.holds().sheets {
            assert_eq!(least(&SHEETS, name, &bytes), 3, "{name}");
        }
    }
}

#[test]
fn what_stands_beside_the_cells() {
    let mut paper = paper();
    let page = &mut paper.sheets[0];
    for row in 2..7 {
        page.comments.push((row, 3, format!("コメント{row}")));
    }
    for (format, name, bytes) in sheets(&paper) {
        if format.holds().comments {
            assert_eq!(least(&COMMENTS, name, &bytes), 5, "{name}");
        }
    }
    let mut paper = files::paper();
    for row in 2..6 {
        let words = vec!["はい".to_owned(), "いいえ".to_owned()];
        paper.sheets[0].lists.push((row, 2, row, 2, words));
    }
    for (format, name, bytes) in sheets(&paper) {
        if !format.holds().lists {
            continue;
        }
        let refused = examined(name, &bytes, within(&COMMENTS, 3));
        let finding = too_large(&refused).unwrap_or_else(|| panic!("{name}: lists go unsaid"));
        let message = finding.message(Language::Ja);
        assert!(
            message.contains("ドロップダウンリスト"),
            "{name}: {message}"
        );
        assert!(!refused.disclosures.is_empty(), "{name}");
        assert!(
            too_large(&examined(name, &bytes, within(&COMMENTS, 4))).is_none(),
            "{name}"
        );
    }
    let mut paper = files::paper();
    for row in 2..6 {
        paper.sheets[0]
            .boxes
            .push((row, 3, "はい".to_owned(), true));
    }
    for (format, name, bytes) in sheets(&paper) {
        if format.holds().drawings {
            let finding = too_large(&examined(name, &bytes, within(&COMMENTS, 3)));
            let finding = finding.unwrap_or_else(|| panic!("{name}: check boxes go unsaid"));
            let message = finding.message(Language::Ja);
            assert!(message.contains("チェックボックス"), "{name}: {message}");
        }
    }
}

#[test]
fn documents_of_values() {
    for (name, bytes) in documents() {
        assert_eq!(least(&VALUE, name, &bytes), LONGEST as u64, "{name}");
        let values = least(&VALUES, name, &bytes);
        assert!((6..20).contains(&values), "{name}: {values}");
        let depth = least(&DEPTH, name, &bytes);
        assert!((2..5).contains(&depth), "{name}: {depth}");
    }
    // Commas and brackets within texts are no values.
    let text = "[{,=".repeat(5000);
    for (name, bytes) in [
        (
            "a.json",
            format!(
                "{{\"form\": \"mds-reference\", \"items\": [{{\"number\": \"1\", \"remark\": \"{text}\"}}]}}"
            ),
        ),
        (
            "a.toml",
            format!(
                "form = \"mds-reference\"\nitems = [{{ number = \"1\", remark = '{text}' }}]\n"
            ),
        ),
    ] {
        assert!(least(&VALUES, name, bytes.as_bytes()) < 20, "{name}");
    }
}

#[test]
fn depth_of_every_tree() {
    let usual = Limits::default().depth;
    let nested = |depth: usize| {
        [
            (
                "a.json",
                format!(
                    "{{\"form\": \"mds-reference\", \"items\": [], \"x\": {}1{}}}",
                    "[".repeat(depth),
                    "]".repeat(depth)
                ),
            ),
            (
                "a.toml",
                format!(
                    "form = \"mds-reference\"\nitems = []\nx = {}1{}\n",
                    "[".repeat(depth),
                    "]".repeat(depth)
                ),
            ),
            (
                "a.xml",
                format!(
                    "<kaijisho xmlns=\"urn:kaijisho:disclosure:1\">{}{}</kaijisho>",
                    "<x>".repeat(depth),
                    "</x>".repeat(depth)
                ),
            ),
            (
                "b.xml",
                format!(
                    "<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">{}{}</Workbook>",
                    "<x>".repeat(depth),
                    "</x>".repeat(depth)
                ),
            ),
            (
                "a.fods",
                format!(
                    "<office:document xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\">{}{}</office:document>",
                    "<x>".repeat(depth),
                    "</x>".repeat(depth)
                ),
            ),
        ]
    };
    for (name, text) in nested(usual - 2) {
        let finding = too_large(&examined(name, text.as_bytes(), Limits::default()));
        assert!(finding.is_none(), "{name}: {finding:?}");
    }
    for depth in [usual + 2, 130, 1000, 100_000] {
        for (name, text) in nested(depth) {
            let finding = too_large(&examined(name, text.as_bytes(), Limits::default()));
            let finding = finding.unwrap_or_else(|| panic!("{name}: {depth} levels are not told"));
            said(&DEPTH, &finding, &format!("{name}, {depth} levels: "));
        }
    }
    // As much as can be asked for: no more is ever gone into.
    let limits = within(&DEPTH, 1 << 31);
    for (name, text) in nested(200_000) {
        let found = examined(name, text.as_bytes(), limits);
        assert!(found.is_unreadable(), "{name}");
    }
}

#[test]
fn shared_texts_without_cells() {
    // Each of them takes three bytes of a file and much more of the memory.
    let limits = within(&CELLS, 20);
    for (_, name, bytes) in sheets(&paper()) {
        let finding = too_large(&examined(name, &bytes, limits));
        let finding = finding.unwrap_or_else(|| panic!("{name}: nothing is told"));
        said(&CELLS, &finding, name);
    }
}

#[test]
fn files_that_say_much_with_few_bytes() {
    let ods = |body: &str| {
        format!(
            "<office:document xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
             xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
             xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\">\
             <office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document>"
        )
    };
    let xml = |body: &str| {
        format!(
            "<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">{body}</Workbook>"
        )
    };
    for (name, text, words) in [
        ("a.fods", ods(&"<table:table/>".repeat(1001)), "シートの数"),
        ("a.xml", xml(&"<Worksheet/>".repeat(1001)), "シートの数"),
        (
            "b.fods",
            ods(
                "<table:table><table:table-row table:number-rows-repeated=\"1000000\">\
                 <table:table-cell table:number-columns-repeated=\"16000\"><text:p>x</text:p></table:table-cell>\
                 </table:table-row></table:table>",
            ),
            "書き込みのあるセルの数",
        ),
        (
            "c.fods",
            ods(
                "<table:table><table:table-row><table:table-cell><text:p><text:s text:c=\"4000000000\"/>x</text:p>\
                 </table:table-cell></table:table-row></table:table>",
            ),
            "セル一つの文字数",
        ),
    ] {
        let finding = too_large(&examined(name, text.as_bytes(), Limits::default()));
        let message = finding.map(|finding| finding.message(Language::Ja));
        assert!(
            message.as_ref().is_some_and(|it| it.contains(words)),
            "{name}: {message:?}"
        );
    }
}

#[test]
fn a_workbook_with_old_macros_is_named_as_such() {
    let bytes = formats::write(&paper(), Format::Xlsx);
    let mut old = ZipArchive::new(Cursor::new(bytes)).expect("a package");
    let mut new = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..old.len() {
        let mut member = old.by_index(at).expect("a member");
        let name = member.name().expect("a name").to_string();
        let mut text = String::new();
        member.read_to_string(&mut text).expect("text");
        if name == "xl/workbook.xml" {
            let sheet = "<sheet name=\"Macro1\" sheetId=\"9\" r:id=\"rIdM\"/></sheets>";
            text = text.replace("</sheets>", sheet);
        }
        if name == "xl/_rels/workbook.xml.rels" {
            let relation = "<Relationship Id=\"rIdM\" Target=\"macrosheets/sheet1.xml\" \
                Type=\"http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet\"/></Relationships>";
            text = text.replace("</Relationships>", relation);
        }
        new.start_file(name, SimpleFileOptions::default())
            .expect("a member");
        new.write_all(text.as_bytes()).expect("a member");
    }
    new.start_file("xl/macrosheets/sheet1.xml", SimpleFileOptions::default())
        .expect("a member");
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let sheet = format!(
        "<xm:macrosheet xmlns=\"{main}\" xmlns:xm=\"http://schemas.microsoft.com/office/excel/2006/main\">\
         <sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>=EXEC(\"calc\")</v></c></row></sheetData></xm:macrosheet>"
    );
    new.write_all(sheet.as_bytes()).expect("a member");
    let bytes = new.finish().expect("a package").into_inner();
    let found = examined("a.xlsm", &bytes, Limits::default());
    let macros = found
        .findings
        .iter()
        .filter(|finding| finding.rule == "file-macro");
    assert_eq!(macros.count(), 1, "{:?}", found.findings);
    // Either the other sheets are read, or the reason is the macro sheet.
    let reason = found
        .findings
        .iter()
        .find(|finding| finding.rule == "file-damaged");
    let told = reason.map(|finding| finding.message(Language::Ja));
    assert!(
        !found.disclosures.is_empty()
            || told
                .as_ref()
                .is_some_and(|it| it.contains("Excel 4.0 マクロ")),
        "{told:?}"
    );
}

#[test]
fn a_text_too_long_to_be_written_is_told_as_that() {
    use kaijisho::Error;
    use kaijisho::write::{Origin, Target, write};
    let long = "長".repeat(40_000);
    let escaped = "\\u0001".repeat(6_000);
    let origin = Origin {
        file: "a.toml",
        sha256: "0",
    };
    for (remark, targets) in [
        (
            long,
            &[
                Target::Xlsx,
                Target::Xml,
                Target::Json,
                Target::Toml,
                Target::Csv,
            ][..],
        ),
        (escaped, &[Target::Xml][..]),
    ] {
        let text = format!(
            "form = \"mds-reference\"\nitems = [{{ number = \"1\", remark = \"{remark}\" }}]\n"
        );
        let found = examined("a.toml", text.as_bytes(), within(&CELL, 100_000));
        for target in targets {
            let refused = write(&found.disclosures, &origin, *target, Language::Ja);
            let Err(Error::TooLong { allowed, .. }) = refused else {
                panic!("{target:?}: {:?}", refused.map(|bytes| bytes.len()));
            };
            assert_eq!(allowed, 32_767);
        }
    }
}
