//! The list as Markdown, for a wiki or a ticket: a table for each reason.

use std::fmt::Write as _;

use super::{List, OutcomeCode, ReasonCode, SourceInfo, StepInfo};
use crate::answer::State;
use crate::language::Language;
use crate::report::markdown;

pub(super) fn render(list: &List) -> String {
    let label = |key: &str| list.language.label(key);
    let mut text = head(list);
    let parts = [
        ("migrate-open", OutcomeCode::Open),
        ("migrate-dropped", OutcomeCode::Dropped),
        ("migrate-not-asked", OutcomeCode::NotAsked),
    ];
    for (key, outcome) in parts {
        for reason in ReasonCode::ALL {
            let steps = list.of(reason).into_iter();
            let steps: Vec<&StepInfo> = steps.filter(|step| step.outcome == outcome).collect();
            if let Some(first) = steps.first() {
                let why = first.why.as_deref().unwrap_or_default();
                let decide = first.decide.as_deref().unwrap_or_default();
                let heading = format!("{}: {why} ({})", label(key), steps.len());
                let _ = write!(text, "\n## {heading}\n\n{decide}\n");
                table(&mut text, &steps, list.language);
            }
        }
    }
    let carried = list.steps.iter();
    let carried: Vec<&StepInfo> = carried
        .filter(|step| step.outcome == OutcomeCode::Carried)
        .collect();
    if !carried.is_empty() {
        let _ = writeln!(
            text,
            "\n## {} ({})",
            label("migrate-carried"),
            carried.len()
        );
        table(&mut text, &carried, list.language);
    }
    if !list.other.is_empty() {
        let _ = writeln!(text, "\n## {}\n", label("migrate-other"));
        for other in &list.other {
            let place = markdown(&other.place);
            let (label, said) = (markdown(&other.label), markdown(&other.text));
            let _ = writeln!(text, "- {} {place} {label}: {said}", other.what);
        }
    }
    text
}

fn head(list: &List) -> String {
    let label = |key: &str| list.language.label(key);
    let mut text = format!("# {}\n\n", label("migrate-title"));
    let _ = writeln!(text, "- {}: {}", label("file"), markdown(&list.file));
    for (key, side) in [("migrate-from", &list.from), ("migrate-to", &list.to)] {
        let form = format!("{} {}", side.id, side.edition);
        let items = side.items.to_string();
        let values = [("form", form.trim()), ("items", items.as_str())];
        let _ = writeln!(
            text,
            "- {}",
            markdown(&list.language.label_with(key, &values))
        );
    }
    for value in &list.header {
        let name = label(&format!("field-{}", value.field.code()));
        let written = markdown(&value.written);
        let _ = writeln!(text, "- {name}: {written} / {}", value.fate);
    }
    text
}

fn table(text: &mut String, steps: &[&StepInfo], language: Language) {
    let keys = ["migrate-new-item", "answer", "migrate-old-item", "remark"];
    let heads = keys.map(|key| language.label(key)).join(" | ");
    let _ = write!(text, "\n| {heads} |\n|---|---|---|---|\n");
    for step in steps {
        let item = step.item.as_ref().map(|item| {
            let with = step.with.as_ref().map(|with| format!(" ← {with}"));
            let with = with.unwrap_or_default();
            markdown(&format!("{} {}{with}", item.number, item.title))
        });
        let sources = step.sources.iter();
        let sources: Vec<String> = sources.map(|old| source(old, language)).collect();
        let remarks = step.sources.iter().filter_map(|old| old.remark.as_deref());
        let remarks: Vec<String> = remarks.map(markdown).collect();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} |",
            item.unwrap_or_default(),
            markdown(&step.written),
            sources.join("<br>"),
            remarks.join("<br>"),
        );
    }
}

fn source(old: &SourceInfo, language: Language) -> String {
    let said = match old.state {
        None => language.label("migrate-not-on-sheet"),
        Some(State::Unanswered) => language.label("state-unanswered"),
        Some(State::Answered | State::Conflicting | State::Unknown) => old.written.clone(),
    };
    markdown(&format!("{} {}: {said}", old.number, old.title))
}
