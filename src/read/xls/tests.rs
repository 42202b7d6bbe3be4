//! Streams written by hand: what no writer of today makes.

use super::*;
use crate::read::grid::CellValue;

fn record(stream: &mut Vec<u8>, kind: u16, data: &[u8]) {
    stream.extend(kind.to_le_bytes());
    stream.extend(u16::try_from(data.len()).expect("short").to_le_bytes());
    stream.extend(data);
}

/// A stream of Excel 95 in Japan with one sheet of these records.
fn excel_95(code_page: Option<u16>, cells: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let (name, _, _) = SHIFT_JIS.encode("開示書");
    let mut stream = Vec::new();
    record(&mut stream, record::BOF, &[0, 5, 5, 0, 0, 0, 0, 0]);
    if let Some(page) = code_page {
        record(&mut stream, record::CODE_PAGE, &page.to_le_bytes());
    }
    for bold in [false, true] {
        let weight = if bold { 700u16 } else { 400 };
        let mut font = vec![200, 0, if bold { 8 } else { 0 }, 0, 0xff, 0x7f];
        font.extend(weight.to_le_bytes());
        font.extend([0, 0, 0, 0, 0, 0, 0]);
        record(&mut stream, record::FONT, &font);
    }
    let mut day = vec![0; 16];
    day[2] = 14;
    record(&mut stream, record::XF, &[0; 16]);
    record(&mut stream, record::XF, &day);
    let start = stream.len() + 4 + 7 + name.len() + 4;
    let mut bound = u32::try_from(start).expect("short").to_le_bytes().to_vec();
    bound.extend([0, 0, u8::try_from(name.len()).expect("short")]);
    bound.extend(name.iter());
    record(&mut stream, record::BOUND_SHEET, &bound);
    record(&mut stream, record::EOF, &[]);
    assert_eq!(stream.len(), start);
    record(&mut stream, record::BOF, &[0, 5, 0x10, 0, 0, 0, 0, 0]);
    for (kind, data) in cells {
        record(&mut stream, *kind, data);
    }
    record(&mut stream, record::EOF, &[]);
    stream
}

fn label(row: u8, text: &str) -> Vec<u8> {
    let (bytes, _, _) = SHIFT_JIS.encode(text);
    let mut data = vec![
        row,
        0,
        0,
        0,
        0,
        0,
        u8::try_from(bytes.len()).expect("short"),
        0,
    ];
    data.extend(bytes.iter());
    data
}

fn read(stream: &[u8]) -> Workbook {
    let globals = Globals::read(stream, &Limits::default()).expect("it can be read");
    let reading = sheets(stream, &globals, &Limits::default());
    assert!(reading.findings.is_empty(), "{:?}", reading.findings);
    match reading.content {
        Content::Grid(book) => book,
        other => panic!("{other:?}"),
    }
}

#[test]
fn texts_of_excel_95() {
    let mut rich = label(1, "はいいいえ");
    // From the fifth byte on, the third character, in the second font.
    rich.extend([1, 4, 1]);
    let mut date = vec![2, 0, 0, 0, 1, 0];
    date.extend((46295u32 << 2 | 2).to_le_bytes());
    let cells = [
        (record::LABEL, label(0, "医療情報")),
        (record::RICH_STRING, rich),
        (record::RK, date),
    ];
    for code_page in [Some(932), None] {
        let book = read(&excel_95(code_page, &cells));
        let sheet = &book.sheets[0];
        assert_eq!(&*sheet.name, "開示書");
        assert_eq!(sheet.text(0, 0), "医療情報");
        assert_eq!(sheet.text(1, 0), "はいいいえ");
        let day = jiff::civil::date(2026, 9, 30);
        assert_eq!(sheet.cells[2].value, CellValue::Date(day));
        let runs = &sheet.beside.looks[0].runs;
        assert_eq!((runs[0].text.as_str(), runs[0].strike), ("はい", false));
        assert_eq!((runs[1].text.as_str(), runs[1].strike), ("いいえ", true));
    }
}

#[test]
fn a_text_goes_on_in_another_record() {
    let mut stream = Vec::new();
    record(&mut stream, record::BOF, &[0, 6, 5, 0]);
    // Two characters of two bytes, then, in the record that continues it, two of one.
    let mut first = vec![0, 0, 0, 0, 1, 0, 0, 0, 4, 0, 1];
    first.extend("はい".encode_utf16().flat_map(u16::to_le_bytes));
    record(&mut stream, record::STRINGS, &first);
    record(&mut stream, record::CONTINUE, b"\0OK\x02\x00\x00xy");
    record(&mut stream, record::EOF, &[]);
    let globals = Globals::read(&stream, &Limits::default()).expect("it can be read");
    let texts: Vec<&str> = globals
        .strings
        .iter()
        .map(|text| text.content.as_str())
        .collect();
    assert_eq!(texts, ["はいOK", "xy"]);
}

#[test]
fn a_password_is_told() {
    let mut stream = Vec::new();
    record(&mut stream, record::BOF, &[0, 6, 5, 0]);
    record(&mut stream, record::FILE_PASS, &[1, 0, 1, 0]);
    let finding = Globals::read(&stream, &Limits::default())
        .err()
        .expect("it is encrypted");
    assert_eq!(finding.rule, rule::FILE_ENCRYPTED);
}

#[test]
fn sheets_within_each_other_end() {
    let mut stream = excel_95(Some(932), &[]);
    let globals = Globals::read(&stream, &Limits::default()).expect("it can be read");
    // The sheet again and again, each time with all that follows.
    let bound = &globals.sheets[0];
    let many = (0..900)
        .map(|_| Bound {
            start: bound.start,
            name: bound.name.clone(),
            visible: true,
            kind: 0,
        })
        .collect();
    let globals = Globals {
        sheets: many,
        ..globals
    };
    stream.extend([0; 100]);
    let limits = Limits {
        sheets: 5000,
        ..Limits::default()
    };
    let reading = sheets(&stream, &globals, &limits);
    let told = reading
        .findings
        .iter()
        .all(|finding| finding.rule == rule::FILE_DAMAGED);
    assert!(told && !reading.findings.is_empty());
}
