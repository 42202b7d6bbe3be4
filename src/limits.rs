//! Limits: how much of an untrusted file is read at most.
//!
//! All are options with these defaults; they are enforced while reading, never from what a file says of itself.

/// Limits on input. The defaults are generous for any real disclosure sheet.
///
/// ```
/// let limits = kaijisho::Limits { file_bytes: 1024, ..Default::default() };
/// assert_eq!(limits.depth, 64);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Size of a file in bytes.
    pub file_bytes: u64,
    /// Members of a zip file.
    pub entries: usize,
    /// Bytes inflated from one member.
    pub part_bytes: u64,
    /// Bytes inflated from all members.
    pub total_bytes: u64,
    /// Bytes inflated for each byte packed, judged from 1 MiB inflated on.
    pub ratio: u64,
    /// Cells of a workbook that hold something.
    pub cells: usize,
    /// Characters of a cell or of a text value.
    pub cell_chars: usize,
    /// Bytes of text kept from a workbook.
    pub text_bytes: usize,
    /// Bytes of memory that a file, the part of it at work and what is kept of it may take together, by estimate.
    pub memory: usize,
    /// Items on all sheets of a workbook, and in all disclosures of a document.
    pub items: usize,
    /// Depth of elements or of nested values; more than [`Limits::DEEPEST`] is taken for that.
    pub depth: usize,
    /// Values of an XML, JSON or TOML file.
    pub values: usize,
    /// Sheets of a workbook.
    pub sheets: usize,
    /// Comments, check boxes, shapes or drop-down lists of a sheet, each kind counted by itself.
    pub objects: usize,
}

impl Limits {
    /// The greatest depth that can be allowed: parsers go into a value within a value by calling themselves.
    pub const DEEPEST: usize = 120;
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: u64 = 1024 * 1024;
        Self {
            file_bytes: 64 * MIB,
            entries: 10_000,
            part_bytes: 64 * MIB,
            total_bytes: 256 * MIB,
            ratio: 300,
            cells: 2_000_000,
            cell_chars: 32_767,
            text_bytes: 64 * 1024 * 1024,
            memory: 64 * 1024 * 1024,
            items: 10_000,
            depth: 64,
            values: 200_000,
            sheets: 1_000,
            objects: 10_000,
        }
    }
}
