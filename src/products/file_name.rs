//! File names of disclosures, from the pattern of a product source file.
//!
//! Values come from a file that somebody wrote: none of them may lead out of the folder or make a name that
//! a system does not take.

use unicode_normalization::UnicodeNormalization;

use crate::form::Form;
use crate::text::is_format;

/// The pattern where the file gives none.
pub(super) const USUAL: &str = "{product}_{version}_{form}";
/// What a pattern may name.
pub(super) const NAMES: [&str; 6] = ["product", "version", "form", "edition", "family", "date"];
/// Characters of a file name, folders not counted.
const LONGEST: usize = 80;
/// Bytes of a file name in UTF-8: systems take 255, of which the ending and the name while writing need some.
const MOST_BYTES: usize = 200;
/// Names that Windows keeps for itself.
const KEPT: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// What a file name is made of.
pub(super) struct Parts<'a> {
    pub(super) product: &'a str,
    pub(super) version: &'a str,
    pub(super) form: &'a Form,
    pub(super) date: String,
}

impl Parts<'_> {
    fn value(&self, name: &str) -> Option<&str> {
        match name {
            "product" => Some(self.product),
            "version" => Some(self.version),
            "form" => Some(&self.form.id),
            "edition" => Some(&self.form.edition),
            "family" => Some(self.form.family.code()),
            "date" => Some(&self.date),
            _ => None,
        }
    }

    /// The file name of a pattern; the error is the first placeholder that means nothing.
    pub(super) fn fill(&self, pattern: &str) -> Result<String, String> {
        let mut filled = String::new();
        let mut rest = pattern;
        while let Some(start) = rest.find('{') {
            filled.push_str(&rest[..start]);
            let inside = &rest[start + 1..];
            let (name, after) = inside
                .split_once('}')
                .ok_or_else(|| format!("{{{inside}"))?;
            let value = self.value(name).ok_or_else(|| format!("{{{name}}}"))?;
            filled.extend(value.chars().map(|c| if c == '/' { '_' } else { c }));
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

/// A name, or names of folders and a name, that every system takes; `None` where nothing is left of one of them.
pub(super) fn safe(name: &str) -> Option<String> {
    let parts: Option<Vec<String>> = name.split('/').map(part).collect();
    parts.map(|parts| parts.join("/"))
}

fn part(name: &str) -> Option<String> {
    let mut bytes = 0;
    let clean: String = name
        // Some systems take two spellings of a letter for one name; here they are one from the start.
        .nfc()
        .map(|c| match c {
            '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
            // A mark of direction would show the name as another one.
            c if c.is_control() || is_format(c) => '_',
            c => c,
        })
        .take(LONGEST)
        .take_while(|c| {
            bytes += c.len_utf8();
            bytes <= MOST_BYTES
        })
        .collect();
    let clean = clean.trim().trim_matches('.').trim();
    let stem = clean.split('.').next().unwrap_or(clean).to_lowercase();
    let kept = KEPT.iter().any(|kept| {
        stem.strip_prefix(kept).is_some_and(|rest| {
            rest.is_empty() || (rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_digit()))
        })
    });
    let clean = if kept {
        format!("_{clean}")
    } else {
        clean.to_owned()
    };
    (!clean.is_empty()).then_some(clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_within_the_folder_and_are_taken_everywhere() {
        for (name, wanted) in [
            ("karte_3.2_mds", Some("karte_3.2_mds")),
            ("a/b", Some("a/b")),
            ("../a", None),
            ("/etc/a", None),
            ("a//b", None),
            ("..\\a", Some("_a")),
            ("C:a", Some("C_a")),
            ("con", Some("_con")),
            ("com1.x", Some("_com1.x")),
            ("console", Some("console")),
            (" . ", None),
            ("\u{202e}slx.a", Some("_slx.a")),
            ("e\u{301}", Some("é")),
        ] {
            assert_eq!(safe(name).as_deref(), wanted, "{name}");
        }
        let length = |name: &str| safe(name).map(|name| (name.chars().count(), name.len()));
        assert_eq!(length(&"a".repeat(200)), Some((80, 80)));
        // With ".xlsx" and what is added while writing, it stays within 255 bytes.
        assert_eq!(length(&"あ".repeat(200)), Some((66, 198)));
        assert_eq!(length(&"😀".repeat(200)), Some((50, 200)));
    }
}
