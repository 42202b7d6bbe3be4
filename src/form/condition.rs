//! Conditions: when an item is asked.
//!
//! The semantics, tested on the `enableWhen` cases of FHIR validators:
//!
//! | the condition is | the item is | required counts | an answer is |
//! |---|---|---|---|
//! | true | enabled | yes | expected |
//! | false | disabled | no | a contradiction if it is yes, style if it is no |
//! | not decidable, because an answer it looks at is missing, unclear or only points to a note | undetermined | no | accepted |
//!
//! An item governed by a disabled item that is itself unanswered is disabled too: what was never
//! asked cannot switch anything on.

use crate::answer::{Answer, ItemNumber};

/// A condition on other items.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// The answer of an item is one of these.
    Is {
        /// The item looked at.
        item: ItemNumber,
        /// The answers that make it true.
        is: Vec<Answer>,
    },
    /// At least one of these methods is ticked on an item.
    Ticked {
        /// The item looked at.
        item: ItemNumber,
        /// The methods, by id.
        ticked: Vec<String>,
    },
    /// All of several conditions.
    All(Vec<Condition>),
    /// At least one of several conditions.
    Any(Vec<Condition>),
}

/// What a condition sees of an item.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Given {
    /// The clear answer, if there is one.
    pub answer: Option<Answer>,
    /// The methods ticked, by id; `None` where nothing was ticked or written.
    pub ticked: Option<Vec<String>>,
}

/// Whether an item is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enabled {
    /// It is asked.
    Yes,
    /// It is not asked, because of this item's answer.
    No {
        /// The item whose answer decides.
        by: ItemNumber,
    },
    /// It cannot be said, because this item has no clear answer.
    Undetermined {
        /// The item without a clear answer.
        by: ItemNumber,
    },
}

impl Condition {
    /// Evaluates the condition. `given` tells what was answered, `enabled` whether an item is itself asked.
    pub fn evaluate(
        &self,
        given: &dyn Fn(&ItemNumber) -> Given,
        enabled: &dyn Fn(&ItemNumber) -> Enabled,
    ) -> Enabled {
        let unclear = |item: &ItemNumber| match enabled(item) {
            Enabled::No { .. } => Enabled::No { by: item.clone() },
            Enabled::Yes | Enabled::Undetermined { .. } => {
                Enabled::Undetermined { by: item.clone() }
            }
        };
        match self {
            Condition::Is { item, is } => match given(item).answer {
                Some(answer) if is.contains(&answer) => Enabled::Yes,
                // A see-note answer says neither yes nor no: only a condition that names it can be decided.
                Some(Answer::SeeNote) | None => unclear(item),
                Some(Answer::Yes | Answer::No | Answer::Na) => Enabled::No { by: item.clone() },
            },
            Condition::Ticked { item, ticked } => match given(item).ticked {
                Some(found) if found.iter().any(|method| ticked.contains(method)) => Enabled::Yes,
                Some(_) => Enabled::No { by: item.clone() },
                None => unclear(item),
            },
            Condition::All(parts) => {
                // False as soon as one is false, whatever is undecided.
                let mut whole = Enabled::Yes;
                for part in parts {
                    match part.evaluate(given, enabled) {
                        Enabled::Yes => {}
                        no @ Enabled::No { .. } => return no,
                        open @ Enabled::Undetermined { .. } => whole = open,
                    }
                }
                whole
            }
            Condition::Any(parts) => {
                // True as soon as one is true; undecided before false.
                let mut whole: Option<Enabled> = None;
                for part in parts {
                    match part.evaluate(given, enabled) {
                        Enabled::Yes => return Enabled::Yes,
                        no @ Enabled::No { .. } => {
                            whole.get_or_insert(no);
                        }
                        open @ Enabled::Undetermined { .. } => {
                            if !matches!(whole, Some(Enabled::Undetermined { .. })) {
                                whole = Some(open);
                            }
                        }
                    }
                }
                whole.unwrap_or(Enabled::Yes)
            }
        }
    }

    /// The items a condition looks at, in order.
    pub fn items(&self) -> Vec<&ItemNumber> {
        match self {
            Condition::Is { item, .. } | Condition::Ticked { item, .. } => vec![item],
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().flat_map(Condition::items).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(item: &str, answers: &[Answer]) -> Condition {
        Condition::Is {
            item: ItemNumber::new(item),
            is: answers.to_vec(),
        }
    }

    fn evaluate(condition: &Condition, answers: &[(&str, Option<Answer>)]) -> Enabled {
        let given = |number: &ItemNumber| Given {
            answer: answers
                .iter()
                .find(|(name, _)| *name == number.as_str())
                .and_then(|(_, answer)| *answer),
            ticked: None,
        };
        condition.evaluate(&given, &|_| Enabled::Yes)
    }

    fn by(item: &str) -> ItemNumber {
        ItemNumber::new(item)
    }

    #[test]
    fn three_values() {
        let condition = is("1", &[Answer::Yes]);
        assert_eq!(
            evaluate(&condition, &[("1", Some(Answer::Yes))]),
            Enabled::Yes
        );
        assert_eq!(
            evaluate(&condition, &[("1", Some(Answer::No))]),
            Enabled::No { by: by("1") }
        );
        assert_eq!(
            evaluate(&condition, &[("1", Some(Answer::Na))]),
            Enabled::No { by: by("1") }
        );
        assert_eq!(
            evaluate(&condition, &[("1", Some(Answer::SeeNote))]),
            Enabled::Undetermined { by: by("1") }
        );
        assert_eq!(
            evaluate(&condition, &[]),
            Enabled::Undetermined { by: by("1") }
        );
    }

    #[test]
    fn all_is_false_before_undecided_and_any_true_before_undecided() {
        let parts = vec![is("1", &[Answer::Yes]), is("2", &[Answer::Yes])];
        let all = Condition::All(parts.clone());
        let any = Condition::Any(parts);
        let open_and_no = [("2", Some(Answer::No))];
        assert_eq!(evaluate(&all, &open_and_no), Enabled::No { by: by("2") });
        assert_eq!(
            evaluate(&any, &open_and_no),
            Enabled::Undetermined { by: by("1") }
        );
        let open_and_yes = [("2", Some(Answer::Yes))];
        assert_eq!(
            evaluate(&all, &open_and_yes),
            Enabled::Undetermined { by: by("1") }
        );
        assert_eq!(evaluate(&any, &open_and_yes), Enabled::Yes);
    }

    #[test]
    fn an_unanswered_item_that_is_not_asked_switches_off() {
        let condition = is("1.1", &[Answer::Yes]);
        let state = condition.evaluate(&|_| Given::default(), &|_| Enabled::No { by: by("1") });
        assert_eq!(state, Enabled::No { by: by("1.1") });
    }
}
