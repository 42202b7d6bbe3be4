//! The published shape, `kaijisho/compare/1`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::Answer;
use crate::assess::Verdict;
use crate::language::Language;
use crate::profile::Level;
use crate::report::model::{Document, FindingInfo, PlaceInfo, ProfileInfo, Tool};

/// The name of the shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Kind {
    /// `kaijisho compare --format json`
    #[serde(rename = "kaijisho/compare/1")]
    Compare,
}

/// Bids side by side, held against one profile.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Bids {
    /// Which shape it is.
    pub schema: Kind,
    /// What wrote it.
    pub tool: Tool,
    /// The language of its texts.
    pub language: Language,
    /// The profile held against the bids.
    pub profile: ProfileInfo,
    /// The date on which waivers were judged, `YYYY-MM-DD`.
    pub date: String,
    /// What is to be said about the profile: waivers that are over or not used, facts that a sheet contradicts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profile_findings: Vec<FindingInfo>,
    /// Who is first and what stands in the way of the others, in words.
    pub conclusion: Vec<String>,
    /// How scores and ranks come about, in words.
    pub formula: Vec<String>,
    /// What to know before one reads on.
    pub notes: Vec<String>,
    /// The disclosures, and files in which none was found.
    pub documents: Vec<Document>,
    /// The bids in the order of their rank.
    pub bids: Vec<BidInfo>,
    /// The requirements in the order of the profile, each with its verdicts.
    pub matrix: Vec<Row>,
    /// True if requirements on which all bids come to the same are left out of `matrix`.
    pub only_differences: bool,
    /// The scores by area.
    pub areas: Vec<AreaScores>,
    /// For each ranked bid and the next below it, whether weights up to 20 % more or less would turn their order.
    pub sensitivity: Vec<HoldInfo>,
}

/// A bid.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BidInfo {
    /// Its disclosure, by position in `documents`.
    pub document: usize,
    /// The file it came in.
    pub file: String,
    /// The sheet it stands on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Manufacturer or service provider.
    pub manufacturer: Option<String>,
    /// Product or service.
    pub product: Option<String>,
    /// Version.
    pub version: Option<String>,
    /// Its score, 0 to 100 with one decimal; null where nothing applies.
    pub score: Option<f64>,
    /// The weight of what is met: the score above the line.
    pub points: u64,
    /// The weight of what applies: the score below the line.
    pub of: u64,
    /// True if no must is unmet or undecided.
    pub qualified: bool,
    /// The musts that are unmet or undecided, by requirement id.
    pub failed_musts: Vec<String>,
    /// The same musts, in the same order, with what they are about.
    pub failed: Vec<FailedMust>,
    /// Its rank from 1; null where it is not qualified.
    pub rank: Option<usize>,
    /// Verdicts counted, by level and verdict.
    pub verdicts: BTreeMap<String, BTreeMap<String, usize>>,
    /// What to ask the bidder.
    pub questions: Vec<Asked>,
}

/// A must that is unmet or undecided.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FailedMust {
    /// The requirement, by id.
    pub requirement: String,
    /// What it is about.
    pub title: String,
    /// What it comes to: unmet or undecided.
    pub verdict: Verdict,
}

/// A question to put to a bidder.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Asked {
    /// The requirement that cannot be judged without an answer, by id.
    pub requirement: String,
    /// Its level.
    pub level: Level,
    /// The item it is about.
    pub item: Option<String>,
    /// The question.
    pub question: String,
}

/// A requirement and what it comes to for each bid.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Row {
    /// The requirement, by id.
    pub requirement: String,
    /// What it is about.
    pub title: String,
    /// The area of its control.
    pub area: Option<String>,
    /// How much it matters.
    pub level: Level,
    /// Its weight in the score.
    pub weight: u32,
    /// The answers that satisfy.
    pub accepted: Vec<Answer>,
    /// True if the bids do not all come to the same.
    pub differs: bool,
    /// One for each bid, in the order of `bids`.
    pub verdicts: Vec<Cell>,
}

/// What a requirement comes to for a bid.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Cell {
    /// The bid, by position in `bids`.
    pub bid: usize,
    /// What it comes to.
    pub verdict: Verdict,
    /// The item it rests on.
    pub item: Option<String>,
    /// The answer.
    pub answer: Option<Answer>,
    /// The answer as written.
    pub written: Option<String>,
    /// The remark's text.
    pub remark: Option<String>,
    /// Where the answer stands.
    pub place: Option<PlaceInfo>,
    /// Why the verdict is what it is.
    pub reason: String,
    /// How sure the match of item and control is, 0 to 1.
    pub confidence: Option<f64>,
    /// True if it is met because it is planned.
    pub planned: bool,
}

/// The scores of an area.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AreaScores {
    /// The area; null for requirements without one.
    pub area: Option<String>,
    /// The score of each bid, in the order of `bids`; null where nothing applies.
    pub scores: Vec<Option<f64>>,
}

/// Whether the order of two bids holds.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HoldInfo {
    /// The upper bid, by position in `bids`.
    pub above: usize,
    /// The lower one.
    pub below: usize,
    /// Whether their order holds.
    pub holds: HoldKind,
    /// The requirements of which one alone turns it, by id.
    pub turned_by: Vec<String>,
    /// The same in words.
    pub words: String,
}

/// Whether the order of two bids holds under weights up to 20 % more or less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HoldKind {
    #[allow(missing_docs)] // one documented variant would turn the JSON Schema's enum into a oneOf
    Tie,
    #[allow(missing_docs)]
    Holds,
    #[allow(missing_docs)]
    TurnsByOne,
    #[allow(missing_docs)]
    TurnsTogether,
    #[allow(missing_docs)]
    Unknown,
}
