//! Form files written: a form as the TOML from which `checked` reads the same form again.
//!
//! What an item shares with most others is written once, at the head; the order is that of the form.

use std::collections::BTreeMap;

use super::{Choice, Condition, Form, Item, Kind, OnDisabled};
use crate::answer::Answer;
use crate::escaped::quoted_on_one_line as quoted;
use crate::language::Localised;
use crate::text::fold;

impl Form {
    /// This form as the text of a form file, with `comments` before it, one a line.
    ///
    /// Read back, it is the same form; a form of several editions is written as the one edition that it is, an older
    /// one under an id of its own, such as `mine-1.0`.
    ///
    /// ```
    /// let form = kaijisho::Catalog::bundled().form("sds-reference")?;
    /// let text = form.to_toml(&["Written anew".to_owned()]);
    /// let again = kaijisho::Catalog::parse(&text, "again.toml")?.form("sds-reference")?;
    /// assert_eq!(again.items, form.items);
    /// # Ok::<(), kaijisho::Error>(())
    /// ```
    pub fn to_toml(&self, comments: &[String]) -> String {
        write(self, comments, &|_| Vec::new())
    }
}

/// The text of a form file. `beside` gives the comments of the item at a position of [`Form::items`].
pub(super) fn write(
    form: &Form,
    comments: &[String],
    beside: &dyn Fn(usize) -> Vec<String>,
) -> String {
    let shared = Shared::of(form);
    let mut out = Lines::default();
    out.comments(comments);
    head(&mut out, form, &shared);
    for section in &form.sections {
        out.line("\n[[section]]");
        out.text("id", &section.id);
        out.localised("title", &section.title);
    }
    for (at, item) in form.items.iter().enumerate() {
        out.line("\n[[item]]");
        out.text("number", item.number.as_str());
        out.text("section", &form.section_of(item).id);
        shared.item(&mut out, item);
        out.comments(&beside(at));
    }
    out.text
}

impl Shared {
    fn item(&self, out: &mut Lines, item: &Item) {
        if let Some(parent) = &item.parent {
            out.text("parent", parent.as_str());
        }
        out.localised("title", &item.title);
        match item.kind {
            Kind::Choice => {}
            Kind::Multiple => out.text("kind", "multiple"),
            Kind::Text => out.text("kind", "text"),
            Kind::Date => out.text("kind", "date"),
        }
        if !item.options.is_empty() {
            out.line("options = [");
            for option in &item.options {
                out.line(&format!("  {},", method(option)));
            }
            out.line("]");
        }
        let usual: &[Answer] = match item.kind {
            Kind::Choice => &self.choices,
            Kind::Multiple | Kind::Text | Kind::Date => &[],
        };
        if item.choices != usual {
            out.line(&format!("choices = {}", answers(&item.choices)));
        }
        if !item.required {
            out.line("required = false");
        }
        if let Some(enable) = item.enable.as_ref().filter(|_| !self.by_rule(item)) {
            out.line(&format!("enable = {}", condition(enable)));
        }
        match item.on_disabled {
            OnDisabled::Contradict => {}
            OnDisabled::Tolerate => out.text("on_disabled", "tolerate"),
        }
        let own = &item.remark_when[self.remark_when.len()..];
        if !own.is_empty() {
            out.line(&format!("remark_when = {}", answers(own)));
        }
        if !item.aliases.is_empty() {
            let aliases = item.aliases.iter().map(|number| number.as_str());
            out.line(&format!("aliases = {}", texts(aliases)));
        }
        if let Some(control) = &item.control {
            out.text("control", control);
            if item.confidence < 1.0 {
                out.line(&format!("confidence = {}", item.confidence));
            }
        }
        if !item.references.is_empty() {
            let documents: Vec<String> = item
                .references
                .iter()
                .map(|(document, clauses)| {
                    let clauses = texts(clauses.iter().map(String::as_str));
                    format!("{} = {clauses}", quoted(document))
                })
                .collect();
            out.line(&format!("references = {{ {} }}", documents.join(", ")));
        }
    }
}

/// The id of a form in a file of its own. An older edition of a file of several has its edition in its id, of which
/// what an id may hold is kept: `editions@第1版` becomes `editions-1`.
fn own_id(form: &Form) -> String {
    let Some((id, edition)) = form.id.split_once('@') else {
        return form.id.clone();
    };
    let allowed = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '.' | '-');
    let edition: String = fold(edition).chars().filter(|c| allowed(*c)).collect();
    match edition.trim_matches(['.', '-']) {
        "" => format!("{id}-edition"),
        edition => format!("{id}-{edition}"),
    }
}

/// What is written once for all items.
struct Shared {
    choices: Vec<Answer>,
    remark_when: Vec<Answer>,
    /// True if every child is asked only when its parent says yes, unless its own condition says otherwise.
    parent_yes: bool,
}

impl Shared {
    fn of(form: &Form) -> Self {
        let mut counts: BTreeMap<&[Answer], usize> = BTreeMap::new();
        for item in form.items.iter().filter(|item| item.kind == Kind::Choice) {
            *counts.entry(&item.choices).or_default() += 1;
        }
        let most = counts.into_iter().max_by_key(|(_, count)| *count);
        let mut remark_when: Option<Vec<Answer>> = None;
        for item in &form.items {
            let common = remark_when.get_or_insert_with(|| item.remark_when.clone());
            let same = common
                .iter()
                .zip(&item.remark_when)
                .take_while(|(a, b)| a == b)
                .count();
            common.truncate(same);
        }
        Self {
            choices: most.map_or_else(
                || vec![Answer::Yes, Answer::No, Answer::Na],
                |(choices, _)| choices.to_vec(),
            ),
            remark_when: remark_when.unwrap_or_default(),
            parent_yes: form
                .items
                .iter()
                .all(|item| item.parent.is_none() || item.enable.is_some()),
        }
    }

    /// True if an item's condition is the one of the rule for children, which is not written.
    fn by_rule(&self, item: &Item) -> bool {
        let rule = item.parent.clone().map(|item| Condition::Is {
            item,
            is: vec![Answer::Yes],
        });
        self.parent_yes && rule.is_some() && item.enable == rule
    }
}

fn head(out: &mut Lines, form: &Form, shared: &Shared) {
    out.text("schema", "kaijisho/form/1");
    out.text("id", &own_id(form));
    out.text("family", form.family.code());
    out.text("edition", &form.edition);
    if let Some(newer) = &form.superseded_by {
        out.text("superseded_by", newer);
    }
    out.localised("title", &form.title);
    out.localised("provenance", &form.provenance);
    out.line(&format!("compare_text = {}", form.compare_text));
    if form.exact_text {
        out.line("exact_text = true");
    }
    out.line(&format!("choices = {}", answers(&shared.choices)));
    if !form.free_groups.is_empty() {
        let groups = texts(form.free_groups.iter().map(String::as_str));
        out.line(&format!("free_groups = {groups}"));
    }
    if let Some(remarks) = form.remarks {
        out.text("remarks", remarks.code());
    }
    out.text(
        "child_rule",
        if shared.parent_yes {
            "parent-yes"
        } else {
            "none"
        },
    );
    out.line("\n[recognise]");
    let titles = texts(form.titles.iter().map(String::as_str));
    out.line(&format!("titles = {titles}"));
    for header in &form.headers {
        out.line("\n[[header]]");
        out.text("field", header.field.code());
        if let Some(item) = &header.item {
            out.text("item", item.as_str());
        }
        out.line(&format!("required = {}", header.required));
    }
    if !shared.remark_when.is_empty() {
        out.line("\n[[remark_rule]]");
        out.line(&format!("when = {}", answers(&shared.remark_when)));
    }
}

fn texts<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    let texts: Vec<String> = texts.map(quoted).collect();
    format!("[{}]", texts.join(", "))
}

fn answers(answers: &[Answer]) -> String {
    texts(answers.iter().map(|answer| answer.code()))
}

fn localised(text: &Localised) -> String {
    if text.ja == text.en {
        format!("{{ ja = {} }}", quoted(&text.ja))
    } else {
        format!("{{ ja = {}, en = {} }}", quoted(&text.ja), quoted(&text.en))
    }
}

fn method(option: &Choice) -> String {
    let words = if option.words.is_empty() {
        String::new()
    } else {
        format!(
            ", words = {}",
            texts(option.words.iter().map(String::as_str))
        )
    };
    format!(
        "{{ id = {}, title = {}{words} }}",
        quoted(&option.id),
        localised(&option.title)
    )
}

fn condition(written: &Condition) -> String {
    let many = |parts: &[Condition]| {
        let parts: Vec<String> = parts.iter().map(condition).collect();
        format!("[{}]", parts.join(", "))
    };
    match written {
        Condition::Is { item, is } => {
            format!(
                "{{ item = {}, is = {} }}",
                quoted(item.as_str()),
                answers(is)
            )
        }
        Condition::Ticked { item, ticked } => {
            let ticked = texts(ticked.iter().map(String::as_str));
            format!("{{ item = {}, ticked = {ticked} }}", quoted(item.as_str()))
        }
        Condition::All(parts) => format!("{{ all = {} }}", many(parts)),
        Condition::Any(parts) => format!("{{ any = {} }}", many(parts)),
    }
}

#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn comments(&mut self, comments: &[String]) {
        for line in comments {
            self.line(format!("# {}", crate::text::show(line, usize::MAX)).trim_end());
        }
    }

    fn text(&mut self, key: &str, value: &str) {
        self.line(&format!("{key} = {}", quoted(value)));
    }

    fn localised(&mut self, key: &str, value: &Localised) {
        self.line(&format!("{key} = {}", localised(value)));
    }
}
