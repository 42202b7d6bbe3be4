//! The workbook's own part: a sheet put first, or taken out, with every number that counts sheets set right.
//!
//! NOTE: defined names (print areas, print titles, filters) name their sheet by its position, and the view of
//! the workbook its active and its first tab; other parts name sheets by name or by `sheetId`, which stay.

use super::elements::{Edits, Element, append, escape, root, with_attribute};

/// A defined name of a sheet: its name, what it stands for, and whether Excel hides it.
pub(crate) type SheetName<'n> = (&'n str, &'n str, bool);

/// Puts a sheet first. `relation` is the id of the relationship that leads to its part.
///
/// `None` where the part is no workbook.
pub(crate) fn insert_first(
    text: &str,
    name: &str,
    relation: &str,
    names: &[SheetName<'_>],
) -> Option<String> {
    let book = root(text).filter(|root| root.name() == "workbook")?;
    let sheets = book.child("sheets")?;
    let prefix = book.prefix();
    let taken = sheets.children();
    let taken = taken
        .iter()
        .filter_map(|sheet| sheet.attribute("sheetId")?.parse::<u32>().ok());
    let number = taken.max().unwrap_or(0).saturating_add(1);
    // The sender's workbook declares a prefix for relationships, or else has no sheets that can be reached.
    let space = if text.contains("http://purl.oclc.org/ooxml/officeDocument/relationships") {
        "http://purl.oclc.org/ooxml/officeDocument/relationships"
    } else {
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    };
    let usual = book.tag().contains(&format!("xmlns:r=\"{space}\""));
    let declared = if usual {
        String::new()
    } else {
        format!(" xmlns:r=\"{space}\"")
    };
    let mut edits = Edits::default();
    edits.insert(
        sheets
            .children()
            .first()
            .map_or(sheets.content.start, |first| first.span.start),
        format!(
            "<{prefix}sheet{declared} name=\"{}\" sheetId=\"{number}\" r:id=\"{}\"/>",
            escape(name),
            escape(relation)
        ),
    );
    shift(&mut edits, &book, &sheets, |position| {
        Some(position.saturating_add(1))
    });
    let new: String = names
        .iter()
        .map(|(name, value, hidden)| {
            let hidden = if *hidden { " hidden=\"1\"" } else { "" };
            format!(
                "<{prefix}definedName name=\"{}\" localSheetId=\"0\"{hidden}>{}</{prefix}definedName>",
                escape(name),
                escape(value)
            )
        })
        .collect();
    match book.child("definedNames") {
        Some(known) if known.closes_itself() => append(&mut edits, &known, &new),
        Some(known) => edits.insert(known.content.start, new),
        None => {
            let before = ["externalReferences", "functionGroups", "sheets"];
            let behind = before
                .iter()
                .find_map(|name| book.child(name))
                .unwrap_or(sheets);
            let all = format!("<{prefix}definedNames>{new}</{prefix}definedNames>");
            edits.insert(behind.span.end, all);
        }
    }
    Some(edits.apply(text))
}

/// Takes the sheet of a name out, with the names that belong to it. `None` where there is no such sheet, or no other.
pub(crate) fn remove(text: &str, name: &str) -> Option<String> {
    let book = root(text).filter(|root| root.name() == "workbook")?;
    let sheets = book.child("sheets")?;
    let all = sheets.children();
    let position = all
        .iter()
        .position(|sheet| sheet.attribute("name").as_deref() == Some(name))?;
    let sheet = all.get(position).filter(|_| all.len() > 1)?;
    let mut edits = Edits::default();
    edits.replace(sheet.span.clone(), "");
    shift(&mut edits, &book, &sheets, |known| {
        match known.cmp(&position) {
            std::cmp::Ordering::Less => Some(known),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some(known - 1),
        }
    });
    Some(edits.apply(text))
}

/// Gives every position of a sheet another one; what belongs to a sheet that is gone goes too.
fn shift(
    edits: &mut Edits,
    book: &Element<'_>,
    sheets: &Element<'_>,
    to: impl Fn(usize) -> Option<usize>,
) {
    let known = book.child("definedNames");
    let names = known.as_ref().map(Element::children).unwrap_or_default();
    let mut left = names.len();
    for name in &names {
        let Some(position) = name
            .attribute("localSheetId")
            .and_then(|at| at.parse().ok())
        else {
            continue;
        };
        match to(position) {
            Some(new) if new == position => {}
            Some(new) => {
                let tag = with_attribute(name.tag(), "localSheetId", &new.to_string());
                edits.replace(name.head.clone(), tag);
            }
            None => {
                left -= 1;
                edits.replace(name.span.clone(), "");
            }
        }
    }
    if let Some(known) = known.filter(|_| left == 0 && !names.is_empty()) {
        edits.replace(known.span.clone(), "");
    }
    let views = book
        .child("bookViews")
        .map(|views| views.children())
        .unwrap_or_default();
    for view in &views {
        let at = |name: &str| view.attribute(name).and_then(|at| at.parse::<usize>().ok());
        let active = to(at("activeTab").unwrap_or(0)).unwrap_or(0);
        let mut tag = with_attribute(view.tag(), "activeTab", &active.to_string());
        if let Some(first) = at("firstSheet").filter(|first| *first > 0) {
            tag = with_attribute(&tag, "firstSheet", &to(first).unwrap_or(0).to_string());
        }
        if tag != view.tag() {
            edits.replace(view.head.clone(), tag);
        }
    }
    if views.is_empty() {
        // Without a word on it the first sheet is the active one; the one that was so stays it.
        let prefix = book.prefix();
        let active = to(0).unwrap_or(0);
        edits.insert(
            sheets.span.start,
            format!("<{prefix}bookViews><{prefix}workbookView activeTab=\"{active}\"/></{prefix}bookViews>"),
        );
    }
}

/// A name that no sheet has yet, of at most 31 characters; Excel takes upper and lower case for one.
pub(crate) fn free_name(wanted: &str, taken: &[&str]) -> String {
    let taken: Vec<String> = taken.iter().map(|name| name.to_lowercase()).collect();
    let numbered = (2..).map(|number| format!("{wanted} ({number})"));
    std::iter::once(wanted.to_owned())
        .chain(numbered)
        .find(|name| !taken.contains(&name.to_lowercase()))
        .expect("numbers do not end")
}

/// A sheet's name as formulas and links write it.
pub(crate) fn quoted(name: &str) -> String {
    format!("'{}'", name.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOOK: &str = "<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><bookViews><workbookView firstSheet='1' activeTab='2'/><workbookView/></bookViews><sheets><sheet name='A' sheetId='7' r:id='rId1'/><sheet name='B' sheetId='3' r:id='rId2'/><sheet name='C' sheetId='4' r:id='rId3'/></sheets><definedNames><definedName name='_xlnm.Print_Titles' localSheetId='0'>A!$1:$2</definedName><definedName name='all'>B!$A$1</definedName><definedName name='x' localSheetId='2'>C!$A$1</definedName></definedNames><calcPr/></workbook>";

    #[test]
    fn a_sheet_put_first_and_taken_out() {
        let names = [
            ("_xlnm.Print_Titles", "'指摘一覧'!$7:$7", false),
            ("_xlnm._FilterDatabase", "x", true),
        ];
        let new = insert_first(BOOK, "指摘一覧", "rId9", &names).expect("a workbook");
        assert!(
            new.contains(
                "<sheets><sheet name=\"指摘一覧\" sheetId=\"8\" r:id=\"rId9\"/><sheet name='A'"
            ),
            "{new}"
        );
        assert!(
            new.contains("firstSheet='2' activeTab='3'")
                && new.contains("<workbookView activeTab=\"1\"/>")
        );
        assert!(new.contains("localSheetId='1'>A!$1:$2") && new.contains("localSheetId='3'>C!"));
        assert!(new.contains("localSheetId=\"0\">'指摘一覧'!$7:$7"));
        let old = remove(&new, "指摘一覧").expect("a workbook");
        assert_eq!(
            old,
            BOOK.replace("<workbookView/>", "<workbookView activeTab=\"0\"/>")
        );
    }

    #[test]
    fn a_workbook_with_a_prefix_and_nothing_else() {
        let book = "<x:workbook xmlns:x='m' xmlns:q='http://schemas.openxmlformats.org/officeDocument/2006/relationships'><x:sheets><x:sheet name='A' q:id='a'/></x:sheets><x:externalReferences/></x:workbook>";
        let new = insert_first(book, "<B>", "b", &[("n", "v", false)]).expect("a workbook");
        assert!(
            new.contains("<x:bookViews><x:workbookView activeTab=\"1\"/></x:bookViews><x:sheets>"),
            "{new}"
        );
        assert!(new.contains("name=\"&lt;B&gt;\" sheetId=\"1\" r:id=\"b\"/>"));
        assert!(new.contains("<x:externalReferences/><x:definedNames>"));
        assert_eq!(remove(book, "A"), None);
    }

    #[test]
    fn names() {
        assert_eq!(
            free_name("Findings", &["FINDINGS", "findings (2)"]),
            "Findings (3)"
        );
        assert_eq!(quoted("A's"), "'A''s'");
    }
}
