//! Tables written by hand, in one XML file.

use super::*;
use crate::read::beside::ShapeKind;
use crate::read::xml;

const HEAD: &str = r#"<?xml version="1.0"?><office:document
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 xmlns:form="urn:oasis:names:tc:opendocument:xmlns:form:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"><office:body><office:spreadsheet>"#;

fn read(rows: &str) -> Reading {
    let tail = "</office:spreadsheet></office:body></office:document>";
    let text = format!("{HEAD}<table:table table:name=\"MDS\">{rows}</table:table>{tail}");
    xml::read(text.as_bytes(), &Limits::default())
}

fn sheet(rows: &str) -> Sheet {
    let reading = read(rows);
    let Content::Grid(mut book) = reading.content else {
        panic!("{:?}", reading.findings);
    };
    book.sheets.remove(0)
}

#[test]
fn text_of_a_cell() {
    let sheet = sheet(
        "<table:table-row><table:table-cell office:value-type=\"string\">\
         <text:p>  a <text:s text:c=\"2\"/>b\n c <text:ruby><text:ruby-base>漢</text:ruby-base>\
         <text:ruby-text>かん</text:ruby-text></text:ruby></text:p><text:p>d<text:line-break/>&amp;</text:p>\
         </table:table-cell></table:table-row>",
    );
    assert_eq!(sheet.text(0, 0), "a   b c 漢\nd\n&");
}

#[test]
fn repeated_cells_and_rows() {
    let sheet = sheet(
        "<table:table-row table:number-rows-repeated=\"3\"><table:table-cell/></table:table-row>\
         <table:table-row table:number-rows-repeated=\"2\" table:visibility=\"collapse\">\
         <table:table-cell table:number-columns-repeated=\"2\"/>\
         <table:table-cell table:number-columns-repeated=\"2\" office:value-type=\"string\"><text:p>はい</text:p>\
         </table:table-cell></table:table-row>\
         <table:table-row table:number-rows-repeated=\"1048571\"><table:table-cell/></table:table-row>",
    );
    let places: Vec<(u32, u32)> = sheet
        .cells
        .iter()
        .map(|cell| (cell.row, cell.column))
        .collect();
    assert_eq!(places, [(3, 2), (3, 3), (4, 2), (4, 3)]);
    assert_eq!(sheet.hidden_rows, [3, 4]);
}

#[test]
fn values() {
    let cell = |attributes: &str, shown: &str| {
        let rows = format!(
            "<table:table-row><table:table-cell {attributes}><text:p>{shown}</text:p></table:table-cell></table:table-row>"
        );
        sheet(&rows).cells.first().map(|cell| cell.value.clone())
    };
    let text = |text: &str| Some(CellValue::Text(text.into()));
    for (attributes, shown, expected) in [
        (
            "office:value-type=\"float\" office:value=\"4.1\"",
            "4.10",
            Some(CellValue::Number(4.1)),
        ),
        (
            "office:value-type=\"float\" office:value=\"1\"",
            "TRUE",
            Some(CellValue::Bool(true)),
        ),
        (
            "office:value-type=\"boolean\" office:boolean-value=\"false\"",
            "偽",
            Some(CellValue::Bool(false)),
        ),
        (
            "office:value-type=\"time\" office:time-value=\"PT09H05M00S\"",
            "9:05",
            text("9:05"),
        ),
        (
            "office:value-type=\"float\" office:value=\"odd\"",
            "4",
            text("4"),
        ),
        (
            "office:value-type=\"string\" office:string-value=\"はい\"",
            "",
            text("はい"),
        ),
        ("", "", None),
    ] {
        assert_eq!(cell(attributes, shown), expected, "{attributes}");
    }
    let date = cell(
        "office:value-type=\"date\" office:date-value=\"2026-09-30T00:00:00\"",
        "令和8年",
    );
    assert_eq!(date, Some(CellValue::Date(jiff::civil::date(2026, 9, 30))));
}

#[test]
fn few_bytes_do_not_become_many_cells() {
    let cell =
        "office:value-type=\"string\"><text:p>x</text:p></table:table-cell></table:table-row>";
    for (rows, columns, expected) in [
        (1_048_576, 1024, rule::FILE_TOO_LARGE),
        (1_048_576, 1, rule::FILE_TOO_LARGE),
        (4_000_000_000, 1, rule::FILE_DAMAGED),
        (1, 4_000_000_000, rule::FILE_DAMAGED),
        (u64::MAX, u64::MAX, rule::FILE_DAMAGED),
    ] {
        let reading = read(&format!(
            "<table:table-row table:number-rows-repeated=\"{rows}\">\
             <table:table-cell table:number-columns-repeated=\"{columns}\" {cell}"
        ));
        assert_eq!(reading.findings[0].rule, expected, "{rows} x {columns}");
    }
    let spaces = "<text:s text:c=\"4000000000\"/>".repeat(100);
    let reading = read(&format!(
        "<table:table-row><table:table-cell><text:p>x{spaces}</text:p></table:table-cell></table:table-row>"
    ));
    assert_eq!(reading.findings[0].rule, rule::FILE_TOO_LARGE);
}

#[test]
fn check_boxes_and_shapes_lie_over_cells() {
    // Columns are 64 points wide, rows 12.8 high.
    let sheet = sheet(
        "<office:forms><form:form><form:checkbox form:id=\"c1\" form:label=\"はい\" \
         form:current-state=\"checked\"/><form:radio form:id=\"c2\"/></form:form></office:forms>\
         <table:shapes><draw:control svg:x=\"62pt\" svg:y=\"14pt\" svg:width=\"40pt\" svg:height=\"9pt\" \
         draw:control=\"c1\"/><draw:g><draw:line svg:x1=\"9pt\" svg:y1=\"1pt\" svg:x2=\"1pt\" svg:y2=\"1pt\"/>\
         </draw:g></table:shapes><table:table-column table:number-columns-repeated=\"9\"/>\
         <table:table-row><table:table-cell/></table:table-row>\
         <table:table-row><table:table-cell table:number-columns-repeated=\"2\"/><table:table-cell>\
         <draw:ellipse svg:x=\"2pt\" svg:y=\"1pt\" svg:width=\"30pt\" svg:height=\"9pt\"/>\
         <text:p>対象外</text:p></table:table-cell></table:table-row>",
    );
    let check_box = &sheet.beside.boxes[0];
    assert_eq!(
        (check_box.label.as_str(), check_box.ticked),
        ("はい", Some(true))
    );
    // It begins two points before the column that it stands in.
    assert_eq!((check_box.area.first, check_box.middle), ((1, 0), (1, 1)));
    let shapes: Vec<_> = sheet
        .beside
        .shapes
        .iter()
        .map(|it| (it.kind, it.middle))
        .collect();
    assert_eq!(
        shapes,
        [(ShapeKind::Line, (0, 0)), (ShapeKind::Ellipse, (1, 2))]
    );
    assert_eq!(sheet.text(1, 2), "対象外");
}
