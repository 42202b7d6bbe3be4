//! Whether a question of a sheet is still the question of the form.

use super::Form;
use crate::finding::{Rules, rule};
use crate::text::{fold, likeness};

impl Form {
    /// True if a sheet asks something else at this position of [`Form::items`], by the words of its question.
    ///
    /// Never where the form's texts cannot be compared with a sheet's.
    pub fn is_reworded(&self, item: usize, text: &str) -> bool {
        if !self.compare_text {
            return false;
        }
        let title = &self.items[item].title;
        // A sheet in two languages asks the same twice.
        if fold(text) == fold(&title.ja) + &fold(&title.en) {
            return false;
        }
        // A question turned round is another question, however alike the letters are.
        let denied = negations(text);
        let turned = denied != negations(&title.ja) && denied != negations(&title.en);
        let name = if self.exact_text {
            "exact_similarity"
        } else {
            "similarity"
        };
        let rule = Rules::bundled().named(rule::ITEM_TEXT_CHANGED);
        turned || likeness(text, title) < rule.parameter(name)
    }
}

/// How often a question denies.
fn negations(text: &str) -> usize {
    let text = fold(text);
    ["ない", "無い", "ません", "not"]
        .iter()
        .map(|word| text.matches(word).count())
        .sum()
}
