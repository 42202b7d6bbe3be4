//! What a ledger was begun with: everything that has a say in what comes of a file.

use kaijisho::report::{Format, Style};
use kaijisho::{Language, Profile, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::cli::arguments::Common;
use crate::cli::home;

/// Settings by name, in a fixed order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(in crate::cli) struct Settings(Vec<(String, String)>);

impl Settings {
    pub(super) fn of(settings: Vec<(&str, String)>) -> Self {
        let named = settings.into_iter();
        Self(
            named
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    }

    /// Those of a run.
    ///
    /// # Errors
    /// If a file that one of them names cannot be read.
    pub(in crate::cli) fn of_run(
        verb: &str,
        format: &str,
        style: Option<&Style>,
        profile: Option<&Profile>,
        common: &Common,
        language: Language,
    ) -> Result<Self> {
        let mut settings = vec![
            ("version", env!("CARGO_PKG_VERSION").to_owned()),
            ("verb", verb.to_owned()),
            ("format", format.to_owned()),
            ("language", language.to_string()),
            ("date", common.today().to_string()),
            ("fail-on", format!("{:?}", common.fail_on).to_lowercase()),
            ("form", of_name(common.form.as_deref())),
            (
                "layout",
                common.layout.as_deref().map_or_else(String::new, of_file),
            ),
            ("forms", own_forms()),
            ("limit", format!("{:?}", common.limit)),
            // A profile stands for all that it takes in, and for what is told of the system.
            (
                "against",
                profile.map_or_else(String::new, |profile| {
                    format!(
                        "{} {}",
                        profile.id,
                        short(format!("{profile:?}").as_bytes())
                    )
                }),
            ),
        ];
        if let Some(style) = style.filter(|_| format == Format::Human.name()) {
            let of_terminal = (style.width, style.colour, style.verbose);
            settings.push(("terminal", format!("{of_terminal:?}")));
        }
        if let Some(template) = style.and_then(|style| style.template.as_ref()) {
            settings.push(("template", short(template.as_bytes())));
        }
        Ok(Self::of(settings))
    }

    /// Those that differ from what they were, in words.
    pub(super) fn other_than(&self, before: &Settings, language: Language) -> String {
        let names = self.0.iter().chain(&before.0).map(|(name, _)| name);
        let mut seen: Vec<&String> = Vec::new();
        let mut told: Vec<String> = Vec::new();
        for name in names {
            if seen.contains(&name) {
                continue;
            }
            seen.push(name);
            let of = |settings: &Settings| {
                let found = settings.0.iter().find(|(known, _)| known == name);
                found.map_or_else(String::new, |(_, value)| value.clone())
            };
            let (was, is) = (of(before), of(self));
            if was != is {
                let named = |value: String| match value.is_empty() {
                    true => "–".to_owned(),
                    false => kaijisho::show(&value, 80),
                };
                let values = [
                    ("name", name.clone()),
                    ("was", named(was)),
                    ("is", named(is)),
                ];
                let values: Vec<(&str, &str)> = values
                    .iter()
                    .map(|(name, value)| (*name, value.as_str()))
                    .collect();
                told.push(language.label_with("ledger-setting", &values));
            }
        }
        told.join(if language == Language::Ja {
            "、"
        } else {
            ", "
        })
    }
}

/// A form's id, or its file by content.
fn of_name(name: Option<&str>) -> String {
    let path = name.map(std::path::Path::new);
    match (name, path) {
        (Some(_), Some(path)) if path.is_file() => of_file(path),
        (Some(name), _) => name.to_owned(),
        (None, _) => String::new(),
    }
}

/// A file by its name and content; one that cannot be read is refused where it is used.
fn of_file(path: &std::path::Path) -> String {
    let bytes = std::fs::read(path).unwrap_or_default();
    format!("{} {}", path.display(), short(&bytes))
}

/// The forms that the user imported, by name and content.
fn own_forms() -> String {
    let entries = home::forms().and_then(|folder| std::fs::read_dir(folder).ok());
    let entries = entries.into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    let mut hash = Sha256::new();
    for path in &paths {
        hash.update(path.file_name().unwrap_or_default().as_encoded_bytes());
        hash.update([0]);
        hash.update(Sha256::digest(std::fs::read(path).unwrap_or_default()));
    }
    match paths.is_empty() {
        true => String::new(),
        false => format!("{} {}", paths.len(), hex(&hash.finalize())),
    }
}

fn short(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(hash: &[u8]) -> String {
    let start = hash.iter().take(8);
    start.map(|byte| format!("{byte:02x}")).collect()
}
