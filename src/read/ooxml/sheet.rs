//! A sheet's own part: what stands before and after its rows, and what the tags of its rows say.

use memchr::memmem;

use super::looks::Styled;
use super::tags::{holds, raw, tags};
use super::{Parts, Piece, attribute, comments, is_true, walk};
use crate::place::parse_address;
use crate::read::beside::Beside;
use crate::read::grid::Area;

/// Excel's last column, one-based.
const COLUMNS: u32 = 16_384;
/// How many stretches of columns are looked at.
const STRETCHES: usize = 20_000;

/// What calamine does not tell about a sheet.
#[derive(Debug, Default, Clone)]
pub(in crate::read) struct Extras {
    /// Hidden rows, sorted.
    pub(in crate::read) hidden_rows: Vec<u32>,
    /// Merged areas, sorted.
    pub(in crate::read) merges: Vec<Area>,
    /// Hidden columns, first and last of each stretch, sorted.
    pub(in crate::read) hidden_columns: Vec<(u32, u32)>,
    /// What stands beside the cells, but for what is only known with them.
    pub(in crate::read) beside: Beside,
    /// The cells that may have a look.
    pub(in crate::read) styled: Vec<Styled>,
}

/// Reads the part of a sheet; the parts that it relates to have been read before.
pub(in crate::read) fn read(part: &str, text: &str, parts: &mut Parts) -> Extras {
    let (head, rows, tail) = split(text);
    let mut extras = Extras {
        hidden_columns: hidden_columns(head),
        ..Extras::default()
    };
    read_rows(rows, parts, &mut extras);
    read_tail(tail, &mut extras);
    extras.beside.comments = comments::of_sheet(parts, part);
    extras
}

/// What stands before the rows, the rows, and what stands after them.
fn split(text: &str) -> (&str, &str, &str) {
    // A bracket cannot stand in a text, so the word is a tag where one leads to it through a prefix.
    let is_tag = |at: &usize, lead: &str| {
        let before = &text[..*at];
        let name = before.rfind(['<', '>']).map_or("", |open| &before[open..]);
        name.strip_prefix(lead)
            .is_some_and(|prefix| prefix.is_empty() || prefix.ends_with(':'))
    };
    let word = "sheetData";
    let Some(start) = memmem::find_iter(text.as_bytes(), word)
        .take(4)
        .find(|at| is_tag(at, "<"))
    else {
        return (text, "", text);
    };
    let head = &text[..start];
    let open = head.rfind('<').unwrap_or(0);
    match memmem::rfind_iter(text.as_bytes(), word)
        .take(4)
        .find(|at| is_tag(at, "</"))
    {
        Some(end) => (&text[..open], &text[start..end], &text[end + word.len()..]),
        None => (&text[..open], &text[start..], &text[start..]),
    }
}

/// Hidden columns from what stands before the rows; a width of nothing hides as well.
fn hidden_columns(head: &str) -> Vec<(u32, u32)> {
    let mut found: Vec<(u32, u32)> = Vec::new();
    for tag in tags(head).filter(|tag| tag.name == "col").take(STRETCHES) {
        let attributes = tag.attributes();
        let number = |name| raw(attributes, name).and_then(|n| n.parse::<u32>().ok());
        let hidden = raw(attributes, "hidden").is_some_and(is_true)
            || raw(attributes, "width").and_then(|w| w.parse::<f64>().ok()) == Some(0.0);
        let (Some(first), Some(last)) = (number("min"), number("max")) else {
            continue;
        };
        let last = last.min(COLUMNS);
        if hidden && first >= 1 && first <= last {
            found.push((first - 1, last - 1));
        }
    }
    found.sort_unstable();
    let mut joined: Vec<(u32, u32)> = Vec::new();
    for (first, last) in found {
        match joined.last_mut() {
            Some(before) if first <= before.1 + 1 => before.1 = before.1.max(last),
            _ => joined.push((first, last)),
        }
    }
    joined
}

/// What the tags of rows and cells say; looked at only where the bytes say that there is something to find.
fn read_rows(rows: &str, parts: &mut Parts, extras: &mut Extras) {
    let with_cells = parts.looks.can_tell(rows);
    if !with_cells && !holds(rows, "hidden=") {
        return;
    }
    let (mut row, mut next, mut column) = (0u32, 0u32, 0u32);
    for tag in tags(rows) {
        match tag.name {
            "row" => {
                let attributes = tag.attributes();
                row = raw(attributes, "r")
                    .and_then(|r| r.parse::<u32>().ok())
                    .map_or(next, |r| r.saturating_sub(1));
                next = row.saturating_add(1);
                column = 0;
                if raw(attributes, "hidden").is_some_and(is_true) {
                    extras.hidden_rows.push(row);
                }
            }
            "c" if with_cells => {
                let attributes = tag.attributes();
                let address = raw(attributes, "r").and_then(parse_address);
                let address = address.unwrap_or((row, column));
                column = address.1.saturating_add(1);
                let looks = &mut parts.looks;
                let styled = looks.styled(&tag, attributes, address, &mut parts.gauge);
                extras.styled.extend(styled);
            }
            _ => {}
        }
    }
    extras.hidden_rows.sort_unstable();
    extras.hidden_rows.dedup();
}

/// Merged areas, from what stands after the rows.
fn read_tail(tail: &str, extras: &mut Extras) {
    if tail.len() < "<mergeCell/>".len() {
        return;
    }
    walk(tail, |piece| {
        if let Piece::Open(element) = piece
            && element.local_name().as_ref() == "mergeCell"
        {
            let area = attribute(element, "ref").as_deref().and_then(parse_area);
            extras.merges.extend(area);
        }
        true
    });
    extras.merges.sort_unstable();
}

/// An area of more than one cell: `A1:B2`.
fn parse_area(reference: &str) -> Option<Area> {
    let (first, last) = reference.split_once(':')?;
    let (first, last) = (parse_address(first)?, parse_address(last)?);
    (first.0 <= last.0 && first.1 <= last.1).then_some(Area { first, last })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Extras {
        super::read("xl/worksheets/sheet1.xml", text, &mut Parts::default())
    }

    #[test]
    fn hidden_columns_are_joined() {
        let extras = read(
            "<worksheet><cols><col min='4' max='4' width='0'/><col min=\"2\" max=\"3\" width=\"9\" hidden=\"1\"/><col min='5' max='5' width='12'/><col min='7' max='16384' hidden='true'/><col min='9' max='2' hidden='1'/></cols><sheetData/></worksheet>",
        );
        assert_eq!(extras.hidden_columns, [(1, 3), (6, 16_383)]);
        assert!(extras.hidden_rows.is_empty());
    }

    #[test]
    fn hidden_rows_and_merges_with_and_without_a_prefix() {
        let plain = "<worksheet><sheetData><row r='2' hidden='1'><c r='A2' t='inlineStr'><is><t>sheetData</t></is></c></row><row hidden='true'/><row/></sheetData><mergeCells><mergeCell ref='B2:C3'/><mergeCell ref='A1:A2'/></mergeCells><controls><anchor><from><xdr:row>4</xdr:row></from></anchor></controls></worksheet>";
        let prefixed = plain
            .replace("<xdr:", "<@xdr:")
            .replace("</", "</x:")
            .replace('<', "<x:")
            .replace("<x:/x:", "</x:")
            .replace("<x:@xdr:", "<xdr:")
            .replace("</x:xdr:", "</xdr:");
        for text in [plain, &prefixed] {
            let extras = read(text);
            assert_eq!(extras.hidden_rows, [1, 2], "{text}");
            let first: Vec<_> = extras.merges.iter().map(|area| area.first).collect();
            assert_eq!(first, [(0, 0), (1, 1)], "{text}");
        }
    }

    #[test]
    fn sheets_without_rows() {
        assert_eq!(split("<a><b/></a>"), ("<a><b/></a>", "", "<a><b/></a>"));
        let (head, _, tail) = split("<w><cols/><sheetData/><mergeCells/></w>");
        assert_eq!(head, "<w><cols/>");
        assert!(tail.contains("mergeCells"));
    }
}
