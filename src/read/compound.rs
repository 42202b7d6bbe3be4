//! OLE compound files: the container of `.xls`, a small file system of sectors in chains.
//!
//! Chains are followed no longer than the file has sectors, so a loop in them ends. Source: MS-CFB.

use super::damaged;
use crate::finding::Finding;
use crate::place::Place;

/// A compound file.
pub(super) struct Compound<'b> {
    bytes: &'b [u8],
    sector: usize,
    table: Vec<u32>,
    small_table: Vec<u32>,
    /// Where streams below the cutoff are kept.
    small: Vec<u8>,
    entries: Vec<Entry>,
}

/// A stream or a storage.
struct Entry {
    name: String,
    is_stream: bool,
    start: u32,
    size: usize,
}

/// Numbers from here on are no sectors.
const LAST_SECTOR: u32 = 0xffff_fffa;
/// Streams shorter than this are kept in small sectors.
const CUTOFF: usize = 4096;
const SMALL: usize = 64;
const ENTRY: usize = 128;

fn broken(detail: &str) -> Finding {
    damaged(Place::File, format!("OLE: {detail}"))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at + 2)?;
    Some(u16::from_le_bytes([bytes[0], bytes[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + 4)?;
    Some(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    bytes
        .chunks_exact(4)
        .map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

impl<'b> Compound<'b> {
    /// Reads the tables and the directory.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, Finding> {
        let head = |at| u32_at(bytes, at).ok_or_else(|| broken("no header"));
        let sector = match u16_at(bytes, 30) {
            Some(9) => 512,
            Some(12) => 4096,
            Some(_) | None => return Err(broken("unknown size of sectors")),
        };
        let mut file = Self {
            bytes,
            sector,
            table: Vec::new(),
            small_table: Vec::new(),
            small: Vec::new(),
            entries: Vec::new(),
        };
        file.table = file.sector_table(head(68)?)?;
        let directory = file.chain(head(48)?, usize::MAX)?;
        file.entries = directory.chunks_exact(ENTRY).filter_map(entry).collect();
        let Some(root) = file.entries.first() else {
            return Err(broken("no directory"));
        };
        let (start, size) = (root.start, root.size);
        if head(64)? > 0 {
            let table = file.chain(head(60)?, usize::MAX)?;
            file.small_table = numbers(&table).collect();
            file.small = file.chain(start, size)?;
        }
        Ok(file)
    }

    /// The names of all streams and storages.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.name.as_str())
    }

    /// A stream by its name; `None` where it is not there.
    pub(super) fn stream(&self, name: &str) -> Result<Option<Vec<u8>>, Finding> {
        let entry = self
            .entries
            .iter()
            .find(|entry| entry.is_stream && entry.name.eq_ignore_ascii_case(name));
        let Some(entry) = entry else {
            return Ok(None);
        };
        let content = if entry.size < CUTOFF {
            self.small_chain(entry.start, entry.size)?
        } else {
            self.chain(entry.start, entry.size)?
        };
        if content.len() < entry.size {
            return Err(broken("the file ends within its sheets"));
        }
        Ok(Some(content))
    }

    /// How many sectors the file has, the last one perhaps not whole.
    fn sectors(&self) -> usize {
        (self.bytes.len().saturating_sub(self.sector)).div_ceil(self.sector)
    }

    fn sector(&self, number: u32) -> Result<&'b [u8], Finding> {
        let start = usize::try_from(number)
            .ok()
            .and_then(|number| number.checked_add(1)?.checked_mul(self.sector))
            .filter(|start| *start < self.bytes.len())
            .ok_or_else(|| broken("a sector lies behind the end of the file"))?;
        let end = (start + self.sector).min(self.bytes.len());
        Ok(&self.bytes[start..end])
    }

    /// The table that says which sector follows which.
    fn sector_table(&self, more: u32) -> Result<Vec<u32>, Finding> {
        let sectors = self.sectors();
        let mut table = Vec::new();
        let mut add = |numbers: &mut dyn Iterator<Item = u32>| -> Result<(), Finding> {
            for number in numbers {
                // What stands beyond the sectors of the file is about nothing.
                if number < LAST_SECTOR && table.len() < sectors {
                    table.extend(self::numbers(self.sector(number)?));
                }
            }
            Ok(())
        };
        let head = self.bytes.get(76..512).unwrap_or_default();
        add(&mut numbers(head))?;
        let (mut next, mut steps) = (more, 0);
        while next < LAST_SECTOR {
            steps += 1;
            if steps > sectors {
                return Err(broken("a chain of sectors has no end"));
            }
            let content = self.sector(next)?;
            let count = self.sector / 4 - 1;
            add(&mut numbers(content).take(count))?;
            next = u32_at(content, count * 4).unwrap_or(u32::MAX);
        }
        Ok(table)
    }

    fn chain(&self, start: u32, size: usize) -> Result<Vec<u8>, Finding> {
        let mut content = Vec::new();
        let (mut next, mut steps) = (start, 0);
        while next < LAST_SECTOR && content.len() < size {
            steps += 1;
            if steps > self.sectors() {
                return Err(broken("a chain of sectors has no end"));
            }
            content.extend_from_slice(self.sector(next)?);
            next = following(&self.table, next)?;
        }
        content.truncate(size);
        Ok(content)
    }

    fn small_chain(&self, start: u32, size: usize) -> Result<Vec<u8>, Finding> {
        let mut content = Vec::new();
        let mut next = start;
        // At most as many steps as a stream of that size takes.
        while next < LAST_SECTOR && content.len() < size {
            let at = usize::try_from(next).unwrap_or(usize::MAX);
            let from = at.saturating_mul(SMALL).min(self.small.len());
            let to = from.saturating_add(SMALL).min(self.small.len());
            if from == to {
                return Err(broken("a sector lies behind the end of the file"));
            }
            content.extend_from_slice(&self.small[from..to]);
            next = following(&self.small_table, next)?;
        }
        content.truncate(size);
        Ok(content)
    }
}

fn following(table: &[u32], number: u32) -> Result<u32, Finding> {
    let next = usize::try_from(number).ok().and_then(|at| table.get(at));
    next.copied()
        .ok_or_else(|| broken("a sector stands in no chain"))
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    let length = usize::from(u16_at(bytes, 64)?).saturating_sub(2).min(62);
    let units: Vec<u16> = bytes[..length]
        .chunks_exact(2)
        .map(|two| u16::from_le_bytes([two[0], two[1]]))
        .collect();
    let kind = bytes[66];
    Some(Entry {
        name: String::from_utf16_lossy(&units),
        is_stream: kind == 2,
        start: u32_at(bytes, 116)?,
        size: usize::try_from(u32_at(bytes, 120)?).ok()?,
    })
}
