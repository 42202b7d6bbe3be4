//! The step that checks one answer of a product source file: what it answers exists, and takes what it says.

use jiff::civil::Date;
use toml::Spanned;

use super::checked::Checker;
use super::written::{WrittenAnswer, WrittenEvidence};
use super::{Evidence, Kept, Subject};
use crate::answer::{Answer, ItemNumber};
use crate::control::Controls;
use crate::disclosure::parse_date;
use crate::form::{Item, Kind};
use crate::language::{Language, Localised};
use crate::text::is_blank;
use crate::vocabulary::Vocabulary;

impl Checker<'_> {
    /// An answer, checked; `None` where what it answers is not known.
    pub(super) fn answer(
        &mut self,
        spanned: &Spanned<WrittenAnswer>,
        reviewed: Option<Date>,
    ) -> Option<Kept> {
        let (at, written) = (spanned.span().start, spanned.as_ref());
        let answer = written
            .answer
            .as_ref()
            .and_then(|answer| self.choice(answer));
        let text = written.text.as_ref().map(|text| self.text(text));
        let text = text.filter(|text| !is_blank(&text.ja) || !is_blank(&text.en));
        let remark = written.remark.as_ref().map(|remark| self.text(remark));
        let remark = remark.filter(|remark| !is_blank(&remark.ja) || !is_blank(&remark.en));
        if written.answer.is_none() && written.options.is_empty() && text.is_none() {
            self.wrong(at, "products-says-nothing", &[]);
        }
        if let Some(answer @ (Answer::No | Answer::Na | Answer::SeeNote)) = answer
            && let Some(option) = written.options.first()
        {
            let values = [("answer", answer.code())];
            self.wrong(option.span().start, "products-options-beside", &values);
        }
        let evidence = written
            .evidence
            .iter()
            .map(|evidence| self.evidence(evidence.as_ref()))
            .collect();
        let subject = self.subject(at, written);
        let own_day = self.day_if(written.reviewed.as_ref());
        let said = written.answer.as_ref().map(Spanned::span);
        let said = said
            .or_else(|| written.options.first().map(Spanned::span))
            .or_else(|| written.text.as_ref().map(Spanned::span));
        let said_at = said.map_or(at, |said| said.start);
        let kept = Kept {
            subject: subject?,
            answer,
            options: written
                .options
                .iter()
                .map(|option| option.as_ref().trim().to_owned())
                .collect(),
            text,
            remark,
            evidence,
            reviewed: own_day.or(reviewed),
            place: self.place(at),
            said_at: self.place(said_at),
            remark_at: self.place(written.remark.as_ref().map_or(said_at, |r| r.span().start)),
            reviewed_at: self.place(written.reviewed.as_ref().map_or(at, |r| r.span().start)),
        };
        // A word that is no answer has been told already.
        if let Subject::Item { form, item } = kept.subject
            && kept.answer.is_some() == written.answer.is_some()
        {
            self.fits_item(written, &kept, form, item);
        }
        Some(kept)
    }

    /// A choice by its code, or by the word that a form prints.
    fn choice(&mut self, written: &Spanned<String>) -> Option<Answer> {
        let said = written.as_ref().trim();
        let answer = Answer::from_code(&said.to_ascii_lowercase())
            .or_else(|| Vocabulary::get().answer(said));
        if answer.is_none() {
            let values = [("found", said)];
            self.wrong(written.span().start, "products-no-choice", &values);
        }
        answer
    }

    fn evidence(&mut self, written: &WrittenEvidence) -> Evidence {
        Evidence {
            title: written.title.text(),
            link: written.link.clone().filter(|link| !is_blank(link)),
            file: written.file.clone().filter(|file| !is_blank(file)),
            date: self.day_if(written.date.as_ref()),
        }
    }

    /// What it answers: a control, or an item of a form; exactly one of both.
    fn subject(&mut self, at: usize, written: &WrittenAnswer) -> Option<Subject> {
        match (&written.control, &written.form, &written.item) {
            (Some(control), None, None) => {
                let id = control.as_ref().trim();
                if Controls::bundled().get(id).is_none() {
                    let near = Controls::bundled().nearest(id);
                    let values = [("found", id), ("near", near)];
                    self.wrong(control.span().start, "products-unknown-control", &values);
                    return None;
                }
                Some(Subject::Control(id.to_owned()))
            }
            (None, Some(form_name), Some(item)) => {
                let number = self.quoted(item, "item");
                let form = self.form(form_name)?;
                let number = number?;
                let found = self.forms[form].position(&ItemNumber::new(number.as_str()));
                if found.is_none() {
                    let id = self.forms[form].id.clone();
                    let values = [("found", number.as_str()), ("form", id.as_str())];
                    self.wrong(item.span().start, "products-unknown-item", &values);
                }
                found.map(|item| Subject::Item { form, item })
            }
            (None, None, None) => {
                self.wrong(at, "products-no-subject", &[]);
                None
            }
            (_, _, _) => {
                self.wrong(at, "products-two-subjects", &[]);
                None
            }
        }
    }

    /// An answer to an item must be one that the item takes.
    fn fits_item(&mut self, written: &WrittenAnswer, kept: &Kept, form: usize, item: usize) {
        let form = self.forms[form].clone();
        let item = &form.items[item];
        let (key, at) = match misfit(item, kept).or_else(|| superfluous(item, kept)) {
            None => return,
            Some(Misfit::Answer) => ("products-not-taken", written.answer.as_ref().map(span)),
            Some(Misfit::Option(at)) => ("products-not-taken", written.options.get(at).map(span)),
            Some(Misfit::Text) => ("products-not-taken", written.text.as_ref().map(span)),
            Some(Misfit::Nothing) => ("products-needs", None),
        };
        let takes = takes(item);
        let at = at.or_else(|| written.item.as_ref().map(span)).unwrap_or(0);
        let detail = Localised {
            ja: Language::Ja
                .label_with(key, &[("item", item.number.as_str()), ("takes", &takes.ja)]),
            en: Language::En
                .label_with(key, &[("item", item.number.as_str()), ("takes", &takes.en)]),
        };
        self.wrong_in_words(at, detail);
    }
}

fn span<T>(spanned: &Spanned<T>) -> usize {
    spanned.span().start
}

/// What of an answer an item does not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Misfit {
    /// The choice.
    Answer,
    /// This one of the methods.
    Option(usize),
    /// The text is no date.
    Text,
    /// It says nothing of the kind that the item asks for.
    Nothing,
}

/// What of an answer an item does not take, if anything; what is of another kind is left aside.
pub(super) fn misfit(item: &Item, kept: &Kept) -> Option<Misfit> {
    let chosen = |takes: bool| if takes { None } else { Some(Misfit::Answer) };
    match item.kind {
        Kind::Choice => kept.answer.map_or(Some(Misfit::Nothing), |answer| {
            chosen(item.choices.contains(&answer))
        }),
        Kind::Multiple => {
            let known = |method: &String| item.options.iter().any(|o| o.is_meant_by(method));
            match (
                kept.options.iter().position(|method| !known(method)),
                kept.answer,
            ) {
                (Some(at), _) => Some(Misfit::Option(at)),
                (None, _) if !kept.options.is_empty() => None,
                (None, Some(answer)) => chosen(item.choices.contains(&answer)),
                (None, None) => Some(Misfit::Nothing),
            }
        }
        Kind::Text => kept.text.is_none().then_some(Misfit::Nothing),
        Kind::Date => match &kept.text {
            None => Some(Misfit::Nothing),
            Some(text) => {
                let dates = [&text.ja, &text.en].map(|text| parse_date(text));
                dates.contains(&None).then_some(Misfit::Text)
            }
        },
    }
}

/// What is said to an item that asks for another kind of answer: it would be lost.
fn superfluous(item: &Item, kept: &Kept) -> Option<Misfit> {
    let (choice, options, text) = match item.kind {
        Kind::Choice => (true, false, false),
        Kind::Multiple => (true, true, false),
        Kind::Text | Kind::Date => (false, false, true),
    };
    let answer = (!choice && kept.answer.is_some()).then_some(Misfit::Answer);
    let methods = (!options && !kept.options.is_empty()).then_some(Misfit::Option(0));
    let words = (!text && kept.text.is_some()).then_some(Misfit::Text);
    answer.or(methods).or(words)
}

/// What an item takes, in words.
pub(super) fn takes(item: &Item) -> Localised {
    let words = |language: Language| {
        let methods = item.options.iter().map(|option| {
            let title = option.title.text(language);
            if title == option.id {
                format!("\"{}\"", option.id)
            } else {
                format!("\"{}\" ({title})", option.id)
            }
        });
        let choices = item
            .choices
            .iter()
            .map(|answer| format!("\"{}\"", answer.code()));
        let said: Vec<String> = match item.kind {
            Kind::Choice => choices.collect(),
            Kind::Multiple => methods.chain(choices).collect(),
            Kind::Text => vec![language.label("products-takes-text")],
            Kind::Date => vec![language.label("products-takes-date")],
        };
        said.join(", ")
    };
    Localised {
        ja: words(Language::Ja),
        en: words(Language::En),
    }
}
