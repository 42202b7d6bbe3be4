//! Excel binary workbooks (BIFF12), in a zip package.

use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::super::paper::{Page, Paper, Stretch, Written};
use super::looks::Looks;
use super::{joined, rows, serial};

const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const DOCUMENT: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

pub(super) fn write(paper: &Paper) -> Vec<u8> {
    let mut looks = Looks::new();
    let mut strings = Vec::new();
    let mut members: Vec<(String, Vec<u8>)> = Vec::new();
    for (number, page) in (1..).zip(&paper.sheets) {
        let name = format!("xl/worksheets/sheet{number}.bin");
        members.push((name, sheet(page, &mut looks, &mut strings)));
    }
    members.push(("xl/workbook.bin".into(), workbook(paper)));
    members.push(("xl/styles.bin".into(), styles(&looks)));
    members.push(("xl/sharedStrings.bin".into(), shared(&strings)));
    members.extend(links(paper.sheets.len()));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members.iter().rev() {
        zip.start_file(name, SimpleFileOptions::default())
            .expect("a member");
        zip.write_all(content).expect("a member");
    }
    zip.finish().expect("the zip can be finished").into_inner()
}

/// The parts in XML that say what the others are.
fn links(sheets: usize) -> Vec<(String, Vec<u8>)> {
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
    let relations = |list: &[(String, &str, String)]| {
        let list: String = list
            .iter()
            .map(|(id, kind, target)| {
                format!(
                    "<Relationship Id=\"{id}\" Type=\"{DOCUMENT}/{kind}\" Target=\"{target}\"/>"
                )
            })
            .collect();
        format!("{head}<Relationships xmlns=\"{RELATIONS}\">{list}</Relationships>").into_bytes()
    };
    let mut parts: Vec<(String, &str, String)> = (1..=sheets)
        .map(|at| {
            (
                format!("rId{at}"),
                "worksheet",
                format!("worksheets/sheet{at}.bin"),
            )
        })
        .collect();
    parts.push(("rIdStyles".into(), "styles", "styles.bin".into()));
    parts.push((
        "rIdStrings".into(),
        "sharedStrings",
        "sharedStrings.bin".into(),
    ));
    let kind = "application/vnd.ms-excel";
    let mut types = format!(
        "{head}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"bin\" ContentType=\"{kind}.sheet.binary.macroEnabled.main\"/>\
         <Override PartName=\"/xl/styles.bin\" ContentType=\"{kind}.styles\"/>\
         <Override PartName=\"/xl/sharedStrings.bin\" ContentType=\"{kind}.sharedStrings\"/>"
    );
    for at in 1..=sheets {
        types.push_str(&format!(
            "<Override PartName=\"/xl/worksheets/sheet{at}.bin\" ContentType=\"{kind}.worksheet\"/>"
        ));
    }
    types.push_str("</Types>");
    let root = [("rId1".into(), "officeDocument", "xl/workbook.bin".into())];
    vec![
        ("xl/_rels/workbook.bin.rels".into(), relations(&parts)),
        ("_rels/.rels".into(), relations(&root)),
        ("[Content_Types].xml".into(), types.into_bytes()),
    ]
}

fn record(part: &mut Vec<u8>, kind: u16, data: &[u8]) {
    packed(part, usize::from(kind));
    packed(part, data.len());
    part.extend(data);
}

/// A number in as many bytes as it needs, seven bits in each.
fn packed(part: &mut Vec<u8>, mut number: usize) {
    loop {
        let byte = u8::try_from(number & 0x7f).expect("seven bits");
        number >>= 7;
        part.push(if number > 0 { byte | 0x80 } else { byte });
        if number == 0 {
            return;
        }
    }
}

fn long(number: usize) -> [u8; 4] {
    u32::try_from(number).expect("a small file").to_le_bytes()
}

fn short(number: usize) -> [u8; 2] {
    u16::try_from(number).expect("a small file").to_le_bytes()
}

fn text(data: &mut Vec<u8>, text: &str) {
    let units: Vec<u16> = text.encode_utf16().collect();
    data.extend(long(units.len()));
    data.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
}

fn workbook(paper: &Paper) -> Vec<u8> {
    let mut part = Vec::new();
    record(&mut part, 131, &[]);
    record(&mut part, 143, &[]);
    for (number, page) in (1..).zip(&paper.sheets) {
        let mut data = long(usize::from(page.hidden)).to_vec();
        data.extend(long(number));
        text(&mut data, &format!("rId{number}"));
        text(&mut data, &page.name);
        record(&mut part, 156, &data);
    }
    record(&mut part, 144, &[]);
    record(&mut part, 132, &[]);
    part
}

/// A list of records between one that begins it, with its length, and one that ends it.
fn list(part: &mut Vec<u8>, begin: u16, end: u16, kind: u16, records: &[Vec<u8>]) {
    record(part, begin, &long(records.len()));
    for data in records {
        record(part, kind, data);
    }
    record(part, end, &[]);
}

fn colour(colour: Option<[u8; 3]>) -> [u8; 8] {
    match colour {
        Some([red, green, blue]) => [5, 0, 0, 0, red, green, blue, 255],
        None => [0, 64, 0, 0, 0, 0, 0, 255],
    }
}

fn styles(looks: &Looks) -> Vec<u8> {
    let mut part = Vec::new();
    record(&mut part, 278, &[]);
    let fonts: Vec<Vec<u8>> = looks.fonts.iter().map(font).collect();
    list(&mut part, 611, 612, 43, &fonts);
    // The first two fills are the program's own.
    let plain = [(0, None), (17, None)].into_iter();
    let own = looks.fills.iter().map(|fill| (1, Some(*fill)));
    let fills: Vec<Vec<u8>> = plain
        .chain(own)
        .map(|(pattern, fill)| {
            let mut data = long(pattern).to_vec();
            data.extend(colour(fill));
            data.extend(colour(None));
            data.resize(68, 0);
            data
        })
        .collect();
    list(&mut part, 603, 604, 45, &fills);
    list(&mut part, 613, 614, 46, &[vec![0; 51]]);
    let format = |parent: usize, number: usize, font: usize, fill: usize| {
        let mut data = Vec::new();
        for number in [parent, number, font, fill, 0] {
            data.extend(short(number));
        }
        data.extend([0, 0, 0x10, 0x10, 0x3f, 0]);
        data
    };
    list(&mut part, 626, 627, 47, &[format(0xffff, 0, 0, 0)]);
    let formats: Vec<Vec<u8>> = looks
        .formats
        .iter()
        .map(|(font, fill, is_date)| {
            let number = if *is_date { 14 } else { 0 };
            format(0, number, *font, fill.map_or(0, |fill| fill + 2))
        })
        .collect();
    list(&mut part, 617, 618, 47, &formats);
    record(&mut part, 279, &[]);
    part
}

fn font(font: &Stretch) -> Vec<u8> {
    let mut data = short(220).to_vec();
    data.extend(short(if font.strike { 8 } else { 0 }));
    data.extend(short(if font.bold { 700 } else { 400 }));
    data.extend([0, 0, u8::from(font.underline), 0, 128, 0]);
    data.extend(colour(font.colour));
    data.push(0);
    text(&mut data, "Arial");
    data
}

/// A shared text and its runs.
type Shared = (String, Vec<(u16, usize)>);

fn shared(strings: &[Shared]) -> Vec<u8> {
    let mut part = Vec::new();
    record(
        &mut part,
        159,
        &[long(strings.len()), long(strings.len())].concat(),
    );
    for (content, runs) in strings {
        let mut data = vec![u8::from(!runs.is_empty())];
        text(&mut data, content);
        if !runs.is_empty() {
            data.extend(long(runs.len()));
            for (at, font) in runs {
                data.extend(at.to_le_bytes());
                data.extend(short(*font));
            }
        }
        record(&mut part, 19, &data);
    }
    record(&mut part, 160, &[]);
    part
}

fn sheet(page: &Page, looks: &mut Looks, strings: &mut Vec<Shared>) -> Vec<u8> {
    let mut part = Vec::new();
    record(&mut part, 129, &[]);
    let mut rows = rows(page);
    for row in &page.hidden_rows {
        rows.entry(*row).or_default();
    }
    let height = rows.keys().max().copied().unwrap_or(0);
    let width = page.cells.iter().map(|ink| ink.column).max().unwrap_or(0);
    let size = [0, height, 0, width].map(u32::to_le_bytes).concat();
    record(&mut part, 148, &size);
    if !page.hidden_columns.is_empty() {
        record(&mut part, 390, &[]);
        for column in &page.hidden_columns {
            let mut data = [column, column, &2304, &0]
                .map(|it| it.to_le_bytes())
                .concat();
            data.extend([1, 0]);
            record(&mut part, 60, &data);
        }
        record(&mut part, 391, &[]);
    }
    record(&mut part, 145, &[]);
    for (row, cells) in rows {
        let mut data = [row, 0].map(u32::to_le_bytes).concat();
        let hidden = if page.hidden_rows.contains(&row) {
            0x10
        } else {
            0
        };
        data.extend([0x2c, 1, 0, hidden, 0, 0, 0, 0, 0]);
        record(&mut part, 0, &data);
        for (column, value) in cells {
            cell(&mut part, column, value, looks, strings);
        }
    }
    record(&mut part, 146, &[]);
    if !page.merges.is_empty() {
        let areas: Vec<Vec<u8>> = page
            .merges
            .iter()
            .map(|(row, column, last_row, last_column)| {
                [row, last_row, column, last_column]
                    .map(|it| it.to_le_bytes())
                    .concat()
            })
            .collect();
        list(&mut part, 177, 178, 176, &areas);
    }
    record(&mut part, 130, &[]);
    part
}

fn cell(
    part: &mut Vec<u8>,
    column: u32,
    value: &Written,
    looks: &mut Looks,
    strings: &mut Vec<Shared>,
) {
    let mut data = column.to_le_bytes().to_vec();
    data.extend(long(looks.format(value)));
    let content = match value {
        Written::Text(text) => text.clone(),
        Written::Rich(stretches) => joined(stretches),
        Written::Number(number) => {
            data.extend(number.to_le_bytes());
            return record(part, 5, &data);
        }
        Written::Date(year, month, day) => {
            data.extend(serial(*year, *month, *day).to_le_bytes());
            return record(part, 5, &data);
        }
        Written::Bool(value) => {
            data.push(u8::from(*value));
            return record(part, 4, &data);
        }
    };
    data.extend(long(strings.len()));
    strings.push((content, looks.runs(value)));
    record(part, 7, &data);
}
