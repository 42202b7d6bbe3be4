//! The comparison as an Excel workbook in which the scores are formulas over the matrix: whoever changes a weight
//! or a verdict sees what becomes of the ranking.

use rust_xlsxwriter::{
    Chart, ChartType, Color, ConditionalFormatText, ConditionalFormatTextRule, Format, FormatAlign,
    Formula, Workbook, Worksheet, XlsxError,
};

use super::formulas::{self, FIRST_BID, FIRST_ROW};
use super::model::Bids;
use super::table::{COLUMNS, texts};
use super::words::{is_open, letter, name, rank_of};
use crate::assess::Verdict;
use crate::error::{Error, Result};
use crate::language::Language;
use crate::report::words;
use crate::report::xlsx as book;
use crate::report::xlsx::look::{self, BRAND, Look, Tone};
use crate::report::xlsx::table::{Cell, Column, Table};

type Done = std::result::Result<(), XlsxError>;

pub(super) fn render(bids: &Bids) -> Result<Vec<u8>> {
    let make = || -> std::result::Result<Vec<u8>, XlsxError> {
        let language = bids.language;
        let look = Look::new(language);
        let mut workbook = Workbook::new();
        let tool = format!("{} {}", bids.tool.name, bids.tool.version);
        workbook.set_properties(&book::document_properties(
            "title-compare",
            &tool,
            language,
        )?);
        ranking(bids, &look, workbook.add_worksheet())?;
        matrix(bids, &look, workbook.add_worksheet())?;
        for table in [details(bids), questions(bids)] {
            table.write(workbook.add_worksheet(), &look)?;
        }
        workbook.save_to_buffer()
    };
    make().map_err(|error| Error::Format(format!("xlsx: {error}")))
}

/// The columns of the ranking, and how wide they are.
const COLUMNS_OF_RANKING: [(&str, f64); 11] = [
    ("compare-bid", 5.0),
    ("compare-place", 18.0),
    ("compare-score", 7.0),
    ("field-product", 24.0),
    ("field-manufacturer", 22.0),
    ("field-version", 10.0),
    ("compare-had", 8.0),
    ("compare-applies", 8.0),
    ("compare-failed-count", 8.0),
    ("compare-exact", 9.0),
    ("compare-failed-musts", 44.0),
];

/// The ranking: one row for each bid, its score and rank formulas.
fn ranking(bids: &Bids, look: &Look, sheet: &mut Worksheet) -> Done {
    let language = bids.language;
    let label = |key: &str| language.label(key);
    let tab = label("compare-ranking");
    sheet.set_name(&tab)?;
    sheet.set_tab_color(Color::RGB(BRAND));
    look::printed(sheet, &tab);
    let title = look::plain()
        .set_bold()
        .set_font_size(16)
        .set_font_color(Color::RGB(BRAND));
    sheet.write_string_with_format(0, 0, label("title-compare"), &title)?;
    let about = format!(
        "{}: {}　{}: {}",
        label("profile"),
        bids.profile.title,
        label("date"),
        bids.date
    );
    sheet.write_string_with_format(1, 0, look::fitting(&about, language), &look::plain())?;
    let mut row = lines(
        sheet,
        3,
        &[("compare-conclusion", &bids.conclusion)],
        language,
    )?;
    for (column, (key, width)) in (0..).zip(COLUMNS_OF_RANKING) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(row, column, label(key), &look.head)?;
    }
    sheet.set_row_height(row, look::height(2))?;
    let count = u32::try_from(bids.bids.len()).map_err(|_| XlsxError::RowColumnLimitError)?;
    let rows = [row + 1, row + count];
    for at in 0..bids.bids.len() {
        row += 1;
        standing(bids, at, [row, rows[0], rows[1]], look, sheet)?;
    }
    row += 2;
    if !bids.bids.is_empty() {
        row = chart(bids, rows, row, sheet)?;
    }
    let holds: Vec<String> = bids
        .sensitivity
        .iter()
        .map(|step| step.words.clone())
        .collect();
    let findings: Vec<String> = bids
        .profile_findings
        .iter()
        .map(|finding| format!("{} {} {}", finding.code, finding.message, finding.help))
        .collect();
    let note = vec![label("compare-weights-note")];
    let parts = [
        ("compare-sensitivity", &holds),
        ("change-notes", &bids.notes),
        ("profile-findings", &findings),
        ("compare-formula", &bids.formula),
        ("compare-weighs", &note),
    ];
    lines(sheet, row, &parts, language)?;
    Ok(())
}

/// Headings with lines below them, a part without lines left out; returns the row behind them and an empty one.
fn lines(
    sheet: &mut Worksheet,
    mut row: u32,
    parts: &[(&str, &Vec<String>)],
    language: Language,
) -> std::result::Result<u32, XlsxError> {
    let plain = look::plain();
    let bold = look::plain().set_bold();
    for (heading, lines) in parts.iter().filter(|(_, lines)| !lines.is_empty()) {
        sheet.write_string_with_format(row, 0, language.label(heading), &bold)?;
        row += 1;
        for line in *lines {
            sheet.write_string_with_format(row, 0, look::fitting(line, language), &plain)?;
            row += 1;
        }
        row += 1;
    }
    Ok(row)
}

/// The row of a bid, and the rows of the first and the last one.
fn standing(
    bids: &Bids,
    at: usize,
    [row, first, last]: [u32; 3],
    look: &Look,
    sheet: &mut Worksheet,
) -> Done {
    let language = bids.language;
    let bid = &bids.bids[at];
    let tone = match bid.qualified {
        true => Tone::Good,
        false if is_open(bid) => Tone::of_verdict(Verdict::Undecided),
        false => Tone::Bad,
    };
    let of = formulas::of_bid(bids, at, row + 1, [first + 1, last + 1]);
    let decimal = look.number.clone().set_num_format("0.0");
    // No score is less than any, and shown as a dash.
    let exact = look.number.clone().set_num_format("0.0000;\"－\"");
    let shown = bid
        .score
        .map_or_else(|| formulas::NO_SCORE.to_owned(), |score| score.to_string());
    for (column, formula, result, format) in [
        (1, of.rank, rank_of(bid, language), look.tone(tone)),
        (2, of.score, shown, &decimal),
        (6, of.had, bid.points.to_string(), &look.number),
        (7, of.applies, bid.of.to_string(), &look.number),
        (8, of.failed, bid.failed.len().to_string(), &look.number),
        (9, of.exact, formulas::exact(bid).to_string(), &exact),
    ] {
        let formula = Formula::new(formula).set_result(result);
        sheet.write_formula_with_format(row, column, formula, format)?;
    }
    let failed = formulas::failed(bid, language);
    for (column, text) in [
        (0, letter(at)),
        (3, name(bid)),
        (
            4,
            bid.manufacturer.clone().unwrap_or_else(|| "－".to_owned()),
        ),
        (5, bid.version.clone().unwrap_or_else(|| "－".to_owned())),
        (10, failed.clone()),
    ] {
        let text = look::fitting(&text, language);
        sheet.write_string_with_format(row, column, text, &look.text)?;
    }
    let maker = bid.manufacturer.as_deref().unwrap_or_default();
    let texts = [(failed.as_str(), 42), (&name(bid), 22), (maker, 20)];
    let tall = texts.map(|(text, width)| look::lines(text, width));
    let tall = tall.into_iter().max().unwrap_or(1);
    sheet.set_row_height(row, look::height(tall.max(1)))?;
    Ok(())
}

/// A bar for each bid of the rows given; returns the row behind the chart.
fn chart(
    bids: &Bids,
    [first, last]: [u32; 2],
    row: u32,
    sheet: &mut Worksheet,
) -> std::result::Result<u32, XlsxError> {
    let language = bids.language;
    let tab = language.label("compare-ranking");
    let mut chart = Chart::new(ChartType::Bar);
    chart.title().set_name(&language.label("compare-score"));
    chart.legend().set_hidden();
    chart.x_axis().set_min(0).set_max(100);
    chart.y_axis().set_reverse();
    chart
        .add_series()
        .set_categories((tab.as_str(), first, 3, last, 3))
        .set_values((tab.as_str(), first, 2, last, 2))
        .set_format(
            rust_xlsxwriter::ChartFormat::new().set_solid_fill(
                rust_xlsxwriter::ChartSolidFill::new().set_color(Color::RGB(BRAND)),
            ),
        );
    let height = 110 + 26 * u32::try_from(bids.bids.len().min(40)).expect("at most forty");
    chart
        .set_width(760)
        .set_height(height)
        .set_alt_text(language.label("compare-score"));
    sheet.insert_chart(row, 0, &chart)?;
    Ok(row + height / 20 + 2)
}

/// The matrix: a row for each requirement, a column for each bid; weights and verdicts may be changed.
fn matrix(bids: &Bids, look: &Look, sheet: &mut Worksheet) -> Done {
    let language = bids.language;
    let tab = language.label("compare-matrix");
    sheet.set_name(&tab)?;
    sheet.set_tab_color(Color::RGB(BRAND));
    look::printed(sheet, &tab);
    sheet.set_freeze_panes(1, FIRST_BID)?;
    sheet.set_repeat_rows(0, 0)?;
    let heads = [
        ("requirement", 18.0),
        ("compare-about", 44.0),
        ("compare-area", 20.0),
        ("level", 8.0),
        ("compare-weighs", 8.0),
    ];
    for (column, (key, width)) in (0..).zip(heads) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(0, column, language.label(key), &look.head)?;
    }
    sheet.set_row_height(0, look::height(2))?;
    let last_column =
        FIRST_BID + u16::try_from(bids.bids.len()).map_err(|_| XlsxError::RowColumnLimitError)? - 1;
    for (column, (at, bid)) in (FIRST_BID..).zip(bids.bids.iter().enumerate()) {
        sheet.set_column_width(column, 14)?;
        let head = format!("{}. {}", letter(at), name(bid));
        sheet.write_string_with_format(0, column, look::fitting(&head, language), &look.head)?;
    }
    let mut end = 0;
    for (row, about) in (FIRST_ROW..).zip(&bids.matrix) {
        end = row;
        let text = |text: &str| look::fitting(text, language);
        sheet.write_string_with_format(row, 0, text(&about.requirement), &look.text)?;
        sheet.write_string_with_format(row, 1, text(&about.title), &look.text)?;
        sheet.write_string_with_format(
            row,
            2,
            text(about.area.as_deref().unwrap_or_default()),
            &look.text,
        )?;
        sheet.write_string_with_format(row, 3, words::level(about.level, language), &look.text)?;
        sheet.write_number_with_format(row, 4, about.weight, &look.fill_in)?;
        for cell in &about.verdicts {
            let column =
                FIRST_BID + u16::try_from(cell.bid).map_err(|_| XlsxError::RowColumnLimitError)?;
            sheet.write_string_with_format(
                row,
                column,
                words::verdict(cell.verdict, language),
                &look.text,
            )?;
        }
    }
    if end > 0 {
        for verdict in Verdict::ALL {
            let (ink, ground) = Tone::of_verdict(verdict).colours();
            let format = Format::new()
                .set_font_color(Color::RGB(ink))
                .set_background_color(Color::RGB(ground))
                .set_bold();
            // NOTE: 適合 stands in 不適合 too, so the whole text is compared.
            let rule = ConditionalFormatTextRule::BeginsWith(words::verdict(verdict, language));
            let by_text = ConditionalFormatText::new()
                .set_rule(rule)
                .set_format(format);
            sheet.add_conditional_format(FIRST_ROW, FIRST_BID, end, last_column, &by_text)?;
        }
        sheet.autofilter(0, 0, end, last_column)?;
    }
    let note = look::plain().set_align(FormatAlign::Left);
    sheet.write_string_with_format(end + 2, 0, language.label("compare-weights-note"), &note)?;
    if bids.only_differences {
        let left_out = language.label("compare-left-out");
        sheet.write_string_with_format(end + 3, 0, left_out, &note)?;
    }
    Ok(())
}

/// Every cell of the matrix in full.
fn details(bids: &Bids) -> Table {
    let language = bids.language;
    let widths = [
        (12, 20),
        (20, 40),
        (10, 20),
        (6, 10),
        (6, 8),
        (5, 8),
        (12, 30),
        (8, 16),
        (8, 20),
        (6, 12),
        (14, 50),
        (10, 24),
        (16, 40),
        (6, 10),
        (12, 40),
    ];
    let columns = COLUMNS
        .iter()
        .zip(widths)
        .map(|(key, (narrowest, widest))| Column {
            head: language.label(key),
            narrowest,
            widest,
        });
    let rows = bids.matrix.iter().flat_map(|row| {
        row.verdicts.iter().map(|cell| {
            let mut cells: Vec<Cell> = texts(bids, row, cell).map(Cell::Text).into();
            cells[4] = Cell::Number(usize::try_from(row.weight).unwrap_or(usize::MAX));
            let tone = Tone::of_verdict(cell.verdict);
            let word = words::verdict(cell.verdict, language);
            cells[7] = Cell::Word(
                tone,
                format!("{} {word}", words::verdict_sign(cell.verdict)),
            );
            cells
        })
    });
    Table {
        name: language.label("compare-details"),
        colour: BRAND,
        columns: columns.collect(),
        rows: rows.collect(),
        frozen: 2,
        height: 0.0,
    }
}

/// What to ask each bidder.
fn questions(bids: &Bids) -> Table {
    let language = bids.language;
    let heads = [
        ("compare-bid", 5, 8),
        ("field-product", 14, 34),
        ("level", 6, 10),
        ("item", 6, 14),
        ("compare-asked", 40, 80),
        ("compare-reply", 30, 50),
    ];
    let rows = bids.bids.iter().enumerate().flat_map(|(at, bid)| {
        bid.questions.iter().map(move |asked| {
            vec![
                Cell::Text(letter(at)),
                Cell::Text(name(bid)),
                Cell::Text(words::level(asked.level, language)),
                Cell::Text(words::text(asked.item.as_deref())),
                Cell::Text(words::text(Some(&asked.question))),
                Cell::FillIn,
            ]
        })
    });
    Table {
        name: language.label("compare-asked"),
        colour: BRAND,
        columns: heads
            .map(|(key, narrowest, widest)| Column {
                head: language.label(key),
                narrowest,
                widest,
            })
            .into(),
        rows: rows.collect(),
        frozen: 0,
        height: 30.0,
    }
}
