//! The step that checks a facility file as written: ids differ and exist, dates are dates and in order.

use std::collections::HashMap;

use jiff::civil::Date;
use toml::Spanned;

use super::stated::{REMOTE, stated};
use super::written::{
    WrittenFacility, WrittenOwn, WrittenSecond, WrittenSystem, WrittenVendor, YesNo,
};
use super::{Facility, Own, Second, System, Vendor};
use crate::checklist::mistakes::Mistakes;
use crate::checklist::year::{BUNDLED, Year};
use crate::error::Result;
use crate::language::{Language, Localised};
use crate::text::{is_blank, nearest};

/// Systems and vendors of one file at most.
const SYSTEMS: usize = 1_000;
/// Answers of one file at most.
const ANSWERS: usize = 20_000;
/// Names that a message lists at most, where none is near.
const LISTED: usize = 20;
/// Texts of one list at most.
const TEXTS: usize = 50;

/// Reads a facility file; all mistakes come back together, each with its line and column.
pub(super) fn parse(text: &str, name: &str, year: Option<&Year>) -> Result<Facility> {
    let mut mistakes = Mistakes::new(text);
    let facility = mistakes
        .read::<WrittenFacility>(text)
        .map(|written| checked(&written, text, name, year, &mut mistakes));
    mistakes.unless_any(name, facility)
}

fn checked(
    written: &WrittenFacility,
    text: &str,
    name: &str,
    year: Option<&Year>,
    mistakes: &mut Mistakes<'_>,
) -> Facility {
    mistakes.at_most(written.vendor.len(), SYSTEMS, "vendor");
    mistakes.at_most(written.system.len(), SYSTEMS, "system");
    mistakes.at_most(written.answer.len(), ANSWERS, "answer");
    let mut first = HashMap::new();
    let vendors: Vec<Vendor> = written
        .vendor
        .iter()
        .take(SYSTEMS)
        .map(|one| vendor(one, &mut first, mistakes))
        .collect();
    let by_vendor: HashMap<&str, usize> = vendors.iter().map(|v| v.id.as_str()).zip(0..).collect();
    let mut first = HashMap::new();
    let systems: Vec<System> = written
        .system
        .iter()
        .take(SYSTEMS)
        .map(|one| system(one, &by_vendor, &mut first, mistakes))
        .collect();
    let by_system: HashMap<&str, usize> = systems.iter().map(|s| s.id.as_str()).zip(0..).collect();
    let known = year.map(known_items);
    let mut first: HashMap<(String, Option<usize>, i16), usize> = HashMap::new();
    let mut index: HashMap<String, HashMap<Option<usize>, Vec<usize>>> = HashMap::new();
    let mut answers: Vec<Own> = Vec::new();
    for one in written.answer.iter().take(ANSWERS) {
        let Some(own) = own(one, &by_system, known.as_deref(), mistakes) else {
            continue;
        };
        let at = one.span().start;
        match first.insert((own.item.clone(), own.system, fiscal(own.checked)), at) {
            None => {
                let of_item = index.entry(own.item.clone()).or_default();
                of_item.entry(own.system).or_default().push(answers.len());
                answers.push(own);
            }
            Some(first) => {
                let place = mistakes.place(first).to_string();
                let values = [("found", own.item.as_str()), ("place", place.as_str())];
                mistakes.wrong(at, "checklist-twice", &values);
            }
        }
    }
    Facility {
        file: name.to_owned(),
        sha256: crate::source::sha256(text.as_bytes()),
        name: mistakes.text(&written.name, "name"),
        kind: mistakes.text_if(written.kind.as_ref()),
        form_files: form_files(&written.form_files, mistakes),
        safety_manager: mistakes.text_if(written.people.safety_manager.as_ref()),
        filled_by: mistakes.text_if(written.people.filled_by.as_ref()),
        vendors,
        systems,
        answers,
        index,
    }
}

fn form_files(written: &[Spanned<String>], mistakes: &mut Mistakes<'_>) -> Vec<String> {
    mistakes.at_most(written.len(), TEXTS, "form_files");
    mistakes.texts(written, "form_files", TEXTS)
}

/// The fiscal year a day lies in, by the year in which it began; it begins on 1 April.
fn fiscal(day: Date) -> i16 {
    if day.month() >= 4 {
        day.year()
    } else {
        day.year() - 1
    }
}

/// The items of every bundled year and of the one asked for: a name that none of them knows is more likely a slip.
fn known_items(year: &Year) -> Vec<String> {
    let mut known: Vec<String> = year.items.iter().map(|item| item.id.clone()).collect();
    for (name, text) in BUNDLED {
        let year = Year::parse(text, name).expect("the bundled years are checked by tests");
        known.extend(year.items.into_iter().map(|item| item.id));
    }
    known.sort();
    known.dedup();
    known
}

fn vendor(
    spanned: &Spanned<WrittenVendor>,
    first: &mut HashMap<String, usize>,
    mistakes: &mut Mistakes<'_>,
) -> Vendor {
    let written = spanned.as_ref();
    let at = spanned.span().start;
    mistakes.at_most_at(at, written.aliases.len(), TEXTS, "aliases");
    Vendor {
        id: mistakes.once(&written.id, "id", first),
        name: mistakes.text(&written.name, "name"),
        aliases: mistakes.texts(&written.aliases, "aliases", TEXTS),
        contact: mistakes.text_if(written.contact.as_ref()),
    }
}

fn system(
    spanned: &Spanned<WrittenSystem>,
    vendors: &HashMap<&str, usize>,
    first: &mut HashMap<String, usize>,
    mistakes: &mut Mistakes<'_>,
) -> System {
    let written = spanned.as_ref();
    let at = spanned.span().start;
    let vendor = written.vendor.as_ref().and_then(|name| {
        let found = vendors.get(name.as_ref().trim()).copied();
        if found.is_none() {
            unknown(
                name,
                vendors.keys().copied(),
                "checklist-vendor-unknown",
                mistakes,
            );
        }
        found
    });
    mistakes.at_most_at(at, written.disclosures.len(), TEXTS, "disclosures");
    let stated = stated(written, mistakes);
    System {
        id: mistakes.once(&written.id, "id", first),
        name: mistakes.text(&written.name, "name"),
        category: stated.category,
        categories: stated.categories,
        strange: stated.strange,
        vendor,
        manufacturer: mistakes.text_if(written.manufacturer.as_ref()),
        product: mistakes.text_if(written.product.as_ref()),
        version: version(written.version.as_ref(), mistakes),
        servers: written.servers,
        pcs: written.pcs,
        network_devices: written.network_devices,
        remote_maintenance: stated.facts.get(REMOTE).copied(),
        facts: stated.facts,
        contract: written.contract.unwrap_or(true),
        disclosures: mistakes.texts(&written.disclosures, "disclosures", TEXTS),
        place: mistakes.place(at),
    }
}

/// A version in quotation marks; a bare 4.10 would have become 4.1.
fn version(written: Option<&Spanned<toml::Value>>, mistakes: &mut Mistakes<'_>) -> Option<String> {
    let written = written?;
    match written.as_ref() {
        toml::Value::String(text) => (!is_blank(text)).then(|| text.trim().to_owned()),
        other => {
            let found = other.to_string();
            mistakes.wrong(
                written.span().start,
                "checklist-unquoted",
                &[("found", found.as_str())],
            );
            None
        }
    }
}

fn unknown<'n>(
    name: &Spanned<String>,
    known: impl Iterator<Item = &'n str>,
    key: &str,
    mistakes: &mut Mistakes<'_>,
) {
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    // What is shown of a name of any length is short.
    let short: String = name.as_ref().chars().take(100).collect();
    let hint = match nearest(known.iter().copied(), &short) {
        Some(near) => Localised::label("cfg-meant", &[("near", near)]),
        None if known.is_empty() => Localised::label("checklist-known-none", &[]),
        None => {
            known.truncate(LISTED);
            Localised::label("checklist-known", &[("known", &known.join(", "))])
        }
    };
    let told = |language: Language, hint: &str| {
        language.label_with(key, &[("found", &short), ("hint", hint)])
    };
    let detail = Localised {
        ja: told(Language::Ja, &hint.ja),
        en: told(Language::En, &hint.en),
    };
    mistakes.push(name.span().start, detail);
}

fn own(
    spanned: &Spanned<WrittenOwn>,
    systems: &HashMap<&str, usize>,
    known: Option<&[String]>,
    mistakes: &mut Mistakes<'_>,
) -> Option<Own> {
    let written = spanned.as_ref();
    let item = written.item.as_ref().trim();
    if let Some(known) = known
        && known.binary_search_by(|id| id.as_str().cmp(item)).is_err()
    {
        let known = known.iter().map(String::as_str);
        unknown(&written.item, known, "checklist-item-unknown", mistakes);
    }
    let system = match &written.system {
        None => None,
        Some(name) => {
            let found = systems.get(name.as_ref().trim()).copied();
            if found.is_none() {
                unknown(
                    name,
                    systems.keys().copied(),
                    "checklist-system-unknown",
                    mistakes,
                );
                return None;
            }
            found
        }
    };
    let checked = mistakes.day(&written.checked);
    let target = mistakes.day_if(written.target.as_ref());
    let second = written
        .second
        .as_ref()
        .map(|second| (second, mistakes.day(&second.date)));
    let checked = checked?;
    if let (Some(target), Some(at)) = (target, &written.target)
        && target < checked
    {
        let values = [("one", "checked"), ("other", "target")];
        mistakes.wrong(at.span().start, "checklist-order", &values);
    }
    let second = match second {
        Some((second, Some(date))) => {
            if date < checked {
                let values = [("one", "checked"), ("other", "second.date")];
                mistakes.wrong(second.date.span().start, "checklist-order", &values);
            }
            Some(Second {
                date,
                yes: is_yes(second),
            })
        }
        Some((_, None)) | None => None,
    };
    let at = spanned.span().start;
    mistakes.at_most_at(at, written.evidence.len(), TEXTS, "evidence");
    let target_at = written.target.as_ref().map_or(at, |at| at.span().start);
    Some(Own {
        item: item.to_owned(),
        system,
        yes: written.answer == YesNo::Yes,
        checked,
        target,
        second,
        evidence: mistakes.texts(&written.evidence, "evidence", TEXTS),
        by: mistakes.text_if(written.by.as_ref()),
        place: mistakes.place(at),
        target_at: mistakes.place(target_at),
    })
}

fn is_yes(second: &WrittenSecond) -> bool {
    second.answer == YesNo::Yes
}
