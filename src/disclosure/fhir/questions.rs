//! The questions of a Questionnaire, in order, with the numbers they get here.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::told::Told;
use super::values::Displays;
use super::{names, values};
use crate::answer::ItemNumber;
use crate::place::Place;
use crate::read::tree::Node;

/// Fields of a Questionnaire that are used, or say nothing that a disclosure could lose.
const QUESTIONNAIRE: [&str; 33] = [
    "resourceType",
    "id",
    "meta",
    "implicitRules",
    "language",
    "text",
    "contained",
    "url",
    "identifier",
    "version",
    "name",
    "title",
    "derivedFrom",
    "status",
    "experimental",
    "subjectType",
    "date",
    "publisher",
    "contact",
    "description",
    "useContext",
    "jurisdiction",
    "purpose",
    "copyright",
    "approvalDate",
    "lastReviewDate",
    "effectivePeriod",
    "code",
    "item",
    "subject",
    "concept",
    "group",
    "copyrightLabel",
];
/// The same of its items.
const ITEM: [&str; 20] = [
    "id",
    "linkId",
    "definition",
    "code",
    "prefix",
    "text",
    "type",
    "enableWhen",
    "enableBehavior",
    "required",
    "repeats",
    "readOnly",
    "maxLength",
    "answerValueSet",
    "answerOption",
    "option",
    "options",
    "initial",
    "item",
    "disabledDisplay",
];

/// A question.
#[derive(Clone, Debug)]
pub(super) struct Question {
    /// The link by which responses name it.
    pub(super) link: String,
    /// Its label, where the questionnaire has one.
    pub(super) prefix: Option<String>,
    pub(super) text: Option<String>,
    pub(super) place: Place,
    /// The words of its options, by code.
    pub(super) displays: Arc<Displays>,
}

/// The questions of a questionnaire.
#[derive(Debug, Default)]
pub(super) struct Questions {
    /// The canonical address, with the version if there is one.
    pub(super) canonical: Option<String>,
    pub(super) title: Option<String>,
    pub(super) list: Vec<Question>,
    /// Where in the list a link is; the first, should it stand twice.
    pub(super) by_link: HashMap<String, usize>,
    /// Links of groups and of texts that ask nothing.
    pub(super) groups: HashSet<String>,
}

impl Questions {
    /// Reads the questions of a Questionnaire.
    pub(super) fn of(node: &Node, told: &mut Told) -> Self {
        told.unknown(node, &QUESTIONNAIRE);
        let url = values::text_of(node, "url");
        let canonical = url.map(|url| match values::text_of(node, "version") {
            Some(version) => format!("{url}|{version}"),
            None => url,
        });
        let mut questions = Self {
            canonical,
            title: values::text_of(node, "title").or_else(|| values::text_of(node, "name")),
            ..Self::default()
        };
        for item in items(node) {
            questions.item(item, None, told);
        }
        questions
    }

    fn item(&mut self, node: &Node, above: Option<&str>, told: &mut Told) {
        told.unknown(node, &ITEM);
        let Some(link) = values::text_of(node, "linkId") else {
            told.not_used(&node.place, "item", &["linkId"]);
            return;
        };
        if is_remark(&link, above) {
            return;
        }
        let kind = values::text_of(node, "type").unwrap_or_default();
        let head = link == names::HEADER
            || above == Some(names::HEADER) && link.starts_with(names::HEADER);
        match kind.as_str() {
            "group" | "display" => {
                self.groups.insert(link.clone());
            }
            _ if head => {}
            _ if self.by_link.contains_key(&link) => {
                told.not_used(&node.place, &link, &["linkId"]);
            }
            _ => {
                self.by_link.insert(link.clone(), self.list.len());
                self.list.push(Question {
                    prefix: values::text_of(node, "prefix"),
                    text: values::text_of(node, "text"),
                    place: node.place.clone(),
                    displays: Arc::new(displays(node)),
                    link: link.clone(),
                });
            }
        }
        for child in items(node) {
            self.item(child, Some(&link), told);
        }
    }
}

/// The items right under a node.
pub(super) fn items(node: &Node) -> Vec<&Node> {
    node.get("item").map(Node::list).unwrap_or_default()
}

/// True for the link of the remark of the item above.
pub(super) fn is_remark(link: &str, above: Option<&str>) -> bool {
    above.is_some_and(|above| link.strip_suffix(names::REMARK) == Some(above))
}

/// The words of the options of a question, by code.
fn displays(node: &Node) -> Displays {
    let options = node.get("answerOption").or_else(|| node.get("option"));
    let options = options.map(Node::list).unwrap_or_default();
    let word = |option: &Node| {
        let coding = option.get("valueCoding")?;
        Some((
            values::text_of(coding, "code")?,
            values::text_of(coding, "display")?,
        ))
    };
    options.into_iter().filter_map(word).collect()
}

/// Numbers of questions by their links.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    by_link: HashMap<String, ItemNumber>,
    taken: HashSet<ItemNumber>,
    assigned: usize,
}

impl Numbers {
    /// The number of a link: itself where it is one, else its label, else one made up, which is told.
    pub(super) fn of(
        &mut self,
        link: &str,
        prefix: Option<&str>,
        place: &Place,
        told: &mut Told,
    ) -> ItemNumber {
        if let Some(known) = self.by_link.get(link) {
            return known.clone();
        }
        let own = ItemNumber::parse(link).filter(|number| !self.taken.contains(number));
        let number = own.unwrap_or_else(|| {
            let label = prefix.and_then(ItemNumber::parse);
            let label = label.filter(|number| !self.taken.contains(number));
            let number = label.unwrap_or_else(|| self.next());
            told.numbered(place, link, &number);
            number
        });
        self.taken.insert(number.clone());
        self.by_link.insert(link.to_owned(), number.clone());
        number
    }

    /// The number of a link that has one.
    pub(super) fn by_link(&self, link: &str) -> Option<String> {
        self.by_link.get(link).map(ToString::to_string)
    }

    /// The next free number: LINK-1 to LINK-999, LINKA-0 and on, for a part of a number has three digits.
    fn next(&mut self) -> ItemNumber {
        loop {
            self.assigned += 1;
            let mut letters = String::new();
            let mut thousands = self.assigned / 1000;
            while thousands > 0 {
                thousands -= 1;
                letters.extend(char::from_digit(10 + (thousands % 26) as u32, 36));
                thousands /= 26;
            }
            let letters = letters.to_ascii_uppercase();
            let number = ItemNumber::new(format!("LINK{letters}-{}", self.assigned % 1000));
            if !self.taken.contains(&number) {
                return number;
            }
        }
    }
}
