//! Errors: the work could not be done.
//!
//! Strange content is never an error; it is a [`Finding`](crate::Finding).

use std::path::PathBuf;

/// Why the work could not be done; each variant is one thing the user can do something about.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder cannot be read.
    #[error("{}: cannot be read: {source}", path.display())]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file cannot be written.
    #[error("{}: cannot be written: {source}", path.display())]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file to write exists and may not be replaced.
    #[error("{}: exists already; give --force to replace it, or another name", path.display())]
    Exists {
        /// The file that is kept.
        path: PathBuf,
    },
    /// No form of this name is known.
    #[error("no form {name:?}; known forms: {}; or give the path of a form file (.toml)", known.join(", "))]
    UnknownForm {
        /// The name given.
        name: String,
        /// The names known.
        known: Vec<String>,
    },
    /// No profile of this name is known.
    #[error("no profile {name:?}; known profiles: {}; or give the path of a profile file (.toml)", known.join(", "))]
    UnknownProfile {
        /// The name given.
        name: String,
        /// The names known.
        known: Vec<String>,
    },
    /// A profile or form file has mistakes; each is a finding with its place.
    #[error("{name}: {} mistakes", findings.len())]
    Invalid {
        /// The file.
        name: String,
        /// What is wrong, each with line and column.
        findings: Vec<crate::Finding>,
    },
    /// No form can be learned from a file.
    #[error("{name}: {}", reason.en)]
    NotLearned {
        /// The file.
        name: String,
        /// Why not, and what to do.
        reason: crate::Localised,
    },
    /// A workbook cannot be filled.
    #[error("{name}: {}", reason.en)]
    NotFilled {
        /// The workbook.
        name: String,
        /// Why not, and what to do.
        reason: crate::Localised,
    },
    /// No return sheet can be made of a file.
    #[error("{name}: {}", reason.en)]
    NotReturned {
        /// The file.
        name: String,
        /// Why not, and what to do.
        reason: crate::Localised,
    },
    /// A register cannot be read or written.
    #[error("{}: {}", path.display(), reason.en)]
    Register {
        /// The register.
        path: PathBuf,
        /// Why not, and what to do.
        reason: crate::Localised,
    },
    /// A template cannot be rendered.
    #[error("template {name}: {detail}")]
    Template {
        /// The template.
        name: String,
        /// What the template engine said.
        detail: String,
    },
    /// A text is longer than the format asked for holds, or than is read back from it.
    #[error(
        "{place}: a text of {found} characters, escapes counted; at most {allowed} can be written: shorten it"
    )]
    TooLong {
        /// The item, field or format.
        place: String,
        /// Its characters; `> 32767` where only that is known.
        found: String,
        /// Characters allowed.
        allowed: usize,
    },
    /// Something could not be written in the format asked for.
    #[error("{0}")]
    Format(String),
    /// The command line asks for something that does not exist.
    #[error("{0}")]
    Usage(String),
}

/// The result of work that may be impossible.
pub type Result<T> = std::result::Result<T, Error>;
