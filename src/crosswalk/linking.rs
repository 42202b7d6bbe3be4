//! The step that links two forms: what crosswalks declare first, then what the controls say.

use std::collections::{HashMap, HashSet};

use super::{By, Crosswalk, Declared, Link, LinkKind, Links, texts};
use crate::answer::ItemNumber;
use crate::form::{Form, Item};

/// Every link from the items of one form to those of another.
///
/// Crosswalks come first, in the order given: what an earlier one says of an item, a later one does not say
/// again, and what a control says of items that a crosswalk joins does not count. Then come items that ask in the
/// same words in the same place, unless both forms name their controls; in two editions of one form, and in a form and
/// itself, also the same number is needed, and enough. Through a control, one
/// item to one is `same`, one to several `split`, several to one `merge`, several to several `related`. An item whose control is
/// uncertain is `related` at most. An item is in one whole answer (`same`, `split`, `merge`) on each side
/// at most, and in one link of each other kind; linking the other way round gives the same links reversed.
/// A declared link on items that a form does not have is left out; its other items are then listed as unlinked
/// unless a control joins them.
pub fn links(from: &Form, to: &Form, crosswalks: &[Crosswalk]) -> Links {
    let mut linker = Linker {
        from,
        to,
        links: Vec::new(),
        sides: [Side::default(), Side::default()],
    };
    for crosswalk in crosswalks {
        let reversed = if crosswalk.from == from.id && crosswalk.to == to.id {
            false
        } else if crosswalk.to == from.id && crosswalk.from == to.id {
            true
        } else {
            continue;
        };
        for declared in &crosswalk.links {
            linker.declared(declared, reversed, &crosswalk.name);
        }
    }
    linker.by_texts();
    linker.by_controls();
    linker.finish()
}

/// The items of one form in the links so far.
#[derive(Default)]
struct Side {
    /// Whole answers share one class; the other kinds have one each.
    taken: HashSet<(Option<LinkKind>, ItemNumber)>,
    /// The declared links of each item: four at most.
    declared: HashMap<ItemNumber, Vec<usize>>,
}

impl Side {
    fn is_whole(&self, item: &ItemNumber) -> bool {
        self.taken.contains(&(None, item.clone()))
    }
}

struct Linker<'f> {
    from: &'f Form,
    to: &'f Form,
    links: Vec<Link>,
    sides: [Side; 2],
}

/// The items of one form that answer a control.
#[derive(Default)]
struct Answering<'f> {
    certain: Vec<&'f Item>,
    uncertain: Vec<&'f Item>,
}

impl<'f> Linker<'f> {
    fn declared(&mut self, declared: &Declared, reversed: bool, name: &str) {
        let (from, to, kind) = if reversed {
            (&declared.to, &declared.from, declared.kind.reversed())
        } else {
            (&declared.from, &declared.to, declared.kind)
        };
        let (Some(from), Some(to)) = (in_order(self.from, from), in_order(self.to, to)) else {
            return;
        };
        let link = Link {
            from,
            to,
            kind,
            combine: declared.combine,
            by: By::Crosswalk(name.to_owned()),
            confidence: 1.0,
            note: declared.note.clone(),
        };
        let at = self.links.len();
        if let Some(link) = self.add(link) {
            let items = [link.from.clone(), link.to.clone()];
            for (side, items) in self.sides.iter_mut().zip(items) {
                for item in items {
                    side.declared.entry(item).or_default().push(at);
                }
            }
        }
    }

    /// Adds a link unless one of its items is taken already, and gives it back if it was added.
    fn add(&mut self, link: Link) -> Option<&Link> {
        let class = (!link.kind.is_whole()).then_some(link.kind);
        let items = [&link.from, &link.to];
        let free = self.sides.iter().zip(items).all(|(side, items)| {
            items
                .iter()
                .all(|item| !side.taken.contains(&(class, item.clone())))
        });
        if !free {
            return None;
        }
        for (side, items) in self.sides.iter_mut().zip(items) {
            side.taken
                .extend(items.iter().map(|item| (class, item.clone())));
        }
        self.links.push(link);
        self.links.last()
    }

    fn by_texts(&mut self) {
        for (here, there) in texts::alike(self.from, self.to) {
            let (from, to) = (&self.from.items[here], &self.to.items[there]);
            let [left, reached] = &self.sides;
            // What a crosswalk says of an item, in whatever kind of link, is more than its words.
            if left.declared.contains_key(&from.number) || reached.declared.contains_key(&to.number)
            {
                continue;
            }
            self.add(Link {
                from: vec![from.number.clone()],
                to: vec![to.number.clone()],
                kind: LinkKind::Same,
                combine: None,
                by: By::Text,
                confidence: 1.0,
                note: None,
            });
        }
    }

    fn by_controls(&mut self) {
        let (order, from) = answering(self.from);
        let (_, to) = answering(self.to);
        for control in order {
            let (Some(here), Some(there)) = (from.get(control), to.get(control)) else {
                continue;
            };
            if self.is_declared(here, there) {
                continue;
            }
            let free = |side: &Side, items: &[&'f Item]| -> Vec<&'f Item> {
                items
                    .iter()
                    .filter(|item| !side.is_whole(&item.number))
                    .copied()
                    .collect()
            };
            let [from_side, to_side] = &self.sides;
            let (sure_from, sure_to) = (
                free(from_side, &here.certain),
                free(to_side, &there.certain),
            );
            let (unsure_from, unsure_to) = (
                free(from_side, &here.uncertain),
                free(to_side, &there.uncertain),
            );
            self.through(control, &sure_from, &sure_to, None);
            if unsure_from.is_empty() && unsure_to.is_empty() {
                continue;
            }
            // Certain items join in only where they would otherwise stand alone.
            let mut from = unsure_from.clone();
            if unsure_from.is_empty() || sure_to.is_empty() {
                from.extend(&sure_from);
            }
            let mut to = unsure_to.clone();
            if unsure_to.is_empty() || sure_from.is_empty() {
                to.extend(sure_to);
            }
            self.through(control, &from, &to, Some(LinkKind::Related));
        }
    }

    /// True if one crosswalk link joins items of both sides: then the control has nothing to add.
    fn is_declared(&self, from: &Answering<'_>, to: &Answering<'_>) -> bool {
        let of = |side: &Side, items: &Answering<'_>| -> HashSet<usize> {
            items
                .certain
                .iter()
                .chain(&items.uncertain)
                .filter_map(|item| side.declared.get(&item.number))
                .flatten()
                .copied()
                .collect()
        };
        let [from_side, to_side] = &self.sides;
        !of(from_side, from).is_disjoint(&of(to_side, to))
    }

    fn through(&mut self, control: &str, from: &[&Item], to: &[&Item], kind: Option<LinkKind>) {
        let kind = match (from.len(), to.len()) {
            (0, _) | (_, 0) => return,
            (1, 1) => kind.unwrap_or(LinkKind::Same),
            (1, _) => kind.unwrap_or(LinkKind::Split),
            (_, 1) => kind.unwrap_or(LinkKind::Merge),
            (_, _) => LinkKind::Related,
        };
        let numbers = |items: &[&Item]| -> Vec<ItemNumber> {
            items.iter().map(|item| item.number.clone()).collect()
        };
        let (Some(from_numbers), Some(to_numbers)) = (
            in_order(self.from, &numbers(from)),
            in_order(self.to, &numbers(to)),
        ) else {
            return;
        };
        self.add(Link {
            from: from_numbers,
            to: to_numbers,
            kind,
            combine: None,
            by: By::Control(control.to_owned()),
            confidence: from.iter().chain(to).map(|item| certainty(item)).product(),
            note: None,
        });
    }

    fn finish(self) -> Links {
        let Self {
            from,
            to,
            mut links,
            ..
        } = self;
        links.sort_by_cached_key(|link| (from.position(&link.from[0]), link.kind));
        let mut reached: HashMap<&ItemNumber, usize> = HashMap::new();
        for item in links.iter().flat_map(|link| &link.to) {
            *reached.entry(item).or_default() += 1;
        }
        let left: HashSet<&ItemNumber> = links.iter().flat_map(|link| &link.from).collect();
        let those = |form: &Form, wanted: &dyn Fn(&ItemNumber) -> bool| -> Vec<ItemNumber> {
            form.items
                .iter()
                .map(|item| &item.number)
                .filter(|number| wanted(number))
                .cloned()
                .collect()
        };
        Links {
            unlinked_from: those(from, &|number| !left.contains(number)),
            unlinked_to: those(to, &|number| !reached.contains_key(number)),
            shared_to: those(to, &|number| {
                reached.get(number).is_some_and(|links| *links > 1)
            }),
            links,
        }
    }
}

/// How sure it is that an item answers its control.
fn certainty(item: &Item) -> f64 {
    item.confidence
}

/// Items in the order of their form, by their own numbers; `None` if the form lacks one.
fn in_order(form: &Form, items: &[ItemNumber]) -> Option<Vec<ItemNumber>> {
    let mut positions: Vec<usize> = items
        .iter()
        .map(|item| form.position(item))
        .collect::<Option<_>>()?;
    positions.sort_unstable();
    positions.dedup();
    Some(
        positions
            .into_iter()
            .map(|at| form.items[at].number.clone())
            .collect(),
    )
}

/// The controls of a form in the order of its items, and the items that answer each.
fn answering(form: &Form) -> (Vec<&str>, HashMap<&str, Answering<'_>>) {
    let mut order = Vec::new();
    let mut answering: HashMap<&str, Answering<'_>> = HashMap::new();
    for item in &form.items {
        let Some(control) = item.control.as_deref() else {
            continue;
        };
        let items = answering.entry(control).or_insert_with(|| {
            order.push(control);
            Answering::default()
        });
        if item.is_certain() {
            items.certain.push(item);
        } else {
            items.uncertain.push(item);
        }
    }
    (order, answering)
}
