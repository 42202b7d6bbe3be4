//! What is doubtful about a form file that is valid: nothing that stops it, but worth a look.

use std::collections::{HashMap, HashSet};

use super::written::WrittenForm;
use super::{FormSource, Kind, checked};
use crate::control::THRESHOLD;
use crate::finding::{Finding, Value, rule};
use crate::language::Localised;
use crate::place::{Lines, Place};
use crate::text::fold;

/// Every mistake in the text of a form file; where there is none, what is doubtful about it. Each has its line and column.
///
/// ```
/// let findings = kaijisho::check_form("schema = \"kaijisho/form/1\"");
/// assert_eq!(findings[0].rule, "form-invalid");
/// ```
pub fn check_form(text: &str) -> Vec<Finding> {
    if let Err(mut mistakes) = checked::parse(text, FormSource::Given) {
        mistakes.sort_by_key(|mistake| mistake.place.clone());
        return mistakes;
    }
    toml::from_str(text).map_or_else(|_| Vec::new(), |form| doubts(&form, &Lines::new(text)))
}

fn doubtful(place: Place, key: &str, values: &[(&str, &str)]) -> Finding {
    Finding::new(rule::FORM_DOUBTFUL, place)
        .with("detail", Value::Local(Localised::label(key, values)))
}

fn doubts(form: &WrittenForm, lines: &Lines<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    if form.recognise.titles.is_empty() {
        found.push(doubtful(lines.place(0), "form-no-titles", &[]));
    }
    if form.edition.trim().is_empty() {
        found.push(doubtful(lines.place(0), "form-no-edition", &[]));
    }
    let numbers: HashSet<&str> = form
        .item
        .iter()
        .map(|item| item.as_ref().number.as_str())
        .collect();
    let mut titles: HashMap<String, &str> = HashMap::new();
    let (mut unmapped, mut unsure) = (Vec::new(), Vec::new());
    for spanned in &form.item {
        let (item, place) = (spanned.as_ref(), lines.place(spanned.span().start));
        let number = item.number.as_str();
        let title = fold(&item.title.ja);
        if title.is_empty() {
            found.push(doubtful(
                place.clone(),
                "form-no-title",
                &[("item", number)],
            ));
        } else if let Some(first) = titles.get(&title) {
            let values = [("item", number), ("first", *first)];
            found.push(doubtful(place.clone(), "form-same-title", &values));
        } else {
            titles.insert(title, number);
        }
        let above = number.rsplit_once('.').map(|(above, _)| above);
        if let Some(above) = above.filter(|above| item.parent.is_none() && numbers.contains(above))
        {
            let values = [("item", number), ("parent", above)];
            found.push(doubtful(place.clone(), "form-no-parent", &values));
        }
        let is_mapped = matches!(item.kind, Kind::Choice | Kind::Multiple);
        match (&item.control, item.confidence) {
            (None, _) if is_mapped => unmapped.push((number, place)),
            (Some(_), Some(confidence)) if confidence < THRESHOLD => unsure.push((number, place)),
            _ => {}
        }
    }
    for (items, key) in [(unmapped, "form-unmapped"), (unsure, "form-unsure")] {
        if let Some((_, place)) = items.first() {
            let numbers: Vec<&str> = items.iter().map(|(number, _)| *number).take(12).collect();
            let more = if items.len() > numbers.len() {
                " …"
            } else {
                ""
            };
            let values = [
                ("count", items.len().to_string()),
                ("items", format!("{}{more}", numbers.join(", "))),
            ];
            let values: Vec<(&str, &str)> = values
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            found.push(doubtful(place.clone(), key, &values));
        }
    }
    found.sort_by_key(|finding| finding.place.clone());
    found
}
