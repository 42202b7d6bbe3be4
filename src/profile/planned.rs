//! Plans: when a remark says that something is planned, and whether it takes that back.

use jiff::civil::Date;

use crate::text::fold;
use crate::vocabulary::contains_word;

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
const AFTER: [&str; 19] = [
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
    "撤回",
    "断念",
    "白紙",
    "延期",
];
/// What stands before it and makes it something else: 事業継続計画, サポート終了を予定.
const BEFORE: [&str; 3] = ["継続", "未確認", "終了"];
/// English denials, anywhere in the remark as words of their own.
const ENGLISH: [&str; 7] = [
    "not",
    "never",
    "without",
    "nothing",
    "cancelled",
    "canceled",
    "dropped",
];
/// Where one thought ends and the next may deny something else: 対応予定ですが、今は対応していません.
const ENDS: [&str; 7] = ["。", "!", "?", ";", "ですが", "だが", "ものの"];
/// How far from the word for a plan a denial still speaks of it, in letters.
const REACH: usize = 20;

impl Planned {
    /// What a remark says about a plan.
    ///
    /// A denial near the word, within the same thought, makes a plan doubtful, and so does a date before `today`.
    ///
    /// ```
    /// use kaijisho::profile::{Plan, Planned};
    /// let planned = Planned { words: vec!["予定".into()], unless: vec!["予定なし".into()] };
    /// let today = jiff::civil::date(2026, 10, 1);
    /// assert_eq!(planned.in_remark("現在は未対応ですが、2027年3月に対応予定です。", today), Plan::Made);
    /// assert_eq!(planned.in_remark("対応予定なし", today), Plan::None);
    /// assert_eq!(planned.in_remark("対応予定：なし", today), Plan::Doubtful);
    /// assert_eq!(planned.in_remark("2026年3月に対応予定です", today), Plan::Doubtful);
    /// ```
    pub fn in_remark(&self, remark: &str, today: Date) -> Plan {
        let lower = remark.to_lowercase();
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
                    // 予定表 and 計画書 are papers, not plans.
                    if sentence[at + word.len()..].starts_with(['表', '書', '外']) {
                        continue;
                    }
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
        let denied =
            ENGLISH.iter().any(|word| contains_word(&lower, word)) || lower.contains("n't");
        if plan == Plan::Made && denied {
            return Plan::Doubtful;
        }
        // A date that has passed says that the plan was not carried out, or the remark is old.
        if plan == Plan::Made && ends(&marked).is_some_and(|end| end < today) {
            return Plan::Doubtful;
        }
        plan
    }
}

/// The last day of the latest year, or year and month, that a folded text names: 2027年3月, 令和9年度, 2027/3.
fn ends(text: &str) -> Option<Date> {
    let mut latest: Option<Date> = None;
    let digits = |text: &str| {
        text.chars()
            .take_while(char::is_ascii_digit)
            .collect::<String>()
    };
    for (at, _) in text.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
        let head = &text[..at];
        if head.ends_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let year = digits(&text[at..]);
        let rest = &text[at + year.len()..];
        let year: i16 = match year.parse() {
            Ok(year @ 2000..=2099) => year,
            // Reiwa 1 is 2019.
            Ok(year @ 1..=81) if head.ends_with("令和") || head.ends_with('r') => year + 2018,
            Ok(_) | Err(_) => continue,
        };
        let month = rest
            .strip_prefix(['年', '/', '-', '.'])
            .map(&digits)
            .and_then(|month| month.parse::<i8>().ok());
        let day = match month {
            Some(month @ 1..=12) => Date::new(year, month, 1)
                .ok()
                .map(|day| day.last_of_month()),
            // A fiscal year ends in March.
            _ if rest.starts_with("年度") => Date::new(year + 1, 3, 31).ok(),
            _ if rest.starts_with('年') => Date::new(year, 12, 31).ok(),
            Some(_) | None => None,
        };
        latest = latest.max(day);
    }
    latest
}
