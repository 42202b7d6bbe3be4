//! Return sheets: a sender's workbook with what is to be mended marked and listed, and what came of it.
//!
//! What goes back stays the sender's own file: cells get a colour and a comment, a first sheet lists them.
//! When it comes back, [`recall`] looks past all that and says which of the listed findings were mended.

pub(crate) mod marks;
pub(crate) mod recall;

pub use recall::{Listed, Returned};

/// What a cell of the list says where there is nothing to say.
pub(crate) const NONE: &str = "–";
