//! The list for a terminal: the head, what to decide by reason, what leads nowhere, counts last.

use anstyle::Style as Ansi;

use super::{HeaderInfo, List, OutcomeCode, ReasonCode, SourceInfo, StepInfo};
use crate::answer::{ItemNumber, State};
use crate::crosswalk::LinkKind;
use crate::crosswalk::table::FormSide;
use crate::disclosure::certainty;
use crate::language::Language;
use crate::report::{Style, paragraph};
use crate::text::show;

/// How many characters of an old answer are shown.
const ANSWER: usize = 60;
/// How many characters of a title are shown.
const TITLE: usize = 200;
/// How many characters of an old remark are shown; the other formats have all of it.
const REMARK: usize = 1000;

pub(super) fn render(list: &List, style: &Style) -> String {
    let mut page = Page {
        text: String::new(),
        list,
        language: list.language,
        style,
    };
    page.head();
    page.by_reason("migrate-open", OutcomeCode::Open);
    page.answered("migrate-confirm", StepInfo::is_to_confirm);
    page.by_reason("migrate-dropped", OutcomeCode::Dropped);
    page.other();
    page.by_reason("migrate-not-asked", OutcomeCode::NotAsked);
    if style.verbose {
        page.answered("migrate-carried", |step| {
            step.outcome == OutcomeCode::Carried && !step.is_to_confirm()
        });
    }
    page.counts();
    page.text
}

struct Page<'l> {
    text: String,
    list: &'l List,
    language: Language,
    style: &'l Style,
}

impl Page<'_> {
    fn head(&mut self) {
        let list = self.list;
        let sheet = list.sheet.as_deref();
        let sheet = sheet.map(|sheet| format!(" [{}]", show(sheet, 40)));
        self.line(0, &format!("{}{}", list.file, sheet.unwrap_or_default()));
        for (key, side) in [("migrate-from", &list.from), ("migrate-to", &list.to)] {
            let (form, items) = (form(side), side.items.to_string());
            self.labelled(2, key, &[("form", &form), ("items", &items)]);
        }
        if !list.left_out.is_empty() {
            let names = list.left_out.iter().map(|other| match &other.sheet {
                Some(sheet) => format!("{} ({})", show(sheet, 40), other.form),
                None => other.form.clone(),
            });
            let names: Vec<String> = names.collect();
            let names = names.join(match self.language {
                Language::Ja => "、",
                Language::En => ", ",
            });
            self.labelled(2, "migrate-left-out", &[("documents", &names)]);
        }
        self.heading("migrate-head", None);
        for value in &list.header {
            let text = self.field(value);
            self.line(2, &text);
        }
    }

    fn field(&self, value: &HeaderInfo) -> String {
        let name = self
            .language
            .label(&format!("field-{}", value.field.code()));
        let (written, fate) = (show(&value.written, ANSWER), &value.fate);
        match self.language {
            _ if written.is_empty() => format!("{name}: {fate}"),
            Language::Ja => format!("{name}: {written}（{fate}）"),
            Language::En => format!("{name}: {written} ({fate})"),
        }
    }

    /// The steps of an outcome, with a heading for each reason.
    fn by_reason(&mut self, key: &str, outcome: OutcomeCode) {
        let list = self.list;
        let of = |reason| -> Vec<&StepInfo> {
            let steps = list.of(reason).into_iter();
            steps.filter(|step| step.outcome == outcome).collect()
        };
        let groups: Vec<Vec<&StepInfo>> = ReasonCode::ALL
            .into_iter()
            .map(of)
            .filter(|steps| !steps.is_empty())
            .collect();
        if groups.is_empty() {
            return;
        }
        self.heading(key, Some(groups.iter().map(Vec::len).sum()));
        for steps in groups {
            let first = steps[0];
            let why = first.why.as_deref().unwrap_or_default();
            let decide = first.decide.as_deref().unwrap_or_default();
            self.text.push('\n');
            self.line(2, &self.with_count(why, steps.len()));
            self.line(2, &format!("→ {decide}"));
            for step in steps {
                self.step(step);
            }
        }
    }

    fn answered(&mut self, key: &str, wanted: impl Fn(&StepInfo) -> bool) {
        let list = self.list;
        let steps: Vec<&StepInfo> = list.steps.iter().filter(|step| wanted(step)).collect();
        if steps.is_empty() {
            return;
        }
        self.heading(key, Some(steps.len()));
        for step in steps {
            self.step(step);
        }
    }

    fn other(&mut self) {
        let list = self.list;
        if list.other.is_empty() {
            return;
        }
        self.heading("migrate-other", Some(list.other.len()));
        for other in &list.other {
            let item = other.item.as_ref().map(ItemNumber::as_str);
            let label = show(&other.label, TITLE);
            let about = [
                Some(other.what.as_str()),
                item,
                Some(&other.place),
                Some(&label),
            ];
            let about: Vec<&str> = about
                .into_iter()
                .flatten()
                .filter(|text| !text.is_empty())
                .collect();
            let text = show(&other.text, REMARK);
            self.line(4, &format!("{}: {text}", about.join(" ")));
        }
    }

    fn step(&mut self, step: &StepInfo) {
        if let Some(item) = &step.item {
            let answer = match step.outcome {
                OutcomeCode::Carried => self.quoted(&step.written),
                OutcomeCode::Open | OutcomeCode::NotAsked | OutcomeCode::Dropped => String::new(),
            };
            let with = step.with.as_ref().map(|with| {
                let values = [("item", with.as_str())];
                format!(" ← {}", self.language.label_with("migrate-with", &values))
            });
            let (number, title) = (&item.number, show(&item.title, TITLE));
            let with = with.unwrap_or_default();
            self.line(4, &format!("{number}{answer}  {title}{with}"));
        }
        let indent = if step.item.is_some() { 8 } else { 4 };
        for source in &step.sources {
            self.source(source, indent);
        }
        if step.item.is_some() && step.outcome == OutcomeCode::Open {
            self.hints(step, indent);
        }
    }

    /// How several answers make one, and what a crosswalk says to heed.
    fn hints(&mut self, step: &StepInfo, indent: usize) {
        let several = |kind| matches!(kind, Some(LinkKind::Split | LinkKind::Merge));
        let mut hints: Vec<String> = Vec::new();
        for source in &step.sources {
            let combine = several(source.link).then(|| {
                let rule = source.combine.map_or("open", |combine| combine.code());
                self.language.label(&format!("combine-{rule}"))
            });
            for hint in combine.into_iter().chain(source.note.clone()) {
                if !hints.contains(&hint) {
                    hints.push(hint);
                }
            }
        }
        let mark = match self.language {
            Language::Ja => "※",
            Language::En => "*",
        };
        for hint in hints {
            self.line(indent, &format!("{mark} {hint}"));
        }
    }

    fn source(&mut self, source: &SourceInfo, indent: usize) {
        let aside = |key: &str| format!(" ({})", self.language.label(key));
        let said = match source.state {
            None => aside("migrate-not-on-sheet"),
            Some(State::Unanswered) => aside("state-unanswered"),
            Some(State::Answered | State::Conflicting | State::Unknown) => {
                self.quoted(&source.written)
            }
        };
        let title = if source.title.is_empty() {
            source.question.as_deref().unwrap_or_default()
        } else {
            &source.title
        };
        let sure = source.confidence.filter(|confidence| *confidence < 1.0);
        let sure = sure.map(|confidence| {
            let values = [("confidence", certainty(confidence))];
            let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
            let sure = self.language.label_with("migrate-certainty", &values);
            format!(" ({sure})")
        });
        let (title, sure) = (show(title, TITLE), sure.unwrap_or_default());
        self.line(indent, &format!("{}{said}  {title}{sure}", source.number));
        if let Some(remark) = &source.remark {
            let label = self.language.label("remark");
            self.line(indent + 2, &format!("{label}: {}", show(remark, REMARK)));
        }
    }

    fn counts(&mut self) {
        let counts = &self.list.counts;
        let values = [
            ("carried", counts.carried.to_string()),
            ("open", counts.open.to_string()),
            ("not_asked", counts.not_asked.to_string()),
            ("dropped", counts.dropped.to_string()),
        ];
        let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
        self.text.push('\n');
        self.labelled(0, "migrate-counts", &values);
        if counts.to_confirm > 0 {
            let count = counts.to_confirm.to_string();
            self.labelled(0, "migrate-counts-confirm", &[("count", &count)]);
        }
    }

    fn heading(&mut self, key: &str, count: Option<usize>) {
        let label = self.language.label(key);
        let text = match count {
            Some(count) => self.with_count(&label, count),
            None => label,
        };
        self.text.push('\n');
        let text = format!("■ {text}");
        paragraph(&mut self.text, self.style, 0, &text, Ansi::new().bold());
    }

    fn with_count(&self, text: &str, count: usize) -> String {
        match self.language {
            Language::Ja => format!("{text}（{count}件）"),
            Language::En => format!("{text} ({count})"),
        }
    }

    fn quoted(&self, text: &str) -> String {
        let text = show(text, ANSWER);
        match self.language {
            Language::Ja => format!("「{text}」"),
            Language::En => format!(" \"{text}\""),
        }
    }

    fn labelled(&mut self, indent: usize, key: &str, values: &[(&str, &str)]) {
        self.line(indent, &self.language.label_with(key, values));
    }

    fn line(&mut self, indent: usize, text: &str) {
        paragraph(&mut self.text, self.style, indent, text, Ansi::new());
    }
}

/// A form with its edition.
fn form(side: &FormSide) -> String {
    format!("{} {}", side.id, side.edition)
        .trim_end()
        .to_owned()
}
