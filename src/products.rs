//! Product source files: a vendor's answers, kept once, from which any number of disclosures are made.
//!
//! A file is read in two steps, as written and then checked, so that every mistake is told with its line and
//! column ([`parse`]). What is asked for ([`Products::planned`]) is made one disclosure at a time
//! ([`Products::make`]): it goes through the reader of documents, so that it means what any document means,
//! and its places are lines of the source. Nothing here knows files but those that the source itself names,
//! and nothing looks at the clock.
//!
//! An item's answer is the one in the narrowest scope that speaks of it (version, product, common); within a
//! scope an answer to the item wins over one to its control. Only controls that are certain carry. An answer
//! that does not fit leaves the item open, with the reason; no wider answer takes its place.
//!
//! ```
//! use kaijisho::{Catalog, ItemNumber, products};
//! let source = r#"
//! schema = "kaijisho/products/1"
//! manufacturer = "見本メディカル"
//! answer = [{ control = "auth.two-factor", answer = "yes" }]
//!
//! [[product]]
//! id = "karte"
//! name = "見本カルテ"
//! forms = ["mds-reference"]
//! version = [{ version = "3.2", date = 2026-09-30 }]
//! "#;
//! let products = products::parse(source, "products.toml", ".".as_ref(), &Catalog::bundled())?;
//! let planned = products.planned();
//! let made = products.make(&planned[0], jiff::civil::date(2026, 10, 1));
//! let entry = made.disclosure.entry(&ItemNumber::new("39.2")).expect("an item of the form");
//! assert_eq!(entry.answer, Some(kaijisho::Answer::Yes));
//! # Ok::<(), kaijisho::Error>(())
//! ```

mod answers;
mod checked;
mod file_name;
mod made;
pub mod run;
mod scope;
mod stale;
mod written;

pub use made::{Made, MadeItem, Open};
pub use stale::{deadline, findings};
pub(crate) use written::WrittenProducts;

use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;

use crate::answer::Answer;
use crate::error::{Error, Result};
use crate::form::{Catalog, Form};
use crate::language::Localised;
use crate::place::Place;
use crate::source::data_text;
use scope::Scope;

/// The commented file to start from, which `kaijisho new --products` writes out.
pub const TEMPLATE: &str = include_str!("../templates/products.toml");

/// What an answer of the source answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A control, on whatever form.
    Control(String),
    /// An item of one form.
    Item {
        /// The form, as an index into [`Products::forms`].
        form: usize,
        /// The item, as an index into [`Form::items`].
        item: usize,
    },
}

/// What an answer rests on; it goes into the remark only if the file asks for that.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Its title.
    pub title: Localised,
    /// Its address.
    pub link: Option<String>,
    /// A file of the vendor's own; never opened, never in a disclosure.
    pub file: Option<String>,
    /// Its date.
    pub date: Option<Date>,
}

/// An answer as the vendor keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// What it answers.
    pub subject: Subject,
    /// The answer to choose.
    pub answer: Option<Answer>,
    /// The methods to tick, as written.
    pub options: Vec<String>,
    /// The text, for items that ask for one.
    pub text: Option<Localised>,
    /// The remark.
    pub remark: Option<Localised>,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// The day on which it was last looked at: its own, else that of its scope.
    pub reviewed: Option<Date>,
    /// Where it stands in the source.
    pub place: Place,
    /// Where what it says stands.
    pub said_at: Place,
    /// Where its remark stands, or else the answer.
    pub remark_at: Place,
    /// Where the day stands, or else the answer.
    pub reviewed_at: Place,
}

/// A version of a product.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its name.
    pub version: String,
    /// Its model, if any.
    pub model: Option<String>,
    scope: Scope,
    disclosures: Vec<Wanted>,
}

/// A product or service.
#[derive(Clone, Debug)]
pub struct Product {
    /// Its name in the file and in file names.
    pub id: String,
    /// Its name in disclosures.
    pub name: Localised,
    /// Its versions, in the order of the file.
    pub versions: Vec<Version>,
    scope: Scope,
}

/// A disclosure that a version wants.
#[derive(Clone, Debug)]
struct Wanted {
    form: usize,
    date: Date,
    file: String,
    place: Place,
    named: Place,
}

/// A product source file, checked.
#[derive(Clone, Debug)]
pub struct Products {
    /// The file it was read from.
    pub file: String,
    /// SHA-256 of the file's text, in hexadecimal.
    pub sha256: String,
    /// The manufacturer or service provider.
    pub manufacturer: Localised,
    /// After how many months an answer must be looked at again.
    pub stale_months: u32,
    /// True if titles and links of evidence go behind the remark.
    pub evidence_in_remark: bool,
    /// Every form that the file speaks of.
    pub forms: Vec<Arc<Form>>,
    /// Every answer, in the order of the file's scopes.
    pub answers: Vec<Kept>,
    /// The products, in the order of the file.
    pub products: Vec<Product>,
    common: Scope,
}

/// A disclosure to make.
#[derive(Clone, Debug)]
pub struct Planned<'p> {
    /// The product.
    pub product: &'p Product,
    /// Its version.
    pub version: &'p Version,
    /// The form.
    pub form: &'p Arc<Form>,
    /// The date of the disclosure.
    pub date: Date,
    /// Its file, without ending; may hold slashes, never leads out of the folder, and is the only one of its name.
    pub file: &'p str,
    /// Where the source asks for it.
    pub place: &'p Place,
    /// Where the source names the form: there, or with the product.
    pub named: &'p Place,
    form_at: usize,
}

/// Loads a product source file; form files that it names are looked for beside it.
///
/// # Errors
/// [`Error::Read`] if the file cannot be read, [`Error::Invalid`] with every mistake and its place.
pub fn load(path: &Path, forms: &Catalog) -> Result<Products> {
    let text = data_text(path)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    parse(&text, &path.display().to_string(), folder, forms)
}

/// Checks the text of a product source file; `folder` is where the form files it names are looked for.
///
/// # Errors
/// [`Error::Invalid`] with every mistake and its place.
pub fn parse(text: &str, name: &str, folder: &Path, forms: &Catalog) -> Result<Products> {
    checked::parse(text, name, folder, forms).map_err(|findings| Error::Invalid {
        name: name.to_owned(),
        findings,
    })
}

impl Products {
    /// Every disclosure that the file asks for, in its order.
    pub fn planned(&self) -> Vec<Planned<'_>> {
        let versions = self.products.iter().flat_map(|product| {
            product
                .versions
                .iter()
                .map(move |version| (product, version))
        });
        versions
            .flat_map(|(product, version)| {
                version.disclosures.iter().map(move |wanted| Planned {
                    product,
                    version,
                    form: &self.forms[wanted.form],
                    date: wanted.date,
                    file: &wanted.file,
                    place: &wanted.place,
                    named: &wanted.named,
                    form_at: wanted.form,
                })
            })
            .collect()
    }

    /// What an answer answers, in words: the control, or form and item.
    pub fn subject(&self, subject: &Subject) -> String {
        match subject {
            Subject::Control(control) => control.clone(),
            Subject::Item { form, item } => {
                let form = &self.forms[*form];
                format!("{} {}", form.id, form.items[*item].number)
            }
        }
    }
}
