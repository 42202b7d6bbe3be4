//! Editing a workbook in place.

pub(crate) mod comments;
pub(crate) mod elements;
pub(crate) mod styles;
pub(crate) mod vml;
pub(crate) mod workbook;
