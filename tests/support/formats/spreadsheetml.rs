//! XML Spreadsheet 2003, as Excel saves it.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::super::paper::{Page, Paper, Stretch, Written};
use super::{hex, joined, rows, xml};

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:x="urn:schemas-microsoft-com:office:excel"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:html="http://www.w3.org/TR/REC-html40">
"#;

pub(super) fn write(paper: &Paper) -> Vec<u8> {
    let mut styles = Styles::default();
    let mut sheets = String::new();
    for page in &paper.sheets {
        sheet(&mut sheets, page, &mut styles);
    }
    let mut text = HEAD.to_owned();
    text.push_str(" <Styles>\n  <Style ss:ID=\"Default\" ss:Name=\"Normal\"/>\n");
    text.push_str(
        "  <Style ss:ID=\"day\"><NumberFormat ss:Format=\"yyyy/mm/dd;@\"/></Style>\n  \
         <Style ss:ID=\"text\"><NumberFormat ss:Format=\"@\"/></Style>\n",
    );
    for (style, name) in &styles.0 {
        writeln!(text, "  <Style ss:ID=\"{name}\">{style}</Style>").expect("text");
    }
    text.push_str(" </Styles>\n");
    text.push_str(&sheets);
    text.push_str("</Workbook>\n");
    text.into_bytes()
}

/// Looks of whole cells, and the name of each.
#[derive(Default)]
struct Styles(BTreeMap<String, String>);

impl Styles {
    fn of(&mut self, stretch: &Stretch, whole: bool) -> Option<String> {
        let mut style = String::new();
        if whole
            && (stretch.strike || stretch.underline || stretch.bold || stretch.colour.is_some())
        {
            style.push_str("<Font");
            if stretch.bold {
                style.push_str(" ss:Bold=\"1\"");
            }
            if stretch.strike {
                style.push_str(" ss:StrikeThrough=\"1\"");
            }
            if stretch.underline {
                style.push_str(" ss:Underline=\"Single\"");
            }
            if let Some(colour) = stretch.colour {
                write!(style, " ss:Color=\"#{}\"", hex(colour)).expect("text");
            }
            style.push_str("/>");
        }
        if let Some(fill) = stretch.fill {
            write!(
                style,
                "<Interior ss:Color=\"#{}\" ss:Pattern=\"Solid\"/>",
                hex(fill)
            )
            .expect("text");
        }
        if style.is_empty() {
            return None;
        }
        let next = format!("look{}", self.0.len());
        Some(self.0.entry(style).or_insert(next).clone())
    }
}

fn sheet(text: &mut String, page: &Page, styles: &mut Styles) {
    writeln!(
        text,
        " <Worksheet ss:Name=\"{}\">\n  <Table>",
        xml(&page.name)
    )
    .expect("text");
    let mut hidden_columns = page.hidden_columns.clone();
    hidden_columns.sort_unstable();
    for column in hidden_columns {
        writeln!(
            text,
            "   <Column ss:Index=\"{}\" ss:Hidden=\"1\"/>",
            column + 1
        )
        .expect("text");
    }
    let blank = Written::Text(String::new());
    let mut rows = rows(page);
    for (row, column, ..) in &page.merges {
        rows.entry(*row)
            .or_default()
            .entry(*column)
            .or_insert(&blank);
    }
    for (row, column, _) in &page.comments {
        rows.entry(*row)
            .or_default()
            .entry(*column)
            .or_insert(&blank);
    }
    for row in &page.hidden_rows {
        rows.entry(*row).or_default();
    }
    for (row, cells) in &rows {
        let hidden = if page.hidden_rows.contains(row) {
            " ss:Hidden=\"1\""
        } else {
            ""
        };
        writeln!(text, "   <Row ss:Index=\"{}\"{hidden}>", row + 1).expect("text");
        for (column, value) in cells {
            cell(text, page, (*row, *column), value, styles);
        }
        text.push_str("   </Row>\n");
    }
    text.push_str("  </Table>\n");
    options(text, page);
    text.push_str(" </Worksheet>\n");
}

fn cell(text: &mut String, page: &Page, at: (u32, u32), value: &Written, styles: &mut Styles) {
    write!(text, "    <Cell ss:Index=\"{}\"", at.1 + 1).expect("text");
    if let Some((row, column, last_row, last_column)) =
        page.merges.iter().find(|area| (area.0, area.1) == at)
    {
        for (name, more) in [("Across", last_column - column), ("Down", last_row - row)] {
            if more > 0 {
                write!(text, " ss:Merge{name}=\"{more}\"").expect("text");
            }
        }
    }
    let style = match value {
        Written::Date(..) => Some("day".to_owned()),
        Written::Text(_) => Some("text".to_owned()),
        Written::Rich(stretches) => stretches
            .first()
            .and_then(|first| styles.of(first, stretches.len() == 1)),
        Written::Number(_) | Written::Bool(_) => None,
    };
    if let Some(style) = style {
        write!(text, " ss:StyleID=\"{style}\"").expect("text");
    }
    text.push('>');
    data(text, value);
    for (_, _, comment) in page.comments.iter().filter(|c| (c.0, c.1) == at) {
        write!(
            text,
            "<Comment ss:Author=\"\"><ss:Data xmlns=\"http://www.w3.org/TR/REC-html40\">\
             <Font html:Face=\"Tahoma\">{}</Font></ss:Data></Comment>",
            xml(comment)
        )
        .expect("text");
    }
    text.push_str("</Cell>\n");
}

fn data(text: &mut String, value: &Written) {
    let (kind, content) = match value {
        Written::Text(written) if written.is_empty() => return,
        Written::Text(written) => ("String", xml(written)),
        Written::Number(number) => ("Number", number.to_string()),
        Written::Bool(value) => ("Boolean", u8::from(*value).to_string()),
        Written::Date(year, month, day) => (
            "DateTime",
            format!("{year:04}-{month:02}-{day:02}T00:00:00.000"),
        ),
        Written::Rich(stretches) if stretches.len() == 1 => ("String", xml(&joined(stretches))),
        Written::Rich(stretches) => {
            text.push_str("<ss:Data ss:Type=\"String\" xmlns=\"http://www.w3.org/TR/REC-html40\">");
            for stretch in stretches {
                text.push_str(&marked(stretch));
            }
            text.push_str("</ss:Data>");
            return;
        }
    };
    write!(text, "<Data ss:Type=\"{kind}\">{content}</Data>").expect("text");
}

/// A run of a rich text: HTML elements round it.
fn marked(stretch: &Stretch) -> String {
    let mut text = xml(&stretch.text);
    let colour = stretch.colour.unwrap_or([0, 0, 0]);
    text = format!("<Font html:Color=\"#{}\">{text}</Font>", hex(colour));
    for (is_set, tag) in [
        (stretch.strike, "S"),
        (stretch.underline, "U"),
        (stretch.bold, "B"),
    ] {
        if is_set {
            text = format!("<{tag}>{text}</{tag}>");
        }
    }
    text
}

fn options(text: &mut String, page: &Page) {
    if page.hidden {
        text.push_str(
            "  <WorksheetOptions xmlns=\"urn:schemas-microsoft-com:office:excel\">\
             <Visible>SheetHidden</Visible></WorksheetOptions>\n",
        );
    }
    for (row, column, last_row, last_column, words) in &page.lists {
        writeln!(
            text,
            "  <DataValidation xmlns=\"urn:schemas-microsoft-com:office:excel\">\
             <Range>R{}C{}:R{}C{}</Range><Type>List</Type><CellRangeList/>\
             <Value>&quot;{}&quot;</Value></DataValidation>",
            row + 1,
            column + 1,
            last_row + 1,
            last_column + 1,
            xml(&words.join(","))
        )
        .expect("text");
    }
}
