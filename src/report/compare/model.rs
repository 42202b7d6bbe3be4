//! The published shape, `kaijisho/compare/1`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::words;
use crate::answer::Answer;
use crate::assess::{Assessment, Verdict, assess_system, profile_findings};
use crate::compare::{Bid, Hold, Ranking, Score, rank, score};
use crate::control::Controls;
use crate::disclosure::Disclosure;
use crate::examine::Examined;
use crate::form::Field;
use crate::language::Language;
use crate::profile::{Level, Profile, System};
use crate::report::model::{self, Document, FindingInfo, PlaceInfo, ProfileInfo, ResultInfo, Tool};
use crate::text::fold;

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

/// A file that came in, examined.
#[derive(Clone, Copy, Debug)]
pub struct Entrant<'a> {
    /// The file.
    pub file: &'a Examined,
}

/// Holds every disclosure against the profile and ranks them.
pub fn report(
    entrants: &[Entrant<'_>],
    profile: &Profile,
    date: Date,
    only_differences: bool,
    language: Language,
) -> Bids {
    let systems = |_: usize, _: usize| &profile.system;
    report_of(entrants, profile, systems, date, only_differences, language)
}

/// The same, each disclosure as one of the system that is said of it: by position of its file among the entrants,
/// and its own in the file.
pub fn report_of<'a>(
    entrants: &[Entrant<'a>],
    profile: &'a Profile,
    systems: impl Fn(usize, usize) -> &'a System,
    date: Date,
    only_differences: bool,
    language: Language,
) -> Bids {
    let mut documents = Vec::new();
    // Position in `documents` and the bid itself.
    let mut bids: Vec<(usize, Bid<'_>)> = Vec::new();
    for (file, entrant) in entrants.iter().enumerate() {
        let first = documents.len();
        documents.extend(model::documents(entrant.file, language));
        for (at, disclosure) in entrant.file.disclosures.iter().enumerate() {
            let bid = Bid {
                file: &entrant.file.file,
                disclosure,
                assessment: assess_system(disclosure, profile, systems(file, at), date),
            };
            documents[first + at].set_system(&bid.assessment, language);
            bids.push((first + at, bid));
        }
    }
    let (at, bids): (Vec<usize>, Vec<Bid<'_>>) = bids.into_iter().unzip();
    let ranking = rank(&bids);
    let order: Vec<usize> = ranking.places.iter().map(|place| place.bid).collect();
    let results: Vec<Vec<ResultInfo>> = order
        .iter()
        .map(|bid| {
            let bid = &bids[*bid];
            let outcomes = bid.assessment.outcomes.iter();
            outcomes
                .map(|outcome| model::result_of(outcome, &bid.disclosure.form, language))
                .collect()
        })
        .collect();
    let titles = titles(profile, &results);
    let infos: Vec<BidInfo> = ranking
        .places
        .iter()
        .map(|place| info(place, &bids[place.bid], at[place.bid], &titles, language))
        .collect();
    let disclosures: Vec<&Disclosure> = bids.iter().map(|bid| bid.disclosure).collect();
    let assessments: Vec<Assessment<'_>> = bids.iter().map(|bid| bid.assessment.clone()).collect();
    let findings = profile_findings(profile, &disclosures, &assessments, date);
    let findings = findings.iter();
    let holds = sensitivity(&ranking, &infos, &order, profile, &titles, language);
    Bids {
        schema: Kind::Compare,
        tool: Tool::this(),
        language,
        profile: ProfileInfo::of(profile, language),
        date: date.to_string(),
        profile_findings: findings
            .map(|finding| model::finding_info(finding, language))
            .collect(),
        conclusion: words::conclusion(&infos, &holds, language),
        formula: formula(language),
        notes: notes(entrants, &bids, language),
        documents,
        matrix: matrix(profile, &results, &titles, only_differences),
        only_differences,
        areas: areas(&bids, &order, language),
        sensitivity: holds,
        bids: infos,
    }
}

fn formula(language: Language) -> Vec<String> {
    [
        "formula-must",
        "formula-score",
        "formula-counts",
        "formula-rank",
        "formula-sensitivity",
    ]
    .map(|key| language.label(key))
    .into()
}

fn info(
    place: &crate::compare::Place,
    bid: &Bid<'_>,
    document: usize,
    titles: &[String],
    language: Language,
) -> BidInfo {
    let disclosure = bid.disclosure;
    let asked = bid.assessment.outcomes.iter().filter_map(|outcome| {
        Some(Asked {
            requirement: outcome.requirement.id.clone(),
            level: outcome.requirement.level,
            item: outcome.item.map(|item| item.number.to_string()),
            question: outcome.question(language)?,
        })
    });
    let mut questions: Vec<Asked> = asked.collect();
    questions.sort_by_key(|asked| asked.level);
    let must = |at: &usize| {
        let outcome = &bid.assessment.outcomes[*at];
        FailedMust {
            requirement: outcome.requirement.id.clone(),
            title: titles[*at].clone(),
            verdict: outcome.verdict,
        }
    };
    let failed: Vec<FailedMust> = place.failed_musts.iter().map(must).collect();
    BidInfo {
        document,
        file: bid.file.to_owned(),
        sheet: disclosure.sheet.as_deref().map(str::to_owned),
        manufacturer: field(disclosure, Field::Manufacturer),
        product: field(disclosure, Field::Product),
        version: field(disclosure, Field::Version),
        score: shown(place.score),
        points: place.score.points,
        of: place.score.of,
        qualified: place.is_qualified(),
        failed_musts: failed.iter().map(|must| must.requirement.clone()).collect(),
        failed,
        rank: place.rank,
        verdicts: model::verdicts(bid.assessment.counts()),
        questions,
    }
}

fn field(disclosure: &Disclosure, field: Field) -> Option<String> {
    let value = disclosure.field(field).map(|value| value.value());
    value.filter(|value| !value.trim().is_empty())
}

/// A score as people read it: one decimal.
fn shown(score: Score) -> Option<f64> {
    score.tenths().map(|tenths| tenths as f64 / 10.0)
}

/// Files of one content, and bids that look like one and the same.
fn notes(entrants: &[Entrant<'_>], bids: &[Bid<'_>], language: Language) -> Vec<String> {
    let mut notes = Vec::new();
    let mut contents: BTreeMap<&str, &str> = BTreeMap::new();
    for Entrant { file } in entrants {
        let (sha256, name) = (file.sha256.as_str(), file.file.as_str());
        match contents.get(sha256) {
            _ if sha256.is_empty() => {}
            Some(other) => {
                let values = [("old", *other), ("new", name)];
                notes.push(language.label_with("compare-note-same-file", &values));
            }
            None => {
                contents.insert(sha256, name);
            }
        }
    }
    let mut known: BTreeMap<(String, String, String), &str> = BTreeMap::new();
    for bid in bids {
        let text = |of| {
            field(bid.disclosure, of)
                .map(|text| fold(&text))
                .unwrap_or_default()
        };
        let (manufacturer, product) = (text(Field::Manufacturer), text(Field::Product));
        if product.is_empty() {
            continue;
        }
        let family = bid.disclosure.form.family.code().to_owned();
        if let Some(other) = known.get(&(manufacturer.clone(), product.clone(), family.clone())) {
            let product = field(bid.disclosure, Field::Product).unwrap_or_default();
            let values = [
                ("product", product.as_str()),
                ("old", other),
                ("new", bid.file),
            ];
            notes.push(language.label_with("compare-note-twice", &values));
        } else {
            known.insert((manufacturer, product, family), bid.file);
        }
    }
    notes
}

/// What each requirement is about. A title that speaks of an item is that of the first bid whose form has the item.
fn titles(profile: &Profile, results: &[Vec<ResultInfo>]) -> Vec<String> {
    let title = |at: usize| {
        let mut of = results.iter().map(|results| &results[at]);
        let named = of.clone().find(|result| result.item.is_some());
        let named = named.or_else(|| of.next());
        named.map(|result| result.title.clone()).unwrap_or_default()
    };
    (0..profile.requirements.len()).map(title).collect()
}

fn matrix(
    profile: &Profile,
    results: &[Vec<ResultInfo>],
    titles: &[String],
    only_differences: bool,
) -> Vec<Row> {
    let rows = profile
        .requirements
        .iter()
        .enumerate()
        .map(|(at, requirement)| {
            let of: Vec<&ResultInfo> = results.iter().map(|results| &results[at]).collect();
            let said = |result: &ResultInfo| (result.verdict, result.planned);
            let named = of
                .iter()
                .find(|result| result.item.is_some())
                .or(of.first());
            Row {
                requirement: requirement.id.clone(),
                title: titles[at].clone(),
                area: named.and_then(|result| result.area.clone()),
                level: requirement.level,
                weight: requirement.weight,
                accepted: requirement.answers.clone(),
                differs: of.windows(2).any(|pair| said(pair[0]) != said(pair[1])),
                verdicts: of
                    .iter()
                    .enumerate()
                    .map(|(bid, result)| cell(bid, result))
                    .collect(),
            }
        });
    rows.filter(|row| !only_differences || row.differs)
        .collect()
}

fn cell(bid: usize, result: &ResultInfo) -> Cell {
    Cell {
        bid,
        verdict: result.verdict,
        item: result.item.clone(),
        answer: result.answer,
        written: result.written.clone(),
        remark: result.remark.clone(),
        place: result.place.clone(),
        reason: result.reason.clone(),
        confidence: result.confidence,
        planned: result.planned,
    }
}

/// The scores by area, in the order of the catalogue; what has no area last.
fn areas(bids: &[Bid<'_>], order: &[usize], language: Language) -> Vec<AreaScores> {
    let controls = Controls::bundled();
    let area_of = |outcome: &crate::assess::Outcome<'_>| {
        let control = match &outcome.requirement.target {
            crate::profile::Target::Control(id) => Some(id.as_str()),
            crate::profile::Target::OneOf(ids) => ids.first().map(String::as_str),
            crate::profile::Target::Item { .. } => outcome.item.and_then(|item| item.control()),
            crate::profile::Target::Question(_) => None,
        };
        control
            .and_then(|id| controls.get(id))
            .map(|control| control.area.clone())
    };
    let of = |area: Option<&str>| -> Vec<Option<f64>> {
        let scores = order.iter().map(|bid| {
            let assessment: &Assessment<'_> = &bids[*bid].assessment;
            score(assessment, |_, outcome| area_of(outcome).as_deref() == area)
        });
        scores.map(shown).collect()
    };
    let known = controls.areas().iter().map(|area| {
        let title = area.title.text(language).to_owned();
        (Some(title), of(Some(&area.id)))
    });
    known
        .chain([(None, of(None))])
        .filter(|(_, scores)| scores.iter().any(Option::is_some))
        .map(|(area, scores)| AreaScores { area, scores })
        .collect()
}

fn sensitivity(
    ranking: &Ranking,
    bids: &[BidInfo],
    order: &[usize],
    profile: &Profile,
    titles: &[String],
    language: Language,
) -> Vec<HoldInfo> {
    let mut place = vec![0; order.len()];
    for (at, bid) in order.iter().enumerate() {
        place[*bid] = at;
    }
    let steps = ranking.steps.iter().map(|step| {
        let (holds, turned_by) = match &step.hold {
            Hold::Tie => (HoldKind::Tie, Vec::new()),
            Hold::Holds => (HoldKind::Holds, Vec::new()),
            Hold::TurnsByOne(by) => (HoldKind::TurnsByOne, by.clone()),
            Hold::TurnsTogether => (HoldKind::TurnsTogether, Vec::new()),
            Hold::Unknown => (HoldKind::Unknown, Vec::new()),
        };
        let (above, below) = (place[step.above], place[step.below]);
        let by: Vec<String> = turned_by.iter().map(|at| titles[*at].clone()).collect();
        let named = |at: usize| words::lettered(at, &bids[at]);
        HoldInfo {
            above,
            below,
            holds,
            words: words::hold(holds, named(above), named(below), &by, language),
            turned_by: turned_by
                .into_iter()
                .map(|at| profile.requirements[at].id.clone())
                .collect(),
        }
    });
    steps.collect()
}
