//! A sheet as a person sees it, in no file format: what layouts draw and writers of formats write.
//!
//! A [`Paper`] is made by a layout (`support/layouts`) and written by `support/formats`, one writer for each
//! format. A format that cannot hold something (a comment in CSV) leaves it out and says so with
//! [`Holds`], so that a test knows what it may expect.

/// A workbook on paper.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Paper {
    pub(crate) sheets: Vec<Page>,
}

/// A sheet of it. All addresses are zero-based rows and columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Page {
    pub(crate) name: String,
    pub(crate) hidden: bool,
    pub(crate) cells: Vec<Ink>,
    /// First and last row and column of each merged area.
    pub(crate) merges: Vec<(u32, u32, u32, u32)>,
    pub(crate) hidden_rows: Vec<u32>,
    pub(crate) hidden_columns: Vec<u32>,
    /// Comments (notes) on cells.
    pub(crate) comments: Vec<(u32, u32, String)>,
    /// Check boxes (form controls) over a cell: row, column, label, ticked.
    pub(crate) boxes: Vec<(u32, u32, String, bool)>,
    /// Ellipses drawn over a cell.
    pub(crate) ellipses: Vec<(u32, u32)>,
    /// Text boxes over a cell.
    pub(crate) text_boxes: Vec<(u32, u32, String)>,
    /// Drop-down lists: first and last row and column, words.
    pub(crate) lists: Vec<(u32, u32, u32, u32, Vec<String>)>,
}

/// A cell that holds something.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ink {
    pub(crate) row: u32,
    pub(crate) column: u32,
    pub(crate) value: Written,
}

/// What is written in a cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Written {
    Text(String),
    Number(f64),
    Bool(bool),
    /// Year, month, day.
    Date(i16, i8, i8),
    /// A text in runs of one look each; one run is a cell that looks so as a whole.
    Rich(Vec<Stretch>),
}

/// A stretch of text of one look.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Stretch {
    pub(crate) text: String,
    pub(crate) strike: bool,
    pub(crate) underline: bool,
    pub(crate) bold: bool,
    pub(crate) colour: Option<[u8; 3]>,
    /// The fill of the cell; only the first stretch of a cell counts.
    pub(crate) fill: Option<[u8; 3]>,
}

/// What a format can hold beside texts, numbers and dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Holds {
    /// More than one sheet, names of sheets.
    pub(crate) sheets: bool,
    /// Merged areas.
    pub(crate) merges: bool,
    /// Hidden rows, columns and sheets.
    pub(crate) hidden: bool,
    pub(crate) comments: bool,
    /// The look of texts, also of a part of a cell.
    pub(crate) looks: bool,
    /// Check boxes and ellipses over the cells.
    pub(crate) drawings: bool,
    pub(crate) lists: bool,
}

impl Page {
    /// Writes a text into a cell; an empty text writes nothing.
    pub(crate) fn text(&mut self, row: u32, column: u32, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            self.put(row, column, Written::Text(text));
        }
    }

    /// Writes anything into a cell.
    pub(crate) fn put(&mut self, row: u32, column: u32, value: Written) {
        self.cells
            .retain(|ink| (ink.row, ink.column) != (row, column));
        self.cells.push(Ink { row, column, value });
    }
}
