//! The edition of a form, as its titles print it.

use unicode_normalization::UnicodeNormalization;

/// The edition in a title: `Ver.5.0`, `第5.0版`, `HN 1-2019`. `None` where it says none.
pub(super) fn edition(title: &str) -> Option<String> {
    let title: String = title.nfkc().collect();
    version(&title)
        .or_else(|| numbered(&title))
        .or_else(|| standard(&title))
}

/// `Ver.5.0`, `Version 3.0a`, `v4.1`: the word, the number and a letter behind it.
fn version(title: &str) -> Option<String> {
    let lower = title.to_ascii_lowercase();
    for word in ["version", "ver", "v"] {
        for (start, _) in lower.match_indices(word) {
            let alone = !lower[..start].ends_with(|c: char| c.is_ascii_alphanumeric());
            let rest = &lower[start + word.len()..];
            let gap = rest.len() - rest.trim_start_matches(['.', ' ', ':']).len();
            let number = number(&rest[gap..]);
            if alone && gap <= 3 && number > 0 {
                return Some(title[start..start + word.len() + gap + number].to_owned());
            }
        }
    }
    None
}

/// `第5.0版`, `5.0版`.
fn numbered(title: &str) -> Option<String> {
    title.match_indices('版').find_map(|(end, _)| {
        let before = title[..end].trim_end_matches(' ');
        let is_number = |c: char| c.is_ascii_digit() || c == '.' || c.is_ascii_lowercase();
        let start = before.trim_end_matches(is_number).len();
        before[start..]
            .starts_with(|c: char| c.is_ascii_digit())
            .then(|| {
                let head = title[..start].trim_end();
                let start = if head.ends_with('第') {
                    head.len() - '第'.len_utf8()
                } else {
                    start
                };
                title[start..end + '版'.len_utf8()].to_owned()
            })
    })
}

/// `HN 1-2019`, the number of a standard with its year.
fn standard(title: &str) -> Option<String> {
    let start = title.find("HN 1-").or_else(|| title.find("HN1-"))?;
    let dash = title[start..].find('-')? + start + 1;
    let digits = title[dash..].bytes().take_while(u8::is_ascii_digit).count();
    (digits == 4).then(|| title[start..dash + digits].to_owned())
}

/// Bytes of the number at the start of a text, with a letter behind it: `5.0`, `3.0a`.
fn number(text: &str) -> usize {
    let digits = text
        .bytes()
        .take_while(|b| b.is_ascii_digit() || *b == b'.')
        .count();
    if digits == 0 || !text.starts_with(|c: char| c.is_ascii_digit()) {
        return 0;
    }
    let letter = text[digits..].starts_with(|c: char| c.is_ascii_lowercase())
        && !text[digits + 1..].starts_with(|c: char| c.is_ascii_alphanumeric());
    let digits = if letter { digits + 1 } else { digits };
    text[..digits].trim_end_matches('.').len()
}

/// The digits of an edition, for a form's id: `5.0` of `Ver.5.0`.
pub(super) fn digits(edition: &str) -> String {
    let kept: String = edition
        .nfkc()
        .collect::<String>()
        .to_ascii_lowercase()
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .filter(|c| c.is_ascii_digit() || c.is_ascii_lowercase() || matches!(c, '.' | '-'))
        .collect();
    kept.trim_matches(['.', '-']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editions_as_titles_print_them() {
        for (title, expected) in [
            (
                "製造業者による医療情報セキュリティ開示書 Ver.5.0",
                Some("Ver.5.0"),
            ),
            (
                "医療情報セキュリティ開示書（Ｖｅｒ．４．１）",
                Some("Ver.4.1"),
            ),
            ("MDS Ver 3.0a 2017年", Some("Ver 3.0a")),
            ("サービス事業者による開示書 第5.0版", Some("第5.0版")),
            ("開示書 第 2 版", Some("第 2 版")),
            (
                "Manufacturer Disclosure Statement -- HN 1-2019",
                Some("HN 1-2019"),
            ),
            ("製造業者による医療情報セキュリティ開示書", None),
            ("改訂版", None),
            ("V", None),
        ] {
            assert_eq!(edition(title).as_deref(), expected, "{title}");
        }
        assert_eq!(digits("Ver.5.0"), "5.0");
        assert_eq!(digits("第2版"), "2");
    }
}
