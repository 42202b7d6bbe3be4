//! Editing a workbook (`.xlsx`, `.xlsm`) in place: what is not touched stays as it is, byte for byte.
//!
//! A workbook of a user holds more than any writer of workbooks knows: macros, drawings, controls,
//! signatures of other tools. So it is never written anew. [`Package`] copies every part that nobody changed
//! with its packed bytes; [`book`] finds the parts; [`sheet`] changes cells of a sheet's part and leaves
//! all other bytes of it; [`controls`] ticks boxes that float over cells; [`relations`], [`content_types`] and
//! [`calc_chain`] change what leads to parts;
//! [`comments`], [`vml`], [`legacy`], [`styles`] and [`workbook`] add to those parts.
//! This module knows workbooks and no forms.

pub(crate) mod book;
pub(crate) mod calc_chain;
pub(crate) mod comments;
pub(crate) mod content_types;
pub(crate) mod controls;
pub(crate) mod elements;
pub(crate) mod formats;
pub(crate) mod legacy;
mod package;
pub(crate) mod relations;
pub(crate) mod sheet;
pub(crate) mod spans;
pub(crate) mod styles;
pub(crate) mod vml;
pub(crate) mod workbook;

pub(crate) use package::Package;

use crate::language::Localised;

/// A zero-based row and column.
pub(crate) type At = (u32, u32);

/// Why something cannot be changed, and what to do; for people.
pub(crate) type Refusal = Localised;
