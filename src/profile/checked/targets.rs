//! What requirements look at: controls of the catalogue, and items of forms that are known.

use toml::Spanned;

use super::{Checker, meant};
use crate::answer::{Answer, ItemNumber};
use crate::control::Controls;
use crate::error::Error;
use crate::finding::{Value, rule};
use crate::form::Form;
use crate::language::Localised;
use crate::profile::Target;
use crate::profile::written::{WrittenItemList, WrittenItemTarget, WrittenRequirement};
use crate::source::data_text;

impl Checker<'_> {
    /// The items that a file beside the profile lists, one requirement each.
    pub(super) fn listed(
        &mut self,
        id: &str,
        list: &Spanned<WrittenItemList>,
    ) -> Vec<(String, Target)> {
        let (at, list) = (list.span().start, list.as_ref());
        let path = self.folder.join(&list.file);
        let text = match data_text(&path) {
            Ok(text) => text,
            Err(error) => {
                let file = path.display().to_string();
                let cause = match error {
                    Error::Read { source, .. } => source.to_string(),
                    other => other.to_string(),
                };
                let values = [("file", file.as_str()), ("cause", cause.as_str())];
                let detail = Value::Local(Localised::label("cfg-file-unreadable", &values));
                self.wrong(rule::PROFILE_UNREADABLE, at, &[("detail", detail)]);
                return Vec::new();
            }
        };
        let form = self.forms.form(&list.form).ok();
        let mut targets: Vec<(String, Target)> = Vec::new();
        for line in text.lines() {
            let word = line.split('#').next().unwrap_or(line).trim();
            if word.is_empty() {
                continue;
            }
            let number = ItemNumber::parse(word);
            let known = number
                .as_ref()
                .and_then(|number| form.as_ref()?.item(number).map(|item| item.number.clone()));
            match known {
                Some(number) => {
                    let name = format!("{id}:{number}");
                    if targets.iter().all(|(known, _)| *known != name) {
                        let form = list.form.clone();
                        targets.push((name, Target::Item { form, number }));
                    }
                }
                None => self.unknown_item(at, word, &list.form),
            }
        }
        targets
    }

    pub(super) fn unknown_control(&mut self, control: &Spanned<String>) {
        let known = Controls::bundled().iter().map(|known| known.id.as_str());
        let near = meant(known, control.as_ref());
        self.wrong(
            rule::REQUIREMENT_UNKNOWN_CONTROL,
            control.span().start,
            &[
                ("found", Value::quoted(control.as_ref())),
                ("suggestion", near),
            ],
        );
    }

    pub(super) fn item(
        &mut self,
        target: &Spanned<WrittenItemTarget>,
        requirement: &WrittenRequirement,
    ) -> Target {
        let (at, written) = (target.span().start, target.as_ref());
        let number = ItemNumber::new(written.number.clone());
        match self.forms.form(&written.form) {
            Ok(form) => match form.item(&number) {
                Some(_) => self.fits(&form, &number, requirement),
                None => self.unknown_item(at, &written.number, &written.form),
            },
            Err(_) => self.unknown_form(at, requirement.id.as_ref(), &written.form),
        }
        Target::Item {
            form: written.form.clone(),
            number,
        }
    }

    pub(super) fn not_a_choice(&mut self, answer: &Spanned<String>, choices: &[Answer]) {
        let expected = choices
            .iter()
            .map(|answer| Localised::same(answer.code()))
            .collect();
        let values = [
            ("found", Value::quoted(answer.as_ref())),
            ("expected", Value::Words(expected)),
        ];
        self.wrong(rule::ANSWER_NOT_A_CHOICE, answer.span().start, &values);
    }

    fn unknown_form(&mut self, at: usize, requirement: &str, form: &str) {
        let known: Vec<&str> = self
            .forms
            .forms()
            .iter()
            .map(|form| form.id.as_str())
            .collect();
        let detail = Localised::label(
            "cfg-unknown-form",
            &[("form", form), ("known", &known.join(", "))],
        );
        let values = [
            ("found", Value::quoted(requirement)),
            ("detail", Value::Local(detail)),
        ];
        self.wrong(rule::REQUIREMENT_INVALID, at, &values);
    }

    fn unknown_item(&mut self, at: usize, number: &str, form: &str) {
        let values = [
            ("found", Value::quoted(number)),
            ("form", Value::plain(form)),
        ];
        self.wrong(rule::REQUIREMENT_UNKNOWN_ITEM, at, &values);
    }

    /// Answers and methods of a requirement on an item must be among the item's.
    fn fits(&mut self, form: &Form, number: &ItemNumber, requirement: &WrittenRequirement) {
        let Some(item) = form.item(number) else {
            return;
        };
        for answer in &requirement.answers {
            let known = Answer::from_code(answer.as_ref());
            if known.is_some_and(|answer| !item.choices.contains(&answer)) {
                self.not_a_choice(answer, &item.choices);
            }
        }
        for method in &requirement.methods {
            if !item
                .options
                .iter()
                .any(|option| option.is_meant_by(method.as_ref()))
            {
                let expected = item
                    .options
                    .iter()
                    .map(|option| option.title.clone())
                    .collect();
                self.wrong(
                    rule::METHOD_UNKNOWN,
                    method.span().start,
                    &[
                        ("found", Value::quoted(method.as_ref())),
                        ("expected", Value::Words(expected)),
                    ],
                );
            }
        }
    }
}
