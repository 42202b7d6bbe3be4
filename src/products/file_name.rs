//! File names of disclosures, from the pattern of a product source file.
//!
//! Values come from a file that somebody wrote: none of them may lead out of the folder or make a name that
//! a system does not take.

use crate::form::Form;

/// The pattern where the file gives none.
pub(super) const USUAL: &str = "{product}_{version}_{form}";
/// What a pattern may name.
pub(super) const NAMES: [&str; 6] = ["product", "version", "form", "edition", "family", "date"];
/// Characters of a file name, folders not counted.
const LONGEST: usize = 80;
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
    let clean: String = name
        .chars()
        .map(|c| match c {
            '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
            c if c.is_control() => '_',
            c => c,
        })
        .take(LONGEST)
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
        ] {
            assert_eq!(safe(name).as_deref(), wanted, "{name}");
        }
        assert_eq!(
            safe(&"あ".repeat(200)).map(|name| name.chars().count()),
            Some(80)
        );
    }
}
