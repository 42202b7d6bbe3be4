//! The catalogue of forms: those bundled, and those a user gives.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use super::{Form, FormSource, checked};
use crate::control::Controls;
use crate::error::{Error, Result};
use crate::source::data_text;

/// The bundled form files. A guard test compares this list with the folder.
pub(crate) const FILES: [(&str, &str); 3] = [
    (
        "mds-reference",
        include_str!("../../schemas/forms/mds-reference.toml"),
    ),
    (
        "mds2-2019",
        include_str!("../../schemas/forms/mds2-2019.toml"),
    ),
    (
        "sds-reference",
        include_str!("../../schemas/forms/sds-reference.toml"),
    ),
];

static BUNDLED: LazyLock<Vec<Arc<Form>>> = LazyLock::new(|| {
    FILES
        .iter()
        .flat_map(|(name, text)| {
            checked::parse(text, FormSource::Bundled, Controls::bundled()).unwrap_or_else(
                |mistakes| panic!("schemas/forms/{name}.toml is checked by tests: {mistakes:?}"),
            )
        })
        .map(Arc::new)
        .collect()
});

/// The forms that can be recognised.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    forms: Vec<Arc<Form>>,
}

impl Catalog {
    /// The bundled forms.
    pub fn bundled() -> Self {
        Self {
            forms: BUNDLED.clone(),
        }
    }

    /// The forms in a form file, the current edition first.
    ///
    /// # Errors
    /// [`Error::Read`] if the file cannot be read, [`Error::Invalid`] with every mistake in it.
    pub fn load(path: &Path) -> Result<Self> {
        Self::parse(&data_text(path)?, &path.display().to_string())
    }

    /// The forms that a user keeps: every form file (`.toml`) of a folder, in the order of their names.
    ///
    /// A file that cannot be read stops nothing: it comes back as an error beside the others' forms.
    /// A folder that does not exist holds no forms.
    pub fn imported(folder: &Path) -> (Self, Vec<Error>) {
        let mut catalog = Self { forms: Vec::new() };
        let mut errors = Vec::new();
        let read = |path: &Path, source| Error::Read {
            path: path.to_owned(),
            source,
        };
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return (catalog, errors),
            Err(error) => return (catalog, vec![read(folder, error)]),
        };
        let mut paths: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
            .collect();
        paths.sort();
        for path in paths {
            let forms = data_text(&path).and_then(|text| {
                Self::parse_as(&text, &path.display().to_string(), FormSource::Imported)
            });
            match forms {
                Ok(forms) => catalog = catalog.with(&forms),
                Err(error) => errors.push(error),
            }
        }
        (catalog, errors)
    }

    /// The forms in the text of a form file.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every mistake in it.
    pub fn parse(text: &str, name: &str) -> Result<Self> {
        Self::parse_as(text, name, FormSource::Given)
    }

    fn parse_as(text: &str, name: &str, source: FormSource) -> Result<Self> {
        checked::parse(text, source, Controls::bundled())
            .map(|forms| Self {
                forms: forms.into_iter().map(Arc::new).collect(),
            })
            .map_err(|findings| Error::Invalid {
                name: name.to_owned(),
                findings,
            })
    }

    /// A catalogue of these forms.
    pub fn of(forms: Vec<Arc<Form>>) -> Self {
        Self { forms }
    }

    /// This catalogue with the forms of another behind; a form of the same id and edition replaces this one's.
    #[must_use]
    pub fn with(mut self, other: &Catalog) -> Self {
        self.forms.retain(|form| {
            !other
                .forms
                .iter()
                .any(|new| new.id == form.id && new.edition == form.edition)
        });
        self.forms.extend(other.forms.iter().cloned());
        self
    }

    /// All forms, in order.
    pub fn forms(&self) -> &[Arc<Form>] {
        &self.forms
    }

    /// The form of this id, or of `id@edition`.
    ///
    /// # Errors
    /// [`Error::UnknownForm`] with the names known.
    pub fn form(&self, id: &str) -> Result<Arc<Form>> {
        self.forms
            .iter()
            .find(|form| form.id == id || format!("{}@{}", form.id, form.edition) == id)
            .cloned()
            .ok_or_else(|| Error::UnknownForm {
                name: id.to_owned(),
                known: self.forms.iter().map(|form| form.id.clone()).collect(),
            })
    }
}
