//! Return sheets: a sender's workbook with what is to be mended marked and listed, and what came of it.

pub(crate) mod marks;
