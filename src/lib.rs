//! Security disclosure sheets of Japanese healthcare: MDS/SDS
//! (製造業者/サービス事業者による医療情報セキュリティ開示書) and MDS2.
//!
//! A file is examined ([`examine()`]): read, recognised as a form, built into [`Disclosure`]s and checked
//! by every rule. A disclosure is held against a facility's [`Profile`] by [`assess()`]. What is published
//! stands in [`report`].
//!
//! ```
//! use kaijisho::{Options, Source, examine};
//!
//! let options = Options::new(jiff::civil::date(2026, 10, 1));
//! let examined = examine(&Source::new("empty.xlsx", Vec::new()), &options);
//! assert!(examined.is_unreadable());
//! assert_eq!(examined.findings[0].rule, "nothing-recognised");
//! ```

mod answer;
mod assess;
mod cells;
pub mod changes;
pub mod checklist;
pub mod compare;
mod control;
pub mod crosswalk;
mod disclosure;
mod error;
mod escaped;
mod examine;
pub mod fill;
mod finding;
mod form;
mod language;
mod limits;
pub mod migrate;
// What sheets of return are built with too.
#[allow(dead_code)]
mod patch;
mod place;
pub mod products;
pub mod profile;
mod read;
pub mod register;
pub mod report;
pub mod request;
mod returned;
pub mod risks;
pub mod schema;
pub mod serve;
mod source;
mod syntax;
mod text;
mod validate;
mod vocabulary;
pub mod write;

pub use answer::{Answer, ItemNumber, State};
pub use assess::{
    Applies, Assessment, Knowledge, Outcome, ProfileUse, Verdict, Why, applies, assess,
    assess_system, expired_waivers, profile_findings, waiver_findings,
};
pub use cells::{CellRead, CellSheet, Cells, ReadValue, cells};
pub use control::{Area, Control, Controls, Match, Polarity, Question, Subject, THRESHOLD};
pub use disclosure::{
    Ambiguous, DateFormat, Disclosure, Entry, GivenLayouts, HeaderValue, HiddenColumn, Kept,
    KeptKind, NotRead, NotReadKind, OtherColumns, Placed, Remark, RemarkNote, Unmatched,
    parse_date,
};
pub use error::{Error, Result};
pub use examine::{Examined, Options, SheetOutcome, count_cells, examine};
pub use finding::{Finding, Rule, Rules, Severity, Value};
pub use form::import;
pub use form::{
    Catalog, Choice, Condition, Enabled, Family, Field, Form, FormSource, Given, HeaderField, Item,
    Kind, OnDisabled, Remarks, Section, check_form,
};
pub use language::{Language, Localised};
pub use limits::Limits;
pub use place::Place;
pub use profile::{Level, Profile, Requirement, Target, Waiver};
pub use returned::{Listed, ReturnOptions, ReturnSheet, Returned, return_sheet};
pub use source::{Source, data_text};
pub use text::{fold, harmless, show};
pub use validate::validate;
