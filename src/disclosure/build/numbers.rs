//! The number of each row, as the form spells it.

use std::collections::HashSet;

use super::Part;
use crate::answer::ItemNumber;
use crate::disclosure::Ambiguous;
use crate::disclosure::layout::Slot;
use crate::form::Form;
use crate::read::grid::CellValue;

/// A row and its number.
pub(super) struct Row<'l> {
    pub(super) slot: &'l Slot,
    pub(super) number: ItemNumber,
    /// True if the number may be one of several items.
    pub(super) unclear: bool,
}

/// The numbers of a table.
pub(super) struct Numbers<'l> {
    pub(super) rows: Vec<Row<'l>>,
    pub(super) ambiguous: Vec<Ambiguous>,
}

/// The number of each row. A number stored as a number has lost its zeros; the form and the neighbours tell.
pub(super) fn of<'l>(part: &Part<'l>, form: &Form) -> Numbers<'l> {
    let mut numbers = Numbers {
        rows: Vec::new(),
        ambiguous: Vec::new(),
    };
    let slots = &part.layout.slots;
    let plain: HashSet<&ItemNumber> = slots
        .iter()
        .filter_map(|slot| slot.number.as_ref())
        .collect();
    for (at, slot) in slots.iter().enumerate() {
        let place = part.page.place(slot.number_at.0, slot.number_at.1);
        let Some(number) = &slot.number else {
            // NOTE: Excel makes a date of 8-1 or 8.1 typed into a cell; month and day are the number.
            let number = of_date(part, slot, form).filter(|number| !plain.contains(number));
            numbers.ambiguous.push(Ambiguous {
                place,
                found: slot.written_number.clone(),
                candidates: number.clone().into_iter().collect(),
            });
            numbers.rows.extend(number.map(|number| Row {
                slot,
                number,
                unclear: false,
            }));
            continue;
        };
        let next = slots.get(at + 1).and_then(|next| next.number.as_ref());
        let last = numbers.rows.last().map(|row| &row.number);
        match resolved(slot, number, form, last, next) {
            Ok(number) => numbers.rows.push(Row {
                slot,
                number,
                unclear: false,
            }),
            Err(candidates) => {
                numbers.ambiguous.push(Ambiguous {
                    place,
                    found: slot.written_number.clone(),
                    candidates,
                });
                numbers.rows.push(Row {
                    slot,
                    number: number.clone(),
                    unclear: true,
                });
            }
        }
    }
    numbers
}

/// The number in the form's spelling, or all that it may be.
fn resolved(
    slot: &Slot,
    number: &ItemNumber,
    form: &Form,
    last: Option<&ItemNumber>,
    next: Option<&ItemNumber>,
) -> Result<ItemNumber, Vec<ItemNumber>> {
    let canonical = |number: &ItemNumber| {
        form.item(number)
            .map_or_else(|| number.clone(), |item| item.number.clone())
    };
    if !slot.numeric || !number.as_str().contains('.') {
        return Ok(canonical(number));
    }
    // 4.1 stored as a number may be 4.1, 4.10 or 4.100.
    let candidates: Vec<ItemNumber> = ["", "0", "00"]
        .iter()
        .map(|zeros| ItemNumber::new(format!("{number}{zeros}")))
        .filter(|candidate| form.position(candidate).is_some())
        .collect();
    let before = last.and_then(|number| form.position(number));
    let after = next.and_then(|number| form.position(number));
    let fits = |candidate: &&ItemNumber| {
        let at = form.position(candidate);
        at.is_some()
            && (before.map(|before| before + 1) == at
                || after.is_some_and(|after| at.map(|at| at + 1) == Some(after)))
    };
    let fitting: Vec<&ItemNumber> = candidates.iter().filter(fits).collect();
    match (candidates.as_slice(), fitting.as_slice()) {
        ([], _) => Ok(canonical(number)),
        ([only], _) => Ok(canonical(only)),
        (_, [only]) => Ok(canonical(only)),
        (_, _) => Err(candidates),
    }
}

/// The item whose number a date in the column of numbers was before Excel changed it.
fn of_date(part: &Part<'_>, slot: &Slot, form: &Form) -> Option<ItemNumber> {
    let cell = part.page.cell(slot.number_at.0, slot.number_at.1)?;
    let CellValue::Date(date) = &cell.value else {
        return None;
    };
    let number = ItemNumber::new(format!("{}.{}", date.month(), date.day()));
    form.item(&number).map(|item| item.number.clone())
}
