//! The words that the sheet prints besides questions and answers: headings and labels that are read back.

use crate::disclosure::FORM_LABEL;
use crate::form::{Family, Field};
use crate::language::{Language, Localised};
use crate::write::texts::Texts;

/// The label of the cell to the left of the form's id.
pub(super) fn form_label(language: Language) -> &'static str {
    match language {
        Language::Ja => FORM_LABEL[0],
        Language::En => FORM_LABEL[1],
    }
}

/// The label of a field of the head, in words that are read back (`schemas/vocabulary.toml`).
pub(super) fn label(field: Field, family: Family, texts: Texts) -> String {
    bracketed(texts, |language| in_language(field, family, language))
}

fn in_language(field: Field, family: Family, language: Language) -> &'static str {
    match (language, field, family.is_service()) {
        (Language::Ja, Field::Date, _) => "作成日",
        (Language::Ja, Field::Manufacturer, false) => "製造業者",
        (Language::Ja, Field::Manufacturer, true) => "サービス事業者",
        (Language::Ja, Field::Product, false) => "製品名",
        (Language::Ja, Field::Product, true) => "サービス名",
        (Language::Ja, Field::Model, _) => "型式",
        (Language::Ja, Field::Version, _) => "バージョン",
        (Language::En, Field::Date, _) => "Date",
        (Language::En, Field::Manufacturer, false) => "Manufacturer",
        (Language::En, Field::Manufacturer, true) => "Service provider",
        (Language::En, Field::Product, false) => "Product",
        (Language::En, Field::Product, true) => "Service",
        (Language::En, Field::Model, _) => "Model",
        (Language::En, Field::Version, _) => "Version",
    }
}

/// The headings of number, question, answer, remark and state.
pub(super) fn headings(texts: Texts) -> [String; 5] {
    let columns = [
        ("No.", "ID"),
        ("項目", "Question"),
        ("回答", "Answer"),
        ("備考", "Remark"),
        ("状態", "State"),
    ];
    columns.map(|(ja, en)| {
        bracketed(texts, |language| match language {
            Language::Ja => ja,
            Language::En => en,
        })
    })
}

/// The heading of the remark texts.
pub(super) fn block_title(language: Language) -> &'static str {
    match language {
        Language::Ja => "備考記載欄",
        Language::En => "Notes",
    }
}

/// Both languages, the second in brackets, which the reader leaves aside.
fn bracketed(texts: Texts, word: impl Fn(Language) -> &'static str) -> String {
    match texts {
        Texts::One(language) => word(language).to_owned(),
        Texts::Both => format!("{} ({})", word(Language::Ja), word(Language::En)),
    }
}

/// The words of the states, by their numbers from 1.
pub(super) fn states(texts: Texts) -> [String; 6] {
    [
        "new-state-unanswered",
        "new-state-not-asked",
        "new-state-not-understood",
        "new-state-contradicts",
        "new-state-remark",
        "new-state-done",
    ]
    .map(|key| texts.say(&Localised::label(key, &[])))
}

/// What stands below the title: where the form comes from, and what the colours mean.
pub(super) fn notice(provenance: &Localised, texts: Texts, to_fill: bool) -> String {
    let mut lines: Vec<String> = Vec::new();
    for language in texts.languages() {
        let origin = provenance.text(*language).to_owned();
        if !origin.is_empty() && !lines.contains(&origin) {
            lines.push(origin);
        }
        let key = if to_fill { "new-how-to" } else { "new-colours" };
        lines.push(language.label(key));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::{Role, Vocabulary};

    #[test]
    fn labels_are_read_back() {
        let words = Vocabulary::get();
        for texts in [
            Texts::One(Language::Ja),
            Texts::One(Language::En),
            Texts::Both,
        ] {
            for field in Field::ALL {
                for family in [Family::Mds, Family::Sds, Family::Mds2] {
                    assert_eq!(words.field(&label(field, family, texts)), Some(field));
                }
            }
            let roles = [Role::Number, Role::Question, Role::Answer, Role::Remark];
            let headings = headings(texts);
            for (heading, role) in headings.iter().zip(roles) {
                assert!(words.roles(heading).contains(&role), "{heading}");
            }
            assert!(
                words.roles(&headings[4]).is_empty(),
                "the state is nothing to read"
            );
        }
        for language in Language::ALL {
            assert!(words.is_block_title(block_title(language)));
        }
    }
}
