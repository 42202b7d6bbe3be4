//! From a response, or from a questionnaire alone, to a document of this project's own shape.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::questions::{Numbers, Question, Questions, is_remark, items};
use super::told::Told;
use super::{names, values};
use crate::disclosure::recognise::family;
use crate::form::{Catalog, Family, Field, Form};
use crate::language::Language;
use crate::place::Place;
use crate::read::tree::{Node, NodeValue};
use crate::text::is_blank;

/// Fields of a response that are used, or say nothing that a disclosure could lose.
const RESPONSE: [&str; 20] = [
    "resourceType",
    "id",
    "meta",
    "implicitRules",
    "language",
    "text",
    "contained",
    "identifier",
    "basedOn",
    "parent",
    "partOf",
    "questionnaire",
    "status",
    "subject",
    "context",
    "encounter",
    "authored",
    "author",
    "source",
    "item",
];
const ITEM: [&str; 7] = [
    "id",
    "linkId",
    "definition",
    "text",
    "answer",
    "item",
    "subject",
];

/// A document in the making.
pub(super) struct Document {
    /// The form's id and edition, where the resources name one of ours.
    form: Option<(String, Option<String>)>,
    questions: Option<Arc<Questions>>,
    /// The form, where it is known.
    known: Option<Arc<Form>>,
    numbers: Numbers,
}

/// An item of a response, in this project's shape, and where it goes.
struct Item {
    /// Its link; `None` for an item that stands beside the tree.
    link: Option<String>,
    position: Option<usize>,
    node: Node,
}

impl Document {
    /// A document of the form that a response names, or that its questionnaire is.
    pub(super) fn new(
        named: Option<&str>,
        questions: Option<Arc<Questions>>,
        catalog: &Catalog,
    ) -> Self {
        let canonical = questions
            .as_ref()
            .and_then(|known| known.canonical.as_deref());
        let form = named
            .and_then(names::form_of)
            .or_else(|| names::form_of(canonical?))
            .map(|(id, edition)| (id, edition.map(str::to_owned)));
        let known = form.as_ref().and_then(|(id, edition)| {
            let exact = edition.as_ref().map(|edition| format!("{id}@{edition}"));
            let exact = exact.and_then(|exact| catalog.form(&exact).ok());
            exact.or_else(|| catalog.form(id).ok())
        });
        Self {
            form,
            questions,
            known,
            numbers: Numbers::default(),
        }
    }

    /// How many questions the document has at least.
    pub(super) fn size(&self) -> usize {
        let known = self.known.as_ref().map(|form| form.items.len());
        let questions = self.questions.as_ref().map(|known| known.list.len());
        questions.or(known).unwrap_or_default()
    }

    /// The document of a response.
    pub(super) fn of_response(mut self, response: &Node, told: &mut Told) -> Node {
        told.unknown(response, &RESPONSE);
        self.number_questions(told);
        let mut walk = Walk {
            document: &mut self,
            language: language(response),
            absent: absent(response),
            head: Vec::new(),
            items: Vec::new(),
            told,
        };
        for item in items(response) {
            walk.item(item, None);
        }
        let Walk {
            head,
            mut items,
            absent,
            ..
        } = walk;
        references(response, self.known.as_deref(), &head, &items, told);
        items.extend(values::extensions(response, names::ITEM).map(beside));
        let items = self.completed(ordered(items), &absent);
        let notes = values::extensions(response, names::NOTE)
            .map(note)
            .collect();
        let kept = values::extensions(response, names::KEPT)
            .map(kept)
            .collect();
        let sheet = values::extension_text(response, names::SHEET);
        self.node(&response.place, sheet, head, items, [notes, kept])
    }

    /// The document of a questionnaire alone: a sheet that nobody has filled.
    pub(super) fn blank(mut self, questionnaire: &Node, told: &mut Told) -> Node {
        self.number_questions(told);
        let items = self.completed(Vec::new(), &HashSet::new());
        self.node(
            &questionnaire.place,
            None,
            Vec::new(),
            items,
            Default::default(),
        )
    }

    /// Gives every question its number before answers come, so that numbers do not depend on what is answered.
    fn number_questions(&mut self, told: &mut Told) {
        let questions = self.questions.clone();
        for question in questions.iter().flat_map(|known| &known.list) {
            let prefix = question.prefix.as_deref();
            self.numbers
                .of(&question.link, prefix, &question.place, told);
        }
    }

    fn question(&self, link: &str) -> Option<&Question> {
        let questions = self.questions.as_ref()?;
        let at = questions.by_link.get(link)?;
        questions.list.get(*at)
    }

    fn is_group(&self, link: &str) -> Option<bool> {
        let questions = self.questions.as_ref()?;
        if questions.groups.contains(link) {
            return Some(true);
        }
        questions.by_link.contains_key(link).then_some(false)
    }

    /// Adds the questions that a response leaves out, as FHIR does where nothing is answered.
    fn completed(&mut self, items: Vec<Item>, absent: &HashSet<String>) -> Vec<Node> {
        let all: Vec<(String, Option<String>, Place)> = match (&self.questions, &self.known) {
            (Some(questions), _) => questions
                .list
                .iter()
                .map(|one| (one.link.clone(), one.text.clone(), one.place.clone()))
                .collect(),
            (None, Some(form)) => form
                .items
                .iter()
                .map(|item| (item.number.to_string(), None, Place::File))
                .collect(),
            (None, None) => Vec::new(),
        };
        let present: HashSet<&str> = items
            .iter()
            .filter_map(|item| item.link.as_deref())
            .collect();
        // Each follows the question before it that is there.
        let mut following: HashMap<Option<String>, Vec<Node>> = HashMap::new();
        let mut last: Option<String> = None;
        for (link, text, place) in all {
            if present.contains(link.as_str()) {
                last = Some(link);
            } else if !absent.contains(&link) {
                let number = self.numbers.by_link(&link).unwrap_or(link);
                let mut fields = vec![field("number", number, &place)];
                fields.extend(text.map(|text| field("text", text, &place)));
                let node = map(fields, &place);
                following.entry(last.clone()).or_default().push(node);
            }
        }
        let mut nodes = following.remove(&None).unwrap_or_default();
        for item in items {
            nodes.push(item.node);
            if let Some(link) = item.link {
                nodes.extend(following.remove(&Some(link)).unwrap_or_default());
            }
        }
        nodes
    }

    fn node(
        &self,
        place: &Place,
        sheet: Option<(String, &Node)>,
        head: Vec<(Field, Node)>,
        items: Vec<Node>,
        [notes, kept]: [Vec<Node>; 2],
    ) -> Node {
        let title = self
            .questions
            .as_ref()
            .and_then(|known| known.title.clone());
        let (id, edition) = self.form.clone().unwrap_or_else(|| {
            let family = title.and_then(|title| family(&[String::new(), title]));
            let family = family.unwrap_or(Family::Mds);
            (format!("derived-{}", family.code()), None)
        });
        let mut form = vec![field("id", id.clone(), place)];
        // The version of a form without editions only tells one sheet from another.
        let edition = edition.filter(|_| !id.starts_with("derived-"));
        form.extend(edition.map(|edition| field("edition", edition, place)));
        let mut fields = vec![entry("form", map(form, place))];
        fields.extend(sheet.map(|(sheet, node)| field("sheet", sheet, &node.place)));
        let head = head
            .into_iter()
            .map(|(field, node)| entry(field.code(), node));
        fields.push(entry("header", map(head.collect(), place)));
        fields.push(entry("items", list(items, place)));
        fields.push(entry("remarks", list(notes, place)));
        fields.push(entry("kept", list(kept, place)));
        map(fields, place)
    }
}

/// A walk over the items of a response.
struct Walk<'w> {
    document: &'w mut Document,
    language: Language,
    absent: HashSet<String>,
    head: Vec<(Field, Node)>,
    items: Vec<Item>,
    told: &'w mut Told,
}

impl Walk<'_> {
    fn item(&mut self, node: &Node, above: Option<&str>) {
        self.told.unknown(node, &ITEM);
        let Some(link) = values::text_of(node, "linkId") else {
            self.told.not_used(&node.place, "item", &["linkId"]);
            return;
        };
        // The remark belongs to the question above, which has read it.
        if is_remark(&link, above) {
            return;
        }
        let answers = node.get("answer").map(Node::list).unwrap_or_default();
        let children = items(node);
        if above == Some(names::HEADER) && self.head(&link, node, &answers) {
            return;
        }
        let is_group = self
            .document
            .is_group(&link)
            .unwrap_or(answers.is_empty() && !children.is_empty());
        if !is_group || !answers.is_empty() {
            self.question(&link, node, &answers);
        }
        let below = answers.iter().flat_map(|answer| items(answer));
        for child in children.iter().copied().chain(below) {
            self.item(child, Some(&link));
        }
    }

    /// A field of the head; false where it is none.
    fn head(&mut self, link: &str, node: &Node, answers: &[&Node]) -> bool {
        let name = link.strip_prefix(names::HEADER);
        let name = name.and_then(|name| name.strip_prefix('.'));
        let Some(field) = name.and_then(Field::from_code) else {
            return false;
        };
        let said = values::said(answers, None, self.told);
        let written = values::extension_text(node, names::WRITTEN);
        let beside = said.answer_beside(
            written.as_ref().map(|(text, _)| text.as_str()),
            self.language,
        );
        let place = answers.first().map_or(&node.place, |answer| &answer.place);
        let text = match (written, beside) {
            (Some((written, extension)), Some(beside)) => {
                self.told.not_used(&extension.place, &written, &[&beside]);
                beside
            }
            (Some((text, _)), None) | (None, Some(text)) => text,
            (None, None) => return true,
        };
        self.head.push((field, text_node(text, place)));
        true
    }

    fn question(&mut self, link: &str, node: &Node, answers: &[&Node]) {
        let question = self.document.question(link);
        let displays = question.map(|question| Arc::clone(&question.displays));
        let prefix = question.and_then(|question| question.prefix.clone());
        let of_form = question.and_then(|question| question.text.clone());
        let said = values::said(answers, displays.as_deref(), self.told);
        let written = values::extension_text(node, names::WRITTEN);
        let said_nothing =
            written.is_none() && said.answer(self.language).is_none() && said.options.is_empty();
        if said_nothing && self.absent.contains(link) {
            return;
        }
        let place = &node.place;
        let link_place = node.get("linkId").map_or(place, |link| &link.place);
        let numbers = &mut self.document.numbers;
        let number = numbers.of(link, prefix.as_deref(), link_place, self.told);
        let mut fields = vec![field("number", number.to_string(), link_place)];
        // A response of ours has the question as the sheet prints it, or none; others repeat the questionnaire.
        let text = values::text_of(node, "text");
        let text = text.or_else(|| of_form.filter(|_| self.document.form.is_none()));
        fields.extend(text.map(|text| field("text", text, place)));
        let words = written.as_ref().map(|(text, _)| text.as_str());
        let answer = said.answer_beside(words, self.language);
        let answer_place = answers.first().map_or(place, |answer| &answer.place);
        fields.extend(answer.map(|answer| field("answer", answer, answer_place)));
        if !said.options.is_empty() {
            let options = said.options.into_iter().map(|(_, node)| node).collect();
            fields.push(entry("options", list(options, answer_place)));
        }
        fields.extend(written.map(|(text, node)| field("written", text, &node.place)));
        self.remark(link, node, answers, &mut fields);
        let position = values::extension_text(node, names::POSITION);
        self.items.push(Item {
            link: Some(link.to_owned()),
            position: position.and_then(|(text, _)| text.parse().ok()),
            node: map(fields, place),
        });
    }

    /// The remark of a question: an item under it, or under any of its answers.
    fn remark(
        &mut self,
        link: &str,
        node: &Node,
        answers: &[&Node],
        fields: &mut Vec<(String, Place, Node)>,
    ) {
        let under = answers.iter().flat_map(|answer| items(answer));
        for item in items(node).into_iter().chain(under) {
            let own = values::text_of(item, "linkId");
            if !own.is_some_and(|own| is_remark(&own, Some(link))) {
                continue;
            }
            let known = |key: &str| fields.iter().any(|(name, _, _)| name == key);
            if known("remark") || known("remark_reference") {
                self.told
                    .not_used(&item.place, &names::remark_link(link), &[]);
                continue;
            }
            let answers = item.get("answer").map(Node::list).unwrap_or_default();
            let said = values::said(&answers, None, self.told);
            let place = answers.first().map_or(&item.place, |answer| &answer.place);
            let text = said.answer(self.language);
            fields.extend(text.map(|text| field("remark", text, place)));
            let reference = values::extension_text(item, names::REFERENCE);
            fields
                .extend(reference.map(|(text, node)| field("remark_reference", text, &node.place)));
        }
    }
}

/// The language a response is written in; Japanese where it does not say.
fn language(response: &Node) -> Language {
    match values::text_of(response, "language") {
        Some(code) if code.starts_with("en") => Language::En,
        Some(_) | None => Language::Ja,
    }
}

/// The numbers of items that the disclosure does not have.
fn absent(response: &Node) -> HashSet<String> {
    values::extensions(response, names::ABSENT)
        .filter_map(|extension| values::text_of(extension, "valueString"))
        .flat_map(|numbers| {
            let numbers = numbers.split(' ').map(str::to_owned);
            numbers.collect::<Vec<_>>()
        })
        .collect()
}

/// What a response says of its subject and author counts only as far as the head, or the item that is asked
/// for it, says it too.
fn references(
    response: &Node,
    form: Option<&Form>,
    head: &[(Field, Node)],
    items: &[Item],
    told: &mut Told,
) {
    for (key, field) in [("subject", Field::Product), ("author", Field::Manufacturer)] {
        let Some(node) = response.get(key) else {
            continue;
        };
        let asked = form.and_then(|form| form.headers.iter().find(|asked| asked.field == field));
        let asked = asked
            .and_then(|asked| asked.item.as_ref())
            .and_then(|number| {
                let item = items
                    .iter()
                    .find(|item| item.link.as_deref() == Some(number.as_str()))?;
                item.node.get("written").or_else(|| item.node.get("answer"))
            });
        let value = head.iter().find(|(known, _)| *known == field);
        let value = value.map(|(_, node)| node).or(asked);
        let value = value.and_then(Node::text).map(names::shown);
        let display = values::text_of(node, "display").filter(|text| !is_blank(text));
        if let Some(display) = display.filter(|display| Some(display) != value.as_ref()) {
            told.not_used(&node.place, &display, &[value.as_deref().unwrap_or(key)]);
        }
    }
}

/// Items in the order of the sheet: those with a position there, the others in the places left.
fn ordered(items: Vec<Item>) -> Vec<Item> {
    if items.iter().all(|item| item.position.is_none()) {
        return items;
    }
    let (mut placed, rest): (Vec<Item>, Vec<Item>) =
        items.into_iter().partition(|item| item.position.is_some());
    placed.sort_by_key(|item| item.position);
    let mut ordered = Vec::with_capacity(placed.len() + rest.len());
    let mut rest = rest.into_iter();
    for item in placed {
        while item
            .position
            .is_some_and(|position| ordered.len() < position)
        {
            match rest.next() {
                Some(other) => ordered.push(other),
                None => break,
            }
        }
        ordered.push(item);
    }
    ordered.extend(rest);
    ordered
}

/// An item that stands beside the tree.
fn beside(extension: &Node) -> Item {
    let keys = [
        ("number", "number"),
        ("text", "text"),
        ("written", "written"),
        ("remark", "remark"),
        ("reference", "remark_reference"),
    ];
    let fields = keys.into_iter().filter_map(|(name, key)| {
        let (text, node) = values::extension_text(extension, name)?;
        Some(field(key, text, &node.place))
    });
    let position = values::extension_text(extension, "position");
    Item {
        link: None,
        position: position.and_then(|(text, _)| text.parse().ok()),
        node: map(fields.collect(), &extension.place),
    }
}

/// A remark text that items refer to by number.
fn note(extension: &Node) -> Node {
    texts(extension, &["key", "label", "text"])
}

/// A piece of content that no form asks for.
fn kept(extension: &Node) -> Node {
    texts(extension, &["kind", "item", "label", "text", "origin"])
}

/// The texts of an extension made of extensions, by name.
fn texts(extension: &Node, names: &[&str]) -> Node {
    let fields = names.iter().filter_map(|name| {
        let (text, node) = values::extension_text(extension, name)?;
        Some(field(name, text, &node.place))
    });
    map(fields.collect(), &extension.place)
}

fn text_node(text: String, place: &Place) -> Node {
    Node {
        place: place.clone(),
        value: NodeValue::Text(text),
    }
}

fn entry(key: &str, node: Node) -> (String, Place, Node) {
    (key.to_owned(), node.place.clone(), node)
}

fn field(key: &str, text: String, place: &Place) -> (String, Place, Node) {
    entry(key, text_node(text, place))
}

fn map(fields: Vec<(String, Place, Node)>, place: &Place) -> Node {
    Node {
        place: place.clone(),
        value: NodeValue::Map(fields),
    }
}

fn list(nodes: Vec<Node>, place: &Place) -> Node {
    Node {
        place: place.clone(),
        value: NodeValue::List(nodes),
    }
}
