//! Which disclosures are of which systems: by product and manufacturer, or by the file named in the facility file.
//!
//! A match is certain only where both names are the same after folding (widths, spaces, company forms). What is
//! merely alike is told as uncertain and counts as not received.

use std::collections::HashMap;

use super::facility::{Facility, System};
use super::{Doubt, Matched, Sheet};
use crate::form::Field;
use crate::text::{fold, similarity};

/// Characters of a name that are compared.
const COMPARED: usize = 120;
/// From where on two product names of one maker may be the same.
const ALIKE: f64 = 0.75;
/// Forms of companies, folded, in front of a name or behind it.
const COMPANY_FORMS: [&str; 17] = [
    "株式会社",
    "有限会社",
    "合同会社",
    "合資会社",
    "合名会社",
    "一般社団法人",
    "(株)",
    "(有)",
    "(同)",
    "co.,ltd.",
    "co.,ltd",
    "co.ltd.",
    "corporation",
    "corp.",
    "inc.",
    "inc",
    "ltd.",
];

/// The sheets of each system, in the order of the facility file.
pub(super) fn matched(facility: &Facility, sheets: &[Sheet<'_>]) -> Vec<Vec<Matched>> {
    let names: Vec<Names> = sheets.iter().map(Names::of).collect();
    matched_names(facility, &names)
}

/// The same of sheets of which only the names are at hand.
pub(crate) fn matched_names(facility: &Facility, names: &[Names]) -> Vec<Vec<Matched>> {
    let mut by_product: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut by_maker: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, name) in names.iter().enumerate() {
        if !name.product.is_empty() {
            by_product.entry(&name.product).or_default().push(at);
            by_maker.entry(&name.maker).or_default().push(at);
        }
    }
    let one = |system: &System| {
        if !system.disclosures.is_empty() {
            return named(system, names);
        }
        let Some(product) = system.product.as_deref().map(folded) else {
            return Vec::new();
        };
        let makers = makers(facility, system);
        let mut found: Vec<Matched> = by_product
            .get(product.as_str())
            .into_iter()
            .flatten()
            .map(|at| Matched {
                sheet: *at,
                doubt: doubt(&makers, &names[*at].maker),
            })
            .collect();
        for maker in makers.iter().filter(|maker| !maker.is_empty()) {
            let others = by_maker.get(maker.as_str()).into_iter().flatten();
            found.extend(
                others
                    .filter(|at| alike(&product, &names[**at].product))
                    .map(|at| Matched {
                        sheet: *at,
                        doubt: Some(Doubt::ProductDiffers),
                    }),
            );
        }
        found.sort_by_key(|matched| (matched.sheet, matched.doubt.is_some()));
        found.dedup_by_key(|matched| matched.sheet);
        found
    };
    facility.systems.iter().map(one).collect()
}

/// What a sheet is called, folded.
pub(crate) struct Names {
    file: String,
    maker: String,
    product: String,
}

impl Names {
    /// Of a file's name, and of maker and product as the sheet writes them.
    pub(crate) fn new(file: &str, maker: &str, product: &str) -> Self {
        Self {
            file: fold(&file.replace('\\', "/")),
            maker: company(&folded(maker)),
            product: folded(product),
        }
    }

    fn of(sheet: &Sheet<'_>) -> Self {
        let field = |field| {
            let value = sheet.disclosure.field(field);
            value
                .map(|value| folded(&value.written))
                .unwrap_or_default()
        };
        Self {
            file: fold(&sheet.file.file.replace('\\', "/")),
            maker: company(&field(Field::Manufacturer)),
            product: field(Field::Product),
        }
    }
}

fn folded(text: &str) -> String {
    let short: String = text.chars().take(COMPARED).collect();
    fold(&short)
}

/// A folded name without its company form.
fn company(folded: &str) -> String {
    let mut name = folded;
    for form in COMPANY_FORMS {
        name = name.strip_prefix(form).unwrap_or(name);
        name = name.strip_suffix(form).unwrap_or(name);
    }
    name.trim_matches([',', '.']).to_owned()
}

/// The names under which the maker of a system's product may stand on a sheet.
fn makers(facility: &Facility, system: &System) -> Vec<String> {
    let vendor = facility.vendor_of(system);
    let names: Vec<&String> = match (&system.manufacturer, vendor) {
        (Some(manufacturer), _) => vec![manufacturer],
        (None, Some(vendor)) => [&vendor.name].into_iter().chain(&vendor.aliases).collect(),
        (None, None) => Vec::new(),
    };
    names
        .into_iter()
        .map(|name| company(&folded(name)))
        .collect()
}

fn doubt(makers: &[String], maker: &str) -> Option<Doubt> {
    if maker.is_empty() || makers.is_empty() {
        Some(Doubt::ManufacturerMissing)
    } else if makers.iter().any(|known| known == maker) {
        None
    } else {
        Some(Doubt::ManufacturerDiffers)
    }
}

fn alike(product: &str, other: &str) -> bool {
    product != other
        && (product.contains(other)
            || other.contains(product)
            || similarity(product, other) >= ALIKE)
}

/// The sheets of the files that the facility file names for a system; of a file with several, those of the
/// product, if any is.
fn named(system: &System, names: &[Names]) -> Vec<Matched> {
    let product = system.product.as_deref().map(folded);
    let mut found = Vec::new();
    for wanted in &system.disclosures {
        let wanted = fold(&wanted.replace('\\', "/"));
        let is_it = |file: &str| file == wanted || file.ends_with(&format!("/{wanted}"));
        let inside: Vec<usize> = (0..names.len())
            .filter(|at| is_it(&names[*at].file))
            .collect();
        let exact = |at: &usize| Some(&names[*at].product) == product.as_ref();
        let any_exact = inside.iter().any(exact);
        found.extend(
            inside
                .into_iter()
                .filter(|at| !any_exact || exact(at))
                .map(|sheet| Matched { sheet, doubt: None }),
        );
    }
    found.sort_by_key(|matched| matched.sheet);
    found.dedup_by_key(|matched| matched.sheet);
    found
}
