//! The checklist as an Excel workbook: the form to print and to fill further, then tables to work through.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationRule, ExcelDateTime, Format, FormatAlign, Workbook,
    Worksheet, XlsxError,
};

use super::model::{ChecklistReport, ItemLine, SystemInfo};
use super::table::{COLUMNS, evidence, number, reason, texts, title};
use crate::answer::Answer;
use crate::checklist::Status;
use crate::error::{Error, Result};
use crate::language::Language;
use crate::report::words;
use crate::report::xlsx as workbook;
use crate::report::xlsx::look::{self, BRAND, Look, Tone};
use crate::report::xlsx::table::{Cell, Column, Table};

type Done = std::result::Result<(), XlsxError>;

/// The form's columns: number, item, status, first answer and day, target, second answer and day, evidence.
const WIDTHS: [f64; 9] = [11.0, 40.0, 12.0, 9.0, 12.0, 12.0, 9.0, 12.0, 46.0];
/// Lines of evidence on the form; all of them stand in the table by system.
const EVIDENCE: usize = 4;

pub(super) fn render(report: &ChecklistReport) -> Result<Vec<u8>> {
    let make = || -> std::result::Result<Vec<u8>, XlsxError> {
        let language = report.language;
        let look = Look::new(language);
        let mut book = Workbook::new();
        let tool = format!("{} {}", report.tool.name, report.tool.version);
        book.set_properties(&workbook::document_properties(
            "title-checklist",
            &tool,
            language,
        )?);
        form(report).write(book.add_worksheet(), language)?;
        for table in [
            by_system(report),
            sheets(report),
            vendors(report),
            todo(report),
        ] {
            table.write(book.add_worksheet(), &look)?;
        }
        book.save_to_buffer()
    };
    make().map_err(|error| Error::Format(format!("xlsx: {error}")))
}

fn form(report: &ChecklistReport) -> Form {
    let language = report.language;
    let label = |key: &str| language.label(key);
    let facility = &report.facility;
    let said = |key: &str, text: Option<&str>| format!("{}: {}", label(key), text.unwrap_or("　"));
    let mut about = vec![
        said("checklist-facility", Some(&facility.name)),
        said("checklist-manager", facility.safety_manager.as_deref()),
        said("checklist-filled-by", facility.filled_by.as_deref()),
        said("checklist-judged-on", Some(&report.date)),
    ];
    about.extend(report.notes.iter().cloned());
    let keys = [
        "checklist-number",
        "checklist-item",
        "checklist-status",
        "checklist-first",
        "checklist-first-date",
        "checklist-target",
        "checklist-second",
        "checklist-second-date",
        "checklist-evidence",
    ];
    Form {
        tab: label("checklist-tab"),
        title: report.year.title.clone(),
        about,
        heads: keys.map(label).to_vec(),
        widths: WIDTHS.to_vec(),
        answers: vec![3, 6],
        dates: vec![4, 5, 7],
        lines: report.items.iter().map(|item| line(report, item)).collect(),
    }
}

fn line(report: &ChecklistReport, item: &ItemLine) -> Line {
    let language = report.language;
    let [
        _,
        _,
        _,
        status,
        first,
        first_date,
        target,
        second,
        second_date,
        _,
        _,
    ] = texts(report, item, &item.whole);
    let mut because = vec![reason(&item.whole, language)];
    let all = evidence(report, &item.whole);
    because.extend(all.iter().take(EVIDENCE).cloned());
    if all.len() > EVIDENCE {
        let count = (all.len() - EVIDENCE).to_string();
        because.push(language.label_with("checklist-evidence-more", &[("count", &count)]));
    }
    Line {
        tone: Some((2, tone(item.whole.status))),
        cells: vec![
            number(item, language),
            title(item, language),
            status,
            first,
            first_date,
            target,
            second,
            second_date,
            because.join("\n"),
        ],
    }
}

pub(super) fn tone(status: Status) -> Tone {
    match status {
        Status::Yes => Tone::Good,
        Status::No => Tone::Bad,
        Status::Check => Tone::Care,
        Status::Open => Tone::Waived,
        Status::NotNeeded => Tone::Quiet,
    }
}

/// A row of a form.
pub(super) struct Line {
    /// A coloured cell.
    pub(super) tone: Option<(usize, Tone)>,
    pub(super) cells: Vec<String>,
}

/// A sheet to print and to fill further: a head, and a table with answers to choose and days to enter.
pub(super) struct Form {
    pub(super) tab: String,
    pub(super) title: String,
    pub(super) about: Vec<String>,
    pub(super) heads: Vec<String>,
    pub(super) widths: Vec<f64>,
    /// Columns with an answer to choose.
    pub(super) answers: Vec<u16>,
    /// Columns with a day.
    pub(super) dates: Vec<u16>,
    pub(super) lines: Vec<Line>,
}

impl Form {
    pub(super) fn write(&self, sheet: &mut Worksheet, language: Language) -> Done {
        let look = Look::new(language);
        sheet.set_name(&self.tab)?;
        sheet.set_tab_color(Color::RGB(BRAND));
        look::printed(sheet, &self.title);
        for (column, width) in (0..).zip(&self.widths) {
            sheet.set_column_width(column, *width)?;
        }
        let last = u16::try_from(self.heads.len() - 1).expect("forms have few columns");
        let big = look::plain()
            .set_bold()
            .set_font_size(14)
            .set_font_color(Color::RGB(BRAND))
            .set_text_wrap();
        let fitting = |text: &str| look::fitting(text, language);
        sheet.merge_range(0, 0, 0, last, &fitting(&self.title), &big)?;
        sheet.set_row_height(0, 24)?;
        let soft = look::plain().set_text_wrap().set_align(FormatAlign::Top);
        let room: f64 = self.widths.iter().sum();
        let mut row = 1;
        for line in &self.about {
            sheet.merge_range(row, 0, row, last, &fitting(line), &soft)?;
            // Widths are small positive numbers of characters.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let lines = look::lines(line, room as usize - 4);
            sheet.set_row_height(row, look::height(lines))?;
            row += 1;
        }
        let head = row + 1;
        for (column, text) in (0..).zip(&self.heads) {
            sheet.write_string_with_format(head, column, text, &look.head)?;
        }
        sheet.set_row_height(head, look::height(2))?;
        sheet.set_repeat_rows(head, head)?;
        sheet.set_freeze_panes(head + 1, 0)?;
        let mut row = head;
        for line in &self.lines {
            row += 1;
            self.line(sheet, row, line, &look)?;
        }
        if row > head {
            self.choices(sheet, (head + 1, row), language)?;
        }
        look::numbers_as_text(sheet, row, last)
    }

    fn line(&self, sheet: &mut Worksheet, row: u32, line: &Line, look: &Look) -> Done {
        let day: Format = look.fill_in.clone().set_num_format("yyyy-mm-dd");
        let mut most = 1;
        for (column, text) in (0..).zip(&line.cells) {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let width = self.widths[usize::from(column)] as usize;
            most = most.max(look::lines(text, width));
            let text = look::fitting(text, look.language);
            let toned = line.tone.filter(|(at, _)| *at == usize::from(column));
            if let Some((_, tone)) = toned {
                sheet.write_string_with_format(row, column, text, look.tone(tone))?;
            } else if self.dates.contains(&column) {
                match ExcelDateTime::parse_from_str(&text) {
                    Ok(date) if !text.is_empty() => {
                        sheet.write_datetime_with_format(row, column, &date, &day)?;
                    }
                    Ok(_) | Err(_) => {
                        sheet.write_blank(row, column, &day)?;
                    }
                }
            } else if self.answers.contains(&column) {
                sheet.write_string_with_format(row, column, text, &look.fill_in)?;
            } else {
                sheet.write_string_with_format(row, column, text, &look.text)?;
            }
        }
        sheet.set_row_height(row, look::height(most))?;
        Ok(())
    }

    fn choices(&self, sheet: &mut Worksheet, rows: (u32, u32), language: Language) -> Done {
        let words = [Answer::Yes, Answer::No].map(|answer| answer.word(language));
        for column in &self.answers {
            let list = DataValidation::new()
                .allow_list_strings(&words)?
                .set_error_title(language.label("checklist-choice-title"))?
                .set_error_message(language.label("checklist-choice-answer"))?;
            sheet.add_data_validation(rows.0, *column, rows.1, *column, &list)?;
        }
        let from = ExcelDateTime::from_ymd(2000, 1, 1)?;
        for column in &self.dates {
            let days = DataValidation::new()
                .allow_date(DataValidationRule::GreaterThanOrEqualTo(from.clone()))
                .set_error_title(language.label("checklist-choice-title"))?
                .set_error_message(language.label("checklist-choice-date"))?;
            sheet.add_data_validation(rows.0, *column, rows.1, *column, &days)?;
        }
        Ok(())
    }
}

fn column(head: String, narrowest: usize, widest: usize) -> Column {
    Column {
        head,
        narrowest,
        widest,
    }
}

fn table(report: &ChecklistReport, tab: &str, heads: &[(&str, usize, usize)]) -> Table {
    let language = report.language;
    Table {
        name: language.label(tab),
        colour: BRAND,
        columns: heads
            .iter()
            .map(|(key, narrowest, widest)| column(language.label(key), *narrowest, *widest))
            .collect(),
        rows: Vec::new(),
        frozen: 2,
        height: 0.0,
    }
}

fn by_system(report: &ChecklistReport) -> Table {
    let widths = [10, 30, 18, 12, 9, 12, 12, 9, 12, 30, 60];
    let heads: Vec<(&str, usize, usize)> = COLUMNS
        .into_iter()
        .zip(widths)
        .map(|(key, width)| (key, 8, width))
        .collect();
    let mut table = table(report, "checklist-tab-systems", &heads);
    for item in &report.items {
        let whole = item.systems.is_empty().then_some(&item.whole);
        for cell in item.systems.iter().chain(whole) {
            let texts = texts(report, item, cell);
            let mut row: Vec<Cell> = texts.into_iter().map(Cell::Text).collect();
            let word = row[3].clone();
            if let Cell::Text(word) = word {
                row[3] = Cell::Word(tone(cell.status), word);
            }
            table.rows.push(row);
        }
    }
    table
}

fn sheets(report: &ChecklistReport) -> Table {
    let heads = [
        ("checklist-system", 12, 30),
        ("checklist-vendor", 12, 30),
        ("field-product", 12, 30),
        ("field-version", 8, 16),
        ("checklist-received", 10, 16),
        ("file", 16, 40),
        ("field-date", 12, 12),
        ("form", 12, 24),
        ("checklist-concerns", 16, 60),
    ];
    let mut table = table(report, "checklist-tab-sheets", &heads);
    for system in &report.systems {
        if system.received.is_empty() {
            table.rows.push(sheet_row(report, system, None));
        }
        for at in 0..system.received.len() {
            table.rows.push(sheet_row(report, system, Some(at)));
        }
    }
    table
}

fn sheet_row(report: &ChecklistReport, system: &SystemInfo, received: Option<usize>) -> Vec<Cell> {
    let language = report.language;
    let vendor = system.vendor.map(|at| report.vendors[at].name.as_str());
    let received = received.map(|at| &system.received[at]);
    let (tone, key) = match received {
        Some(one) if one.current => (Tone::Good, "sheet-current"),
        Some(one) if one.doubt.is_some() => (Tone::Care, "sheet-uncertain"),
        Some(_) => (Tone::Quiet, "sheet-earlier"),
        None if system.contract => (Tone::Bad, "sheet-not-sent"),
        None => (Tone::Quiet, "sheet-no-contract"),
    };
    let document = received.map(|one| &report.documents[one.document]);
    let date = document.and_then(|document| document.header.as_ref()?.date.as_deref());
    let form = document.and_then(|document| document.form.as_ref());
    let form = form.map(|form| format!("{} {}", form.id, form.edition));
    let mut concerns: Vec<String> = Vec::new();
    if let Some(one) = received {
        concerns.extend(one.doubt.clone());
        concerns.extend(one.concerns.iter().map(|concern| concern.text.clone()));
    }
    vec![
        Cell::Text(words::text(Some(&system.name))),
        Cell::Text(words::text(vendor)),
        Cell::Text(words::text(system.product.as_deref())),
        Cell::Text(words::text(system.version.as_deref())),
        Cell::Word(tone, language.label(key)),
        Cell::Text(document.map(words::file_and_sheet).unwrap_or_default()),
        Cell::Text(words::text(date)),
        Cell::Text(form.unwrap_or_default()),
        Cell::Text(concerns.join("\n")),
    ]
}

fn vendors(report: &ChecklistReport) -> Table {
    let heads = [
        ("checklist-vendor", 16, 40),
        ("checklist-contact", 16, 40),
        ("checklist-systems", 16, 50),
        ("checklist-not-sent", 16, 50),
    ];
    let mut table = table(report, "checklist-tab-vendors", &heads);
    table.frozen = 1;
    let names = |systems: &[usize]| {
        let names = systems.iter().map(|at| report.systems[*at].name.as_str());
        words::text(Some(&names.collect::<Vec<_>>().join("\n")))
    };
    for vendor in &report.vendors {
        let waiting = names(&vendor.not_sent);
        table.rows.push(vec![
            Cell::Text(words::text(Some(&vendor.name))),
            Cell::Text(words::text(vendor.contact.as_deref())),
            Cell::Text(names(&vendor.systems)),
            if waiting.is_empty() {
                Cell::Text(String::new())
            } else {
                Cell::Word(Tone::Bad, waiting)
            },
        ]);
    }
    table
}

fn todo(report: &ChecklistReport) -> Table {
    let heads = [
        ("checklist-todo-kind", 14, 24),
        ("checklist-vendor", 12, 30),
        ("checklist-system", 12, 30),
        ("checklist-todo-text", 30, 90),
    ];
    let language = report.language;
    let mut table = table(report, "checklist-tab-todo", &heads);
    table.frozen = 1;
    for one in &report.todo {
        let vendor = one.vendor.map(|at| report.vendors[at].name.as_str());
        let system = one.system.map(|at| report.systems[at].name.as_str());
        table.rows.push(vec![
            Cell::Text(language.label(&format!("todo-{}", one.kind.code()))),
            Cell::Text(words::text(vendor)),
            Cell::Text(words::text(system)),
            Cell::Text(words::text(Some(&one.text))),
        ]);
    }
    table
}
