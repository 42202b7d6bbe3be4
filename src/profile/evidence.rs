//! Evidence: whether a remark names something that can be looked up, by the words of `schemas/evidence.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::text::fold;

/// How far behind the name of a document a denial still speaks of it, in letters.
const REACH: usize = 8;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[allow(dead_code)]
    schema: String,
    addresses: Vec<String>,
    documents: Vec<String>,
    sections: Vec<String>,
    denials: Vec<String>,
}

static WORDS: LazyLock<Written> = LazyLock::new(|| {
    let mut words: Written = toml::from_str(include_str!("../../schemas/evidence.toml"))
        .expect("schemas/evidence.toml is checked by tests");
    for list in [
        &mut words.addresses,
        &mut words.documents,
        &mut words.sections,
        &mut words.denials,
    ] {
        for word in list.iter_mut() {
            *word = fold(word);
        }
    }
    words
});

/// True if a remark names a document, a page of the web or a part of a document.
///
/// ```
/// use kaijisho::profile::names_evidence;
/// assert!(names_evidence("運用マニュアル 第3章のとおり"));
/// assert!(names_evidence("3.2節を参照"));
/// assert!(!names_evidence("毎日実施しています"));
/// assert!(!names_evidence("手順書はありません"));
/// ```
pub fn names_evidence(remark: &str) -> bool {
    let remark = fold(remark);
    let named = |words: &[String], counts: &dyn Fn(usize, usize) -> bool| {
        words.iter().any(|word| {
            let mut found = remark.match_indices(word.as_str());
            found.any(|(at, _)| counts(at, at + word.len()))
        })
    };
    let exists = |_: usize, end: usize| {
        let after: String = remark[end..].chars().take(REACH).collect();
        !WORDS.denials.iter().any(|denial| after.contains(denial))
    };
    // A number before (3.2節, 第三章) or behind (p.12, 項3) makes it a part of something.
    let numbered = |start: usize, end: usize| {
        let is_number = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
        let before = remark[..start].chars().next_back();
        let after = remark[end..].chars().next();
        before.is_some_and(is_number) || after.is_some_and(|c| c.is_ascii_digit())
    };
    named(&WORDS.addresses, &|_, end| end < remark.len())
        || named(&WORDS.documents, &exists)
        || named(&WORDS.sections, &|start, end| {
            numbered(start, end) && exists(start, end)
        })
}
