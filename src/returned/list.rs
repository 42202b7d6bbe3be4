//! The sheet that lists what is to be mended: written as XML of its own, with formats added to the sender's.
//!
//! All texts are typed as texts, so that none of a sender becomes a formula.

use unicode_width::UnicodeWidthStr;

use super::NONE;
use super::marks::{ASK, LIST_ID, MEND};
use super::rows::{About, Row};
use crate::finding::Severity;
use crate::language::Language;
use crate::patch::spans::escape;
use crate::patch::styles::Styles;
use crate::patch::workbook::quoted;
use crate::place::{address, column_letters};
use crate::read::xstring;
use crate::text::harmless;

/// Width of each column in characters, and the label of its heading.
const COLUMNS: [(u32, &str); 10] = [
    (5, "return-number"),
    (9, "severity"),
    (13, "return-sheet"),
    (8, "return-cell"),
    (10, "return-item"),
    (32, "question"),
    (20, "return-written"),
    (38, "return-wrong"),
    (46, "return-repair"),
    (11, "return-code"),
];
/// The labels that head the columns of the questions instead.
const ASKED: [(usize, &str); 3] = [
    (7, "return-why-asked"),
    (8, "return-asked"),
    (9, "return-requirement"),
];
/// The height of a line of text in points; Japanese fonts need more than Latin ones.
const LINE: usize = 16;
/// The height of a row in points. NOTE: Excel has no higher ones than 409.
const HIGHEST: usize = 400;
/// Characters of a text of the sender's that a cell of the list shows.
const SHOWN: usize = 1_000;
/// Findings and questions that are listed at most. NOTE: Excel opens no sheet with more than 65,530 links.
pub(super) const MOST: usize = super::recall::MOST;

/// What stands above the table.
#[derive(Clone, Debug, Default)]
pub(super) struct Head {
    /// Products with their makers, one a disclosure.
    pub(super) products: Vec<String>,
    pub(super) file: String,
    pub(super) date: Option<String>,
}

/// A list, written.
#[derive(Debug)]
pub(super) struct Written {
    /// The sheet's part.
    pub(super) xml: String,
    /// The row with the headings of the table, repeated on each page; counted from one.
    pub(super) heading: usize,
    /// The area of the table, with its headings.
    pub(super) table: String,
}

/// The numbers of the formats used.
#[derive(Clone, Copy)]
struct Looks {
    title: u32,
    head: u32,
    text: u32,
    intro: u32,
    mend: u32,
    ask: u32,
    heading: u32,
    cell: u32,
    middle: u32,
    link: u32,
    error: u32,
    warning: u32,
    quiet: u32,
}

impl Looks {
    fn new(styles: &mut Styles, language: Language) -> Self {
        let usual = match language {
            Language::Ja => "游ゴシック",
            Language::En => "Calibri",
        };
        let name = escape(&styles.font_name().unwrap_or_else(|| usual.to_owned()));
        let font = |marks: &str, size: u32, colour: &str| {
            format!(
                "<font>{marks}<sz val=\"{size}\"/><color rgb=\"FF{colour}\"/><name val=\"{name}\"/></font>"
            )
        };
        let solid = |colour: &str| {
            format!(
                "<fill><patternFill patternType=\"solid\"><fgColor rgb=\"FF{colour}\"/><bgColor indexed=\"64\"/></patternFill></fill>"
            )
        };
        let hex = |[red, green, blue]: [u8; 3]| format!("{red:02X}{green:02X}{blue:02X}");
        let side =
            |name: &str| format!("<{name} style=\"thin\"><color rgb=\"FFA6A6A6\"/></{name}>");
        let sides: String = ["left", "right", "top", "bottom"].map(side).concat();
        let border = format!("<border>{sides}<diagonal/></border>");
        let wrap = "<alignment vertical=\"top\" wrapText=\"1\"/>";
        let centre = "<alignment horizontal=\"center\" vertical=\"top\" wrapText=\"1\"/>";
        let level = "<alignment vertical=\"center\"/>";
        let plain = font("", 10, "000000");
        let mut own = |font: &str, fill: &str, edged: bool, alignment: &str| {
            styles.own(font, fill, if edged { &border } else { "" }, alignment)
        };
        Self {
            title: own(&font("<b/>", 14, "1F3864"), "", false, level),
            head: own(&font("<b/>", 11, "1F3864"), "", false, level),
            text: own(&plain, "", false, level),
            intro: own(&plain, "", false, wrap),
            mend: own(&plain, &solid(&hex(MEND)), true, centre),
            ask: own(&plain, &solid(&hex(ASK)), true, centre),
            heading: own(&font("<b/>", 10, "FFFFFF"), &solid("1F3864"), true, centre),
            cell: own(&plain, "", true, wrap),
            middle: own(&plain, "", true, centre),
            link: own(&font("<u/>", 10, "0563C1"), "", true, centre),
            error: own(&font("<b/>", 10, "9C0006"), &solid("FFE1E1"), true, centre),
            warning: own(&font("<b/>", 10, "7F6000"), &solid("FFF4CC"), true, centre),
            quiet: own(&font("", 8, "7F7F7F"), "", false, level),
        }
    }
}

/// A sheet that grows row by row.
struct Page<'l> {
    rows: String,
    /// Rows written so far.
    count: usize,
    merges: Vec<String>,
    links: Vec<String>,
    looks: Looks,
    language: Language,
    /// The name of the list's own sheet and of those that can be linked to.
    sheets: &'l [String],
}

/// Writes the list. `sheets` are the names of the sender's sheets.
pub(super) fn write(
    head: &Head,
    findings: &[Row],
    questions: &[Row],
    sheets: &[String],
    styles: &mut Styles,
    language: Language,
) -> Written {
    let mut page = Page {
        rows: String::new(),
        count: 0,
        merges: Vec::new(),
        links: Vec::new(),
        looks: Looks::new(styles, language),
        language,
        sheets,
    };
    page.head(head, !questions.is_empty());
    let heading = page.count + 1;
    page.table(findings, &[]);
    let last = (heading + findings.len().clamp(1, MOST)).max(heading + 1);
    let table = format!("$A${heading}:${}${last}", last_column());
    if !questions.is_empty() {
        page.row(20, &[]);
        page.wide(&language.label("return-ask-title"), page.looks.head, 20);
        page.wide(&language.label("return-ask-intro"), page.looks.intro, 30);
        page.table(questions, &ASKED);
    }
    Written {
        xml: page.finish(heading, &table.replace('$', "")),
        heading,
        table,
    }
}

/// The letter of the last column.
pub(super) fn last_column() -> String {
    column_letters(u32::try_from(COLUMNS.len() - 1).expect("ten columns"))
}

impl Page<'_> {
    fn head(&mut self, head: &Head, asks: bool) {
        let label = |key: &str| self.language.label(key);
        let title = label("return-title");
        let id = format!("{}: {LIST_ID}", label("return-id"));
        let mut about: Vec<String> = head.products.clone();
        about.push(
            self.language
                .label_with("return-file", &[("file", &head.file)]),
        );
        if let Some(date) = &head.date {
            about.push(self.language.label_with("return-date", &[("date", date)]));
        }
        let intro = ["return-intro-1", "return-intro-2", "return-intro-3"]
            .map(label)
            .join("\n");
        let (mend, ask) = (label("return-legend-mend"), label("return-legend-ask"));
        self.wide(&title, self.looks.title, 26);
        self.wide(&about.join("　　"), self.looks.head, 20);
        self.wide(&intro, self.looks.intro, 3 * LINE + 4);
        let (mend_look, ask_look, quiet) = (self.looks.mend, self.looks.ask, self.looks.quiet);
        let mut cells = vec![(2, mend_look, mend)];
        if asks {
            cells.push((5, ask_look, ask));
        }
        cells.push((8, quiet, id));
        let row = self.count + 1;
        self.merges.push(format!("C{row}:E{row}"));
        // A merged area is edged where all its cells are.
        let edges = [(3, mend_look, String::new()), (4, mend_look, String::new())];
        cells.splice(1..1, edges);
        self.row(18, &cells);
    }

    /// A text over all columns, in a row of this height in points.
    fn wide(&mut self, text: &str, look: u32, height: usize) {
        let row = self.count + 1;
        self.merges.push(format!("A{row}:{}{row}", last_column()));
        self.row(height, &[(0, look, text.to_owned())]);
    }

    /// A table; some of its columns may have other headings.
    fn table(&mut self, rows: &[Row], others: &[(usize, &str)]) {
        let headings: Vec<(usize, u32, String)> = COLUMNS
            .iter()
            .enumerate()
            .map(|(at, (_, key))| {
                let other = others.iter().find(|(column, _)| *column == at);
                let key = other.map_or(*key, |(_, key)| key);
                (at, self.looks.heading, self.language.label(key))
            })
            .collect();
        self.row(20, &headings);
        for (number, row) in (1..).zip(rows.iter().take(MOST)) {
            self.listed(number, row);
        }
        if rows.is_empty() {
            let row = self.count + 1;
            self.merges.push(format!("A{row}:{}{row}", last_column()));
            let text = self.language.label("return-nothing");
            let mut cells = vec![(0, self.looks.cell, text)];
            cells.extend((1..COLUMNS.len()).map(|at| (at, self.looks.cell, String::new())));
            self.row(20, &cells);
        }
        let more = rows.len().saturating_sub(MOST);
        if more > 0 {
            let values = [("count", more.to_string())];
            let values = values
                .each_ref()
                .map(|(name, value)| (*name, value.as_str()));
            self.wide(
                &self.language.label_with("return-more", &values),
                self.looks.text,
                20,
            );
        }
    }

    fn listed(&mut self, number: usize, row: &Row) {
        let looks = self.looks;
        let (grave, look) = match row.about {
            About::Finding(severity) => (
                format!("severity-{}", severity.code()),
                match severity {
                    Severity::Error => looks.error,
                    Severity::Warning => looks.warning,
                    Severity::Note => looks.middle,
                },
            ),
            About::Question(level) => (format!("level-{}", level.code()), looks.middle),
        };
        let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| NONE.to_owned());
        let linked = self.link(row);
        let place = if linked { looks.link } else { looks.middle };
        let cells = [
            (0, looks.middle, number.to_string()),
            (1, look, self.language.label(&grave)),
            (2, place, or_none(&row.listed.sheet)),
            (3, place, or_none(&row.listed.cell)),
            (4, looks.middle, or_none(&row.listed.item)),
            (5, looks.cell, row.question.clone()),
            (6, looks.cell, row.written.clone()),
            (7, looks.cell, row.wrong.clone()),
            (8, looks.cell, row.repair.clone()),
            (9, looks.middle, row.listed.code.clone()),
        ];
        let lines = cells
            .iter()
            .zip(COLUMNS)
            .map(|((_, _, text), (width, _))| lines(text, width));
        self.row((lines.max().unwrap_or(1) * LINE + 4).min(HIGHEST), &cells);
    }

    /// Links sheet and cell of the row that comes next to where they lead.
    fn link(&mut self, row: &Row) -> bool {
        let Some(sheet) = row
            .listed
            .sheet
            .as_ref()
            .filter(|name| self.sheets.contains(name))
        else {
            return false;
        };
        let cell = row.listed.cell.as_deref().unwrap_or("A1");
        let location = escape(&format!("{}!{cell}", quoted(sheet)));
        let here = self.count + 1;
        self.links.push(format!(
            "<hyperlink ref=\"C{here}:D{here}\" location=\"{location}\" display=\"{}\"/>",
            escape(cell)
        ));
        true
    }

    /// A row of cells: column, format, text.
    fn row(&mut self, height: usize, cells: &[(usize, u32, String)]) {
        let number = self.count;
        self.count += 1;
        self.rows.push_str(&format!(
            "<row r=\"{}\" ht=\"{height}\" customHeight=\"1\">",
            number + 1
        ));
        for (column, look, text) in cells {
            let at = address(
                u32::try_from(number).unwrap_or(u32::MAX),
                u32::try_from(*column).unwrap_or(u32::MAX),
            );
            if text.is_empty() {
                self.rows.push_str(&format!("<c r=\"{at}\" s=\"{look}\"/>"));
                continue;
            }
            let text = shortened(text);
            let text = xstring::escape(&text, xstring::is_xml_char);
            self.rows.push_str(&format!(
                "<c r=\"{at}\" s=\"{look}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
                escape(&text)
            ));
        }
        self.rows.push_str("</row>");
    }

    fn finish(self, heading: usize, filter: &str) -> String {
        let columns: String = (1..)
            .zip(COLUMNS)
            .map(|(at, (width, _))| {
                format!("<col min=\"{at}\" max=\"{at}\" width=\"{width}.7\" customWidth=\"1\"/>")
            })
            .collect();
        let merges: String = self
            .merges
            .iter()
            .map(|area| format!("<mergeCell ref=\"{area}\"/>"))
            .collect();
        let links = match self.links.is_empty() {
            true => String::new(),
            false => format!("<hyperlinks>{}</hyperlinks>", self.links.concat()),
        };
        let below = heading + 1;
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
            <worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
            <sheetPr><tabColor rgb=\"FFC55A11\"/><pageSetUpPr fitToPage=\"1\"/></sheetPr>\
            <dimension ref=\"A1:{}{}\"/>\
            <sheetViews><sheetView showGridLines=\"0\" workbookViewId=\"0\"><pane ySplit=\"{heading}\" topLeftCell=\"A{below}\" activePane=\"bottomLeft\" state=\"frozen\"/><selection pane=\"bottomLeft\" activeCell=\"A{below}\" sqref=\"A{below}\"/></sheetView></sheetViews>\
            <sheetFormatPr defaultRowHeight=\"15\"/><cols>{columns}</cols>\
            <sheetData>{}</sheetData><autoFilter ref=\"{filter}\"/><mergeCells count=\"{}\">{merges}</mergeCells>{links}\
            <printOptions horizontalCentered=\"1\"/><pageMargins left=\"0.4\" right=\"0.4\" top=\"0.5\" bottom=\"0.55\" header=\"0.3\" footer=\"0.3\"/>\
            <pageSetup paperSize=\"9\" orientation=\"landscape\" fitToHeight=\"0\"/><headerFooter><oddFooter>&amp;C&amp;P / &amp;N</oddFooter></headerFooter></worksheet>",
            last_column(),
            self.count,
            self.rows,
            self.merges.len(),
        )
    }
}

/// Lines that a text takes in a column of this width.
fn lines(text: &str, width: u32) -> usize {
    let width = usize::try_from(width).unwrap_or(1).max(1);
    let of_line = |line: &str| UnicodeWidthStr::width(line).div_ceil(width).max(1);
    shortened(text).lines().map(of_line).sum()
}

/// A text for a cell: harmless, and not longer than a person reads.
fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(SHOWN).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    harmless(short.trim())
}
