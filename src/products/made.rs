//! The step that makes a disclosure: the answers that count, put into a document and read like any other.
//!
//! Every value carries its place in the source, so what `validate` finds in a disclosure is told at the line
//! of the source that is to be repaired.

use std::collections::HashMap;

use jiff::civil::Date;

use super::answers::misfit;
use super::{Kept, Planned, Products, Subject};
use crate::answer::{Answer, ItemNumber, State};
use crate::disclosure::{self, Disclosure, language_of};
use crate::finding::Finding;
use crate::form::{Catalog, Enabled, Field, Form, Item, Kind, Remarks};
use crate::language::{Language, Localised};
use crate::limits::Limits;
use crate::place::Place;
use crate::read::tree::{Node, NodeValue};
use crate::validate::validate;

/// How many other items of a control are named.
const LISTED: usize = 8;

/// Why an item that is asked has no answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Open {
    /// The source says nothing of it.
    NothingSaid,
    /// The source says nothing of it; it has no control, so that only an answer to the item itself reaches it.
    NoControl,
    /// The answer to its control is not one that the item takes.
    NotTaken,
    /// Other items of the form ask for the same control, so that its yes need not be this item's yes.
    Shared(Vec<ItemNumber>),
}

/// What became of an item.
#[derive(Clone, Debug, PartialEq)]
pub struct MadeItem {
    /// The answer that was used, as an index into [`Products::answers`].
    pub answer: Option<usize>,
    /// The answer that speaks of it but was not used; `open` says why.
    pub refused: Option<usize>,
    /// Why it is open; `None` where it is answered, or not asked because of another answer.
    pub open: Option<Open>,
}

/// A disclosure, made and checked.
#[derive(Clone, Debug)]
pub struct Made {
    /// The disclosure; its places are lines of the source.
    pub disclosure: Disclosure,
    /// What [`validate`] and the reader found in it, sorted by place.
    pub findings: Vec<Finding>,
    /// One for each item of the form, in its order.
    pub items: Vec<MadeItem>,
}

impl Made {
    /// How many items have an answer.
    pub fn answered(&self) -> usize {
        let entries = self.disclosure.entries.iter();
        entries
            .filter(|entry| entry.state != State::Unanswered)
            .count()
    }

    /// How many items are asked and have none.
    pub fn open(&self) -> usize {
        self.items.iter().filter(|item| item.open.is_some()).count()
    }
}

impl Products {
    /// Makes a planned disclosure and checks it; `today` is the day after which a date lies in the future.
    pub fn make(&self, planned: &Planned<'_>, today: Date) -> Made {
        let form = planned.form;
        let mut asking: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, item) in form.items.iter().enumerate() {
            if let Some(control) = item.control() {
                asking.entry(control).or_default().push(at);
            }
        }
        let mut items: Vec<MadeItem> = (0..form.items.len())
            .map(|at| self.chosen(planned, at, &asking))
            .collect();
        let tree = Document {
            products: self,
            planned,
            language: language_of(form),
            notes: Vec::new(),
        }
        .tree(&items);
        let forms = Catalog::of(vec![form.clone()]);
        let mut read = disclosure::from_tree(&tree, &forms, Some(&forms), &Limits::default());
        // A form that is named is there, so the reader always finds its one disclosure.
        let disclosure = read
            .disclosures
            .pop()
            .expect("a tree with items and a form is a disclosure");
        for (at, item) in items.iter_mut().enumerate() {
            let answered = disclosure
                .entry_at(at)
                .is_some_and(|entry| entry.state != State::Unanswered);
            if answered || matches!(disclosure.enabled(at), Enabled::No { .. }) {
                item.open = None;
            }
        }
        let mut findings = read.findings;
        findings.extend(validate(&disclosure, today));
        findings.sort_by_cached_key(|finding| finding.sort_key(&[]));
        Made {
            disclosure,
            findings,
            items,
        }
    }

    /// The answer to an item, or why there is none.
    fn chosen(
        &self,
        planned: &Planned<'_>,
        at: usize,
        asking: &HashMap<&str, Vec<usize>>,
    ) -> MadeItem {
        let item = &planned.form.items[at];
        let open = |refused, open| MadeItem {
            answer: None,
            refused,
            open: Some(open),
        };
        let Some(found) = self.answer_of(planned, at) else {
            let reason = match item.control() {
                Some(_) => Open::NothingSaid,
                None => Open::NoControl,
            };
            return open(None, reason);
        };
        let kept = &self.answers[found];
        if misfit(item, kept).is_some() {
            return open(Some(found), Open::NotTaken);
        }
        if let Subject::Control(control) = &kept.subject {
            let same = asking.get(control.as_str()).map_or(&[][..], Vec::as_slice);
            // A yes to one item is a yes to the control, so the control's no is a no to each of several; its yes
            // need not be a yes to all.
            if same.len() > 1 && !matches!(kept.answer, Some(Answer::No | Answer::Na)) {
                let others = same.iter().filter(|other| **other != at).take(LISTED);
                let others = others.map(|other| planned.form.items[*other].number.clone());
                return open(Some(found), Open::Shared(others.collect()));
            }
        }
        MadeItem {
            answer: Some(found),
            refused: None,
            open: None,
        }
    }
}

/// The document of a planned disclosure.
struct Document<'p> {
    products: &'p Products,
    planned: &'p Planned<'p>,
    language: Language,
    /// Remark texts so far, where the form has them in a block.
    notes: Vec<Node>,
}

impl Document<'_> {
    fn tree(mut self, made: &[MadeItem]) -> Node {
        let form: &Form = self.planned.form;
        let items: Vec<Node> = form
            .items
            .iter()
            .zip(made)
            .map(|(item, made)| self.item(item, made))
            .collect();
        let mut keys = vec![("header", self.header())];
        keys.push(("items", self.node(NodeValue::List(items))));
        let notes = std::mem::take(&mut self.notes);
        if !notes.is_empty() {
            keys.push(("remarks", self.node(NodeValue::List(notes))));
        }
        map(self.planned.place, keys)
    }

    fn node(&self, value: NodeValue) -> Node {
        Node {
            place: self.planned.place.clone(),
            value,
        }
    }

    fn header(&self) -> Node {
        let planned = self.planned;
        let value = |field: Field| match field {
            Field::Date => Some(planned.date.to_string()),
            Field::Manufacturer => Some(self.words(&self.products.manufacturer)),
            Field::Product => Some(self.words(&planned.product.name)),
            Field::Model => planned.version.model.clone(),
            Field::Version => Some(planned.version.version.clone()),
        };
        let fields = Field::ALL.into_iter().filter_map(|field| {
            let text = value(field)?;
            Some((field.code(), self.node(NodeValue::Text(text))))
        });
        map(planned.place, fields.collect())
    }

    fn words(&self, text: &Localised) -> String {
        text.text(self.language).to_owned()
    }

    fn item(&mut self, item: &Item, made: &MadeItem) -> Node {
        let text = |text: &str, place: &Place| Node {
            place: place.clone(),
            value: NodeValue::Text(text.to_owned()),
        };
        let here = self.planned.place;
        let mut keys = vec![
            ("number", text(item.number.as_str(), here)),
            ("text", text(&self.words(&item.title), here)),
        ];
        let Some(kept) = made.answer.map(|at| &self.products.answers[at]) else {
            return map(here, keys);
        };
        let said = &kept.said_at;
        match item.kind {
            Kind::Multiple if !kept.options.is_empty() => {
                let methods = kept.options.iter().filter_map(|method| {
                    let known = item.options.iter().find(|o| o.is_meant_by(method));
                    known.map(|option| text(&option.id, said))
                });
                let methods = Node {
                    place: said.clone(),
                    value: NodeValue::List(methods.collect()),
                };
                keys.push(("options", methods));
            }
            Kind::Choice | Kind::Multiple => {
                let code = kept.answer.map_or("", Answer::code);
                keys.push(("answer", text(code, said)));
            }
            Kind::Text | Kind::Date => {
                let words = kept.text.as_ref().map(|text| self.words(text));
                keys.push(("answer", text(&words.unwrap_or_default(), said)));
            }
        }
        let remark = self.remark(kept);
        if !remark.is_empty() {
            let remark = self.in_block(remark, &kept.remark_at);
            keys.push(("remark", text(&remark, &kept.remark_at)));
        }
        map(said, keys)
    }

    /// The remark, with the evidence behind it if the file asks for that.
    fn remark(&self, kept: &Kept) -> String {
        let mut remark = kept
            .remark
            .as_ref()
            .map_or_else(String::new, |remark| self.words(remark));
        if self.products.evidence_in_remark && !kept.evidence.is_empty() {
            let each = kept.evidence.iter().map(|evidence| {
                let mut said = self.words(&evidence.title);
                if let Some(date) = evidence.date {
                    said = self.language.label_with(
                        "products-evidence-dated",
                        &[("title", &said), ("date", &date.to_string())],
                    );
                }
                match &evidence.link {
                    Some(link) => format!("{said} {link}"),
                    None => said,
                }
            });
            let each: Vec<String> = each.collect();
            let separator = match self.language {
                Language::Ja => "、",
                Language::En => "; ",
            };
            let values = [("evidence", each.join(separator))];
            let said = self
                .language
                .label_with("products-evidence", &[(values[0].0, &values[0].1)]);
            if !remark.is_empty() {
                remark.push('\n');
            }
            remark.push_str(&said);
        }
        remark
    }

    /// Where the form has its remarks in a block: the text goes there, and its number stays.
    fn in_block(&mut self, remark: String, place: &Place) -> String {
        if self.planned.form.remarks != Some(Remarks::Block) {
            return remark;
        }
        let key = self.notes.len() + 1;
        let label = match self.language {
            Language::Ja => format!("備考{key}"),
            Language::En => format!("Note {key}"),
        };
        let bare = |text: String| Node {
            place: place.clone(),
            value: NodeValue::Text(text),
        };
        let note = vec![("key", bare(key.to_string())), ("text", bare(remark))];
        self.notes.push(map(place, note));
        label
    }
}

fn map(place: &Place, keys: Vec<(&str, Node)>) -> Node {
    let keys = keys
        .into_iter()
        .map(|(key, node)| (key.to_owned(), node.place.clone(), node));
    Node {
        place: place.clone(),
        value: NodeValue::Map(keys.collect()),
    }
}
