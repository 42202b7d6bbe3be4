//! Questions matched before: the sheets of a folder ask much the same ones, file after file.
//!
//! What is remembered is what [`Controls::match_question`] gives, which nothing but the question decides: it makes no
//! difference to what is found, only to how soon.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use super::{Controls, Match, Question, Subject};

/// How many questions are remembered; the forms of the field ask some hundreds each.
const MOST: usize = 20_000;
/// How long a question is that is remembered, in bytes, with its headings and references.
const LONGEST: usize = 1_500;

/// The likeliest control of a question, by its place in the catalogue; `None` where it may ask about none.
type Likeliest = Option<(usize, f64, Vec<String>)>;

static KNOWN: LazyLock<Mutex<HashMap<String, Likeliest>>> = LazyLock::new(Mutex::default);

impl Controls {
    /// The likeliest of the controls of the bundled catalogue that a question may ask about: the first of
    /// [`Controls::match_question`].
    pub(crate) fn likeliest(question: &Question<'_>) -> Option<Match<'static>> {
        let controls = Controls::bundled();
        let key = key(question);
        if let Some(key) = &key {
            let known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(found) = known.get(key) {
                return found.clone().map(|(at, confidence, because)| Match {
                    control: &controls.controls[at],
                    confidence,
                    because,
                });
            }
        }
        let found = controls.match_question(question).into_iter().next();
        if let Some(key) = key {
            let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
            if known.len() < MOST {
                let place = |found: &Match<'_>| controls.index[&found.control.id];
                let likeliest = found
                    .as_ref()
                    .map(|found| (place(found), found.confidence, found.because.clone()));
                known.insert(key, likeliest);
            }
        }
        found
    }
}

/// All that decides what a question is matched to; `None` where that is too long to be remembered.
fn key(question: &Question<'_>) -> Option<String> {
    let subject = match question.subject {
        Subject::Product => "p",
        Subject::Service => "s",
        Subject::Both => "b",
    };
    let mut parts = vec![subject, question.text, question.section];
    // Nothing above is not the same as an empty text above, and neither is a text that begins with a sign of ours.
    parts.push(if question.parent_text.is_some() {
        "+"
    } else {
        "-"
    });
    parts.extend(question.parent_text);
    parts.extend(question.references.iter().map(String::as_str));
    let length: usize = parts.iter().map(|part| part.len() + 1).sum();
    // A text that holds the separator could be two.
    let is_plain = parts.iter().all(|part| !part.contains('\u{1f}'));
    (length <= LONGEST && is_plain).then(|| parts.join("\u{1f}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_what_is_found() {
        let references = ["システム運用編 8".to_owned()];
        let plain = Question::new("利用者の認証に二つの要素を用いますか");
        let about = Question {
            section: "認証",
            references: &references,
            subject: Subject::Service,
            parent_text: Some("利用者を認証しますか"),
            ..plain
        };
        let nothing = Question::new("色は何ですか");
        for question in [plain, about, nothing] {
            let found = Controls::bundled().match_question(&question);
            let first = found.first();
            for _ in 0..2 {
                let again = Controls::likeliest(&question);
                assert_eq!(
                    again
                        .as_ref()
                        .map(|one| (&one.control.id, one.confidence, &one.because)),
                    first.map(|one| (&one.control.id, one.confidence, &one.because)),
                    "{}",
                    question.text
                );
            }
        }
        let keys: std::collections::HashSet<_> = [plain, about, nothing].iter().map(key).collect();
        assert_eq!(keys.len(), 3);
        let long = "あ".repeat(LONGEST);
        assert_eq!(key(&Question::new(&long)), None);
        assert_eq!(key(&Question::new("a\u{1f}b")), None);
    }
}
