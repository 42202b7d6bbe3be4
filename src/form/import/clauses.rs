//! Clauses of guidelines, as questions and columns of references cite them.
//!
//! A clause is kept under its document only where that is named; otherwise under [`UNNAMED`].

use std::collections::BTreeMap;

/// Where clauses stand whose document the sheet does not name.
pub(super) const UNNAMED: &str = "guideline";

/// The volumes of the ministry's guideline (edition 6.0 and on).
const VOLUMES: [&str; 5] = [
    "システム運用編",
    "企画管理編",
    "経営管理編",
    "保守委託機関編",
    "概説編",
];

/// Characters of a question that are looked at.
const SEARCHED: usize = 4000;

/// Clauses by document, each once, in order.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Clauses {
    found: BTreeMap<String, Vec<String>>,
}

impl Clauses {
    pub(super) fn into_references(self) -> Vec<(String, Vec<String>)> {
        self.found.into_iter().collect()
    }

    fn add(&mut self, document: &str, clause: &str) {
        let clauses = self.found.entry(document.to_owned()).or_default();
        if !clauses.iter().any(|known| known == clause) {
            clauses.push(clause.to_owned());
        }
    }

    /// What stands in a column of references: all of it, taken apart at its commas and lines.
    pub(super) fn add_column(&mut self, heading: &str, text: &str) {
        let mut volume = VOLUMES.into_iter().find(|volume| heading.contains(volume));
        // Only the heading can say which edition of the guideline is meant.
        let edition = ["6.0", "7.0"]
            .into_iter()
            .find(|edition| heading.contains(edition));
        for part in text.split(['\n', '、', ',', '，', ';', '；']) {
            let part = part.trim();
            let named = VOLUMES.into_iter().find(|volume| part.contains(volume));
            volume = named.or(volume);
            let clause = match named {
                Some(name) => part.split(name).last().unwrap_or(part),
                None => part,
            };
            let clause = clause.trim_matches(|c: char| {
                c.is_whitespace() || matches!(c, '：' | ':' | '(' | ')' | '（' | '）')
            });
            if clause.is_empty() || clause.chars().count() > 100 {
                continue;
            }
            let document = match volume {
                Some(volume) => match edition {
                    Some(edition) => format!("GL {edition} {volume}"),
                    None => format!("GL {volume}"),
                },
                None => document_of(heading),
            };
            self.add(&document, clause);
        }
    }

    /// What a question cites: `6.5.C.15` and `10.②` wherever they stand, other numbers behind the name of a volume.
    pub(super) fn add_question(&mut self, text: &str) {
        let text: Vec<char> = text.chars().take(SEARCHED).map(plain).collect();
        let mut volume: Option<&str> = None;
        let mut at = 0;
        while at < text.len() {
            let named = VOLUMES.into_iter().find(|name| {
                name.chars().zip(&text[at..]).all(|(a, b)| a == *b)
                    && text.len() - at >= name.chars().count()
            });
            if let Some(name) = named {
                volume = Some(name);
                at += name.chars().count();
                continue;
            }
            if !text[at].is_ascii_digit() {
                // A sentence's end ends what the name of a volume covers.
                if text[at] == '。' {
                    volume = None;
                }
                at += 1;
                continue;
            }
            let length = clause_length(&text[at..]);
            let clause: String = text[at..at + length].iter().collect();
            let after_letter =
                at > 0 && (text[at - 1].is_ascii_alphabetic() || text[at - 1] == '.');
            if !after_letter && (is_clause(&clause) || volume.is_some() && is_number(&clause)) {
                let document = volume.map_or(UNNAMED.to_owned(), |name| format!("GL {name}"));
                self.add(&document, &clause);
            }
            at += length;
        }
    }
}

/// The document that the heading of a column names, if it names one.
fn document_of(heading: &str) -> String {
    let heading = heading.replace('\n', " ");
    let names = heading.chars().any(|c| c.is_ascii_digit())
        || heading.contains("ISO")
        || heading.contains("NIST");
    if names {
        heading.trim().to_owned()
    } else {
        UNNAMED.to_owned()
    }
}

/// Full-width letters, digits and dots as the plain ones; circled digits stay.
fn plain(c: char) -> char {
    match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '．' | '（' | '）' => {
            char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c)
        }
        c => c,
    }
}

fn is_circled(c: char) -> bool {
    matches!(c, '①'..='⑳')
}

/// How many characters from here on belong to one clause.
fn clause_length(text: &[char]) -> usize {
    let part = |c: &char| c.is_ascii_alphanumeric() || *c == '.' || is_circled(*c) || *c == '-';
    let length = text.iter().take_while(|c| part(c)).count();
    let end = text[..length].iter().rposition(|c| *c != '.' && *c != '-');
    end.map_or(length, |end| end + 1).max(1)
}

/// `6.5.C.15`, `6.10.C`, `10.②`, `10②`: a shape that nothing else has.
fn is_clause(text: &str) -> bool {
    let circled = text.chars().any(is_circled);
    let rest: String = text.chars().filter(|c| !is_circled(*c)).collect();
    let groups: Vec<&str> = rest
        .split(['.', '-'])
        .filter(|group| !group.is_empty())
        .collect();
    let digits = |group: &&str| group.bytes().all(|b| b.is_ascii_digit()) && group.len() <= 3;
    let letters: Vec<usize> = (0..groups.len())
        .filter(|at| groups[*at].len() == 1 && groups[*at].bytes().all(|b| b.is_ascii_uppercase()))
        .collect();
    let others_are_digits = groups
        .iter()
        .enumerate()
        .all(|(at, group)| letters.contains(&at) || digits(group));
    match letters.as_slice() {
        [] => circled && !groups.is_empty() && others_are_digits,
        [at] => *at >= 2 && others_are_digits,
        _ => false,
    }
}

/// `14`, `14.1`: a number that is a clause only behind the name of a volume.
fn is_number(text: &str) -> bool {
    let groups: Vec<&str> = text.split('.').collect();
    groups.len() <= 4
        && groups.iter().all(|group| {
            (1..=2).contains(&group.len()) && group.bytes().all(|b| b.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cited(text: &str) -> Vec<(String, Vec<String>)> {
        let mut clauses = Clauses::default();
        clauses.add_question(text);
        clauses.into_references()
    }

    fn one(document: &str, clauses: &[&str]) -> Vec<(String, Vec<String>)> {
        let clauses = clauses.iter().map(|clause| (*clause).to_owned()).collect();
        vec![(document.to_owned(), clauses)]
    }

    #[test]
    fn clauses_within_questions() {
        assert_eq!(
            cited("利用者を認証するか（６．５．Ｃ．１５）"),
            one("guideline", &["6.5.C.15"])
        );
        assert_eq!(
            cited("通信を守る（システム運用編 14.1、14.2）"),
            one("GL システム運用編", &["14.1", "14.2"])
        );
        assert_eq!(
            cited("手順がある（10.②、13⑤）"),
            one("guideline", &["10.②", "13⑤"])
        );
        assert!(cited("TLS1.3を使い、13文字以上とする（4.1で「はい」の場合）").is_empty());
        assert!(cited("2027.03までにA.1.Bへ").is_empty());
    }

    #[test]
    fn columns_of_references() {
        let mut clauses = Clauses::default();
        clauses.add_column("NIST SP 800-53 Rev. 4", "AC-2, AU-3");
        clauses.add_column("ガイドライン", "企画管理編：4.2\n5.1");
        clauses.add_column("根拠", "第6章");
        clauses.add_column("ガイドライン第6.0版（システム運用編）", "14.②");
        assert_eq!(
            clauses.into_references(),
            [
                one("GL 6.0 システム運用編", &["14.②"]),
                one("GL 企画管理編", &["4.2", "5.1"]),
                one("NIST SP 800-53 Rev. 4", &["AC-2", "AU-3"]),
                one("guideline", &["第6章"]),
            ]
            .concat()
        );
    }
}
