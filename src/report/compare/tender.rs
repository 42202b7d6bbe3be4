//! Bids put together: ranked, and laid side by side.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use super::judged::{Judged, JudgedBid, Topic};
use super::model::{AreaScores, BidInfo, Bids, FailedMust, HoldInfo, HoldKind, Kind, Row};
use super::words;
use crate::assess::{Assessment, ProfileUse, assess_system};
use crate::compare::{Bid, Hold, Ranking, Score, rank, score};
use crate::control::Controls;
use crate::examine::Examined;
use crate::language::Language;
use crate::profile::{Profile, System};
use crate::report::model::{self, Document, ProfileInfo, Tool};
use crate::text::fold;

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
    entrants: &[Entrant<'_>],
    profile: &'a Profile,
    systems: impl Fn(usize, usize) -> &'a System,
    date: Date,
    only_differences: bool,
    language: Language,
) -> Bids {
    let mut tender = Tender::new(profile, date, language);
    for (position, Entrant { file }) in entrants.iter().enumerate() {
        let disclosures = file.disclosures.iter().enumerate();
        let assessments: Vec<Assessment<'_>> = disclosures
            .map(|(at, disclosure)| assess_system(disclosure, profile, systems(position, at), date))
            .collect();
        tender.add(Judged::of(file, &assessments, profile, language));
    }
    tender.finish(only_differences)
}

/// Bids that come in one by one.
#[derive(Debug)]
pub struct Tender<'a> {
    profile: &'a Profile,
    date: Date,
    language: Language,
    documents: Vec<Document>,
    /// The files, each with its hash.
    files: Vec<(String, String)>,
    bids: Vec<Entry>,
    topics: Topics,
    profile_use: ProfileUse,
}

/// A bid, and where its document stands.
#[derive(Debug)]
struct Entry {
    document: usize,
    bid: JudgedBid,
    /// What each requirement is about, by position among the topics.
    topics: Vec<usize>,
}

/// What requirements are about, each once: bids on one form have the same.
#[derive(Debug, Default)]
struct Topics {
    known: Vec<Topic>,
    index: HashMap<Topic, usize>,
}

impl Topics {
    fn position(&mut self, topic: Topic) -> usize {
        if let Some(at) = self.index.get(&topic) {
            return *at;
        }
        self.known.push(topic.clone());
        self.index.insert(topic, self.known.len() - 1);
        self.known.len() - 1
    }
}

impl<'a> Tender<'a> {
    /// A tender without a bid.
    pub fn new(profile: &'a Profile, date: Date, language: Language) -> Self {
        Self {
            profile,
            date,
            language,
            documents: Vec::new(),
            files: Vec::new(),
            bids: Vec::new(),
            topics: Topics::default(),
            profile_use: ProfileUse::default(),
        }
    }

    /// Adds a file that was held against the same profile.
    pub fn add(&mut self, judged: Judged) {
        let first = self.documents.len();
        for (at, mut bid) in judged.bids.into_iter().enumerate() {
            let topics = std::mem::take(&mut bid.topics).into_iter();
            let topics = topics.map(|topic| self.topics.position(topic)).collect();
            bid.cells.shrink_to_fit();
            self.bids.push(Entry {
                document: first + at,
                bid,
                topics,
            });
        }
        self.documents.extend(judged.documents);
        self.files.push((judged.file, judged.sha256));
        self.profile_use.absorb(judged.profile_use);
    }

    /// The bids in the order of their rank.
    pub fn finish(self, only_differences: bool) -> Bids {
        let (profile, language) = (self.profile, self.language);
        let requirements = &profile.requirements;
        let bids: Vec<Bid> = self.bids.iter().map(|one| one.bid.about.clone()).collect();
        let ranking = rank(&bids, requirements);
        let notes = notes(&self.files, &self.bids, language);
        let mut entries: Vec<Option<Entry>> = self.bids.into_iter().map(Some).collect();
        let order = ranking.places.iter();
        let mut ranked: Vec<Entry> = order
            .map(|place| entries[place.bid].take().expect("each bid has one place"))
            .collect();
        let topics = topics(&ranked, &self.topics.known, requirements.len());
        let infos: Vec<BidInfo> = ranking
            .places
            .iter()
            .zip(&mut ranked)
            .map(|(place, entry)| info(place, entry, profile, &topics))
            .collect();
        let holds = sensitivity(&ranking, &infos, profile, &topics, language);
        let areas = areas(&ranked, profile, language);
        let findings = self.profile_use.findings(profile, self.date);
        Bids {
            schema: Kind::Compare,
            tool: Tool::this(),
            language,
            profile: ProfileInfo::of(profile, language),
            date: self.date.to_string(),
            profile_findings: findings
                .iter()
                .map(|finding| model::finding_info(finding, language))
                .collect(),
            conclusion: words::conclusion(&infos, &holds, language),
            formula: formula(language),
            notes,
            documents: self.documents,
            matrix: matrix(profile, ranked, &topics, only_differences),
            only_differences,
            areas,
            sensitivity: holds,
            bids: infos,
        }
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

/// What a bid comes to. Its questions and counts are taken out of the entry, its cells are left.
fn info(
    place: &crate::compare::Place,
    entry: &mut Entry,
    profile: &Profile,
    topics: &[Topic],
) -> BidInfo {
    let bid = &mut entry.bid;
    let must = |at: &usize| FailedMust {
        requirement: profile.requirements[*at].id.clone(),
        title: topics[*at].title.clone(),
        verdict: bid.about.verdicts[*at],
    };
    let failed: Vec<FailedMust> = place.failed_musts.iter().map(must).collect();
    BidInfo {
        document: entry.document,
        file: bid.about.file.clone(),
        sheet: bid.about.sheet.clone(),
        manufacturer: bid.manufacturer.take(),
        product: bid.product.take(),
        version: bid.version.take(),
        score: shown(place.score),
        points: place.score.points,
        of: place.score.of,
        qualified: place.is_qualified(),
        failed_musts: failed.iter().map(|must| must.requirement.clone()).collect(),
        failed,
        rank: place.rank,
        verdicts: std::mem::take(&mut bid.verdicts),
        questions: std::mem::take(&mut bid.questions),
    }
}

/// A score as people read it: one decimal.
fn shown(score: Score) -> Option<f64> {
    score.tenths().map(|tenths| tenths as f64 / 10.0)
}

/// Files of one content, and bids that look like one and the same.
fn notes(files: &[(String, String)], bids: &[Entry], language: Language) -> Vec<String> {
    let mut notes = Vec::new();
    let mut contents: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, sha256) in files {
        match contents.get(sha256.as_str()) {
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
    let mut known: BTreeMap<(String, String, &str), &str> = BTreeMap::new();
    for JudgedBid {
        about,
        family,
        manufacturer,
        product,
        ..
    } in bids.iter().map(|entry| &entry.bid)
    {
        let text = |field: &Option<String>| field.as_deref().map(fold).unwrap_or_default();
        let key = (text(manufacturer), text(product), *family);
        if key.1.is_empty() {
            continue;
        }
        if let Some(other) = known.get(&key) {
            let product = product.as_deref().unwrap_or_default();
            let values = [("product", product), ("old", other), ("new", &about.file)];
            notes.push(language.label_with("compare-note-twice", &values));
        } else {
            known.insert(key, &about.file);
        }
    }
    notes
}

/// What each requirement is about. A title that speaks of an item is that of the first bid whose form has the item.
fn topics(ranked: &[Entry], known: &[Topic], requirements: usize) -> Vec<Topic> {
    let of = |at: usize| {
        let mut entries = ranked.iter();
        let named = entries.find(|entry| entry.bid.cells[at].item.is_some());
        let named = named.or(ranked.first())?;
        Some(known[named.topics[at]].clone())
    };
    let none = || Topic {
        title: String::new(),
        area: None,
    };
    (0..requirements)
        .map(|at| of(at).unwrap_or_else(none))
        .collect()
}

/// The requirements, each with what it comes to for each bid.
fn matrix(
    profile: &Profile,
    ranked: Vec<Entry>,
    topics: &[Topic],
    only_differences: bool,
) -> Vec<Row> {
    let cells = ranked.into_iter().map(|entry| entry.bid.cells.into_iter());
    let mut cells: Vec<_> = cells.collect();
    let mut rows = Vec::new();
    for (requirement, topic) in profile.requirements.iter().zip(topics) {
        let of_bids = cells.iter_mut().enumerate().filter_map(|(bid, cells)| {
            let cell = cells.next()?;
            Some(super::model::Cell { bid, ..cell })
        });
        let verdicts: Vec<super::model::Cell> = of_bids.collect();
        let differs = verdicts
            .windows(2)
            .any(|pair| (pair[0].verdict, pair[0].planned) != (pair[1].verdict, pair[1].planned));
        if only_differences && !differs {
            continue;
        }
        rows.push(Row {
            requirement: requirement.id.clone(),
            title: topic.title.clone(),
            area: topic.area.clone(),
            level: requirement.level,
            weight: requirement.weight,
            accepted: requirement.answers.clone(),
            differs,
            verdicts,
        });
    }
    rows
}

/// The scores by area, in the order of the catalogue; what has no area last.
fn areas(ranked: &[Entry], profile: &Profile, language: Language) -> Vec<AreaScores> {
    let of = |area: Option<usize>| -> Vec<Option<f64>> {
        let scores = ranked.iter().map(|Entry { bid, .. }| {
            let picked = |at: usize| bid.areas[at] == area;
            score(&bid.about, &profile.requirements, picked)
        });
        scores.map(shown).collect()
    };
    let known = Controls::bundled().areas().iter().enumerate();
    let known = known.map(|(at, area)| {
        let title = area.title.text(language).to_owned();
        (Some(title), of(Some(at)))
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
    profile: &Profile,
    topics: &[Topic],
    language: Language,
) -> Vec<HoldInfo> {
    let mut place = vec![0; bids.len()];
    for (at, one) in ranking.places.iter().enumerate() {
        place[one.bid] = at;
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
        let by: Vec<String> = turned_by
            .iter()
            .map(|at| topics[*at].title.clone())
            .collect();
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
