//! The members of a zip package that is no `.xlsx`: counted under the limits first, then read one by one.

use std::io::Cursor;

use zip::ZipArchive;

use super::package::{declared_entries, each_once, inflate};
use super::{damaged, too_large, unpackable};
use crate::finding::Finding;
use crate::limits::Limits;
use crate::place::Place;

/// What a package holds, by the names of its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Xlsb,
    /// OpenDocument of any kind.
    OpenDocument,
    Other,
}

/// A package, all of whose members keep to the limits.
pub(super) struct Members<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    names: Vec<String>,
    /// How long each member is, inflated.
    sizes: Vec<usize>,
    limits: &'b Limits,
}

/// What the package is. Nothing is inflated; one that cannot be opened is `Other`.
pub(super) fn kind(bytes: &[u8], limits: &Limits) -> Kind {
    if declared_entries(bytes).is_some_and(|entries| entries > limits.entries) {
        return Kind::Other;
    }
    let Ok(archive) = ZipArchive::new(Cursor::new(bytes)) else {
        return Kind::Other;
    };
    let has = |name: &str| archive.index_for_name(name).is_some();
    if has("xl/workbook.bin") {
        Kind::Xlsb
    } else if has("content.xml") || has("encrypted-package") {
        Kind::OpenDocument
    } else {
        Kind::Other
    }
}

impl<'b> Members<'b> {
    /// Opens a package and inflates every member once, only to count.
    pub(super) fn open(bytes: &'b [u8], limits: &'b Limits) -> Result<Self, Finding> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| unpackable(&error))?;
        if archive.len() > limits.entries {
            let found = archive.len();
            return Err(too_large(
                Place::File,
                "limit-members",
                limits.entries,
                found,
            ));
        }
        each_once(&archive, bytes)?;
        let mut members = Self {
            archive,
            names: Vec::new(),
            sizes: Vec::new(),
            limits,
        };
        let mut total = 0;
        for index in 0..members.archive.len() {
            let before = total;
            let name = members.inflate(index, false, &mut total, &mut Vec::new())?;
            members.names.push(name);
            let size = usize::try_from(total - before).unwrap_or(usize::MAX);
            members.sizes.push(size);
        }
        Ok(members)
    }

    /// The names of all members, with strokes between folders.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// How long the longest member of a folder is, inflated.
    pub(super) fn longest(&self, folder: &str) -> usize {
        let members = self.names.iter().zip(&self.sizes);
        let within = members.filter(|(name, _)| name.to_ascii_lowercase().starts_with(folder));
        within.map(|(_, size)| *size).max().unwrap_or(0)
    }

    /// A member by its name, whatever the case of its letters; `None` where it is not there.
    pub(super) fn get(&mut self, name: &str) -> Result<Option<Vec<u8>>, Finding> {
        let found = self
            .names
            .iter()
            .position(|known| known.eq_ignore_ascii_case(name));
        let Some(index) = found else {
            return Ok(None);
        };
        let mut content = Vec::new();
        self.inflate(index, true, &mut 0, &mut content)?;
        Ok(Some(content))
    }

    /// A member as text in UTF-8, or UTF-16 by its byte order mark.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, Finding> {
        let Some(bytes) = self.get(name)? else {
            return Ok(None);
        };
        if encoding_rs::Encoding::for_bom(&bytes).is_none() {
            return String::from_utf8(bytes)
                .map(Some)
                .map_err(|error| damaged(Place::File, format!("{name}: {error}")));
        }
        let (text, _, _) = encoding_rs::UTF_8.decode(&bytes);
        Ok(Some(text.into_owned()))
    }

    fn inflate(
        &mut self,
        index: usize,
        keep: bool,
        total: &mut u64,
        buffer: &mut Vec<u8>,
    ) -> Result<String, Finding> {
        let file = self
            .archive
            .by_index(index)
            .map_err(|error| unpackable(&error))?;
        let name = match file.name() {
            Ok(name) => name.trim_start_matches('/').replace('\\', "/"),
            Err(error) => return Err(unpackable(&error)),
        };
        let packed = file.compressed_size();
        inflate(file, &name, packed, keep, total, buffer, self.limits)?;
        Ok(name)
    }
}
