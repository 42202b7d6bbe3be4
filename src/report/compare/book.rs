//! The comparison as an Excel workbook in which the scores are formulas over the matrix: whoever changes a weight
//! or a verdict sees what becomes of the ranking.

use rust_xlsxwriter::{
    Chart, ChartType, Color, ConditionalFormatText, ConditionalFormatTextRule, Format, FormatAlign,
    Formula, Workbook, Worksheet, XlsxError,
};

use super::human::{hold_line, letter, name, rank_of};
use super::model::Bids;
use super::table::{COLUMNS, texts};
use crate::assess::Verdict;
use crate::error::{Error, Result};
use crate::profile::Level;
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

/// The first row of requirements on the matrix, counted from nought, and the first column of verdicts.
const FIRST_ROW: u32 = 1;
const FIRST_BID: u16 = 5;

/// The ranking: one row for each bid, its score a formula.
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
    let widths = [6.0, 18.0, 10.0, 34.0, 34.0, 12.0, 12.0, 12.0, 44.0];
    for (column, width) in (0..).zip(widths) {
        sheet.set_column_width(column, width)?;
    }
    let heads = [
        "compare-bid",
        "compare-place",
        "compare-score",
        "field-product",
        "field-manufacturer",
        "field-version",
        "compare-had",
        "compare-applies",
        "compare-failed-musts",
    ];
    for (column, key) in (0..).zip(heads) {
        sheet.write_string_with_format(3, column, label(key), &look.head)?;
    }
    let last =
        FIRST_ROW + u32::try_from(bids.matrix.len()).map_err(|_| XlsxError::RowColumnLimitError)?;
    for (row, (at, bid)) in (4..).zip(bids.bids.iter().enumerate()) {
        let tone = if bid.qualified { Tone::Good } else { Tone::Bad };
        let text = |text: &str| look::fitting(text, language);
        sheet.write_string_with_format(row, 0, letter(at), &look.text)?;
        sheet.write_string_with_format(row, 1, rank_of(bid, language), look.tone(tone))?;
        let (had, applies) = formulas(bids, at, last);
        sheet.write_formula_with_format(
            row,
            6,
            Formula::new(had).set_result(bid.points.to_string()),
            &look.number,
        )?;
        sheet.write_formula_with_format(
            row,
            7,
            Formula::new(applies).set_result(bid.of.to_string()),
            &look.number,
        )?;
        let one = row + 1;
        let score = Formula::new(format!("=IF(H{one}=0,\"\",ROUND(100*G{one}/H{one},1))"));
        let shown = bid
            .score
            .map_or_else(String::new, |score| format!("{score}"));
        let number = look.number.clone().set_num_format("0.0");
        sheet.write_formula_with_format(row, 2, score.set_result(shown), &number)?;
        sheet.write_string_with_format(row, 3, text(&name(bid)), &look.text)?;
        sheet.write_string_with_format(
            row,
            4,
            text(bid.manufacturer.as_deref().unwrap_or("－")),
            &look.text,
        )?;
        sheet.write_string_with_format(
            row,
            5,
            text(bid.version.as_deref().unwrap_or("－")),
            &look.text,
        )?;
        sheet.write_string_with_format(row, 8, text(&bid.failed_musts.join(", ")), &look.text)?;
    }
    let bids_end =
        4 + u32::try_from(bids.bids.len()).map_err(|_| XlsxError::RowColumnLimitError)?;
    let mut row = bids_end + 1;
    if !bids.bids.is_empty() {
        let mut chart = Chart::new(ChartType::Bar);
        chart.title().set_name(&label("compare-score"));
        chart.legend().set_hidden();
        chart.x_axis().set_min(0).set_max(100);
        chart.y_axis().set_reverse();
        chart
            .add_series()
            .set_categories((tab.as_str(), 4, 3, bids_end - 1, 3))
            .set_values((tab.as_str(), 4, 2, bids_end - 1, 2))
            .set_format(rust_xlsxwriter::ChartFormat::new().set_solid_fill(
                rust_xlsxwriter::ChartSolidFill::new().set_color(Color::RGB(BRAND)),
            ));
        let height = 110 + 26 * u32::try_from(bids.bids.len().min(40)).expect("at most forty");
        chart
            .set_width(760)
            .set_height(height)
            .set_alt_text(label("compare-score"));
        sheet.insert_chart(row, 0, &chart)?;
        row += height / 20 + 2;
    }
    let plain = look::plain();
    let bold = look::plain().set_bold();
    let mut lines = vec![(label("compare-sensitivity"), true)];
    lines.extend(
        bids.sensitivity
            .iter()
            .map(|step| (hold_line(step, bids), false)),
    );
    lines.push((label("compare-formula"), true));
    lines.extend(bids.formula.iter().map(|line| (line.clone(), false)));
    lines.push((label("compare-weights-note"), false));
    lines.extend(bids.notes.iter().map(|note| (note.clone(), false)));
    for (line, is_heading) in lines {
        let format = if is_heading { &bold } else { &plain };
        sheet.write_string_with_format(row, 0, look::fitting(&line, language), format)?;
        row += 1;
    }
    Ok(())
}

/// The weight of what is met and of what applies for a bid, as formulas over the matrix.
fn formulas(bids: &Bids, at: usize, last: u32) -> (String, String) {
    let language = bids.language;
    let tab = language.label("compare-matrix");
    let range = |column: u16| {
        let letters = rust_xlsxwriter::column_number_to_name(column);
        format!("'{tab}'!${letters}${}:${letters}${last}", FIRST_ROW + 1)
    };
    let verdicts = range(FIRST_BID + u16::try_from(at).unwrap_or(u16::MAX - FIRST_BID));
    let (weights, levels) = (range(4), range(3));
    let counted = format!("({levels}<>\"{}\")", words::level(Level::Info, language));
    let word = |verdict| words::verdict(verdict, language);
    (
        format!(
            "=SUMPRODUCT({weights}*{counted}*({verdicts}=\"{}\"))",
            word(Verdict::Met)
        ),
        format!(
            "=SUMPRODUCT({weights}*{counted}*({verdicts}<>\"{}\"))",
            word(Verdict::NotApplicable)
        ),
    )
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
