//! `kaijisho form crosswalk`: which items of one form answer which of another.

use std::fmt::Write as _;

use kaijisho::crosswalk::table::{ItemTitle, LinkInfo, Table, table};
use kaijisho::crosswalk::{Crosswalk, links};
use kaijisho::report::Format;
use kaijisho::{Catalog, Error, Form, Language, Result};

use super::arguments::{self, Common, usage};
use super::{form, output};

pub(super) fn run(verb: &arguments::Crosswalk, common: &Common, language: Language) -> Result<()> {
    let (from_forms, to_forms) = (
        common.form_catalog(&verb.from_form)?,
        common.form_catalog(&verb.to_form)?,
    );
    let (from, to) = (current(&from_forms)?, current(&to_forms)?);
    if (&from.id, &from.edition) == (&to.id, &to.edition) {
        let values = [("found", from.id.as_str())];
        return Err(usage(language.label_with("crosswalk-one-form", &values)));
    }
    let known = common.catalog().with(&from_forms).with(&to_forms);
    let mut crosswalks = Vec::new();
    for path in &verb.crosswalk {
        let crosswalk = Crosswalk::load(path, &known)?;
        if !crosswalk.is_between(from, to) {
            let values = [
                ("file", crosswalk.name.as_str()),
                ("from", crosswalk.from.as_str()),
                ("to", crosswalk.to.as_str()),
            ];
            return Err(usage(language.label_with("error-crosswalk-other", &values)));
        }
        crosswalks.push(crosswalk);
    }
    // What the user says goes first.
    crosswalks.extend(Crosswalk::bundled().iter().cloned());
    let table = table(from, to, &links(from, to, &crosswalks), language);
    if common.format == Some(Format::Json) {
        return form::json(&table, common);
    }
    let mut page = Page {
        text: String::new(),
        language,
        width: common.width(),
        verbose: common.verbose,
    };
    page.table(&table);
    output::plain(&page.text, common)
}

/// The current edition in a catalogue of one form.
fn current(catalog: &Catalog) -> Result<&Form> {
    let form = catalog.forms().first().ok_or_else(|| Error::UnknownForm {
        name: String::new(),
        known: Vec::new(),
    })?;
    Ok(form)
}

struct Page {
    text: String,
    language: Language,
    width: usize,
    verbose: bool,
}

impl Page {
    fn table(&mut self, table: &Table) {
        let language = self.language;
        let (from, to) = (table.from.id.as_str(), table.to.id.as_str());
        let (from_items, to_items) = (table.from.items.to_string(), table.to.items.to_string());
        let sides = [
            ("from", from),
            ("to", to),
            ("from_items", from_items.as_str()),
            ("to_items", to_items.as_str()),
        ];
        self.line("", &language.label_with("crosswalk-title", &sides));
        for link in &table.links {
            self.text.push('\n');
            self.link(link);
        }
        self.unlinked("crosswalk-unlinked-from", from, &table.unlinked_from);
        self.unlinked("crosswalk-unlinked-to", to, &table.unlinked_to);
        self.text.push('\n');
        if !table.shared_to.is_empty() {
            let items: Vec<&str> = table.shared_to.iter().map(|item| item.as_str()).collect();
            let values = [("form", to), ("items", &items.join(", "))];
            self.line("", &language.label_with("crosswalk-shared", &values));
        }
        let counts = &table.counts;
        let numbers = [
            ("links", counts.links),
            ("same", counts.same),
            ("split", counts.split),
            ("merge", counts.merge),
            ("narrower", counts.narrower),
            ("wider", counts.wider),
            ("related", counts.related),
            ("from_linked", counts.linked_from),
            ("to_linked", counts.linked_to),
        ]
        .map(|(name, number)| (name, number.to_string()));
        let mut values: Vec<(&str, &str)> = sides.to_vec();
        values.extend(
            numbers
                .iter()
                .map(|(name, number)| (*name, number.as_str())),
        );
        self.line("", &language.label_with("crosswalk-counts", &values));
        self.line("", &language.label_with("crosswalk-counts-items", &values));
    }

    fn link(&mut self, link: &LinkInfo) {
        let language = self.language;
        for item in &link.from {
            self.item("", item);
        }
        for item in &link.to {
            self.item("  → ", item);
        }
        let mut kind = language.label(&format!("link-{}", link.kind.code()));
        if matches!(link.kind.code(), "split" | "merge") {
            let combine = link.combine.map_or("open", |combine| combine.code());
            let combine = language.label(&format!("combine-{combine}"));
            let _ = match language {
                Language::Ja => write!(kind, "（{combine}）"),
                Language::En => write!(kind, " ({combine})"),
            };
        }
        if link.confidence < 1.0 {
            let _ = write!(kind, " {:.2}", link.confidence);
        }
        self.line("    ", &kind);
        if let Some(note) = &link.note {
            self.line("    ", note);
        }
        if self.verbose {
            let by = match (&link.control, &link.crosswalk) {
                (Some(control), _) => {
                    language.label_with("crosswalk-by-control", &[("control", control)])
                }
                (None, Some(file)) => language.label_with("crosswalk-by-file", &[("file", file)]),
                (None, None) => language.label("crosswalk-by-text"),
            };
            self.line("    ", &by);
        }
    }

    fn unlinked(&mut self, key: &str, form: &str, items: &[ItemTitle]) {
        if items.is_empty() {
            return;
        }
        let count = items.len().to_string();
        let values = [("form", form), ("count", count.as_str())];
        self.text.push('\n');
        self.line("", &self.language.label_with(key, &values));
        for item in items {
            self.item("  ", item);
        }
    }

    fn item(&mut self, before: &str, item: &ItemTitle) {
        self.line(before, &format!("{}  {}", item.number, item.title));
    }

    fn line(&mut self, before: &str, text: &str) {
        let options = textwrap::Options::new(self.width)
            .initial_indent(before)
            .subsequent_indent("      ");
        let _ = writeln!(self.text, "{}", textwrap::fill(text, options));
    }
}
