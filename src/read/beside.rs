//! What stands on a sheet beside the values of its cells: comments, check boxes, shapes, the look of texts.
//!
//! Excel shows these to a person and the cells do not hold them. All addresses are zero-based.

use super::grid::Area;

/// What a sheet holds beside its cells, each list sorted by row, then column.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Beside {
    /// Comments of either kind; the replies of a thread are joined, one a line.
    pub(crate) comments: Vec<Comment>,
    /// Check boxes that float over the cells.
    pub(crate) boxes: Vec<CheckBox>,
    /// Shapes drawn over the cells.
    pub(crate) shapes: Vec<Shape>,
    /// Cells whose text, or part of it, is struck out, underlined, coloured, bold or filled.
    pub(crate) looks: Vec<Look>,
    /// Lists that cells offer to choose from.
    pub(crate) choices: Vec<Choices>,
}

/// A comment on a cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Comment {
    pub(crate) row: u32,
    pub(crate) column: u32,
    pub(crate) text: String,
}

/// A check box or option button, a form control.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CheckBox {
    /// The cells it lies over: where its upper left and its lower right corner are.
    pub(crate) area: Area,
    /// The cell its middle lies over, as far as the anchor tells.
    pub(crate) middle: (u32, u32),
    /// What is printed beside it.
    pub(crate) label: String,
    /// `None` where it is neither ticked nor empty, or its state cannot be read (ActiveX).
    pub(crate) ticked: Option<bool>,
    /// The cell of this sheet that shows its state as TRUE or FALSE.
    pub(crate) linked: Option<(u32, u32)>,
    /// Where in a package its state is written, so far as it can be written.
    pub(crate) source: Option<BoxSource>,
}

/// Where the state of a check box is written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BoxSource {
    /// The path of the part of its properties, in lower case; old files have none.
    pub(crate) properties: Option<String>,
    /// The number of its shape in the VML part of the sheet.
    pub(crate) shape: String,
}

/// What kind of shape is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShapeKind {
    /// A circle or an ellipse.
    Ellipse,
    /// A text box, or another shape with a text in it.
    Text,
    /// A line, an arrow, a free hand stroke, ink.
    Line,
    /// A picture.
    Picture,
    /// Anything else.
    Other,
}

/// A shape drawn over cells.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shape {
    pub(crate) kind: ShapeKind,
    /// The cells it lies over.
    pub(crate) area: Area,
    /// The cell its middle lies over, as far as the anchor tells.
    pub(crate) middle: (u32, u32),
    /// The text in it.
    pub(crate) text: String,
}

/// How a cell's text looks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Look {
    pub(crate) row: u32,
    pub(crate) column: u32,
    /// The fill of the cell, where it has one that is not white.
    pub(crate) fill: Option<[u8; 3]>,
    /// Its text in runs of one look each; joined they are the text of the cell.
    pub(crate) runs: Vec<Run>,
}

/// A stretch of text of one look.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Run {
    pub(crate) text: String,
    pub(crate) strike: bool,
    pub(crate) underline: bool,
    pub(crate) bold: bool,
    /// The colour, where it is not black.
    pub(crate) colour: Option<[u8; 3]>,
}

/// A list to choose from, offered by some cells.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Choices {
    pub(crate) areas: Vec<Area>,
    /// The words of the list, also where they stand in cells; none where only a formula would tell them.
    pub(crate) words: Vec<String>,
}
