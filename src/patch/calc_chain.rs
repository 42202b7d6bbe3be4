//! The calculation chain: the list of cells with formulas. One that names a cell without a formula is damage to Excel.

use std::collections::HashSet;

use super::book::Book;
use super::spans::{self, Splices, Tag};
use super::{At, Package, Refusal, content_types, relations};
use crate::place::parse_address;
use crate::read::ooxml::attribute;

/// Takes cells off the chain, each with the [`id`](super::book::SheetPart::id) of its sheet.
///
/// # Errors
/// Where the chain, or what leads to it, is damaged.
pub(crate) fn forget(
    package: &mut Package<'_>,
    book: &Book,
    cells: &HashSet<(u32, At)>,
) -> Result<(), Refusal> {
    if cells.is_empty() {
        return Ok(());
    }
    let leads = relations::of(package, &book.part)?;
    let Some(lead) = leads
        .into_iter()
        .find(|it| it.kind == "calcChain" && !it.external)
    else {
        return Ok(());
    };
    if !package.has(&lead.target) {
        return Ok(());
    }
    let text = package.text(&lead.target)?;
    match without(&text, cells)? {
        Some(text) => package.replace(&lead.target, text.into_bytes()),
        None => {
            package.remove(&lead.target);
            relations::remove(package, &book.part, &lead.target)?;
            content_types::remove(package, &lead.target)?;
        }
    }
    Ok(())
}

/// The chain without these cells; `None` where nothing is left.
fn without(text: &str, cells: &HashSet<(u32, At)>) -> Result<Option<String>, Refusal> {
    let mut splices = Splices::default();
    // NOTE: an entry without a sheet is on the sheet of the one before. Source: ECMA-376 part 1, 18.6.1.
    let (mut sheet, mut written) = (0u32, 0u32);
    let mut left = 0usize;
    spans::walk(text, |tag| {
        let Tag::Open { element, span, .. } = tag else {
            return true;
        };
        if element.local_name().as_ref() != "c" {
            return true;
        }
        if let Some(id) = attribute(element, "i").and_then(|id| id.parse().ok()) {
            sheet = id;
        }
        let at = attribute(element, "r").and_then(|r| parse_address(&r));
        if at.is_some_and(|at| cells.contains(&(sheet, at))) {
            splices.put(span, "");
            return true;
        }
        left += 1;
        if written != sheet && attribute(element, "i").is_none() {
            let tag = &text[span.clone()];
            splices.put(span, spans::with_attribute(tag, "i", &sheet.to_string()));
        }
        written = sheet;
        true
    })?;
    Ok((left > 0).then(|| splices.apply(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_keep_their_sheet() {
        let text = "<calcChain><c r=\"A1\" i=\"2\"/><c r=\"A2\"/><c r=\"A3\" i=\"3\"/></calcChain>";
        let gone = HashSet::from([(2, (0, 0)), (3, (1, 0))]);
        assert_eq!(
            without(text, &gone).expect("sound").as_deref(),
            Some("<calcChain><c r=\"A2\" i=\"2\"/><c r=\"A3\" i=\"3\"/></calcChain>")
        );
        let all = HashSet::from([(2, (0, 0)), (2, (1, 0)), (3, (2, 0))]);
        assert_eq!(without(text, &all).expect("sound"), None);
    }
}
