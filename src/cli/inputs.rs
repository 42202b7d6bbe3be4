//! Files to read: as named, from folders, or from standard input.

use std::collections::{HashMap, HashSet};
use std::path::{Component, Path, PathBuf};

use kaijisho::{Error, Examined, Language, Limits, Localised, Options, Result, Source, examine};
use sha2::{Digest, Sha256};
use walkdir::{DirEntry, WalkDir};

use super::arguments::{Common, usage};
use super::batch::{Progress, jobs, ordered::in_order};
use super::{message, output};

/// Endings of files that are taken from a folder. Some are not read; saying so is better than silence.
const ENDINGS: [&str; 12] = [
    "xlsx", "xlsm", "xls", "xlsb", "ods", "fods", "csv", "tsv", "xml", "json", "toml", "pdf",
];
/// Endings of files that are often something else; in a folder they count only if they are disclosures.
const OFTEN_OTHER: [&str; 5] = ["xml", "json", "toml", "csv", "tsv"];

/// A file to read.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) path: PathBuf,
    /// Its position in the list of files, from 1.
    pub(super) position: usize,
    /// How many parts of the path are the folder it was found in; none if the file was named itself.
    root: Option<usize>,
    /// Why it cannot be read, where the folder could not tell what it is.
    trouble: Option<std::io::Error>,
}

impl Input {
    /// A file that was named itself.
    pub(super) fn named(path: PathBuf) -> Self {
        Self {
            path,
            position: 0,
            root: None,
            trouble: None,
        }
    }

    /// The parts of its path below the folder it was found in.
    pub(super) fn below(&self) -> impl Iterator<Item = Component<'_>> {
        self.path.components().skip(self.root.unwrap_or(0))
    }

    /// Where it lies.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// True for a file of a folder that is often something else than a disclosure.
    pub(super) fn is_often_other(&self) -> bool {
        self.root.is_some() && has_ending(&self.path, &OFTEN_OTHER)
    }

    /// Reads it; a file that the system would not give is examined all the same, and has its finding.
    pub(super) fn open(&self, limits: &Limits) -> Result<std::result::Result<Source, Examined>> {
        let source = match &self.trouble {
            Some(error) => Err(Error::Read {
                path: self.path.clone(),
                source: std::io::Error::new(error.kind(), error.to_string()),
            }),
            None if self.path == Path::new("-") => Source::standard_input(limits),
            None => Source::open(&self.path, limits),
        };
        match source {
            Ok(source) => Ok(Ok(source)),
            Err(Error::Read { path, source }) => {
                let told = |language| message::io(&source, language);
                let detail = Localised {
                    ja: told(Language::Ja),
                    en: told(Language::En),
                };
                let advice = message::advice(&path, &source);
                let file = path.display().to_string();
                Ok(Err(Examined::unreadable(file, detail, advice)))
            }
            Err(other) => Err(other),
        }
    }

    /// Reads and examines it.
    pub(super) fn examine(&self, options: &Options) -> Result<Examined> {
        let opened = self.open(&options.limits)?;
        Ok(opened.map_or_else(|unreadable| unreadable, |source| examine(&source, options)))
    }

    /// True for a file from a folder in which nothing speaks of a disclosure, and whose ending promises none.
    pub(super) fn is_something_else(&self, examined: &Examined) -> bool {
        self.is_often_other()
            && examined.disclosures.is_empty()
            && examined
                .findings
                .iter()
                .all(|finding| finding.rule == "nothing-recognised")
    }
}

/// The files to read, and those in folders that are not read.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    pub(super) files: Vec<Input>,
    pub(super) left_out: Vec<PathBuf>,
    /// Names of files that were listed before, under this name or another.
    pub(super) repeated: Vec<PathBuf>,
}

impl Inputs {
    /// The files to read.
    pub(super) fn files(&self) -> &[Input] {
        &self.files
    }

    /// Those in folders that are not read.
    pub(super) fn left_out(&self) -> &[PathBuf] {
        &self.left_out
    }
}

/// The files named, and those in the folders named, in order.
pub(super) fn gather(paths: &[PathBuf], language: Language) -> Result<Inputs> {
    let mut gathering = Gathering::default();
    for path in paths {
        gathering.add(path);
    }
    gathering.finish(paths, language)
}

/// Inputs that are being put together.
#[derive(Debug, Default)]
pub(super) struct Gathering {
    inputs: Inputs,
    /// What was listed, where each file counts once.
    seen: Option<HashSet<[u8; 16]>>,
    /// Folders as the system knows them.
    folders: HashMap<PathBuf, PathBuf>,
}

impl Gathering {
    /// One in which a file that is listed again is left out.
    pub(super) fn each_once() -> Self {
        Self {
            seen: Some(HashSet::new()),
            ..Self::default()
        }
    }

    /// Adds a file, or the files of a folder in the order of their names.
    ///
    /// Links are followed; one that leads back to a folder above it is left out.
    pub(super) fn add(&mut self, path: &Path) {
        if !path.is_dir() {
            self.push(Input::named(path.to_owned()), true);
            return;
        }
        let root = path.components().count();
        for entry in WalkDir::new(path).follow_links(true).sort_by_file_name() {
            match entry {
                Ok(entry) => self.found(entry, root),
                Err(error) => self.troubled(error, root),
            }
        }
    }

    fn found(&mut self, entry: DirEntry, root: usize) {
        let name = entry.file_name().to_string_lossy();
        // Excel's lock files and hidden files are nobody's disclosure.
        if entry.file_type().is_dir() || name.starts_with("~$") || name.starts_with('.') {
            return;
        }
        let is_link = entry.path_is_symlink();
        let is_file = entry.file_type().is_file();
        let path = entry.into_path();
        if is_file && has_ending(&path, &ENDINGS) {
            let mut input = Input::named(path);
            input.root = Some(root);
            self.push(input, is_link);
        } else {
            self.inputs.left_out.push(path);
        }
    }

    /// A folder that cannot be read may hold disclosures: it is told like a file that cannot be read.
    fn troubled(&mut self, error: walkdir::Error, root: usize) {
        let path = error.path().map(Path::to_owned).unwrap_or_default();
        let is_loop = error.loop_ancestor().is_some();
        // A link that leads nowhere holds nothing; what cannot even be looked at may be a folder of disclosures.
        let is_other = path.is_symlink()
            || path
                .metadata()
                .is_ok_and(|about| !about.is_dir() && !has_ending(&path, &ENDINGS));
        if is_loop || is_other {
            self.inputs.left_out.push(path);
            return;
        }
        let trouble = error.into_io_error();
        let trouble = trouble.unwrap_or_else(|| std::io::ErrorKind::Other.into());
        self.inputs.files.push(Input {
            path,
            position: 0,
            root: Some(root),
            trouble: Some(trouble),
        });
    }

    fn push(&mut self, input: Input, may_be_link: bool) {
        if self.seen.is_some() {
            let known = self.identity(&input.path, may_be_link);
            if self.seen.as_mut().is_some_and(|seen| !seen.insert(known)) {
                self.inputs.repeated.push(input.path);
                return;
            }
        }
        self.inputs.files.push(input);
    }

    /// What is the same for two names of one file.
    fn identity(&mut self, path: &Path, may_be_link: bool) -> [u8; 16] {
        let real = if may_be_link {
            path.canonicalize().ok()
        } else {
            self.in_real_folder(path)
        };
        let real = real.unwrap_or_else(|| path.to_owned());
        let hash = Sha256::digest(real.as_os_str().as_encoded_bytes());
        hash[..16].try_into().expect("a hash is longer")
    }

    /// The path with the folder as the system knows it, which is looked up once for all files in it.
    fn in_real_folder(&mut self, path: &Path) -> Option<PathBuf> {
        let (folder, name) = (path.parent()?, path.file_name()?);
        if let Some(real) = self.folders.get(folder) {
            return Some(real.join(name));
        }
        let real = folder.canonicalize().ok()?;
        let whole = real.join(name);
        self.folders.insert(folder.to_owned(), real);
        Some(whole)
    }

    /// The files; `named` is what was named, for the message if there are none.
    pub(super) fn finish(self, named: &[PathBuf], language: Language) -> Result<Inputs> {
        let mut inputs = self.inputs;
        if inputs.files.is_empty() {
            return Err(nothing(named, language));
        }
        for (input, position) in inputs.files.iter_mut().zip(1..) {
            input.position = position;
        }
        Ok(inputs)
    }
}

/// Folders without a single disclosure: no success.
pub(super) fn nothing(paths: &[PathBuf], language: Language) -> Error {
    let names: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let values = [("names", names.join(", ")), ("endings", ENDINGS.join(", "))];
    let values: Vec<(&str, &str)> = values
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    usage(language.label_with("error-no-files", &values))
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    ending.is_some_and(|ending| endings.contains(&ending.as_str()))
}

/// Examines every file and gives each result, in the order of the files.
///
/// `use_up` turns an examined file into what is kept of it, on the thread that examined it, so that a
/// thousand files need no more memory than their results.
pub(super) fn each<T: Send>(
    inputs: &Inputs,
    options: &Options,
    common: &Common,
    language: Language,
    use_up: impl Fn(Examined) -> T + Sync,
) -> Result<Vec<T>> {
    let mut progress = Progress::new(inputs.files.len(), false, common, language);
    let mut results = Vec::new();
    let mut left_out = inputs.left_out.clone();
    let work = |input: &Input| -> Result<Option<T>> {
        let examined = input.examine(options)?;
        let other = input.is_something_else(&examined);
        Ok((!other).then(|| use_up(examined)))
    };
    in_order(&inputs.files, jobs(common), work, |input, result| {
        progress.step(None);
        match result? {
            Some(result) => results.push(result),
            None => left_out.push(input.path.clone()),
        }
        Ok(())
    })?;
    progress.finish();
    tell_left_out(&left_out, common, language);
    if results.is_empty() {
        return Err(nothing(&left_out, language));
    }
    Ok(results)
}

/// Files of a folder that were not read are named: a vendor's sheet may be among them.
pub(super) fn tell_left_out(paths: &[impl AsRef<Path>], common: &Common, language: Language) {
    tell_names("skipped-line", paths, common, language);
}

/// Names that stand for a file listed already are told: it counts once.
pub(super) fn tell_repeated(paths: &[PathBuf], common: &Common, language: Language) {
    tell_names("repeated-line", paths, common, language);
}

fn tell_names(key: &str, paths: &[impl AsRef<Path>], common: &Common, language: Language) {
    const NAMED: usize = 5;
    if paths.is_empty() || common.quiet {
        return;
    }
    let named = if common.verbose { paths.len() } else { NAMED };
    let mut names: Vec<String> = paths
        .iter()
        .take(named)
        .map(|path| kaijisho::show(&path.as_ref().display().to_string(), 200))
        .collect();
    if paths.len() > named {
        names.push("…".to_owned());
    }
    let values = [
        ("count", paths.len().to_string()),
        ("names", names.join(", ")),
    ];
    let values: Vec<(&str, &str)> = values
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let line = language.label_with(key, &values);
    output::complain(&message::wrapped(&line, common.width()));
}
