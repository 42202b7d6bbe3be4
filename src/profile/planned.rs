//! Plans: when a remark says that something is planned, and whether it takes that back.

use crate::text::fold;

/// Words of a remark by which something planned counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Words that say it is planned.
    pub words: Vec<String>,
    /// Words that take it back.
    pub unless: Vec<String>,
}

/// What a remark says about a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Nothing, or that there is none.
    None,
    /// That there is one.
    Made,
    /// A plan and a denial side by side; a person has to read it.
    Doubtful,
}

/// What follows the word for a plan and denies it, or makes it something else (対応予定：なし, 計画停止).
const AFTER: [&str; 15] = [
    "なし",
    "無し",
    "ない",
    "無い",
    "ません",
    "未定",
    "不明",
    "せず",
    "中止",
    "見送",
    "取りやめ",
    "停止",
    ":no",
    "cancel",
    "dropped",
];
/// What stands before it and makes it something else: not being planned, 事業継続計画.
const BEFORE: [&str; 6] = ["not", "n't", "never", "without", "nothing", "継続"];
/// Where one thought ends and the next may deny something else: 対応予定ですが、今は対応していません.
const ENDS: [&str; 7] = ["。", "!", "?", ";", "ですが", "だが", "ものの"];
/// How far from the word for a plan a denial still speaks of it, in letters.
const REACH: usize = 20;

impl Planned {
    /// What a remark says about a plan.
    ///
    /// A denial near the word, within the same thought, makes a plan doubtful.
    ///
    /// ```
    /// use kaijisho::profile::{Plan, Planned};
    /// let planned = Planned { words: vec!["予定".into()], unless: vec!["予定なし".into()] };
    /// assert_eq!(planned.in_remark("現在は未対応ですが、2027年3月に対応予定です。"), Plan::Made);
    /// assert_eq!(planned.in_remark("対応予定なし"), Plan::None);
    /// assert_eq!(planned.in_remark("対応予定：なし"), Plan::Doubtful);
    /// ```
    pub fn in_remark(&self, remark: &str) -> Plan {
        let remark = fold(remark);
        if self.unless.iter().any(|word| remark.contains(&fold(word))) {
            return Plan::None;
        }
        let mut plan = Plan::None;
        let mut marked = remark;
        for end in ENDS {
            marked = marked.replace(end, "\n");
        }
        for sentence in marked.split('\n') {
            for word in &self.words {
                let word = fold(word);
                for (at, _) in sentence.match_indices(&word) {
                    let after: String = sentence[at + word.len()..].chars().take(REACH).collect();
                    let before: String = sentence[..at].chars().rev().take(REACH).collect();
                    let before: String = before.chars().rev().collect();
                    let denied = AFTER.iter().any(|denial| after.contains(denial))
                        || BEFORE.iter().any(|denial| before.contains(denial));
                    if denied {
                        return Plan::Doubtful;
                    }
                    plan = Plan::Made;
                }
            }
        }
        plan
    }
}
