//! One item of a document: its number, and all that its keys say of the answer and the remark.
use super::besides::as_text;
use super::{DocumentReader, place_of, said};
use crate::answer::{Answer, ItemNumber, State};
use crate::disclosure::remark::Notes;
use crate::disclosure::resolve::{answer_in, in_words, language_of, methods_in_words, resolve};
use crate::disclosure::{Entry, Placed, Remark};
use crate::form::{Form, Item, Kind};
use crate::read::tree::Node;
use crate::text::is_blank;

const ITEM: [&str; 12] = [
    "number",
    "control",
    "text",
    "title",
    "section",
    "answer",
    "options",
    "state",
    "written",
    "remark",
    "remark_reference",
    "place",
];

impl DocumentReader<'_> {
    pub(super) fn entry(&mut self, node: &Node, form: &Form, notes: &mut Notes) -> Option<Entry> {
        let number_place = place_of(node, "number");
        let written_number = node.get("number").and_then(Node::text).unwrap_or_default();
        let Some(number) = ItemNumber::parse(written_number) else {
            let found = match written_number {
                "" => as_text(node.get("number").unwrap_or(node)),
                number => number.to_owned(),
            };
            self.not_used(number_place, &found, &["number = \"4.1\""]);
            self.keep_item(node);
            return None;
        };
        self.unknown(node, &ITEM, "", Some(&number));
        let at = form.position(&number);
        let item = at.map(|at| &form.items[at]);
        let number = item.map_or(number, |item| item.number.clone());
        let place = node
            .get("answer")
            .or_else(|| node.get("written"))
            .or_else(|| node.get("options"))
            .map_or(&node.place, |answer| &answer.place)
            .clone();
        let written = self.written(node, form, item);
        let resolved = resolve(item, &written);
        if let Some(state) = said(node, "state")
            && State::from_code(state) != Some(resolved.state)
        {
            self.not_used(place_of(node, "state"), state, &[resolved.state.code()]);
        }
        let mut remark = self.remark(node, &number, notes);
        if resolved.answer == Some(Answer::SeeNote) && remark == Remark::default() {
            // As on a sheet, the answer itself may say which note: See Note 5.
            let named = notes.remark(&written);
            if named.reference.is_some() {
                remark = named;
            }
        }
        Some(Entry {
            number,
            item: at,
            number_place,
            text: said(node, "text").map(|text| Placed {
                text: text.to_owned(),
                place: place_of(node, "text"),
            }),
            answer: resolved.answer,
            options: resolved.options,
            state: resolved.state,
            written,
            remark,
            remark_place: node
                .get("remark")
                .or_else(|| node.get("remark_reference"))
                .map_or(&place, |remark| &remark.place)
                .clone(),
            place,
            hidden: false,
            drawn: false,
        })
    }

    /// The answer as written, from all that an item says about it.
    ///
    /// Two clear answers that differ conflict: neither may win. A clear one wins over an unclear one;
    /// what is not used is told.
    fn written(&mut self, node: &Node, form: &Form, item: Option<&Item>) -> String {
        let written = said(node, "written");
        let answer = said(node, "answer").map(|answer| in_words(form, item, answer));
        let methods: Vec<String> = node
            .get("options")
            .map(Node::list)
            .unwrap_or_default()
            .into_iter()
            .filter_map(|method| method.text())
            .filter(|method| !is_blank(method))
            .map(str::to_owned)
            .collect();
        let methods = (!methods.is_empty()).then(|| methods_in_words(form, item, &methods));
        let typed = match (answer, methods) {
            (Some(answer), Some(methods)) => match resolve(item, &answer).answer {
                // Methods ticked beside a no or n/a do not outweigh it.
                Some(Answer::No | Answer::Na | Answer::SeeNote) => {
                    self.not_used(place_of(node, "options"), &methods, &[&answer]);
                    Some(answer)
                }
                Some(Answer::Yes) => Some(methods),
                // A yes that the item does not offer says no more than the methods.
                None if says_yes(&answer) => Some(methods),
                None => Some(format!("{answer}、{methods}")),
            },
            (answer, methods) => methods.or(answer),
        };
        let (written, typed) = match (written, typed) {
            (Some(written), Some(typed)) => (written, typed),
            (Some(written), None) => return written.to_owned(),
            (None, Some(typed)) => return typed,
            (None, None) => return String::new(),
        };
        let (read, meant) = (resolve(item, written), resolve(item, &typed));
        if let (Some(one), Some(other)) = (read.answer, meant.answer) {
            if one == other {
                return written.to_owned();
            }
            let both = format!("{written}・{typed}");
            if resolve(item, &both).state == State::Conflicting {
                return both;
            }
            let language = language_of(form);
            return format!("{}・{}", one.word(language), other.word(language));
        }
        // A clear answer can be said in other words; a text, or an unclear answer, only in its own.
        let is_text = item.is_some_and(|item| matches!(item.kind, Kind::Text | Kind::Date));
        let same = if is_text || read.state != State::Answered {
            written.trim() == typed.trim()
        } else {
            read == meant
        };
        // The methods known of a list in which others are not.
        if same || (!read.options.is_empty() && read.options == meant.options) {
            return written.to_owned();
        }
        if meant.state == State::Answered && read.state != State::Answered {
            self.not_used(place_of(node, "written"), written, &[&typed]);
            return typed;
        }
        let key = if said(node, "answer").is_some() {
            "answer"
        } else {
            "options"
        };
        self.not_used(place_of(node, key), &typed, &[written]);
        written.to_owned()
    }

    /// The remark: its text, or the number of a text in the block.
    fn remark(&mut self, node: &Node, number: &ItemNumber, notes: &mut Notes) -> Remark {
        // In XML the reference is an attribute of the remark.
        let remark = node.get("remark");
        if let Some(remark) = remark {
            self.unknown(remark, &["reference", "value"], "remark.", Some(number));
        }
        let text = said(node, "remark").or_else(|| said(remark?, "value"));
        let reference = node
            .get("remark_reference")
            .or_else(|| remark?.get("reference"));
        let referred = reference
            .and_then(Node::text)
            .filter(|reference| !is_blank(reference));
        match (text, referred) {
            (None, None) => Remark::default(),
            (None, Some(written)) | (Some(written), None) => notes.remark(written),
            (Some(text), Some(written)) => {
                let target = notes.text_of(written);
                if target.as_deref() == Some(text) {
                    return notes.remark(written);
                }
                let place = reference.map_or(&node.place, |node| &node.place).clone();
                self.not_used(place, written, &[target.as_deref().unwrap_or("remarks")]);
                notes.remark(text)
            }
        }
    }
}

fn says_yes(answer: &str) -> bool {
    answer_in(answer) == Some(Answer::Yes)
}
