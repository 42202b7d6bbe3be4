//! The words that several report formats share: codes as labels, places, answers, names.
//!
//! Everything that comes from a file leaves here harmless (control and direction characters shown);
//! escaping for the format stays with the format.

use super::model::{Document, ItemInfo, PlaceInfo, ResultInfo, ReturnedOpen, WaiverInfo};
use crate::answer::{Answer, State};
use crate::assess::Verdict;
use crate::finding::{Rules, Severity};
use crate::form::FormSource;
use crate::language::Language;
use crate::profile::Level;
use crate::text::harmless;

/// A listed finding that is still there, in one line: place, code, item and what the rule says.
pub(super) fn still_open(open: &ReturnedOpen, language: Language) -> String {
    let title = Rules::bundled()
        .find(&open.code)
        .map_or("", |rule| rule.text(language).title.as_str());
    let item = open
        .item
        .as_deref()
        .map(|item| language.label_with("returned-item", &[("item", item)]));
    let parts = [
        place(open.place.as_ref()),
        open.code.clone(),
        item.unwrap_or_default(),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    harmless(&format!("{}: {title}", parts.join(" ")))
}

/// The word for a severity.
pub(super) fn severity(severity: Severity, language: Language) -> String {
    language.label(&format!("severity-{}", severity.code()))
}

/// What stands before the things that would be right, by the name of the rule: choices of an answer, or
/// names, numbers and texts of the form, which nobody writes into an answer.
pub(super) fn expected(rule: &str, language: Language) -> String {
    language
        .known_label(&format!("expected-{rule}"))
        .unwrap_or_else(|| language.label("expected"))
}

/// The word for a verdict.
pub(super) fn verdict(verdict: Verdict, language: Language) -> String {
    language.label(&format!("verdict-{}", verdict.code()))
}

/// The word for a level.
pub(super) fn level(level: Level, language: Language) -> String {
    language.label(&format!("level-{}", level.code()))
}

/// The word for how an item was answered.
pub(super) fn state(state: State, language: Language) -> String {
    language.label(&format!("state-{}", state.code()))
}

/// The word for how a form became known.
pub(super) fn source(source: FormSource, language: Language) -> String {
    language.label(&format!("source-{}", source.code()))
}

/// The sign that stands beside a word, so that colour is never alone.
pub(super) fn severity_sign(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "×",
        Severity::Warning => "！",
        Severity::Note => "ⓘ",
    }
}

/// The sign that stands beside a word, so that colour is never alone.
pub(super) fn verdict_sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Unmet => "×",
        Verdict::Undecided => "？",
        Verdict::Waived => "△",
        Verdict::Met => "○",
        Verdict::NotApplicable => "－",
    }
}

/// A text of a file, harmless; nothing where there is none.
pub(super) fn text(text: Option<&str>) -> String {
    text.map(harmless).unwrap_or_default()
}

/// A place in one word; nothing for the whole file.
pub(super) fn place(place: Option<&PlaceInfo>) -> String {
    place
        .map(|place| harmless(&place.label()))
        .unwrap_or_default()
}

/// An item's answer: its word, the text where a text is asked, or the word for what is wrong with it.
pub(super) fn answer_of(item: &ItemInfo, language: Language) -> String {
    match (item.answer, item.state) {
        (Some(answer), _) => answer.word(language).to_owned(),
        (None, State::Answered) => text(item.written.as_deref()),
        (None, State::Unanswered | State::Conflicting | State::Unknown) => {
            state(item.state, language)
        }
    }
}

/// The answer that a result rests on.
pub(super) fn result_answer(result: &ResultInfo, language: Language) -> String {
    match (result.answer, &result.written, &result.item) {
        (Some(answer), _, _) => answer.word(language).to_owned(),
        (None, Some(written), _) => harmless(written),
        (None, None, Some(_)) => state(State::Unanswered, language),
        (None, None, None) => String::new(),
    }
}

/// Answers in a row: `はい／対象外`.
pub(super) fn answers(answers: &[Answer], language: Language) -> String {
    let words: Vec<&str> = answers.iter().map(|answer| answer.word(language)).collect();
    words.join(match language {
        Language::Ja => "／",
        Language::En => " / ",
    })
}

/// How sure the match of item and control is, where it is only estimated; nothing where the form names the control.
pub(super) fn estimate(result: &ResultInfo, language: Language) -> String {
    result.doubt_percent().map_or_else(String::new, |percent| {
        language.label_with("confidence", &[("percent", &percent.to_string())])
    })
}

/// A waiver in one line, with what is done instead.
pub(super) fn waiver(waiver: &WaiverInfo, language: Language) -> String {
    let mut line = language.label_with(
        "waiver-line",
        &[
            ("until", &waiver.until),
            ("approver", &waiver.approver),
            ("reason", &waiver.reason),
        ],
    );
    if let Some(compensating) = &waiver.compensating {
        line.push('\n');
        line.push_str(&language.label("compensating"));
        line.push_str(": ");
        line.push_str(compensating);
    }
    harmless(&line)
}

/// What a document is called: its product, or its file where no product is known.
pub(super) fn name(document: &Document) -> String {
    let product = document
        .header
        .as_ref()
        .and_then(|header| header.product.as_deref());
    harmless(product.unwrap_or(&document.file))
}

/// The file of a document, with the sheet where it stands on one: `book.xlsx [MDS]`.
pub(super) fn file_and_sheet(document: &Document) -> String {
    harmless(&match &document.sheet {
        Some(sheet) => format!("{} [{sheet}]", document.file),
        None => document.file.clone(),
    })
}

/// The same without the folder, for those whom the facility's folders do not concern.
pub(super) fn name_and_sheet(document: &Document) -> String {
    let whole = file_and_sheet(document);
    let file = harmless(&document.file);
    let name = file.rsplit(['/', '\\']).next().unwrap_or(&file);
    format!("{name}{}", whole.strip_prefix(&file).unwrap_or_default())
}

/// An item's remark, with the number by which the sheet refers to it.
pub(super) fn remark(item: &ItemInfo) -> String {
    match (&item.remark_reference, &item.remark) {
        (Some(reference), Some(remark)) => harmless(&format!("[{reference}] {remark}")),
        (Some(reference), None) => harmless(&format!("[{reference}]")),
        (None, remark) => text(remark.as_deref()),
    }
}
