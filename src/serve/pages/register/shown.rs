//! What the pages of the register show of systems: their status as a light with a word, and links.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Asked;
use crate::language::Language;
use crate::register::Status;
use crate::report::records::SystemInfo;

/// A status: its sign and its word say the same as its colour.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Sign {
    code: String,
    /// `bad`, `care`, `wait`, `good` or `none`: the colour.
    tone: &'static str,
    mark: &'static str,
    word: String,
}

impl Sign {
    pub(super) fn of(code: &str, language: Language) -> Self {
        let known = code.parse().ok();
        let (tone, mark) = known.map_or(("none", "－"), look);
        Self {
            code: code.to_owned(),
            tone,
            mark,
            word: language.label(&format!("register-status-{code}")),
        }
    }
}

fn look(status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Overdue => ("bad", "！"),
        Status::Missing => ("bad", "✕"),
        Status::SentBack => ("care", "↩"),
        Status::Asked | Status::Due => ("wait", "…"),
        Status::Received => ("care", "▽"),
        Status::Checked => ("care", "△"),
        Status::AcceptedWithExceptions => ("good", "◯"),
        Status::Accepted => ("good", "◎"),
        Status::NotNeeded => ("none", "－"),
    }
}

/// How many systems are of a status, and the address of their list.
#[derive(Debug, Serialize)]
pub(super) struct Light {
    sign: Sign,
    count: u64,
    href: String,
    is_chosen: bool,
}

/// The lights of all statuses that systems have, the most urgent first.
pub(super) fn lights(
    counts: &BTreeMap<String, u64>,
    asked: &Asked,
    language: Language,
) -> Vec<Light> {
    let all = Status::ALL.into_iter().map(Status::code);
    all.filter_map(|code| Some((code, *counts.get(code)?)))
        .map(|(code, count)| {
            let is_chosen = asked.status == code;
            let status = if is_chosen { "" } else { code };
            let of = Asked {
                status: status.to_owned(),
                page: 0,
                ..asked.clone()
            };
            Light {
                sign: Sign::of(code, language),
                count,
                href: address("/register", &of),
                is_chosen,
            }
        })
        .collect()
}

/// A system of the list.
#[derive(Debug, Serialize)]
pub(super) struct SystemShown {
    sign: Sign,
    href: String,
    #[serde(flatten)]
    info: SystemInfo,
}

impl SystemShown {
    pub(super) fn of(info: SystemInfo, language: Language) -> Self {
        Self {
            sign: Sign::of(&info.status, language),
            href: system_address(&info.id),
            info,
        }
    }
}

/// The pages before and after the one that is shown.
#[derive(Debug, Serialize)]
pub(super) struct Pages {
    number: u64,
    count: u64,
    before: Option<String>,
    after: Option<String>,
}

impl Pages {
    pub(super) fn of(path: &str, asked: &Asked, total: u64, lines: u64) -> Self {
        let count = total.div_ceil(lines).max(1);
        let to = |page: u64| {
            let asked = Asked {
                page,
                ..asked.clone()
            };
            address(path, &asked)
        };
        Self {
            number: asked.page.saturating_add(1),
            count,
            before: (asked.page > 0).then(|| to((asked.page - 1).min(count - 1))),
            after: (asked.page.saturating_add(1) < count).then(|| to(asked.page + 1)),
        }
    }
}

/// The address of a list.
fn address(path: &str, asked: &Asked) -> String {
    let mut parts = Vec::new();
    for (key, value) in [("q", &asked.q), ("status", &asked.status)] {
        if !value.is_empty() {
            parts.push(format!("{key}={}", coded(value)));
        }
    }
    if asked.page > 0 {
        parts.push(format!("page={}", asked.page));
    }
    match parts.is_empty() {
        true => path.to_owned(),
        false => format!("{path}?{}", parts.join("&")),
    }
}

/// The address of a system's page.
pub(super) fn system_address(id: &str) -> String {
    format!("/register/system/{}", coded(id))
}

/// A text as it may stand in an address, whatever is in it.
pub(super) fn coded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| match plain(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_a_sign_of_its_own_beside_its_colour() {
        let signs: Vec<Sign> = Status::ALL
            .into_iter()
            .map(|status| Sign::of(status.code(), Language::Ja))
            .collect();
        for sign in &signs {
            assert!(
                !sign.word.is_empty() && !sign.word.starts_with('<'),
                "{sign:?}"
            );
            assert!(signs.iter().filter(|other| other.word == sign.word).count() == 1);
        }
    }

    #[test]
    fn pages_link_to_each_other_and_keep_what_was_searched() {
        let asked = Asked {
            q: "甲 & 乙".into(),
            status: "due".into(),
            page: 1,
        };
        let pages = Pages::of("/register", &asked, 120, 50);
        assert_eq!((pages.number, pages.count), (2, 3));
        let words = "q=%E7%94%B2%20%26%20%E4%B9%99&status=due";
        assert_eq!(pages.before, Some(format!("/register?{words}")));
        assert_eq!(pages.after, Some(format!("/register?{words}&page=2")));
        let beyond = Pages::of("/register", &Asked { page: 900, ..asked }, 120, 50);
        assert_eq!(beyond.before, Some(format!("/register?{words}&page=2")));
        assert_eq!(beyond.after, None);
    }
}
