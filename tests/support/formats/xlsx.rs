//! Excel workbooks: through a crate, with the drawings it cannot write put into the package afterwards.

mod drawn;

use rust_xlsxwriter::{
    Button, Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatUnderline, Note,
    Shape, Workbook, Worksheet,
};

use super::super::paper::{Page, Paper, Stretch, Written};

/// A column as the crate counts them.
fn col(column: u32) -> u16 {
    u16::try_from(column).expect("a column of a sheet")
}

pub(super) fn write(paper: &Paper) -> Vec<u8> {
    let mut book = Workbook::new();
    let fixed = ExcelDateTime::from_ymd(2026, 1, 1).expect("a date");
    book.set_properties(&DocProperties::new().set_creation_datetime(&fixed));
    for page in &paper.sheets {
        let sheet = book.add_worksheet();
        frame(sheet, page);
        cells(sheet, page);
        beside(sheet, page);
    }
    let bytes = book.save_to_buffer().expect("the paper can be written");
    drawn::mend(bytes)
}

fn frame(sheet: &mut Worksheet, page: &Page) {
    sheet.set_name(&page.name).expect("a sheet's name");
    sheet.set_hidden(page.hidden);
    for row in &page.hidden_rows {
        sheet.set_row_hidden(*row).expect("a row");
    }
    for column in &page.hidden_columns {
        sheet.set_column_hidden(col(*column)).expect("a column");
    }
    for (row, column, last_row, last_column) in &page.merges {
        if (row, column) != (last_row, last_column) {
            sheet
                .merge_range(
                    *row,
                    col(*column),
                    *last_row,
                    col(*last_column),
                    "",
                    &Format::new(),
                )
                .expect("an area");
        }
    }
}

fn cells(sheet: &mut Worksheet, page: &Page) {
    let day = Format::new().set_num_format("yyyy/mm/dd");
    for ink in &page.cells {
        let (row, column) = (ink.row, col(ink.column));
        let written = match &ink.value {
            Written::Text(text) => sheet.write_string(row, column, text),
            Written::Number(number) => sheet.write_number(row, column, *number),
            Written::Bool(value) => sheet.write_boolean(row, column, *value),
            Written::Date(year, month, date) => {
                let date = ExcelDateTime::from_ymd(
                    u16::try_from(*year).expect("a year"),
                    u8::try_from(*month).expect("a month"),
                    u8::try_from(*date).expect("a day"),
                )
                .expect("a date");
                sheet.write_datetime_with_format(row, column, &date, &day)
            }
            Written::Rich(stretches) => rich(sheet, row, column, stretches),
        };
        written.expect("the cell can be written");
    }
}

fn rich<'s>(
    sheet: &'s mut Worksheet,
    row: u32,
    column: u16,
    stretches: &[Stretch],
) -> Result<&'s mut Worksheet, rust_xlsxwriter::XlsxError> {
    let filled = |format: Format| match stretches.first().and_then(|first| first.fill) {
        Some(fill) => format.set_background_color(rgb(fill)),
        None => format,
    };
    if let [only] = stretches {
        return sheet.write_string_with_format(row, column, &only.text, &filled(look(only)));
    }
    let looks: Vec<(Format, &str)> = stretches
        .iter()
        .filter(|stretch| !stretch.text.is_empty())
        .map(|stretch| (look(stretch), stretch.text.as_str()))
        .collect();
    let runs: Vec<(&Format, &str)> = looks.iter().map(|(look, text)| (look, *text)).collect();
    sheet.write_rich_string_with_format(row, column, &runs, &filled(Format::new()))
}

fn look(stretch: &Stretch) -> Format {
    let mut format = Format::new();
    if stretch.strike {
        format = format.set_font_strikethrough();
    }
    if stretch.underline {
        format = format.set_underline(FormatUnderline::Single);
    }
    if stretch.bold {
        format = format.set_bold();
    }
    if let Some(colour) = stretch.colour {
        format = format.set_font_color(rgb(colour));
    }
    format
}

fn rgb([red, green, blue]: [u8; 3]) -> Color {
    Color::RGB(u32::from_be_bytes([0, red, green, blue]))
}

fn beside(sheet: &mut Worksheet, page: &Page) {
    for (row, column, text) in &page.comments {
        sheet
            .insert_note(
                *row,
                col(*column),
                &Note::new(text).add_author_prefix(false),
            )
            .expect("a comment");
    }
    for (row, column, last_row, last_column, words) in &page.lists {
        let list = DataValidation::new()
            .allow_list_strings(words)
            .expect("a list");
        sheet
            .add_data_validation(*row, col(*column), *last_row, col(*last_column), &list)
            .expect("a list");
    }
    // What the crate has no word for is written as what it has, and named in the package afterwards.
    for (row, column) in &page.ellipses {
        let shape = Shape::textbox()
            .set_width(56)
            .set_height(18)
            .set_alt_text(drawn::ELLIPSE);
        sheet
            .insert_shape_with_offset(*row, col(*column), &shape, 2, 1)
            .expect("an ellipse");
    }
    for (row, column, text) in &page.text_boxes {
        let shape = Shape::textbox().set_width(60).set_height(18).set_text(text);
        sheet
            .insert_shape_with_offset(*row, col(*column), &shape, 2, 1)
            .expect("a text box");
    }
    for (at, (row, column, label, ticked)) in page.boxes.iter().enumerate() {
        // The crate keeps one button a cell: a further one hangs down from a row above.
        let same = |other: &&(u32, u32, String, bool)| (other.0, other.1) == (*row, *column);
        let up = u32::try_from(page.boxes[..at].iter().filter(same).count()).expect("few");
        let up = up.min(*row);
        let name = if *ticked { drawn::TICKED } else { drawn::EMPTY };
        let button = Button::new()
            .set_caption(label)
            .set_alt_text(name)
            .set_width(60)
            .set_height(18);
        sheet
            .insert_button_with_offset(*row - up, col(*column), &button, 2, 20 * up + 1)
            .expect("a check box");
    }
}
