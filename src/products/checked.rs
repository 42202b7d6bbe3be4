//! The step that checks a product source file as written: forms exist, names differ, dates are dates.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use toml::Spanned;

use super::file_name::{NAMES, Parts, USUAL, safe};
use super::scope::Scope;
use super::written::{
    WrittenAnswer, WrittenDisclosure, WrittenProduct, WrittenProducts, WrittenText, WrittenVersion,
};
use super::{Kept, Product, Products, Version, Wanted};
use crate::disclosure::parse_date;
use crate::error::Error;
use crate::finding::{Finding, Value, rule};
use crate::form::{Catalog, Family, Form};
use crate::language::{Language, Localised};
use crate::limits::Limits;
use crate::place::{Lines, Place};
use crate::syntax::in_words;
use crate::text::is_blank;

/// How many mistakes are told one by one; the rest are counted.
const MISTAKES: usize = 100;
/// How many names a message lists.
const LISTED: usize = 8;
/// Disclosures of one file at most.
const DISCLOSURES: usize = 10_000;
/// Months after which an answer is stale, unless the file says otherwise.
const STALE_MONTHS: u32 = 12;

/// Reads a product source file; all mistakes come back together, each with its line and column.
pub(super) fn parse(
    text: &str,
    name: &str,
    folder: &Path,
    forms: &Catalog,
) -> Result<Products, Vec<Finding>> {
    let lines = Lines::new(text);
    let written: WrittenProducts = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        vec![
            Finding::new(rule::PRODUCTS_INVALID, lines.place(at))
                .with("detail", Value::Local(in_words(error.message()))),
        ]
    })?;
    let mut checker = Checker {
        source: text,
        lines,
        catalog: forms.clone(),
        forms: Vec::new(),
        by_name: HashMap::new(),
        answers: Vec::new(),
        files: HashMap::new(),
        pattern: written
            .file_name
            .clone()
            .unwrap_or_else(|| Spanned::new(0..0, USUAL.to_owned())),
        mistakes: Vec::new(),
        more: None,
    };
    checker.form_files(&written.form_files, folder);
    let manufacturer = checker.name(&written.manufacturer, "manufacturer");
    let stale_months = checker.months(&written);
    let reviewed = checker.day_if(written.reviewed.as_ref());
    let common = checker.scope(&written.answer, reviewed);
    let products = checker.products(&written.product, reviewed);
    if let Some((at, count)) = checker.more {
        checker.tell(at, "products-more", &[("count", &count.to_string())]);
    }
    if checker.mistakes.is_empty() {
        Ok(Products {
            file: name.to_owned(),
            sha256: crate::source::sha256(text.as_bytes()),
            manufacturer,
            stale_months,
            evidence_in_remark: written.evidence_in_remark,
            forms: checker.forms,
            answers: checker.answers,
            products,
            common,
        })
    } else {
        checker
            .mistakes
            .sort_by_cached_key(|finding| finding.sort_key(&[]));
        Err(checker.mistakes)
    }
}

pub(super) struct Checker<'t> {
    source: &'t str,
    lines: Lines<'t>,
    catalog: Catalog,
    /// The forms named so far, and what each name means; a name that means nothing is told once.
    pub(super) forms: Vec<Arc<Form>>,
    by_name: HashMap<String, Option<usize>>,
    pub(super) answers: Vec<Kept>,
    /// Where each file name is asked for, in lower case: not every system tells cases apart.
    files: HashMap<String, usize>,
    pattern: Spanned<String>,
    mistakes: Vec<Finding>,
    /// Where the first mistake beyond those told stands, and how many there are.
    more: Option<(usize, usize)>,
}

impl Checker<'_> {
    /// `key` is the label `products-…` that says what is wrong.
    pub(super) fn wrong(&mut self, at: usize, key: &str, values: &[(&str, &str)]) {
        self.wrong_in_words(at, Localised::label(key, values));
    }

    pub(super) fn wrong_in_words(&mut self, at: usize, detail: Localised) {
        let finding = Finding::new(rule::PRODUCTS_INVALID, self.lines.place(at));
        self.push(at, finding.with("detail", Value::Local(detail)));
    }

    /// One mistake more, told or counted.
    pub(super) fn push(&mut self, at: usize, finding: Finding) {
        if self.mistakes.len() == MISTAKES {
            self.more.get_or_insert((at, 0)).1 += 1;
        } else {
            self.mistakes.push(finding);
        }
    }

    fn tell(&mut self, at: usize, key: &str, values: &[(&str, &str)]) {
        let detail = Value::Local(Localised::label(key, values));
        let finding = Finding::new(rule::PRODUCTS_INVALID, self.lines.place(at));
        self.mistakes.push(finding.with("detail", detail));
    }

    pub(super) fn place(&self, at: usize) -> Place {
        self.lines.place(at)
    }

    fn form_files(&mut self, files: &[Spanned<String>], folder: &Path) {
        for file in files {
            match Catalog::load(&folder.join(file.as_ref())) {
                Ok(forms) => self.catalog = std::mem::take(&mut self.catalog).with(&forms),
                Err(error) => {
                    let told = |language: Language| match &error {
                        Error::Invalid { findings, .. } => {
                            let first = findings.first();
                            let told = first.map(|first| {
                                format!("{}: {}", first.place, first.message(language))
                            });
                            told.unwrap_or_default()
                        }
                        Error::Read { source, .. } => source.to_string(),
                        other => other.to_string(),
                    };
                    let detail = |language: Language| {
                        let values = [("file", file.as_ref().as_str()), ("error", &told(language))];
                        language.label_with("products-form-file", &values)
                    };
                    let detail = Localised {
                        ja: detail(Language::Ja),
                        en: detail(Language::En),
                    };
                    self.wrong_in_words(file.span().start, detail);
                }
            }
        }
    }

    /// The form of this name, as an index into the forms named so far.
    pub(super) fn form(&mut self, written: &Spanned<String>) -> Option<usize> {
        let name = written.as_ref();
        if let Some(known) = self.by_name.get(name) {
            return *known;
        }
        let found = self.catalog.form(name).ok().map(|form| {
            let known = self
                .forms
                .iter()
                .position(|known| Arc::ptr_eq(known, &form));
            known.unwrap_or_else(|| {
                self.forms.push(form);
                self.forms.len() - 1
            })
        });
        if found.is_none() {
            let known: Vec<&str> = self
                .catalog
                .forms()
                .iter()
                .map(|form| form.id.as_str())
                .take(LISTED)
                .collect();
            let known = known.join(", ");
            let values = [("found", name.as_str()), ("known", known.as_str())];
            self.wrong(written.span().start, "products-unknown-form", &values);
        }
        self.by_name.insert(name.clone(), found);
        found
    }

    /// A text that must be there and must fit into a cell.
    pub(super) fn text(&mut self, written: &Spanned<WrittenText>) -> Localised {
        let text = written.as_ref().text();
        let limit = Limits::default().cell_chars;
        if Language::ALL
            .iter()
            .any(|language| text.text(*language).chars().count() > limit)
        {
            let limit = limit.to_string();
            self.wrong(written.span().start, "products-long", &[("limit", &limit)]);
        }
        text
    }

    fn name(&mut self, written: &Spanned<WrittenText>, key: &str) -> Localised {
        let text = self.text(written);
        if is_blank(&text.ja) || is_blank(&text.en) {
            self.wrong(written.span().start, "products-blank", &[("key", key)]);
        }
        text
    }

    fn not_blank(&mut self, written: &Spanned<String>, key: &str) -> String {
        if is_blank(written.as_ref()) {
            self.wrong(written.span().start, "products-blank", &[("key", key)]);
        }
        written.as_ref().trim().to_owned()
    }

    /// A text in quotes; a bare number would lose its last zero.
    pub(super) fn quoted(&mut self, written: &Spanned<toml::Value>, key: &str) -> Option<String> {
        match written.as_ref() {
            toml::Value::String(text) if !is_blank(text) => Some(text.trim().to_owned()),
            toml::Value::String(_) => {
                self.wrong(written.span().start, "products-blank", &[("key", key)]);
                None
            }
            other => {
                // As it stands in the file: the value itself has lost a last zero already.
                let said = self.source.get(written.span());
                let found = said.map_or_else(|| other.to_string(), str::to_owned);
                let values = [("key", key), ("found", found.as_str())];
                self.wrong(written.span().start, "products-unquoted", &values);
                None
            }
        }
    }

    /// A date, bare or in quotes.
    pub(super) fn day(&mut self, written: &Spanned<toml::Value>) -> Option<Date> {
        let text = match written.as_ref() {
            toml::Value::String(text) => text.clone(),
            toml::Value::Datetime(date) => date.to_string(),
            other => other.to_string(),
        };
        let date = parse_date(&text);
        if date.is_none() {
            let values = [("found", text.as_str())];
            self.wrong(written.span().start, "products-date", &values);
        }
        date
    }

    pub(super) fn day_if(&mut self, written: Option<&Spanned<toml::Value>>) -> Option<Date> {
        written.and_then(|written| self.day(written))
    }

    fn months(&mut self, written: &WrittenProducts) -> u32 {
        let Some(stale) = &written.stale else {
            return STALE_MONTHS;
        };
        match u32::try_from(*stale.months.as_ref()) {
            Ok(months @ 1..=120) => months,
            Ok(_) | Err(_) => {
                self.wrong(stale.months.span().start, "products-months", &[]);
                STALE_MONTHS
            }
        }
    }

    /// The answers of a scope; `reviewed` is the day of those without one of their own.
    fn scope(&mut self, written: &[Spanned<WrittenAnswer>], reviewed: Option<Date>) -> Scope {
        let mut scope = Scope::default();
        for answer in written {
            let Some(kept) = self.answer(answer, reviewed) else {
                continue;
            };
            let at = answer.span().start;
            match scope.add(kept.subject.clone(), self.answers.len()) {
                None => self.answers.push(kept),
                Some(first) => {
                    let first = self.answers[first].place.clone();
                    let what = answer.as_ref();
                    let what = match (&what.control, &what.form, &what.item) {
                        (Some(control), _, _) => control.as_ref().clone(),
                        (None, Some(form), Some(item)) => {
                            let item = item.as_ref().as_str().unwrap_or_default();
                            format!("{} {item}", form.as_ref())
                        }
                        (None, _, _) => String::new(),
                    };
                    let finding = Finding::new(rule::ANSWER_TWICE, self.place(at))
                        .with("answer", Value::plain(what))
                        .with("first", Value::At(first));
                    self.push(at, finding);
                }
            }
        }
        scope
    }

    fn products(
        &mut self,
        written: &[Spanned<WrittenProduct>],
        reviewed: Option<Date>,
    ) -> Vec<Product> {
        let mut first: HashMap<String, usize> = HashMap::new();
        let mut products = Vec::new();
        for spanned in written {
            let product = spanned.as_ref();
            let id = self.not_blank(&product.id, "id");
            let at = product.id.span().start;
            if let Some(first) = first.insert(id.to_lowercase(), at) {
                self.twice(at, first, &id);
            }
            if product.version.is_empty() {
                self.wrong(spanned.span().start, "products-no-version", &[("id", &id)]);
            }
            let reviewed = self.day_if(product.reviewed.as_ref()).or(reviewed);
            products.push(Product {
                name: self.name(&product.name, "name"),
                scope: self.scope(&product.answer, reviewed),
                versions: self.versions(product, &id, reviewed),
                id,
            });
        }
        if products.is_empty() {
            self.wrong(0, "products-none", &[]);
        }
        products
    }

    fn twice(&mut self, at: usize, first: usize, found: &str) {
        let place = self.place(first).to_string();
        let values = [("found", found), ("place", place.as_str())];
        self.wrong(at, "products-twice", &values);
    }

    fn versions(
        &mut self,
        product: &WrittenProduct,
        id: &str,
        reviewed: Option<Date>,
    ) -> Vec<Version> {
        let mut first: HashMap<String, usize> = HashMap::new();
        let mut versions = Vec::new();
        for spanned in &product.version {
            let written = spanned.as_ref();
            let at = written.version.span().start;
            let name = self.quoted(&written.version, "version").unwrap_or_default();
            if !name.is_empty()
                && let Some(first) = first.insert(name.clone(), at)
            {
                self.twice(at, first, &name);
            }
            let reviewed = self.day_if(written.reviewed.as_ref()).or(reviewed);
            let model = written.model.as_ref().or(product.model.as_ref());
            versions.push(Version {
                model: model.map(|model| model.as_ref().trim().to_owned()),
                scope: self.scope(&written.answer, reviewed),
                disclosures: self.disclosures(product, id, spanned, &name),
                version: name,
            });
        }
        versions
    }

    /// What a version wants: its forms, else the product's, and its disclosures with a name of their own.
    fn disclosures(
        &mut self,
        product: &WrittenProduct,
        id: &str,
        version: &Spanned<WrittenVersion>,
        name: &str,
    ) -> Vec<Wanted> {
        let written = version.as_ref();
        let Some(date) = self.day(&written.date) else {
            return Vec::new();
        };
        let forms = match &written.forms {
            Some(forms) => forms.as_slice(),
            None => product.forms.as_slice(),
        };
        if forms.is_empty() && written.disclosure.is_empty() {
            let values = [("id", id), ("version", name)];
            self.wrong(version.span().start, "products-no-form", &values);
        }
        // Where a version takes the product's forms, it is the version that asks for the disclosure.
        let inherited = written.forms.is_none().then(|| version.span().start);
        let listed = forms.iter().map(|form| (form, None));
        let own = written.disclosure.iter();
        let own = own.map(|own| (&own.as_ref().form, Some(own.as_ref())));
        let mut first: HashMap<usize, usize> = HashMap::new();
        let mut wanted = Vec::new();
        for (form_name, own) in listed.chain(own) {
            let at = form_name.span().start;
            let Some(form) = self.form(form_name) else {
                continue;
            };
            if let Some(first) = first.insert(form, at) {
                self.twice(at, first, form_name.as_ref());
                continue;
            }
            self.fits_family(at, product.family, form);
            let date = own
                .and_then(|own| self.day_if(own.date.as_ref()))
                .unwrap_or(date);
            let parts = (id, name, form, date);
            let asked_at = inherited.filter(|_| own.is_none()).unwrap_or(at);
            let Some(file) = self.file(asked_at, own, &parts) else {
                continue;
            };
            wanted.push(Wanted {
                form,
                date,
                file,
                place: self.place(asked_at),
                named: self.place(at),
            });
        }
        wanted
    }

    fn fits_family(&mut self, at: usize, family: Option<Family>, form: usize) {
        let form = &self.forms[form];
        if family.is_some_and(|family| family.is_service() != form.family.is_service()) {
            let id = form.id.clone();
            let key = if form.family.is_service() {
                "products-form-of-service"
            } else {
                "products-form-of-product"
            };
            self.wrong(at, key, &[("form", &id)]);
        }
    }

    /// The file name of a disclosure, its own or by the pattern; no other may have it.
    fn file(
        &mut self,
        at: usize,
        own: Option<&WrittenDisclosure>,
        (product, version, form, date): &(&str, &str, usize, Date),
    ) -> Option<String> {
        let own = own.and_then(|own| own.file.clone());
        let pattern = own.unwrap_or_else(|| self.pattern.clone());
        let parts = Parts {
            product,
            version,
            form: &self.forms[*form],
            date: date.to_string(),
        };
        // The usual pattern stands nowhere in the file.
        let pattern_at = if pattern.span().is_empty() {
            at
        } else {
            pattern.span().start
        };
        let file = match parts.fill(pattern.as_ref()) {
            Ok(file) => file,
            Err(found) => {
                let known = NAMES.map(|name| format!("{{{name}}}")).join(" ");
                let values = [("found", found.as_str()), ("known", known.as_str())];
                self.wrong(pattern_at, "products-placeholder", &values);
                return None;
            }
        };
        let Some(file) = safe(&file) else {
            self.wrong(pattern_at, "products-file-name", &[("found", &file)]);
            return None;
        };
        if let Some(first) = self.files.insert(file.to_lowercase(), at) {
            let place = self.place(first).to_string();
            let values = [("file", file.as_str()), ("place", place.as_str())];
            self.wrong(at, "products-file-twice", &values);
            return None;
        }
        if self.files.len() == DISCLOSURES + 1 {
            let most = DISCLOSURES.to_string();
            self.wrong(at, "products-too-many", &[("most", &most)]);
        }
        Some(file)
    }
}
