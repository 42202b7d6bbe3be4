//! Items of two forms that ask in the same words.
//!
//! Only for items that neither form's own controls tell apart: a form learned from a workbook may have none.
//! The same words mean the same question only in the same place, so the heading and the question above must be
//! the same too, and no second item of either form may ask in these words there.

use std::collections::HashMap;

use crate::form::{Form, Item};
use crate::text::fold;

/// The fewest letters of a question: `その他` stands for something else in every place.
const LETTERS: usize = 6;

/// The items that ask the same in the same words, as positions in both forms. An item may stand in two pairs; the first counts.
pub(super) fn alike(from: &Form, to: &Form) -> Vec<(usize, usize)> {
    let there = unique(to);
    let mut pairs: Vec<(usize, usize)> = unique(from)
        .into_iter()
        .filter_map(|(words, here)| Some((here, *there.get(&words)?)))
        .filter(|(here, there)| !is_told_by_controls(&from.items[*here], &to.items[*there]))
        .collect();
    pairs.sort_unstable();
    let same = if base(from) == base(to) {
        editions(from, to)
    } else {
        Vec::new()
    };
    // The number counts before the words.
    same.into_iter().chain(pairs).collect()
}

/// The name of a form whatever its edition: `form` of `form@2`.
fn base(form: &Form) -> (&str, crate::form::Family) {
    let id = form.id.split('@').next().unwrap_or(&form.id);
    (id, form.family)
}

/// Two editions of one form, or a form and itself: an item with the same number, question and control is the same.
fn editions(from: &Form, to: &Form) -> Vec<(usize, usize)> {
    let pairs = from.items.iter().enumerate().filter_map(|(here, item)| {
        let there = to.position(&item.number)?;
        let other = &to.items[there];
        let same = item.number == other.number
            && item.title == other.title
            && item.control == other.control
            && item.kind == other.kind
            && is_said(item);
        same.then_some((here, there))
    });
    pairs.collect()
}

/// True if the controls decide: both are sure, and they differ or both forms name them.
fn is_told_by_controls(here: &Item, there: &Item) -> bool {
    match (here.control(), there.control()) {
        (Some(one), Some(other)) => {
            one != other || (here.confidence >= 1.0 && there.confidence >= 1.0)
        }
        (Some(_) | None, _) => false,
    }
}

/// True if the item has a question and not just its number.
fn is_said(item: &Item) -> bool {
    let title = fold(&item.title.ja);
    !title.is_empty() && title != fold(item.number.as_str())
}

/// What an item asks and where: the question, the one above, the heading.
type Words = (String, String, String);

/// The items whose words no other item of the form has.
fn unique(form: &Form) -> HashMap<Words, usize> {
    let mut found: HashMap<Words, Option<usize>> = HashMap::new();
    for (at, item) in form.items.iter().enumerate() {
        let question = letters(&item.title.ja);
        if question.chars().count() < LETTERS || !is_said(item) {
            continue;
        }
        let parent = item.parent.as_ref().and_then(|parent| form.item(parent));
        let parent = parent.map(|parent| letters(&parent.title.ja));
        // A derived form has all headings in one, the innermost last.
        let heading = &form.section_of(item).title.ja;
        let heading = heading.rsplit(" / ").next().unwrap_or(heading);
        found
            .entry((
                question,
                parent.unwrap_or_default(),
                letters(without_number(heading)),
            ))
            .and_modify(|known| *known = None)
            .or_insert(Some(at));
    }
    let found = found.into_iter();
    found.filter_map(|(words, at)| Some((words, at?))).collect()
}

/// A question as it is compared: width, spaces and punctuation at its end make no difference.
fn letters(text: &str) -> String {
    let folded = fold(text);
    folded
        .trim_end_matches(|c: char| !c.is_alphanumeric())
        .to_owned()
}

/// A heading without the number before it, which another edition counts anew.
fn without_number(heading: &str) -> &str {
    heading.trim_start_matches(|c: char| {
        c.is_numeric() || c.is_whitespace() || matches!(c, '.' | '．' | '-' | ')' | '）' | '、')
    })
}
