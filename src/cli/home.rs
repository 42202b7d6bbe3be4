//! The user's own folder: where imported forms are kept.
//!
//! The only place that looks at the environment for it; the library is given a catalogue.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use kaijisho::{Catalog, Language};

use super::arguments::Common;
use super::message;

/// The folder that holds what the user sets up, if the system says where that is.
///
/// `KAIJISHO_CONFIG`, else `kaijisho` in `XDG_CONFIG_HOME`, else where the system keeps such things.
pub(super) fn folder() -> Option<PathBuf> {
    find(&|name| std::env::var_os(name).filter(|value| !value.is_empty()))
}

fn find(variable: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    if let Some(own) = variable("KAIJISHO_CONFIG") {
        return Some(own.into());
    }
    let home = || variable("HOME").map(PathBuf::from);
    let base = match variable("XDG_CONFIG_HOME").map(PathBuf::from) {
        Some(base) if base.is_absolute() => base,
        Some(_) | None if cfg!(windows) => variable("APPDATA")?.into(),
        Some(_) | None if cfg!(target_os = "macos") => home()?.join("Library/Application Support"),
        Some(_) | None => home()?.join(".config"),
    };
    Some(base.join("kaijisho"))
}

/// Where imported forms are kept.
pub(super) fn forms() -> Option<PathBuf> {
    folder().map(|folder| folder.join("forms"))
}

/// The bundled forms and those that the user imported; a form file that cannot be read is told and left out.
pub(super) fn catalog(common: &Common, language: Language) -> Catalog {
    let bundled = Catalog::bundled();
    let Some(folder) = forms() else {
        return bundled;
    };
    let (imported, errors) = Catalog::imported(&folder);
    if !common.quiet {
        for error in &errors {
            message::left_out(error, language, common.width());
        }
    }
    bundled.with(&imported)
}

/// Makes the folder of a file that is to be written into the user's own folder.
pub(super) fn make_folder_of(path: &Path) -> kaijisho::Result<()> {
    let Some(folder) = path.parent() else {
        return Ok(());
    };
    let made = std::fs::create_dir_all(folder);
    made.map_err(|source| kaijisho::Error::Write {
        path: path.to_owned(),
        source: match source.kind() {
            // Something else stands where the folder would.
            std::io::ErrorKind::AlreadyExists => std::io::ErrorKind::NotADirectory.into(),
            _ => source,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> Option<PathBuf> {
        find(&|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| value.into())
        })
    }

    #[test]
    fn the_users_word_counts_first() {
        let all = [
            ("KAIJISHO_CONFIG", "own"),
            ("XDG_CONFIG_HOME", "/x"),
            ("HOME", "/h"),
        ];
        assert_eq!(with(&all), Some("own".into()));
        assert_eq!(with(&[]), None);
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn folders_of_the_system() {
        assert_eq!(
            with(&[("XDG_CONFIG_HOME", "/x"), ("HOME", "/h")]),
            Some("/x/kaijisho".into())
        );
        assert_eq!(
            with(&[("XDG_CONFIG_HOME", "x"), ("HOME", "/h")]),
            Some("/h/.config/kaijisho".into())
        );
        assert_eq!(with(&[("HOME", "/h")]), Some("/h/.config/kaijisho".into()));
    }
}
