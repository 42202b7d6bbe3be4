//! From what a sheet shows to a form: sections, parents, conditions, choices, methods.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::clauses::Clauses;
use super::edition::{digits, edition};
use super::{Draft, Learned, LearnedRow, Unsure, Wanted, proposals};
use crate::answer::{Answer, ItemNumber};
use crate::form::{
    Catalog, Choice, Condition, Family, Field, Form, FormSource, HeaderField, Item, Kind,
    OnDisabled, Section,
};
use crate::language::Localised;
use crate::source::Source;
use crate::text::{fold, show};
use crate::vocabulary::Vocabulary;

/// Whom a form is about: the user's word, else that of its titles, else a product.
pub(super) fn family(learned: &Learned, wanted: &Wanted) -> Family {
    wanted.family.or(learned.family).unwrap_or(Family::Mds)
}

/// Makes a form of a sheet. `several` is true where the workbook holds more than one.
pub(super) fn compose(
    mut learned: Learned,
    wanted: &Wanted,
    several: bool,
    source: &Source,
) -> Draft {
    let family = family(&learned, wanted);
    let edition = wanted.edition.clone().or_else(|| {
        let titles = learned.titles.iter().chain(&learned.above);
        titles.filter_map(|title| edition(title)).next()
    });
    let file = source
        .name
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or(&source.name);
    let file = show(file, 200);
    let title = learned
        .titles
        .first()
        .cloned()
        .unwrap_or_else(|| file.clone());
    let sheet = learned.sheet.clone();
    let values = [("file", file.as_str()), ("sheet", &*sheet)];
    let rows = unique(&mut learned);
    let (sections, places) = sections(&rows);
    let form = Form {
        id: id(family, edition.as_deref(), wanted, several),
        family,
        edition: edition.unwrap_or_default(),
        superseded_by: None,
        title: Localised::same(title.replace('\n', " ")),
        provenance: Localised::label("import-provenance", &values),
        source: FormSource::Imported,
        compare_text: true,
        exact_text: true,
        titles: learned.titles.clone(),
        free_groups: Vec::new(),
        remarks: learned.remarks,
        headers: learned.headers.iter().map(|field| header(*field)).collect(),
        sections,
        items: items(&rows, &places, &mut learned),
        index: HashMap::new(),
    }
    .reindex();
    Draft {
        proposals: proposals(&form),
        form,
        sheet: learned.sheet,
        unsure: learned.unsure,
        file,
        sha256: source.sha256.clone(),
    }
}

/// The id said, with the family behind it where there are several forms; else family and edition.
fn id(family: Family, edition: Option<&str>, wanted: &Wanted, several: bool) -> String {
    match &wanted.id {
        Some(id) if several => format!("{id}-{}", family.code()),
        Some(id) => id.clone(),
        None => {
            let edition = edition.map(digits).filter(|digits| !digits.is_empty());
            let edition = edition.unwrap_or_else(|| "imported".to_owned());
            format!("{}-{edition}", family.code())
        }
    }
}

fn header(field: Field) -> HeaderField {
    let required = match field {
        Field::Date | Field::Manufacturer | Field::Product => true,
        Field::Model | Field::Version => false,
    };
    HeaderField {
        field,
        item: None,
        required,
    }
}

/// The rows with each number once; what stands twice is told.
fn unique(learned: &mut Learned) -> Vec<LearnedRow> {
    let mut seen: HashSet<ItemNumber> = HashSet::new();
    let mut kept = Vec::new();
    for row in std::mem::take(&mut learned.rows) {
        if seen.insert(row.number.clone()) {
            kept.push(row);
        } else {
            let values = [("item", row.number.as_str())];
            let what = Localised::label("import-number-twice", &values);
            learned.unsure.push(Unsure::new(row.place, what));
        }
    }
    kept
}

/// The sections in order, and that of each row.
fn sections(rows: &[LearnedRow]) -> (Vec<Section>, Vec<usize>) {
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut sections: Vec<Section> = Vec::new();
    // A numbered row without an answer heads the rows whose numbers begin with its own.
    let mut heading: Option<&LearnedRow> = None;
    let mut places = Vec::new();
    for row in rows {
        if !row.is_asked {
            heading = Some(row);
        }
        let below = |heading: &&LearnedRow| {
            let head = heading.number.as_str();
            let number = row.number.as_str();
            number == head
                || number
                    .strip_prefix(head)
                    .is_some_and(|rest| rest.starts_with('.'))
        };
        heading = heading.filter(below);
        let title = match (heading, &row.section) {
            (Some(heading), _) => format!("{} {}", heading.number, heading.text),
            (None, Some(section)) => section.replace('\n', " "),
            (None, None) => String::new(),
        };
        let at = *known.entry(title.clone()).or_insert_with(|| {
            sections.push(Section {
                id: (sections.len() + 1).to_string(),
                title: Localised::same(title),
            });
            sections.len() - 1
        });
        places.push(at);
    }
    if sections.is_empty() {
        sections.push(Section {
            id: "1".to_owned(),
            title: Localised::default(),
        });
    }
    (sections, places)
}

fn items(rows: &[LearnedRow], sections: &[usize], learned: &mut Learned) -> Vec<Item> {
    let asked: HashMap<&ItemNumber, bool> =
        rows.iter().map(|row| (&row.number, row.is_asked)).collect();
    let usual = if learned.choices.is_empty() {
        vec![Answer::Yes, Answer::No, Answer::Na]
    } else {
        learned.choices.clone()
    };
    let mut before: HashSet<&ItemNumber> = HashSet::new();
    let mut items = Vec::new();
    for (row, section) in rows.iter().zip(sections) {
        let offer = Offer::of(row, &usual, &mut learned.unsure);
        let parent = ancestor(&row.number, &asked);
        let enable = parent
            .clone()
            .filter(|_| row.is_asked)
            .map(|parent| condition(row, parent, &before, &mut learned.unsure));
        items.push(Item {
            number: row.number.clone(),
            section: *section,
            parent: parent.filter(|_| row.is_asked),
            title: Localised::same(row.text.clone()),
            kind: offer.kind,
            choices: offer.choices,
            options: offer.options,
            required: row.is_asked,
            enable,
            on_disabled: OnDisabled::Contradict,
            remark_when: Vec::new(),
            aliases: Vec::new(),
            control: None,
            confidence: 1.0,
            because: Vec::new(),
            references: references(row),
        });
        before.insert(&row.number);
    }
    items
}

/// The nearest row above by its number that asks something.
fn ancestor(number: &ItemNumber, asked: &HashMap<&ItemNumber, bool>) -> Option<ItemNumber> {
    let mut above = number.parent();
    while let Some(number) = above {
        if asked.get(&number).copied() == Some(true) {
            return Some(number);
        }
        above = number.parent();
    }
    None
}

/// When a child is asked: where its question names another answer than yes, or another item, that; else when its parent says yes.
fn condition(
    row: &LearnedRow,
    parent: ItemNumber,
    before: &HashSet<&ItemNumber>,
    unsure: &mut Vec<Unsure>,
) -> Condition {
    let said = named_condition(&row.text);
    let is = said.as_ref().map_or(Answer::Yes, |(_, answer)| *answer);
    let named = said.and_then(|(number, _)| number);
    let item = match named {
        Some(number) if before.contains(&number) => number,
        Some(number) if number != parent => {
            let values = [("item", row.number.as_str()), ("other", number.as_str())];
            let what = Localised::label("import-condition-unknown", &values);
            unsure.push(Unsure::new(row.place.clone(), what));
            parent
        }
        Some(_) | None => parent,
    };
    Condition::Is { item, is: vec![is] }
}

/// `はいの場合`, `4.1で「いいえ」と答えた場合`, `if no`: the answer, and the item where one is named before it.
fn named_condition(text: &str) -> Option<(Option<ItemNumber>, Answer)> {
    let folded = fold(text);
    const ENDS: [&str; 6] = [
        "の場合",
        "と答えた場合",
        "と回答した場合",
        "のとき",
        "と答えたとき",
        "を選択した場合",
    ];
    for (word, answer) in [("いいえ", Answer::No), ("はい", Answer::Yes)] {
        for (start, found) in folded.match_indices(word) {
            let rest = folded[start + found.len()..].trim_start_matches(['」', '』', '"', '\'']);
            if ENDS.iter().any(|end| rest.starts_with(end)) {
                return Some((number_before(&folded[..start]), answer));
            }
        }
    }
    // White space is folded away: "if no," reads "ifno,".
    let english = folded.strip_prefix('(').unwrap_or(&folded);
    [("ifyes,", Answer::Yes), ("ifno,", Answer::No)]
        .into_iter()
        .find(|(start, _)| english.starts_with(start))
        .map(|(_, answer)| (None, answer))
}

/// The item number right before an answer: `4.1で「`, `項目4.1が`.
fn number_before(text: &str) -> Option<ItemNumber> {
    let text = text.trim_end_matches(['「', '『', '"', '\'', 'で', 'が', 'に', 'は', 'の']);
    let text = text
        .strip_suffix("回答")
        .unwrap_or(text)
        .trim_end_matches('の');
    let start = text
        .char_indices()
        .rev()
        .take_while(|(_, c)| c.is_ascii_digit() || matches!(c, '.' | '-'))
        .last()
        .map(|(at, _)| at)?;
    ItemNumber::parse(&text[start..])
}

fn references(row: &LearnedRow) -> Vec<(String, Vec<String>)> {
    let mut clauses = Clauses::default();
    for (heading, text) in &row.cited {
        clauses.add_column(heading, text);
    }
    clauses.add_question(&row.text);
    clauses.into_references()
}

/// What a row takes for an answer.
struct Offer {
    kind: Kind,
    choices: Vec<Answer>,
    options: Vec<Choice>,
}

impl Offer {
    fn of(row: &LearnedRow, usual: &[Answer], unsure: &mut Vec<Unsure>) -> Self {
        let words = Vocabulary::get();
        let plain = |kind, choices: &[Answer]| Self {
            kind,
            choices: choices.to_vec(),
            options: Vec::new(),
        };
        if !row.is_asked {
            return plain(Kind::Text, &[]);
        }
        let (mut answers, mut others): (Vec<Answer>, Vec<&str>) = (Vec::new(), Vec::new());
        for word in &row.offered {
            match words.answer(word) {
                Some(answer) => answers.push(answer),
                None => others.push(word),
            }
        }
        answers.sort_unstable();
        answers.dedup();
        let yes_or_no = answers.contains(&Answer::Yes) && answers.contains(&Answer::No);
        if others.len() >= 2 && !yes_or_no {
            return Self {
                kind: Kind::Multiple,
                choices: answers,
                options: methods(&others),
            };
        }
        for word in others {
            let shown = show(word, 40);
            let values = [("item", row.number.as_str()), ("found", shown.as_str())];
            let what = Localised::label("import-word-no-answer", &values);
            unsure.push(Unsure::new(row.place.clone(), what));
        }
        plain(
            Kind::Choice,
            if answers.len() >= 2 { &answers } else { usual },
        )
    }
}

/// The ids that the bundled forms have for methods, by the words for them, folded.
static KNOWN_METHODS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let catalog = Catalog::bundled();
    let items = catalog.forms().iter().flat_map(|form| &form.items);
    let mut known = HashMap::new();
    for option in items.flat_map(|item| &item.options) {
        let names = [&option.id, &option.title.ja, &option.title.en];
        for name in names.into_iter().chain(&option.words) {
            known.entry(fold(name)).or_insert_with(|| option.id.clone());
        }
    }
    known
});

/// The methods of a row, under the ids that the bundled forms have for them, else under numbers.
fn methods(words: &[&str]) -> Vec<Choice> {
    let mut seen: HashSet<String> = HashSet::new();
    let mut ids: HashSet<String> = HashSet::new();
    let mut methods: Vec<Choice> = Vec::new();
    for word in words {
        let folded = fold(word);
        let known = KNOWN_METHODS.get(&folded).cloned();
        if !seen.insert(folded) {
            continue;
        }
        let id = known
            .filter(|id| !ids.contains(id))
            .unwrap_or_else(|| format!("m{}", methods.len() + 1));
        ids.insert(id.clone());
        methods.push(Choice {
            id,
            title: Localised::same(*word),
            words: Vec::new(),
        });
    }
    methods
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_that_questions_name() {
        let number = |text: &str| Some(ItemNumber::new(text));
        for (text, expected) in [
            (
                "「はい」の場合、記録を残しますか",
                Some((None, Answer::Yes)),
            ),
            (
                "（いいえの場合）代わりの対策はありますか",
                Some((None, Answer::No)),
            ),
            (
                "４．１で「いいえ」と答えた場合",
                Some((number("4.1"), Answer::No)),
            ),
            (
                "項目12の回答がはいの場合",
                Some((number("12"), Answer::Yes)),
            ),
            ("If no, answer N/A", Some((None, Answer::No))),
            ("はい・いいえで答えてください", None),
            ("該当する場合は備考に", None),
        ] {
            assert_eq!(named_condition(text), expected, "{text}");
        }
    }
}
