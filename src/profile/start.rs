//! A profile to start from: the commented template, with what is known already put in.

use super::{System, TEMPLATE};

/// What a new profile begins with; what is left open stays as the template has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Start {
    /// The title.
    pub title: Option<String>,
    /// The profiles it extends.
    pub extends: Vec<String>,
    /// What is known of the system.
    pub system: System,
}

/// What stands between one part of the template and the next.
const RULE: &str = "# ---";

/// The lines of the template that stand for the facts of the system, until there are some.
const SYSTEM: &str = "# [system]\n# category = [\"ehr\"]\n# remote_maintenance = true\n";

impl Start {
    /// The text of the profile. Where it extends others, the requirements of the template are examples behind `#`: they
    /// would take the place of those it inherits under the same names.
    ///
    /// ```
    /// use kaijisho::profile::Start;
    /// let start = Start { title: Some("見本診療所の要求".into()), ..Start::default() };
    /// assert!(start.text().contains("見本診療所の要求"));
    /// ```
    pub fn text(&self) -> String {
        let mut example = false;
        let lines = TEMPLATE.split_inclusive('\n').map(|line| {
            example = (example || line.starts_with("[[requirement]]")) && !line.starts_with(RULE);
            let says = !line.starts_with('#') && !line.trim().is_empty();
            if example && says && !self.extends.is_empty() {
                return format!("# {line}");
            }
            if let (Some(title), true) = (&self.title, line.starts_with("title = ")) {
                return format!("title = {{ ja = {} }}\n", quoted(title));
            }
            if !self.extends.is_empty() && line.starts_with("extends = ") {
                return format!("extends = [{}]\n", list(self.extends.iter()));
            }
            line.to_owned()
        });
        let text: String = lines.collect();
        if self.system.is_empty() {
            return text;
        }
        let mut table = "[system]\n".to_owned();
        if let Some(categories) = &self.system.categories {
            table.push_str(&format!("category = [{}]\n", list(categories.iter())));
        }
        for (fact, holds) in &self.system.facts {
            table.push_str(&format!("{fact} = {holds}\n"));
        }
        text.replacen(SYSTEM, &table, 1)
    }
}

fn list<'n>(names: impl Iterator<Item = &'n String>) -> String {
    names
        .map(|name| quoted(name))
        .collect::<Vec<_>>()
        .join(", ")
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
