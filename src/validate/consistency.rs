//! Answers that contradict each other: children and what switches them on.
//!
//! | the item says | the condition is false, because its governor says | finding |
//! |---|---|---|
//! | yes | no, or another answer that switches off (PLOK-1: yes) | `child-contradicts-parent`, a warning |
//! | no | no | `child-answered-under-no`, a note: style, not a mistake |
//! | yes | not applicable, or the form tolerates it | `child-answered-under-no`, a note |
//! | no | not applicable | nothing: both say that it is not there |

use crate::answer::{Answer, State};
use crate::disclosure::Disclosure;
use crate::finding::{Finding, Value, rule};
use crate::form::{Enabled, OnDisabled};

pub(super) fn check(disclosure: &Disclosure, findings: &mut Vec<Finding>) {
    for entry in &disclosure.entries {
        let Some(at) = entry.item else { continue };
        // Methods ticked say that there is something, as a yes does.
        let ticked = entry.state == State::Answered && !entry.options.is_empty();
        let answer = entry.answer.or(ticked.then_some(Answer::Yes));
        if let (Enabled::No { by }, Some(answer)) = (disclosure.enabled(at), answer) {
            let Some(governor) = disclosure.entry(&by) else {
                continue;
            };
            let tolerated = disclosure.form.items[at].on_disabled == OnDisabled::Tolerate;
            let rule = match (answer, governor.answer) {
                // An item with methods has no answer of its own; what was ticked switched this one off.
                (Answer::Yes, None) if !tolerated && !governor.options.is_empty() => {
                    Some(rule::CHILD_CONTRADICTS_PARENT)
                }
                (_, None) => None,
                (Answer::Yes, Some(Answer::No | Answer::Yes | Answer::SeeNote)) if !tolerated => {
                    Some(rule::CHILD_CONTRADICTS_PARENT)
                }
                (Answer::Yes, Some(Answer::No | Answer::Na)) => Some(rule::CHILD_ANSWERED_UNDER_NO),
                (Answer::No, Some(Answer::No)) => Some(rule::CHILD_ANSWERED_UNDER_NO),
                (Answer::Yes, Some(Answer::Yes | Answer::SeeNote))
                | (Answer::No, Some(Answer::Yes | Answer::Na | Answer::SeeNote))
                | (Answer::Na | Answer::SeeNote, Some(_)) => None,
            };
            let said = match governor.answer {
                Some(parent) => Value::Answer(parent),
                None => Value::plain(&governor.written),
            };
            if let Some(rule) = rule {
                findings.push(
                    Finding::new(rule, entry.place.clone())
                        .about(&entry.number)
                        .with("answer", Value::Answer(answer))
                        .with("parent", Value::plain(&by))
                        .with("parent_answer", said),
                );
            }
        }
    }
    parents(disclosure, findings);
}

/// Parents without an answer whose children say yes or no.
fn parents(disclosure: &Disclosure, findings: &mut Vec<Finding>) {
    for entry in disclosure
        .entries
        .iter()
        .filter(|entry| entry.state == State::Unanswered)
    {
        let Some(at) = entry.item else { continue };
        let item = &disclosure.form.items[at];
        if !item.required || disclosure.enabled(at) != Enabled::Yes {
            continue;
        }
        let children: Vec<String> = disclosure
            .form
            .items
            .iter()
            .enumerate()
            .filter(|(child, _)| disclosure.governors(*child).contains(&&item.number))
            // Only where the blank leaves it open: an item that another answer switches on or off is no riddle.
            .filter(|(child, _)| matches!(disclosure.enabled(*child), Enabled::Undetermined { .. }))
            .filter_map(|(child, _)| disclosure.entry_at(child))
            .filter(|child| matches!(child.answer, Some(Answer::Yes | Answer::No)))
            .map(|child| child.number.to_string())
            .collect();
        if !children.is_empty() {
            findings.push(
                Finding::new(rule::PARENT_UNANSWERED, entry.place.clone())
                    .about(&entry.number)
                    .with("children", Value::plain(children.join(", "))),
            );
        }
    }
}
