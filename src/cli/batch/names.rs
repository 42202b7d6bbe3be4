//! The names of files that are made of files: the same path below the folder, with another ending.

use std::collections::{HashMap, HashSet};
use std::path::{Component, Path, PathBuf};

use kaijisho::{Language, Result};

use crate::cli::arguments::{Common, usage};
use crate::cli::inputs::{Input, Inputs};
use crate::cli::{message, output};

/// An input, and the file that is made of it.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) input: Input,
    /// Its path below the folder.
    pub(super) to: PathBuf,
    /// True if another input has the name that it would have had.
    renamed: bool,
}

/// Plans a name for each input. Where two would have the same, as `a.xls` and `a.xlsx`, the later one keeps
/// its own ending: `a.xlsx.json`. Names that differ in case only are the same on many systems.
pub(super) fn plan(inputs: Vec<Input>, ending: &str) -> Vec<Task> {
    let mut taken: HashSet<String> = HashSet::new();
    let mut free = |path: &Path| taken.insert(path.to_string_lossy().to_lowercase());
    let plan = |input: Input| {
        let below = below(&input);
        let mut to = below.with_extension(ending);
        let renamed = !free(&to);
        if renamed {
            let mut number = 1;
            loop {
                let mut name = below.file_name().unwrap_or_default().to_owned();
                if number > 1 {
                    name.push(format!(" ({number})"));
                }
                name.push(format!(".{ending}"));
                to = below.with_file_name(name);
                if free(&to) {
                    break;
                }
                number += 1;
            }
        }
        Task { input, to, renamed }
    };
    inputs.into_iter().map(plan).collect()
}

/// The path below a folder: never out of it, whatever the list says.
fn below(input: &Input) -> PathBuf {
    let parts = input.below();
    let below: PathBuf = parts
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name),
            Component::Prefix(_)
            | Component::RootDir
            | Component::CurDir
            | Component::ParentDir => None,
        })
        .collect();
    match below.file_name() {
        Some(_) => below,
        None => PathBuf::from("stdin"),
    }
}

/// Says which files have another name than expected.
pub(super) fn tell_renamed(tasks: &[Task], common: &Common, language: Language) {
    const NAMED: usize = 5;
    let renamed: Vec<&Task> = tasks.iter().filter(|task| task.renamed).collect();
    if renamed.is_empty() || common.quiet {
        return;
    }
    let named = if common.verbose { renamed.len() } else { NAMED };
    let names = renamed.iter().take(named);
    let names = names.map(|task| kaijisho::show(&task.to.display().to_string(), 200));
    let mut names: Vec<String> = names.collect();
    if renamed.len() > named {
        names.push("…".to_owned());
    }
    let (count, names) = (renamed.len().to_string(), names.join(", "));
    let values = [("count", count.as_str()), ("names", &names)];
    let line = language.label_with("renamed-line", &values);
    output::complain(&message::wrapped(&line, common.width()));
}

/// Takes what stands in the output folder out of the inputs; the output must not be the input folder or hold it.
///
/// The inputs as the system knows them come back where files may be replaced, so that none of them is.
pub(super) fn refuse_inputs(
    inputs: &mut Inputs,
    named: &[PathBuf],
    to: &Path,
    common: &Common,
    language: Language,
) -> Result<HashSet<PathBuf>> {
    let Ok(real) = to.canonicalize() else {
        return Ok(HashSet::new());
    };
    for folder in named.iter().filter(|path| path.is_dir()) {
        if folder
            .canonicalize()
            .is_ok_and(|folder| folder.starts_with(&real))
        {
            let path = to.display().to_string();
            return Err(usage(
                language.label_with("folder-is-input", &[("path", &path)]),
            ));
        }
    }
    let mut folders: HashMap<PathBuf, bool> = HashMap::new();
    let mut inside = |path: &Path| {
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let looked_at = folders.entry(folder);
        *looked_at.or_insert_with_key(|folder| {
            let folder = if folder.as_os_str().is_empty() {
                Path::new(".")
            } else {
                folder
            };
            folder
                .canonicalize()
                .is_ok_and(|folder| folder.starts_with(&real))
        })
    };
    let (own, others) = std::mem::take(&mut inputs.files)
        .into_iter()
        .partition(|input| inside(&input.path));
    inputs.files = others;
    let own: Vec<Input> = own;
    inputs
        .left_out
        .extend(own.into_iter().map(|input| input.path));
    let sources = inputs.files.iter().filter(|_| common.force);
    Ok(sources
        .filter_map(|input| input.path.canonicalize().ok())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_below_the_folder_and_each_is_there_once() {
        let inputs = [
            "a/b.xlsx",
            "a/b.xls",
            "A/B.ods",
            "a/b.xls.json",
            "../../etc/x.csv",
            "/srv/y.toml",
            "a/b.XLS",
            "-",
            "無印",
        ];
        let inputs = inputs.map(|name| Input::named(name.into()));
        let tasks = plan(inputs.into(), "json");
        let names: Vec<(String, bool)> = tasks
            .iter()
            .map(|task| {
                (
                    task.to.display().to_string().replace('\\', "/"),
                    task.renamed,
                )
            })
            .collect();
        let expected = [
            ("a/b.json", false),
            ("a/b.xls.json", true),
            ("A/B.ods.json", true),
            ("a/b.xls.json.json", true),
            ("etc/x.json", false),
            ("srv/y.json", false),
            ("a/b.XLS (2).json", true),
            ("-.json", false),
            ("無印.json", false),
        ];
        let expected = expected.map(|(name, renamed)| (name.to_owned(), renamed));
        assert_eq!(names, expected);
    }
}
