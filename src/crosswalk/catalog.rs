//! The catalogue of crosswalks: those bundled, and those a user writes.

use std::path::Path;
use std::sync::LazyLock;

use super::{Crosswalk, checked};
use crate::error::{Error, Result};
use crate::form::{Catalog, Form};
use crate::source::data_text;

/// The bundled crosswalks, by name. A guard test compares this list with the folder.
const FILES: [(&str, &str); 3] = [
    (
        "mds-reference--sds-reference",
        include_str!("../../schemas/crosswalks/mds-reference--sds-reference.toml"),
    ),
    (
        "mds2-2019--mds-reference",
        include_str!("../../schemas/crosswalks/mds2-2019--mds-reference.toml"),
    ),
    (
        "mds2-2019--sds-reference",
        include_str!("../../schemas/crosswalks/mds2-2019--sds-reference.toml"),
    ),
];

static BUNDLED: LazyLock<Vec<Crosswalk>> = LazyLock::new(|| {
    let forms = Catalog::bundled();
    FILES
        .iter()
        .map(|(name, text)| {
            checked::parse(text, name, &forms).unwrap_or_else(|mistakes| {
                panic!("schemas/crosswalks/{name}.toml is checked by tests: {mistakes:?}")
            })
        })
        .collect()
});

impl Crosswalk {
    /// The bundled crosswalks, by the names of their files.
    pub fn bundled() -> &'static [Crosswalk] {
        &BUNDLED
    }

    /// True if it speaks of these two forms, either way round.
    pub fn is_between(&self, one: &Form, other: &Form) -> bool {
        let about = [&self.from, &self.to];
        about == [&one.id, &other.id] || about == [&other.id, &one.id]
    }

    /// Loads a crosswalk file; `forms` are the forms it may speak of.
    ///
    /// # Errors
    /// [`Error::Read`] if the file cannot be read, [`Error::Invalid`] with every mistake and its place.
    pub fn load(path: &Path, forms: &Catalog) -> Result<Self> {
        Self::parse(&data_text(path)?, &path.display().to_string(), forms)
    }

    /// Checks the text of a crosswalk file; `forms` are the forms it may speak of.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every mistake and its place.
    pub fn parse(text: &str, name: &str, forms: &Catalog) -> Result<Self> {
        checked::parse(text, name, forms).map_err(|findings| Error::Invalid {
            name: name.to_owned(),
            findings,
        })
    }
}
