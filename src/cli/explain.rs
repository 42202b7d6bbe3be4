//! `kaijisho explain`: what a finding, a control or an item means.

use std::fmt::Write as _;

use kaijisho::{
    Catalog, Control, Controls, Form, Item, ItemNumber, Language, Question, Result, Rule, Rules,
    THRESHOLD, show,
};

use super::arguments::{Common, Explain, usage};
use super::form::depends_on;
use super::{Ended, output};

/// How many controls are told for a question.
const BEST: usize = 3;
/// How many patterns are told for a control.
const PATTERNS: usize = 12;

pub(super) fn run(verb: &Explain, common: &Common, language: Language) -> Result<Ended> {
    let mut text = String::new();
    match (verb.what.as_deref(), verb.question.as_deref()) {
        (_, Some(question)) => {
            let mut page = Page::new(&mut text, common, language)?;
            page.question(question, verb.section.as_deref().unwrap_or_default());
        }
        (None, None) => {
            for rule in Rules::bundled().iter() {
                let severity = language.label(&format!("severity-{}", rule.severity));
                let _ = writeln!(
                    text,
                    "{}  {severity}  {}  {}",
                    rule.code,
                    rule.name,
                    rule.text(language).title
                );
            }
        }
        (Some(what), None) => {
            let mut page = Page::new(&mut text, common, language)?;
            page.explain(what)?;
        }
    }
    output::plain(&text, common)?;
    Ok(Ended::Clean)
}

struct Page<'t> {
    text: &'t mut String,
    language: Language,
    width: usize,
    /// The forms whose items are explained: the one named by the user, or all that are known.
    forms: Catalog,
}

impl<'t> Page<'t> {
    fn new(text: &'t mut String, common: &Common, language: Language) -> Result<Self> {
        let forms = match &common.form {
            Some(name) => common.form_catalog(name)?,
            // A finding and a question are explained without forms.
            None => (common.known.clone()).unwrap_or_else(|| Catalog::of(Vec::new())),
        };
        Ok(Self {
            text,
            language,
            width: common.width(),
            forms,
        })
    }

    /// What a question of any form may ask about: the likeliest controls, with the words that decided.
    fn question(&mut self, text: &str, section: &str) {
        let language = self.language;
        self.part("match-question", &show(text, 400));
        let question = Question {
            section,
            ..Question::new(text)
        };
        let matches = Controls::bundled().match_question(&question);
        if matches.is_empty() {
            self.line(&language.label("match-none"));
        }
        for found in matches.iter().take(BEST) {
            let control = found.control;
            self.line(&format!("{}  {}", control.id, control.title.text(language)));
            self.confidence(found.confidence, &found.because);
        }
    }

    /// How sure a match is, what that means for a verdict, and the words that decided.
    fn confidence(&mut self, confidence: f64, because: &[String]) {
        let language = self.language;
        let percent = |share: f64| ((share * 100.0).round() as u32).to_string();
        let sure = language.label_with("confidence", &[("percent", &percent(confidence))]);
        self.indented(&sure);
        let (examples, words): (Vec<&String>, Vec<&String>) =
            because.iter().partition(|word| word.starts_with('「'));
        for (label, words) in [("match-words", words), ("match-examples", examples)] {
            if !words.is_empty() {
                let words = words
                    .iter()
                    .map(|word| word.as_str())
                    .collect::<Vec<_>>()
                    .join(" + ");
                self.indented(&language.label_with(label, &[("words", &words)]));
            }
        }
        let meaning = if confidence >= THRESHOLD {
            language.label("match-certain")
        } else {
            let least = percent(THRESHOLD);
            language.label_with("match-uncertain", &[("percent", &least)])
        };
        self.indented(&meaning);
    }

    fn explain(&mut self, what: &str) -> Result<()> {
        if let Some(rule) = Rules::bundled().find(what) {
            self.rule(rule);
            return Ok(());
        }
        if let Some(control) = Controls::bundled().get(what) {
            self.control(control);
            return Ok(());
        }
        let mut found = false;
        let (only, number) = what
            .split_once(':')
            .map_or((None, what), |(form, number)| (Some(form), number));
        if let Some(number) = ItemNumber::parse(number) {
            let forms = self.forms.forms().to_vec();
            for form in forms
                .iter()
                .filter(|form| only.is_none_or(|only| form.id == only))
            {
                if let Some(item) = form.item(&number) {
                    self.item(form, item);
                    found = true;
                }
            }
        }
        if found {
            Ok(())
        } else {
            Err(usage(
                self.language.label_with("error-explain", &[("what", what)]),
            ))
        }
    }

    fn rule(&mut self, rule: &Rule) {
        let language = self.language;
        let words = rule.text(language);
        let severity = language.label(&format!("severity-{}", rule.severity));
        self.line(&format!("{} {} ({severity})", rule.code, rule.name));
        self.line(&words.title);
        self.part("explain-message", &without_values(&words.message));
        self.part("explain-why", &words.why);
        self.part("help", &without_values(&words.help));
        if let Some(example) = &words.example {
            self.part("explain-bad", &example.bad);
            self.part("explain-good", &example.good);
        }
        for (name, value) in &rule.parameters {
            self.part("explain-parameter", &format!("{name} = {value}"));
        }
        let references: Vec<String> = rule
            .references
            .iter()
            .map(|reference| {
                format!(
                    "{} {}",
                    reference.source,
                    reference.clause.as_deref().unwrap_or_default()
                )
                .trim()
                .to_owned()
            })
            .collect();
        if !references.is_empty() {
            self.part("references", &references.join(" / "));
        }
    }

    fn control(&mut self, control: &Control) {
        let language = self.language;
        self.line(&format!("{}  {}", control.id, control.title.text(language)));
        if let Some(area) = Controls::bundled().area(control) {
            let chapter = area.chapter.to_string();
            let line = language.label_with(
                "explain-area",
                &[("title", area.title.text(language)), ("chapter", &chapter)],
            );
            self.line(&line);
        }
        self.part("explain-about", control.about.text(language));
        let patterns = control.patterns_in(language);
        let told: Vec<String> = patterns.iter().take(PATTERNS).cloned().collect();
        self.part("explain-patterns", &told.join(" / "));
        let items: Vec<String> = self
            .forms
            .forms()
            .iter()
            .flat_map(|form| {
                form.items_of(&control.id)
                    .map(|item| format!("{}:{}", form.id, item.number))
                    .collect::<Vec<_>>()
            })
            .collect();
        if !items.is_empty() {
            self.part("explain-items", &items.join(", "));
        }
        if !control.mds2.is_empty() {
            self.part("explain-related", &control.mds2.join(", "));
        }
    }

    fn item(&mut self, form: &Form, item: &Item) {
        let language = self.language;
        self.line(&format!(
            "{}:{}  {}",
            form.id,
            item.number,
            item.title.text(language)
        ));
        self.part("form", form.title.text(language));
        self.part(
            "explain-section",
            form.section_of(item).title.text(language),
        );
        let choices: Vec<&str> = item
            .choices
            .iter()
            .map(|answer| answer.word(language))
            .collect();
        if !choices.is_empty() {
            self.part("expected", &choices.join(" / "));
        }
        if let Some(line) = depends_on(item, language) {
            self.part("explain-condition", &line);
        }
        if !item.remark_when.is_empty() {
            let answers: Vec<&str> = item
                .remark_when
                .iter()
                .map(|answer| answer.word(language))
                .collect();
            self.part("explain-remark", &answers.join(" / "));
        }
        if let Some(control) = item
            .control
            .as_deref()
            .and_then(|id| Controls::bundled().get(id))
        {
            self.part(
                "explain-control",
                &format!("{}  {}", control.id, control.title.text(language)),
            );
            self.part("explain-about", control.about.text(language));
            if item.confidence < 1.0 {
                self.confidence(item.confidence, &item.because);
            }
        }
        for (document, clauses) in &item.references {
            self.part("references", &format!("{document}: {}", clauses.join(", ")));
        }
        self.line("");
    }

    fn line(&mut self, text: &str) {
        let _ = writeln!(self.text, "{}", textwrap::fill(text, self.width));
    }

    fn indented(&mut self, text: &str) {
        let options = textwrap::Options::new(self.width)
            .initial_indent("  ")
            .subsequent_indent("    ");
        let _ = writeln!(self.text, "{}", textwrap::fill(text, options));
    }

    fn part(&mut self, label: &str, text: &str) {
        let first = format!("  {}: ", self.language.label(label));
        let options = textwrap::Options::new(self.width)
            .initial_indent(&first)
            .subsequent_indent("      ");
        let _ = writeln!(self.text, "{}", textwrap::fill(text, options));
    }
}

/// A message of a rule with `…` where a finding shows a value of its own.
fn without_values(message: &str) -> String {
    let mut parts = message.split('{');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.split_once('}').map_or(part, |(_, rest)| rest);
        text.push('…');
        text.push_str(rest);
    }
    text
}
