//! The catalogue of forms: those bundled, and those a user gives.
//!
//! A bundled form is parsed when somebody asks for it: a sheet that names its family asks for the forms of that alone.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, OnceLock};

use super::{Family, Form, FormSource, checked};
use crate::error::{Error, Result};
use crate::source::data_text;

/// The bundled form files: id, family and text. Tests compare this list with the folder and with what the files say.
const FILES: [(&str, Family, &str); 3] = [
    (
        "mds-reference",
        Family::Mds,
        include_str!("../../schemas/forms/mds-reference.toml"),
    ),
    (
        "mds2-2019",
        Family::Mds2,
        include_str!("../../schemas/forms/mds2-2019.toml"),
    ),
    (
        "sds-reference",
        Family::Sds,
        include_str!("../../schemas/forms/sds-reference.toml"),
    ),
];

/// A bundled file and, once they were asked for, the forms in it.
#[derive(Debug)]
struct Bundled {
    id: &'static str,
    family: Family,
    text: &'static str,
    forms: OnceLock<Vec<Arc<Form>>>,
}

static BUNDLED: LazyLock<[Bundled; 3]> = LazyLock::new(|| {
    FILES.map(|(id, family, text)| Bundled {
        id,
        family,
        text,
        forms: OnceLock::new(),
    })
});

impl Bundled {
    fn forms(&self) -> &[Arc<Form>] {
        self.forms.get_or_init(|| {
            let forms = checked::parse(self.text, FormSource::Bundled);
            let forms = forms.unwrap_or_else(|mistakes| {
                let id = self.id;
                panic!("schemas/forms/{id}.toml is checked by tests: {mistakes:?}")
            });
            forms.into_iter().map(Arc::new).collect()
        })
    }
}

/// A form of a catalogue, or a file of forms not looked at yet.
#[derive(Clone, Debug)]
enum Entry {
    Bundled(&'static Bundled),
    Form(Arc<Form>),
}

impl Entry {
    fn id(&self) -> &str {
        match self {
            Entry::Bundled(bundled) => bundled.id,
            Entry::Form(form) => &form.id,
        }
    }

    fn family(&self) -> Family {
        match self {
            Entry::Bundled(bundled) => bundled.family,
            Entry::Form(form) => form.family,
        }
    }

    fn forms(&self) -> &[Arc<Form>] {
        match self {
            Entry::Bundled(bundled) => bundled.forms(),
            Entry::Form(form) => std::slice::from_ref(form),
        }
    }
}

/// The forms that can be recognised.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    entries: Vec<Entry>,
    /// All forms, once all were asked for.
    forms: OnceLock<Vec<Arc<Form>>>,
}

impl Catalog {
    /// The bundled forms.
    pub fn bundled() -> Self {
        BUNDLED.iter().map(Entry::Bundled).collect()
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
        let mut catalog = Self::default();
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
        checked::parse(text, source)
            .map(|forms| Self::of(forms.into_iter().map(Arc::new).collect()))
            .map_err(|findings| Error::Invalid {
                name: name.to_owned(),
                findings,
            })
    }

    /// A catalogue of these forms.
    pub fn of(forms: Vec<Arc<Form>>) -> Self {
        forms.into_iter().map(Entry::Form).collect()
    }

    /// This catalogue with the forms of another behind; a form of the same id and edition replaces this one's.
    #[must_use]
    pub fn with(self, other: &Catalog) -> Self {
        let mut entries: Vec<Entry> = Vec::new();
        for entry in self.entries {
            // Only a file of the same id can hold what is replaced; the others need not be looked at.
            let mut others = other.entries.iter();
            if others.all(|new| new.id() != entry.id()) {
                entries.push(entry);
                continue;
            }
            let kept = entry.forms().iter().filter(|form| {
                let mut new = other.entries.iter().flat_map(Entry::forms);
                !new.any(|new| new.id == form.id && new.edition == form.edition)
            });
            entries.extend(kept.cloned().map(Entry::Form));
        }
        entries.extend(other.entries.iter().cloned());
        entries.into_iter().collect()
    }

    /// All forms, in order.
    pub fn forms(&self) -> &[Arc<Form>] {
        self.forms.get_or_init(|| {
            let all = self.entries.iter().flat_map(Entry::forms);
            all.cloned().collect()
        })
    }

    /// The ids of all forms, in order; an id once for each edition that is a form of its own here.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.forms().iter().map(|form| form.id.as_str())
    }

    /// The forms of a family, in order; all where none is named.
    pub(crate) fn of_family(&self, family: Option<Family>) -> impl Iterator<Item = &Arc<Form>> {
        let entries = self.entries.iter();
        entries
            .filter(move |entry| family.is_none_or(|family| family == entry.family()))
            .flat_map(Entry::forms)
    }

    /// The form of this id, or of `id@edition`.
    ///
    /// # Errors
    /// [`Error::UnknownForm`] with the names known.
    pub fn form(&self, id: &str) -> Result<Arc<Form>> {
        let entries = self.entries.iter();
        entries
            .filter(|entry| id.starts_with(entry.id()))
            .flat_map(Entry::forms)
            .find(|form| form.id == id || format!("{}@{}", form.id, form.edition) == id)
            .cloned()
            .ok_or_else(|| Error::UnknownForm {
                name: id.to_owned(),
                known: self.ids().map(str::to_owned).collect(),
            })
    }
}

impl FromIterator<Entry> for Catalog {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        Self {
            entries: entries.into_iter().collect(),
            forms: OnceLock::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bundled_files_hold_what_their_list_says() {
        for bundled in BUNDLED.iter() {
            assert!(!bundled.forms().is_empty(), "{}", bundled.id);
            for form in bundled.forms() {
                assert_eq!(
                    (form.id.as_str(), form.family),
                    (bundled.id, bundled.family)
                );
            }
        }
    }

    #[test]
    fn a_form_replaces_the_one_of_its_id_and_edition() {
        let bundled = Catalog::bundled();
        let mut own = (*bundled.form("mds-reference").expect("bundled")).clone();
        own.source = FormSource::Imported;
        let with = |own: &Form| Catalog::bundled().with(&Catalog::of(vec![Arc::new(own.clone())]));
        let ids: Vec<&str> = bundled.ids().collect();
        let replaced = with(&own);
        assert_eq!(replaced.forms().len(), ids.len());
        let found = replaced.form("mds-reference").expect("replaced");
        assert_eq!(found.source, FormSource::Imported);
        own.edition = "another".to_owned();
        let beside = with(&own);
        assert_eq!(beside.forms().len(), ids.len() + 1);
        let first = beside.form("mds-reference").expect("the bundled one");
        assert_eq!(first.source, FormSource::Bundled);
        let mds: Vec<&Arc<Form>> = beside.of_family(Some(Family::Mds)).collect();
        assert_eq!(mds.len(), 2);
    }
}
