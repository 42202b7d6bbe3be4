//! The worked procurement: its README derives each score by hand, and the tool comes to the same; what the bidder
//! answered on our own sheet is what the folder holds.

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kaijisho::fill::{FillOptions, fill};
use kaijisho::report::compare::{Bids, Entrant, report};
use kaijisho::request::request;
use kaijisho::write::Texts;
use kaijisho::{Catalog, Examined, Language, Options, Profile, Source, Verdict, examine, profile};
use support::TODAY;

/// The bids in the order of the README's columns.
const FILES: [&str; 5] = [
    "akitsu-karte.xlsx",
    "aone-cloud.xml",
    "hokuto-chart.xlsx",
    "suzukake-karte.csv",
    "nordchart.xlsx",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/15-procurement")
}

fn source(name: &str) -> Source {
    let path = folder().join(name);
    Source::open(&path, &Options::new(TODAY).limits).expect("a file of the example")
}

fn requirements() -> Profile {
    let path = folder().join("requirements.toml");
    profile::load(&path.to_string_lossy(), &Catalog::bundled()).expect("the example's profile")
}

fn bids() -> Bids {
    let read = |name: &&str| examine(&source(&format!("bids/{name}")), &Options::new(TODAY));
    let files: Vec<Examined> = FILES.iter().map(read).collect();
    let entrants: Vec<Entrant<'_>> = files.iter().map(|file| Entrant { file }).collect();
    report(&entrants, &requirements(), TODAY, false, Language::Ja)
}

/// The rows of the README's table, by the word in backquotes of their first cell; without one by the cell itself.
fn table() -> BTreeMap<String, Vec<String>> {
    let readme = std::fs::read_to_string(folder().join("README.md")).expect("the README");
    let rows = readme.lines().filter(|line| line.starts_with("| "));
    rows.map(|line| {
        let cells = line.trim_matches('|').split('|');
        let mut cells: Vec<String> = cells.map(|cell| cell.trim().to_owned()).collect();
        let head = cells.remove(0);
        let name = head.split('`').nth(1).map(str::to_owned);
        (name.unwrap_or(head), cells)
    })
    .collect()
}

#[test]
fn the_table_by_hand_is_what_the_tool_finds() {
    let (table, found) = (table(), bids());
    assert_eq!(found.bids.len(), FILES.len());
    // Each column of the table, by its place among the ranked bids.
    let at = FILES.map(|name| {
        let mut bids = found.bids.iter();
        bids.position(|bid| bid.file.ends_with(name))
            .expect("the bid")
    });
    assert!(found.matrix.len() >= 12);
    let mut sums = [[0_u64; 2]; 5];
    for row in &found.matrix {
        let name = &row.requirement;
        let cells = table.get(name).unwrap_or_else(|| panic!("{name}"));
        let counts = match cells[0].as_str() {
            "必須" | "推奨" => true,
            level => {
                assert_eq!(level, "参考", "{name}");
                false
            }
        };
        assert_eq!(cells[1], row.weight.to_string(), "{name}");
        for (column, bid) in at.iter().enumerate() {
            let verdict = row.verdicts[*bid].verdict;
            let sign = match verdict {
                Verdict::Met => "○",
                Verdict::Unmet => "×",
                Verdict::Undecided => "？",
                Verdict::Waived => "△",
                Verdict::NotApplicable => "－",
            };
            assert_eq!(cells[2 + column], sign, "{name} {}", FILES[column]);
            if counts && verdict != Verdict::NotApplicable {
                sums[column][1] += u64::from(row.weight);
                if verdict == Verdict::Met {
                    sums[column][0] += u64::from(row.weight);
                }
            }
        }
    }
    for (column, bid) in at.iter().enumerate() {
        let bid = &found.bids[*bid];
        // What is written, what is added up here, and what the tool says.
        let [points, of] = sums[column];
        assert_eq!((bid.points, bid.of), (points, of), "{}", bid.file);
        assert_eq!(table["適合の重み"][2 + column], points.to_string());
        assert_eq!(table["対象の重み"][2 + column], of.to_string());
        let score = bid.score.expect("a score");
        assert_eq!(table["点数"][2 + column], format!("{score:.1}"));
        let rank = bid
            .rank
            .map_or_else(|| "なし".to_owned(), |rank| format!("{rank}位"));
        assert_eq!(table["順位"][2 + column], rank);
    }
    // One fails a must, one has one undecided, two are level.
    let ranks: Vec<Option<usize>> = found.bids.iter().map(|bid| bid.rank).collect();
    assert_eq!(ranks, [Some(1), Some(2), Some(2), None, None]);
}

#[test]
fn the_sheet_we_sent_came_back_as_it_was_answered() {
    let profile = requirements();
    let form = Catalog::bundled().form("mds-reference").expect("bundled");
    let sent = request(&profile, &form, Texts::One(Language::Ja), &[]).expect("a workbook");
    let read = Options::new(TODAY);
    let answers = examine(&source("akitsu-answers.toml"), &read);
    let options = FillOptions {
        read: &read,
        force: false,
        sheet: None,
    };
    let template = Source::new("request.xlsx", sent);
    let filled = fill(&answers.disclosures, &template, &options).expect("answers fit");
    let filled = examine(&Source::new("filled.xlsx", filled.bytes), &read);
    let received = examine(&source("bids/akitsu-karte.xlsx"), &read);
    assert!(filled.disclosures[0].same_content(&received.disclosures[0]));
    // The question of the hospital's own is an item like any other, and nothing is left to mend.
    let own = received.disclosures[0].entries.last().expect("entries");
    assert_eq!(
        (own.number.to_string().as_str(), own.item.is_some()),
        ("OWN-1", true)
    );
    assert_eq!(received.all_findings().count(), 0);
}
