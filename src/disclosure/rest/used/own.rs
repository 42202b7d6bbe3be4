//! What this tool prints on its own sheets besides a disclosure: notices, titles of sections, the state of items.

use crate::form::Form;
use crate::language::{Language, Localised};
use crate::read::grid::Sheet;
use crate::text::fold;

/// The heading of the column of states, as `write` prints it.
const STATE: [&str; 2] = ["状態", "State"];

/// True for a column that helps to fill the sheet: the state of the items, or one that is hidden.
pub(super) fn is_helper(sheet: &Sheet, column: u32, heading: &str) -> bool {
    let heading = fold(heading);
    let bare = heading.split('(').next().unwrap_or_default();
    sheet.is_column_hidden(column) || STATE.iter().any(|state| fold(state) == bare)
}

/// True for the notice below the title, and for the title of a section.
pub(super) fn is_printed(form: &Form, text: &str) -> bool {
    let says = |known: &Localised| {
        let mut texts = Language::ALL.iter().map(|language| known.text(*language));
        texts.any(|known| !known.is_empty() && text.contains(known))
    };
    if says(&form.provenance)
        || ["new-how-to", "new-colours"]
            .iter()
            .any(|key| says(&Localised::label(key, &[])))
    {
        return true;
    }
    let text = fold(text);
    form.sections.iter().any(|section| {
        let [ja, en] = Language::ALL.map(|language| fold(section.title.text(language)));
        text == ja || text == en || text == format!("{ja}/{en}")
    })
}
