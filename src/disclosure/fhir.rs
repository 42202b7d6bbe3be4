//! From FHIR resources to a tree of this project's own shape, which [`super::document`] reads.
//!
//! So an answer means the same in FHIR as in every other format. What is read: a Bundle with
//! Questionnaires and QuestionnaireResponses, a response alone, a questionnaire alone (a blank sheet).
//! Resources of others are read as far as their questions are of choice, boolean, text or date; what is not
//! understood is told.

mod build;
pub(crate) mod names;
mod questions;
mod told;
mod values;

use std::collections::HashMap;
use std::sync::Arc;

use self::build::Document;
use self::questions::Questions;
use self::told::Told;
use super::document::TOLD;
use crate::finding::{Finding, Value, rule};
use crate::form::Catalog;
use crate::language::Localised;
use crate::limits::Limits;
use crate::read::tree::{Node, NodeValue};

/// Fields of a Bundle and of its entries that are used or say nothing about a disclosure.
const BUNDLE: [&str; 12] = [
    "resourceType",
    "id",
    "meta",
    "implicitRules",
    "language",
    "identifier",
    "type",
    "timestamp",
    "total",
    "link",
    "entry",
    "signature",
];

/// What a FHIR file says, in this project's own shape, and what is to be said about it.
#[derive(Debug)]
pub(super) struct Translated {
    /// The documents; nothing where no resource is a form or a disclosure.
    pub(super) documents: Option<Node>,
    pub(super) findings: Vec<Finding>,
}

/// True for a tree that is a FHIR resource.
pub(super) fn is_resource(root: &Node) -> bool {
    root.get("resourceType").is_some() && root.get("documents").is_none()
}

/// Translates a resource.
pub(super) fn translate(root: &Node, catalog: &Catalog, limits: &Limits) -> Translated {
    let mut told = Told::new(TOLD);
    let mut found = Resources::default();
    found.gather(root, &mut told);
    let mut documents = Vec::new();
    let mut budget = limits.items;
    let mut known: HashMap<*const Node, Arc<Questions>> = HashMap::new();
    let mut questions_of = |node: &Node, told: &mut Told| {
        let known = known.entry(std::ptr::from_ref(node));
        Arc::clone(known.or_insert_with(|| Arc::new(Questions::of(node, told))))
    };
    for response in &found.responses {
        let named = named(response);
        let questionnaire = found.of_response(response, named.as_deref());
        let questions = questionnaire.map(|node| questions_of(node, &mut told));
        let document = Document::new(named.as_deref(), questions, catalog);
        // Many small responses to one long questionnaire would become many long documents.
        let Some(left) = budget.checked_sub(document.size()) else {
            told.too_many_items(&response.place, limits.items);
            return Translated {
                documents: Some(listed(root, Vec::new())),
                findings: told.into_findings(),
            };
        };
        budget = left;
        documents.push(document.of_response(response, &mut told));
    }
    if found.responses.is_empty() {
        for questionnaire in &found.questionnaires {
            let questions = questions_of(questionnaire, &mut told);
            let document = Document::new(None, Some(questions), catalog);
            documents.push(document.blank(questionnaire, &mut told));
        }
    }
    Translated {
        documents: (!documents.is_empty()).then(|| listed(root, documents)),
        findings: told.into_findings(),
    }
}

/// The documents as a tree of this project's own shape.
fn listed(root: &Node, documents: Vec<Node>) -> Node {
    let node = |value| Node {
        place: root.place.clone(),
        value,
    };
    let documents = node(NodeValue::List(documents));
    let key = ("documents".to_owned(), root.place.clone(), documents);
    node(NodeValue::Map(vec![key]))
}

/// A FHIR file without a form or a disclosure in it.
pub(super) fn nothing(root: &Node) -> Finding {
    let kind = values::text_of(root, "resourceType").unwrap_or_default();
    let kind = crate::text::show(&kind, 40);
    let detail = Localised::label("detail-fhir", &[("kind", &kind)]);
    Finding::new(rule::NOTHING_RECOGNISED, root.place.clone()).with("detail", Value::Local(detail))
}

/// Resources that are read.
#[derive(Default)]
struct Resources<'n> {
    questionnaires: Vec<&'n Node>,
    responses: Vec<&'n Node>,
    /// Questionnaires by their addresses, with and without version, and by id.
    by_name: HashMap<String, usize>,
}

impl<'n> Resources<'n> {
    fn gather(&mut self, root: &'n Node, told: &mut Told) {
        match kind_of(root) {
            "Bundle" => {
                told.unknown(root, &BUNDLE);
                for entry in root.get("entry").map(Node::list).unwrap_or_default() {
                    let Some(resource) = entry.get("resource") else {
                        continue;
                    };
                    let address = values::text_of(entry, "fullUrl");
                    self.add(resource, address, told);
                }
            }
            "Questionnaire" | "QuestionnaireResponse" => self.add(root, None, told),
            // Nothing is read; the whole file is told, not only its root.
            _ => {}
        }
    }

    fn add(&mut self, resource: &'n Node, address: Option<String>, told: &mut Told) {
        match kind_of(resource) {
            "Questionnaire" => {
                let at = self.questionnaires.len();
                let url = values::text_of(resource, "url");
                let version = values::text_of(resource, "version");
                let both = url.as_ref().zip(version);
                let both = both.map(|(url, version)| format!("{url}|{version}"));
                let id = id_of(resource).map(|id| format!("Questionnaire/{id}"));
                for name in [both, url, id, address].into_iter().flatten() {
                    self.by_name.entry(name).or_insert(at);
                }
                self.questionnaires.push(resource);
            }
            "QuestionnaireResponse" => self.responses.push(resource),
            other => told.not_used(
                &resource.place,
                other,
                &["Questionnaire", "QuestionnaireResponse"],
            ),
        }
    }

    /// The questionnaire of a response: within it, or beside it in the file.
    fn of_response(&self, response: &'n Node, named: Option<&str>) -> Option<&'n Node> {
        let contained = contained(response);
        let Some(name) = named else {
            return contained.first().copied();
        };
        match name.strip_prefix('#') {
            Some(id) => contained
                .into_iter()
                .find(|one| id_of(one).as_deref() == Some(id)),
            None => self.questionnaire(name),
        }
    }

    /// The questionnaire of this name; of another version, if only that is there.
    fn questionnaire(&self, name: &str) -> Option<&'n Node> {
        let bare = name.split('|').next().unwrap_or(name);
        let at = self.by_name.get(name).or_else(|| self.by_name.get(bare))?;
        Some(self.questionnaires[*at])
    }
}

/// What a response says of its questionnaire; before R4 that was a reference.
fn named(response: &Node) -> Option<String> {
    values::text_of(response, "questionnaire")
        .or_else(|| values::text_of(response.get("questionnaire")?, "reference"))
}

fn kind_of(node: &Node) -> &str {
    node.get("resourceType")
        .and_then(Node::text)
        .unwrap_or_default()
}

fn id_of(node: &Node) -> Option<String> {
    values::text_of(node, "id")
}

/// The questionnaires within a response.
fn contained(response: &Node) -> Vec<&Node> {
    let all = response.get("contained").map(Node::list);
    let all = all.unwrap_or_default().into_iter();
    all.filter(|node| kind_of(node) == "Questionnaire")
        .collect()
}
