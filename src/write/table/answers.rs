//! A row of the table of answers: one item of one disclosure.

use super::{ABOUT, About, Cell};
use crate::disclosure::Entry;
use crate::form::Item;

/// Columns of an item.
const OWN: usize = 12;

/// The row of an entry; `position` is its place among those of the disclosure.
pub(super) fn row<'a>(
    about: &'a About<'a>,
    position: usize,
    entry: &'a Entry,
) -> [Cell<'a>; ABOUT + OWN] {
    let item = entry.item.map(|at| &about.disclosure.form.items[at]);
    let control = item.and_then(Item::control);
    let own: [Cell<'a>; OWN] = [
        Cell::position(position),
        Cell::Text(entry.number.to_string().into()),
        Cell::of(control),
        item.filter(|_| control.is_some())
            .map_or(Cell::Nothing, |item| Cell::Share(item.confidence)),
        Cell::of(entry.text.as_ref().map(|text| text.text.as_str())),
        Cell::of(entry.answer.map(|answer| answer.code())),
        Cell::Texts(&entry.options),
        Cell::text(entry.state.code()),
        Cell::written(&entry.written),
        Cell::of(entry.remark.text.as_deref()),
        Cell::of(entry.remark.reference.as_deref()),
        Cell::Text(entry.place.to_string().into()).or_nothing(),
    ];
    let mut cells = about.cells().into_iter().chain(own);
    std::array::from_fn(|_| cells.next().expect("as many as both have"))
}
