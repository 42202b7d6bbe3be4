//! The step that checks a crosswalk as written: forms and items exist, no item stands twice, kinds fit.

use std::collections::HashMap;

use toml::Spanned;

use super::written::{WrittenCrosswalk, WrittenLink};
use super::{Crosswalk, Declared, LinkKind};
use crate::answer::ItemNumber;
use crate::finding::{Finding, Value, rule};
use crate::form::{Catalog, Form};
use crate::language::Localised;
use crate::place::Lines;
use crate::syntax::in_words;

/// How many mistakes are told one by one; the rest are counted.
const MISTAKES: usize = 100;
/// How many names a message lists.
const LISTED: usize = 8;

/// Reads a crosswalk file; all mistakes come back together, each with its line and column.
pub(super) fn parse(text: &str, name: &str, forms: &Catalog) -> Result<Crosswalk, Vec<Finding>> {
    let lines = Lines::new(text);
    let written: WrittenCrosswalk = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        vec![
            Finding::new(rule::CROSSWALK_INVALID, lines.place(at))
                .with("detail", Value::Local(in_words(error.message()))),
        ]
    })?;
    let mut checker = Checker {
        lines,
        mistakes: Vec::new(),
        more: None,
    };
    let from = checker.form(&written.from, forms);
    let to = checker.form(&written.to, forms);
    if written.from.as_ref() == written.to.as_ref() {
        let found = [("found", written.to.as_ref().as_str())];
        checker.wrong(written.to.span().start, "crosswalk-one-form", &found);
    }
    let mut sides = [Side::new(from), Side::new(to)];
    let links = written
        .link
        .iter()
        .map(|link| checker.link(link, &mut sides))
        .collect();
    if let Some((at, count)) = checker.more {
        checker.tell(at, "crosswalk-more", &[("count", &count.to_string())]);
    }
    if checker.mistakes.is_empty() {
        Ok(Crosswalk {
            name: name.to_owned(),
            from: written.from.into_inner(),
            to: written.to.into_inner(),
            links,
        })
    } else {
        Err(checker.mistakes)
    }
}

/// One side of all links: its form, and where each item stood first, among the whole answers and by kind.
struct Side {
    form: Option<std::sync::Arc<Form>>,
    first: HashMap<(Option<LinkKind>, ItemNumber), usize>,
}

impl Side {
    fn new(form: Option<std::sync::Arc<Form>>) -> Self {
        Self {
            form,
            first: HashMap::new(),
        }
    }
}

struct Checker<'t> {
    lines: Lines<'t>,
    mistakes: Vec<Finding>,
    /// Where the first mistake beyond those told stands, and how many there are.
    more: Option<(usize, usize)>,
}

impl Checker<'_> {
    /// `key` is the label `crosswalk-…` that says what is wrong.
    fn wrong(&mut self, at: usize, key: &str, values: &[(&str, &str)]) {
        if self.mistakes.len() == MISTAKES {
            self.more.get_or_insert((at, 0)).1 += 1;
            return;
        }
        self.tell(at, key, values);
    }

    fn tell(&mut self, at: usize, key: &str, values: &[(&str, &str)]) {
        let finding = Finding::new(rule::CROSSWALK_INVALID, self.lines.place(at))
            .with("detail", Value::Local(Localised::label(key, values)));
        self.mistakes.push(finding);
    }

    fn form(&mut self, written: &Spanned<String>, forms: &Catalog) -> Option<std::sync::Arc<Form>> {
        let form = forms
            .forms()
            .iter()
            .find(|form| form.id == *written.as_ref());
        if form.is_none() {
            let known: Vec<&str> = forms
                .forms()
                .iter()
                .map(|form| form.id.as_str())
                .take(LISTED)
                .collect();
            let values = [
                ("found", written.as_ref().as_str()),
                ("known", &known.join(", ")),
            ];
            self.wrong(written.span().start, "crosswalk-unknown-form", &values);
        }
        form.cloned()
    }

    fn link(&mut self, spanned: &Spanned<WrittenLink>, sides: &mut [Side; 2]) -> Declared {
        let (at, link) = (spanned.span().start, spanned.as_ref());
        let [from_side, to_side] = sides;
        let from = self.items(&link.from, link.kind, from_side);
        let to = self.items(&link.to, link.kind, to_side);
        if link.from.is_empty() || link.to.is_empty() {
            self.wrong(at, "crosswalk-empty", &[]);
        } else if !fits(link.kind, link.from.len(), link.to.len()) {
            let (n, m) = (link.from.len().to_string(), link.to.len().to_string());
            let values = [("kind", link.kind.code()), ("from", &n), ("to", &m)];
            self.wrong(at, "crosswalk-kind", &values);
        }
        if let Some(combine) = &link.combine {
            match link.kind {
                LinkKind::Split | LinkKind::Merge => {}
                LinkKind::Same | LinkKind::Narrower | LinkKind::Wider | LinkKind::Related => {
                    let kind = [("kind", link.kind.code())];
                    self.wrong(combine.span().start, "crosswalk-combine", &kind);
                }
            }
        }
        Declared {
            from,
            to,
            kind: link.kind,
            combine: link.combine.as_ref().map(|combine| *combine.as_ref()),
            note: link.note.clone(),
        }
    }

    /// The items of one side of a link. Whole answers share one list: none may come from two links.
    fn items(
        &mut self,
        written: &[Spanned<String>],
        kind: LinkKind,
        side: &mut Side,
    ) -> Vec<ItemNumber> {
        let class = (!kind.is_whole()).then_some(kind);
        let mut items = Vec::with_capacity(written.len());
        for number in written {
            let (at, found) = (number.span().start, number.as_ref().as_str());
            let mut item = ItemNumber::new(found);
            if let Some(form) = &side.form {
                match form.item(&item) {
                    Some(known) => item = known.number.clone(),
                    None => {
                        let values = [("found", found), ("form", form.id.as_str())];
                        self.wrong(at, "crosswalk-unknown-item", &values);
                        continue;
                    }
                }
            }
            match side.first.get(&(class, item.clone())) {
                Some(first) => {
                    let line = self.lines.place(*first).to_string();
                    let values = [("found", found), ("place", line.as_str())];
                    self.wrong(at, "crosswalk-item-twice", &values);
                }
                None => {
                    side.first.insert((class, item.clone()), at);
                    items.push(item);
                }
            }
        }
        items
    }
}

/// True if a link of this kind can join so many items to so many.
fn fits(kind: LinkKind, from: usize, to: usize) -> bool {
    match kind {
        LinkKind::Same => from == 1 && to == 1,
        LinkKind::Split => from == 1 && to > 1,
        LinkKind::Merge => from > 1 && to == 1,
        LinkKind::Narrower | LinkKind::Wider | LinkKind::Related => true,
    }
}
