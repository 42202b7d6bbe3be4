//! Pages as the bytes of an .xlsx, with the parts that Excel writes: styles, shared strings, a theme's worth of formats.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::sheets::Page;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// The workbook of one page.
pub(crate) fn write(page: &Page) -> Vec<u8> {
    let mut strings = Strings::default();
    let sheet = sheet(page, &mut strings);
    let name = page.name;
    let mut zip = ZipWriter::new(Cursor::new(Vec::with_capacity(32 * 1024)));
    // Fast to pack; reading costs the same.
    let options = SimpleFileOptions::default().compression_level(Some(2));
    let mut part = |path: &str, text: &str| {
        zip.start_file(path, options).expect("a member");
        zip.write_all(HEAD.as_bytes()).expect("memory takes it");
        zip.write_all(text.as_bytes()).expect("memory takes it");
    };
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    part(
        "[Content_Types].xml",
        &format!(
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"{kind}.sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"{kind}.worksheet+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"{kind}.styles+xml\"/><Override PartName=\"/xl/sharedStrings.xml\" ContentType=\"{kind}.sharedStrings+xml\"/></Types>"
        ),
    );
    part(
        "_rels/.rels",
        &relations(&[("officeDocument", "xl/workbook.xml")]),
    );
    part(
        "xl/workbook.xml",
        &format!(
            "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><workbookPr defaultThemeVersion=\"166925\"/><bookViews><workbookView xWindow=\"0\" yWindow=\"0\" windowWidth=\"20490\" windowHeight=\"7560\"/></bookViews><sheets><sheet name=\"{name}\" sheetId=\"1\" r:id=\"rId1\"/></sheets><calcPr calcId=\"191029\"/></workbook>"
        ),
    );
    part(
        "xl/_rels/workbook.xml.rels",
        &relations(&[
            ("worksheet", "worksheets/sheet1.xml"),
            ("styles", "styles.xml"),
            ("sharedStrings", "sharedStrings.xml"),
        ]),
    );
    part("xl/styles.xml", STYLES);
    part("xl/worksheets/sheet1.xml", &sheet);
    part("xl/sharedStrings.xml", &strings.part());
    zip.finish().expect("memory takes it").into_inner()
}

fn relations(targets: &[(&str, &str)]) -> String {
    let mut text =
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
            .to_owned();
    for (id, (kind, target)) in (1..).zip(targets) {
        let _ = write!(
            text,
            "<Relationship Id=\"rId{id}\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"/>"
        );
    }
    text + "</Relationships>"
}

/// The formats of `sheets::Style`, in its order; a font that stands out only for titles and one red.
const STYLES: &str = "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><numFmts count=\"1\"><numFmt numFmtId=\"176\" formatCode=\"yyyy/mm/dd\"/></numFmts><fonts count=\"3\"><font><sz val=\"11\"/><color theme=\"1\"/><name val=\"游ゴシック\"/><family val=\"2\"/><charset val=\"128\"/></font><font><b/><sz val=\"14\"/><color theme=\"1\"/><name val=\"游ゴシック\"/></font><font><sz val=\"11\"/><color rgb=\"FFFF0000\"/><name val=\"游ゴシック\"/></font></fonts><fills count=\"3\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill><fill><patternFill patternType=\"solid\"><fgColor rgb=\"FFDDEBF7\"/><bgColor indexed=\"64\"/></patternFill></fill></fills><borders count=\"2\"><border><left/><right/><top/><bottom/><diagonal/></border><border><left style=\"thin\"/><right style=\"thin\"/><top style=\"thin\"/><bottom style=\"thin\"/><diagonal/></border></borders><cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"8\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/><xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/><xf numFmtId=\"0\" fontId=\"0\" fillId=\"2\" borderId=\"1\" xfId=\"0\" applyFill=\"1\"/><xf numFmtId=\"0\" fontId=\"0\" fillId=\"2\" borderId=\"1\" xfId=\"0\" applyFill=\"1\"/><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"1\" xfId=\"0\" applyAlignment=\"1\"><alignment vertical=\"center\" wrapText=\"1\"/></xf><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"1\" xfId=\"0\" applyAlignment=\"1\"><alignment horizontal=\"center\"/></xf><xf numFmtId=\"176\" fontId=\"0\" fillId=\"0\" borderId=\"1\" xfId=\"0\" applyNumberFormat=\"1\"/><xf numFmtId=\"0\" fontId=\"2\" fillId=\"0\" borderId=\"1\" xfId=\"0\" applyFont=\"1\"/></cellXfs></styleSheet>";

/// Texts that cells share, numbered as they come.
#[derive(Default)]
struct Strings {
    numbers: HashMap<String, usize>,
    texts: Vec<String>,
    used: usize,
}

impl Strings {
    fn number(&mut self, text: &str) -> usize {
        self.used += 1;
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), self.texts.len() - 1);
        self.texts.len() - 1
    }

    fn part(&self) -> String {
        let (used, unique) = (self.used, self.texts.len());
        let mut part = format!("<sst xmlns=\"{MAIN}\" count=\"{used}\" uniqueCount=\"{unique}\">");
        for text in &self.texts {
            part.push_str("<si><t>");
            escape(&mut part, text, false);
            part.push_str("</t><phoneticPr fontId=\"1\"/></si>");
        }
        part + "</sst>"
    }
}

fn sheet(page: &Page, strings: &mut Strings) -> String {
    let mut xml = format!(
        "<worksheet xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheetViews><sheetView workbookViewId=\"0\"/></sheetViews><sheetFormatPr defaultRowHeight=\"18.75\"/><cols>"
    );
    for (column, width) in (1..).zip(page.widths) {
        let _ = write!(
            xml,
            "<col min=\"{column}\" max=\"{column}\" width=\"{width}.625\" customWidth=\"1\"/>"
        );
    }
    xml.push_str("</cols><sheetData>");
    for cells in page.cells.chunk_by(|a, b| a.row == b.row) {
        let row = cells[0].row + 1;
        let hidden = if page.hidden_rows.contains(&cells[0].row) {
            " hidden=\"1\""
        } else {
            ""
        };
        let _ = write!(
            xml,
            "<row r=\"{row}\" spans=\"1:{}\" ht=\"18.75\" customHeight=\"1\"{hidden}>",
            page.widths.len()
        );
        for ink in cells {
            let address = address(ink.row, ink.column);
            let _ = write!(xml, "<c r=\"{address}\" s=\"{}\"", ink.style as u8);
            if ink.text.is_empty() {
                xml.push_str("/>");
            } else if ink.number {
                let _ = write!(xml, "><v>{}</v></c>", ink.text);
            } else if page.inline {
                xml.push_str(" t=\"inlineStr\"><is><t>");
                escape(&mut xml, &ink.text, true);
                xml.push_str("</t></is></c>");
            } else {
                let _ = write!(xml, " t=\"s\"><v>{}</v></c>", strings.number(&ink.text));
            }
        }
        xml.push_str("</row>");
    }
    xml.push_str("</sheetData>");
    if !page.merges.is_empty() {
        let _ = write!(xml, "<mergeCells count=\"{}\">", page.merges.len());
        for &(row, column, last_row, last_column) in &page.merges {
            let (first, last) = (address(row, column), address(last_row, last_column));
            let _ = write!(xml, "<mergeCell ref=\"{first}:{last}\"/>");
        }
        xml.push_str("</mergeCells>");
    }
    if !page.lists.is_empty() {
        let _ = write!(xml, "<dataValidations count=\"{}\">", page.lists.len());
        for &(first, last, column, words) in &page.lists {
            let (first, last) = (address(first, column), address(last, column));
            let _ = write!(
                xml,
                "<dataValidation type=\"list\" allowBlank=\"1\" showErrorMessage=\"1\" sqref=\"{first}:{last}\"><formula1>\"{words}\"</formula1></dataValidation>"
            );
        }
        xml.push_str("</dataValidations>");
    }
    xml + "<pageMargins left=\"0.7\" right=\"0.7\" top=\"0.75\" bottom=\"0.75\" header=\"0.3\" footer=\"0.3\"/></worksheet>"
}

/// `B4`.
fn address(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).expect("a letter");
        letters.push(char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect::<String>() + &(row + 1).to_string()
}

/// Text as XML; with `references` as some scripts write it, every character outside ASCII by its number.
fn escape(xml: &mut String, text: &str, references: bool) {
    for c in text.chars() {
        match c {
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '&' => xml.push_str("&amp;"),
            c if references && !c.is_ascii() => {
                let _ = write!(xml, "&#{};", u32::from(c));
            }
            c => xml.push(c),
        }
    }
}
