//! The zip package: parts read, replaced, added and removed; all others copied as they are packed.

use std::collections::HashMap;
use std::io::{Cursor, Write};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::Refusal;
use crate::language::{Language, Localised};
use crate::limits::Limits;
use crate::read::{declared_entries, inflate};

/// A package whose parts can be changed.
///
/// Names of parts are paths from the root without a leading stroke (`xl/workbook.xml`), in any case.
#[derive(Debug)]
pub(crate) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// The names of the parts in the order of the package.
    names: Vec<String>,
    /// The position of a part by its name in lower case.
    positions: HashMap<String, usize>,
    changes: HashMap<usize, Change>,
    added: Vec<(String, Vec<u8>)>,
    limits: Limits,
}

#[derive(Debug)]
enum Change {
    Replaced(Vec<u8>),
    Removed,
}

impl<'b> Package<'b> {
    /// Opens a package. Every part is inflated once and counted, as the reader does.
    ///
    /// # Errors
    /// Where the bytes are no zip file, are over a limit, or need a password; where the package is signed,
    /// for no change leaves a signature valid.
    pub(crate) fn open(bytes: &'b [u8], limits: &Limits) -> Result<Self, Refusal> {
        let too_many = || Localised::label("patch-too-large", &[]);
        if bytes.len() as u64 > limits.file_bytes
            || declared_entries(bytes).is_some_and(|entries| entries > limits.entries)
        {
            return Err(too_many());
        }
        if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            return Err(Localised::label("patch-not-package", &[]));
        }
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
        if archive.len() > limits.entries {
            return Err(too_many());
        }
        let mut names = Vec::with_capacity(archive.len());
        let mut positions = HashMap::new();
        let (mut total, mut buffer) = (0u64, Vec::new());
        for position in 0..archive.len() {
            let file = archive.by_index(position).map_err(|error| match error {
                ZipError::UnsupportedArchive(detail) if detail.contains("assword") => {
                    Localised::label("patch-encrypted", &[])
                }
                error => damaged(&error),
            })?;
            let name = file.name().map_err(|error| damaged(&error))?;
            let name = normal(&name);
            let packed = file.compressed_size();
            inflate(file, &name, packed, false, &mut total, &mut buffer, limits)
                .map_err(|finding| as_refusal(&finding))?;
            if name.to_ascii_lowercase().starts_with("_xmlsignatures/") {
                return Err(Localised::label("patch-signed", &[]));
            }
            positions.insert(name.to_ascii_lowercase(), position);
            names.push(name);
        }
        Ok(Self {
            archive,
            names,
            positions,
            changes: HashMap::new(),
            added: Vec::new(),
            limits: *limits,
        })
    }

    /// The names of the parts that the package holds now, in its order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let kept =
            self.names.iter().enumerate().filter(|(position, _)| {
                !matches!(self.changes.get(position), Some(Change::Removed))
            });
        let added = self.added.iter().map(|(name, _)| name.as_str());
        kept.map(|(_, name)| name.as_str()).chain(added)
    }

    /// True if there is a part of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        let name = normal(name).to_ascii_lowercase();
        let known = self.positions.get(&name);
        let there = known.is_some_and(|at| !matches!(self.changes.get(at), Some(Change::Removed)));
        let mut added = self.added.iter();
        there || added.any(|it| it.0.eq_ignore_ascii_case(&name))
    }

    /// The name of a part as the package spells it.
    pub(crate) fn spelled(&self, name: &str) -> String {
        let name = normal(name);
        let known = self.names().find(|known| known.eq_ignore_ascii_case(&name));
        known.map_or_else(|| name.clone(), str::to_owned)
    }

    /// What a part holds now.
    pub(crate) fn part(&mut self, name: &str) -> Option<Vec<u8>> {
        let name = normal(name).to_ascii_lowercase();
        if let Some((_, bytes)) = self
            .added
            .iter()
            .find(|it| it.0.eq_ignore_ascii_case(&name))
        {
            return Some(bytes.clone());
        }
        let position = *self.positions.get(&name)?;
        match self.changes.get(&position) {
            Some(Change::Replaced(bytes)) => return Some(bytes.clone()),
            Some(Change::Removed) => return None,
            None => {}
        }
        let file = self.archive.by_index(position).ok()?;
        let packed = file.compressed_size();
        let (mut total, mut buffer) = (0, Vec::new());
        inflate(
            file,
            &name,
            packed,
            true,
            &mut total,
            &mut buffer,
            &self.limits,
        )
        .ok()?;
        Some(buffer)
    }

    /// What a part holds now, as text.
    ///
    /// # Errors
    /// Where there is no such part, or its text is not UTF-8, as hardly any program writes.
    pub(crate) fn text(&mut self, name: &str) -> Result<String, Refusal> {
        let bytes = self
            .part(name)
            .ok_or_else(|| Localised::label("patch-no-part", &[("part", name)]))?;
        String::from_utf8(bytes).map_err(|_| Localised::label("patch-not-utf8", &[("part", name)]))
    }

    /// Gives a part other bytes. One that was not there is added.
    pub(crate) fn replace(&mut self, name: &str, bytes: Vec<u8>) {
        match self.positions.get(&normal(name).to_ascii_lowercase()) {
            Some(position) => {
                self.changes.insert(*position, Change::Replaced(bytes));
            }
            None => self.add(name, bytes),
        }
    }

    /// Adds a part behind all others; one of this name is replaced.
    pub(crate) fn add(&mut self, name: &str, bytes: Vec<u8>) {
        let name = normal(name);
        if self.positions.contains_key(&name.to_ascii_lowercase()) {
            return self.replace(&name, bytes);
        }
        match self
            .added
            .iter_mut()
            .find(|it| it.0.eq_ignore_ascii_case(&name))
        {
            Some(known) => known.1 = bytes,
            None => self.added.push((name, bytes)),
        }
    }

    /// Removes a part. What leads to it (relationships, content types) is the caller's to remove.
    pub(crate) fn remove(&mut self, name: &str) {
        let name = normal(name).to_ascii_lowercase();
        self.added.retain(|it| !it.0.eq_ignore_ascii_case(&name));
        if let Some(position) = self.positions.get(&name) {
            self.changes.insert(*position, Change::Removed);
        }
    }

    /// Writes the package: untouched parts with the bytes, dates and attributes they had, in the same order.
    ///
    /// # Errors
    /// Where the package cannot be copied, for it contradicts itself.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, Refusal> {
        self.write().map_err(|error| damaged(&error))
    }

    fn write(&mut self) -> Result<Vec<u8>, ZipError> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.set_raw_comment(self.archive.comment().into())?;
        for position in 0..self.archive.len() {
            match self.changes.remove(&position) {
                None => writer.raw_copy_file(self.archive.by_index_raw(position)?)?,
                Some(Change::Removed) => {}
                Some(Change::Replaced(bytes)) => {
                    let (name, options) = {
                        let file = self.archive.by_index_raw(position)?;
                        (file.name()?.into_owned(), file.options())
                    };
                    writer.start_file(name, options)?;
                    writer.write_all(&bytes)?;
                }
            }
        }
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        for (name, bytes) in self.added.drain(..) {
            writer.start_file(name, options)?;
            writer.write_all(&bytes)?;
        }
        Ok(writer.finish()?.into_inner())
    }
}

/// A name as a path from the root.
fn normal(name: &str) -> String {
    name.trim_start_matches(['/', '\\']).replace('\\', "/")
}

fn damaged(error: &ZipError) -> Refusal {
    Localised::label("patch-damaged", &[("detail", &error.to_string())])
}

fn as_refusal(finding: &crate::finding::Finding) -> Refusal {
    Localised {
        ja: finding.message(Language::Ja),
        en: finding.message(Language::En),
    }
}

#[cfg(test)]
mod tests;
