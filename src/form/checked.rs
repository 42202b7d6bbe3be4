//! The step that checks a form file as written: everything named exists, nothing leads in a circle.

use std::collections::{HashMap, HashSet};

use toml::Spanned;

use super::written::{ChildRule, WrittenCondition, WrittenForm, WrittenItem};
use super::{Choice, Condition, Form, FormSource, HeaderField, Item, Kind, Section};
use crate::answer::{Answer, ItemNumber};
use crate::control::Controls;
use crate::finding::{Finding, Value, rule};
use crate::language::Localised;
use crate::place::Lines;
use crate::syntax::in_words;

/// How many names a message lists.
const LISTED: usize = 20;

/// Reads a form file; all mistakes come back together, each with its line and column.
///
/// One form comes back for each edition in the file, the current one first.
pub(crate) fn parse(text: &str, source: FormSource) -> Result<Vec<Form>, Vec<Finding>> {
    let lines = Lines::new(text);
    let written: WrittenForm = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        vec![
            Finding::new(rule::FORM_INVALID, lines.place(at))
                .with("detail", Value::Local(in_words(error.message()))),
        ]
    })?;
    let mut checker = Checker {
        lines,
        source,
        mistakes: Vec::new(),
    };
    let editions = if written.editions.is_empty() {
        vec![written.edition.clone()]
    } else {
        written.editions.clone()
    };
    let forms: Vec<Form> = editions
        .iter()
        .enumerate()
        .map(|(at, edition)| {
            checker.form(&written, edition, (at > 0).then(|| editions[0].as_str()))
        })
        .collect();
    if checker.mistakes.is_empty() {
        Ok(forms)
    } else {
        Err(checker.mistakes)
    }
}

struct Checker<'t> {
    lines: Lines<'t>,
    source: FormSource,
    mistakes: Vec<Finding>,
}

impl Checker<'_> {
    /// `key` is the label `form-…` that says what is wrong.
    fn wrong(&mut self, at: usize, key: &str, values: &[(&str, &str)]) {
        let finding = Finding::new(rule::FORM_INVALID, self.lines.place(at))
            .with("detail", Value::Local(Localised::label(key, values)));
        if !self.mistakes.contains(&finding) {
            self.mistakes.push(finding);
        }
    }

    /// True for a control that the catalogue does not have. Tests look at the bundled forms, so that no run need parse
    /// the catalogue for them.
    fn is_unknown(&self, control: &str) -> bool {
        self.source != FormSource::Bundled && Controls::bundled().get(control).is_none()
    }

    fn form(&mut self, written: &WrittenForm, edition: &str, newer: Option<&str>) -> Form {
        if written.id.is_empty()
            || !written
                .id
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-".contains(&b))
        {
            self.wrong(0, "form-bad-id", &[("found", &written.id)]);
        }
        let mut sections: Vec<Section> = Vec::new();
        for section in &written.section {
            let at = section.span().start;
            let section = section.as_ref();
            if sections.iter().any(|known| known.id == section.id) {
                self.wrong(at, "form-section-twice", &[("found", &section.id)]);
            }
            sections.push(Section {
                id: section.id.clone(),
                title: section.title.clone(),
            });
        }
        let here = |item: &WrittenItem| {
            item.editions.is_empty() || item.editions.iter().any(|name| name == edition)
        };
        let mut numbers: HashSet<&str> = HashSet::new();
        for item in &written.item {
            let (at, item) = (item.span().start, item.as_ref());
            for name in &item.editions {
                if !written.editions.contains(name) {
                    self.wrong(
                        at,
                        "form-unknown-edition",
                        &[
                            ("item", &item.number),
                            ("found", name),
                            ("known", &written.editions.join(", ")),
                        ],
                    );
                }
            }
            if here(item) {
                for number in item.aliases.iter().chain([&item.number]) {
                    if !numbers.insert(number) {
                        self.wrong(at, "form-number-twice", &[("found", number)]);
                    }
                }
            }
        }
        let options: HashMap<&str, Vec<&str>> = written
            .item
            .iter()
            .map(|item| {
                let item = item.as_ref();
                (
                    item.number.as_str(),
                    item.options
                        .iter()
                        .map(|option| option.id.as_str())
                        .collect(),
                )
            })
            .collect();
        let remark_for_all: Vec<Answer> = written
            .remark_rule
            .iter()
            .flat_map(|rule| rule.when.clone())
            .collect();
        let items: Vec<Item> = written
            .item
            .iter()
            .filter(|item| here(item.as_ref()))
            .map(|item| {
                self.item(
                    written,
                    item,
                    &sections,
                    &numbers,
                    &options,
                    &remark_for_all,
                )
            })
            .collect();
        self.cycles(&items, written);
        for (at_field, header) in written.header.iter().enumerate() {
            if written.header[..at_field]
                .iter()
                .any(|known| known.field == header.field)
            {
                self.wrong(0, "form-field-twice", &[("found", header.field.code())]);
            }
        }
        self.reachable(&items, written);
        let headers = written
            .header
            .iter()
            .map(|header| {
                let item = header.item.as_ref().map(|item| {
                    if !numbers.contains(item.as_ref().as_str()) {
                        self.wrong(
                            item.span().start,
                            "form-field-item",
                            &[("found", item.as_ref())],
                        );
                    }
                    ItemNumber::new(item.as_ref().clone())
                });
                HeaderField {
                    field: header.field,
                    item,
                    required: header.required,
                }
            })
            .collect();
        Form {
            id: if newer.is_some() {
                format!("{}@{edition}", written.id)
            } else {
                written.id.clone()
            },
            family: written.family,
            edition: edition.to_owned(),
            superseded_by: newer
                .map(str::to_owned)
                .or_else(|| written.superseded_by.clone()),
            title: written.title.clone(),
            provenance: written.provenance.clone(),
            source: self.source,
            compare_text: written.compare_text || written.exact_text,
            exact_text: written.exact_text,
            titles: written.recognise.titles.clone(),
            free_groups: written.free_groups.clone(),
            remarks: written.remarks,
            headers,
            sections,
            items,
            index: HashMap::new(),
        }
        .reindex()
    }

    fn item(
        &mut self,
        form: &WrittenForm,
        spanned: &Spanned<WrittenItem>,
        sections: &[Section],
        numbers: &HashSet<&str>,
        options: &HashMap<&str, Vec<&str>>,
        remark_for_all: &[Answer],
    ) -> Item {
        let (at, item) = (spanned.span().start, spanned.as_ref());
        let number = ItemNumber::new(item.number.clone());
        if ItemNumber::parse(&item.number).as_ref() != Some(&number) {
            self.wrong(at, "form-bad-number", &[("found", &item.number)]);
        }
        let section = sections
            .iter()
            .position(|section| section.id == item.section)
            .unwrap_or_else(|| {
                let known: Vec<&str> = sections.iter().map(|known| known.id.as_str()).collect();
                let known = known[..known.len().min(LISTED)].join(", ");
                let values = [
                    ("item", number.as_str()),
                    ("found", &item.section),
                    ("known", &known),
                ];
                self.wrong(at, "form-unknown-section", &values);
                0
            });
        if let Some(parent) = &item.parent
            && (!numbers.contains(parent.as_str()) || *parent == item.number)
        {
            self.wrong(
                at,
                "form-unknown-parent",
                &[("item", number.as_str()), ("found", parent)],
            );
        }
        if let Some(control) = &item.control
            && self.is_unknown(control)
        {
            self.wrong(
                at,
                "form-unknown-control",
                &[
                    ("item", number.as_str()),
                    ("found", control),
                    ("near", Controls::bundled().nearest(control)),
                ],
            );
        }
        if let Some(confidence) = item.confidence
            && !(confidence > 0.0 && confidence <= 1.0)
        {
            self.wrong(
                at,
                "form-bad-confidence",
                &[
                    ("item", number.as_str()),
                    ("found", &confidence.to_string()),
                ],
            );
        }
        match (item.kind, item.options.is_empty()) {
            (Kind::Multiple, true) => {
                self.wrong(at, "form-needs-options", &[("item", number.as_str())]);
            }
            (Kind::Choice | Kind::Text | Kind::Date, false) => {
                self.wrong(at, "form-needs-multiple", &[("item", number.as_str())]);
            }
            (Kind::Multiple, false) | (Kind::Choice | Kind::Text | Kind::Date, true) => {}
        }
        for (at_option, option) in item.options.iter().enumerate() {
            if item.options[..at_option]
                .iter()
                .any(|known| known.id == option.id)
            {
                self.wrong(
                    at,
                    "form-method-twice",
                    &[("item", number.as_str()), ("found", &option.id)],
                );
            }
        }
        let enable = match (&item.enable, &item.parent, &form.child_rule) {
            (Some(written), _, _) => self.condition(
                written.as_ref(),
                written.span().start,
                &number,
                numbers,
                options,
            ),
            (None, Some(parent), ChildRule::ParentYes) => Some(Condition::Is {
                item: ItemNumber::new(parent.clone()),
                is: vec![Answer::Yes],
            }),
            (None, _, _) => None,
        };
        let choices = match item.kind {
            Kind::Choice => item.choices.clone().unwrap_or_else(|| form.choices.clone()),
            Kind::Multiple | Kind::Text | Kind::Date => item.choices.clone().unwrap_or_default(),
        };
        if item.kind == Kind::Choice && choices.is_empty() {
            self.wrong(at, "form-empty-choices", &[("item", number.as_str())]);
        }
        for answer in &item.remark_when {
            if !choices.contains(answer) {
                self.wrong(
                    at,
                    "form-remark-choice",
                    &[("item", number.as_str()), ("found", answer.code())],
                );
            }
        }
        let mut remark_when = remark_for_all.to_vec();
        remark_when.extend(
            item.remark_when
                .iter()
                .filter(|answer| !remark_for_all.contains(answer)),
        );
        Item {
            number,
            section,
            parent: item.parent.clone().map(ItemNumber::new),
            title: item.title.clone(),
            kind: item.kind,
            choices,
            options: item
                .options
                .iter()
                .map(|o| Choice {
                    id: o.id.clone(),
                    title: o.title.clone(),
                    words: o.words.clone(),
                })
                .collect(),
            required: item.required.unwrap_or(true),
            enable,
            on_disabled: item.on_disabled,
            remark_when,
            aliases: item.aliases.iter().cloned().map(ItemNumber::new).collect(),
            control: item.control.clone(),
            confidence: item.confidence.unwrap_or(1.0),
            because: Vec::new(),
            references: item.references.clone().into_iter().collect(),
        }
    }

    fn condition(
        &mut self,
        written: &WrittenCondition,
        at: usize,
        number: &ItemNumber,
        numbers: &HashSet<&str>,
        options: &HashMap<&str, Vec<&str>>,
    ) -> Option<Condition> {
        let target = |this: &mut Self, name: &str| {
            if !numbers.contains(name) || name == number.as_str() {
                let values = [("item", number.as_str()), ("found", name)];
                this.wrong(at, "form-condition-item", &values);
            }
            ItemNumber::new(name)
        };
        let many = |this: &mut Self, parts: &[WrittenCondition]| -> Vec<Condition> {
            if parts.is_empty() {
                this.wrong(at, "form-empty-conditions", &[("item", number.as_str())]);
            }
            parts
                .iter()
                .filter_map(|part| this.condition(part, at, number, numbers, options))
                .collect()
        };
        match written {
            WrittenCondition {
                item: Some(item),
                is: Some(is),
                ticked: None,
                all: None,
                any: None,
            } if !is.is_empty() => Some(Condition::Is {
                item: target(self, item),
                is: is.clone(),
            }),
            WrittenCondition {
                item: Some(item),
                is: None,
                ticked: Some(ticked),
                all: None,
                any: None,
            } if !ticked.is_empty() => {
                let known = options.get(item.as_str()).cloned().unwrap_or_default();
                for method in ticked {
                    if !known.contains(&method.as_str()) {
                        self.wrong(
                            at,
                            "form-condition-method",
                            &[
                                ("item", number.as_str()),
                                ("other", item),
                                ("found", method),
                                ("known", &known.join(", ")),
                            ],
                        );
                    }
                }
                Some(Condition::Ticked {
                    item: target(self, item),
                    ticked: ticked.clone(),
                })
            }
            WrittenCondition {
                item: None,
                is: None,
                ticked: None,
                all: Some(parts),
                any: None,
            } => Some(Condition::All(many(self, parts))),
            WrittenCondition {
                item: None,
                is: None,
                ticked: None,
                all: None,
                any: Some(parts),
            } => Some(Condition::Any(many(self, parts))),
            _ => {
                self.wrong(at, "form-bad-condition", &[("item", number.as_str())]);
                None
            }
        }
    }

    /// A condition must look at answers that the other item can have.
    fn reachable(&mut self, items: &[Item], written: &WrittenForm) {
        fn answers<'c>(condition: &'c Condition, found: &mut Vec<(&'c ItemNumber, &'c [Answer])>) {
            match condition {
                Condition::Is { item, is } => found.push((item, is)),
                Condition::Ticked { .. } => {}
                Condition::All(parts) | Condition::Any(parts) => {
                    parts.iter().for_each(|part| answers(part, found));
                }
            }
        }
        let mut by_number: HashMap<&ItemNumber, &Item> = HashMap::new();
        for item in items {
            for number in item.aliases.iter().chain([&item.number]) {
                by_number.entry(number).or_insert(item);
            }
        }
        for item in items {
            let mut wanted = Vec::new();
            if let Some(condition) = &item.enable {
                answers(condition, &mut wanted);
            }
            for (number, is) in wanted {
                let other = by_number.get(number);
                // A condition that comes from the form's rule for children is not written anywhere.
                let by_rule = item.parent.as_ref() == Some(number);
                let possible = other
                    .is_none_or(|other| is.iter().any(|answer| other.choices.contains(answer)));
                if !possible && !by_rule {
                    let at = written
                        .item
                        .iter()
                        .find(|known| known.as_ref().number == item.number.as_str())
                        .map_or(0, |known| known.span().start);
                    self.wrong(
                        at,
                        "form-condition-answer",
                        &[("item", item.number.as_str()), ("other", number.as_str())],
                    );
                }
            }
        }
    }

    /// Conditions and parents must not lead back to where they start.
    fn cycles(&mut self, items: &[Item], written: &WrittenForm) {
        let index: HashMap<&ItemNumber, usize> = items
            .iter()
            .enumerate()
            .map(|(at, item)| (&item.number, at))
            .collect();
        let mut done = vec![false; items.len()];
        for start in 0..items.len() {
            let (mut path, mut stack) = (Vec::new(), vec![(start, false)]);
            while let Some((at, leaving)) = stack.pop() {
                if leaving {
                    path.pop();
                    done[at] = true;
                    continue;
                }
                if path.contains(&at) {
                    let number = &items[at].number;
                    let span = written
                        .item
                        .iter()
                        .find(|item| item.as_ref().number == number.as_str());
                    self.wrong(
                        span.map_or(0, |item| item.span().start),
                        "form-circle",
                        &[("item", number.as_str())],
                    );
                    return;
                }
                if done[at] {
                    continue;
                }
                path.push(at);
                stack.push((at, true));
                let governed = items[at]
                    .enable
                    .as_ref()
                    .map(Condition::items)
                    .unwrap_or_default();
                for next in governed.into_iter().chain(items[at].parent.as_ref()) {
                    if let Some(next) = index.get(next) {
                        stack.push((*next, false));
                    }
                }
            }
        }
    }
}
