//! A register of 100,000 sheets: how long recording takes, and every list and search of it.
//!
//! `cargo bench --bench register -- [SHEETS] [verify] [keep]` makes a register under the target folder (about 15 kB a
//! sheet), asks it, and removes it; with `keep` it stays, and is only asked the next time. Sheets are of 1,000 systems; each is read and checked like any file that is received.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Instant;

use jiff::civil::date;
use kaijisho::checklist::Facility;
use kaijisho::register::{FileQuery, Prepared, Register, Stamp, Status, SystemQuery};
use kaijisho::{Catalog, Language, Options, Source};
use rayon::prelude::*;

const SYSTEMS: usize = 1_000;
const BATCH: usize = 500;
const ROUNDS: usize = 11;

fn main() {
    let asked = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let sheets: usize = asked.unwrap_or(100_000);
    let is_told = |told: &str| std::env::args().any(|word| word == told);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("register-bench");
    if !is_told("keep") {
        let _ = std::fs::remove_dir_all(&folder);
    }
    std::fs::create_dir_all(&folder).unwrap();
    let mut register = Register::open_or_create(&folder.join("register.db")).unwrap();
    if register.head().unwrap().0 == 0 {
        record(&mut register, sheets);
    }
    ask(&register, sheets as u64);
    if is_told("verify") {
        let start = Instant::now();
        assert!(register.verify(None).unwrap().problems.is_empty());
        println!("proved in {:.1} s", start.elapsed().as_secs_f64());
    }
    drop(register);
    let size = std::fs::metadata(folder.join("register.db")).unwrap().len();
    println!("{:.0} MB", size as f64 / 1e6);
    if !is_told("keep") {
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

fn record(register: &mut Register, sheets: usize) {
    let at = "2026-03-02T09:00:00+09:00[+09:00]".parse().unwrap();
    let stamp = Stamp::new("町田", &at);
    let text = facility();
    let parsed = Facility::parse_systems(&text, "f.toml").unwrap();
    register
        .record_facility(&parsed, &text, &[], &stamp)
        .unwrap();
    let options = Options::new(date(2026, 10, 1));
    let items = items();
    let start = Instant::now();
    let mut writing = std::time::Duration::ZERO;
    for first in (0..sheets).step_by(BATCH) {
        let numbers: Vec<usize> = (first..sheets.min(first + BATCH)).collect();
        let files: Vec<Prepared> = numbers
            .par_iter()
            .map(|number| {
                let source = Source::new("x.toml", sheet(*number, &items).into_bytes());
                Prepared::new(&source, &format!("received/{number:06}.toml"), &options).unwrap()
            })
            .collect();
        let now = Instant::now();
        register.add(&files, None, &stamp).unwrap();
        writing += now.elapsed();
    }
    let whole = start.elapsed().as_secs_f64();
    println!(
        "{sheets} sheets recorded in {whole:.1} s, of which {:.1} s writing: {:.2} ms a sheet",
        writing.as_secs_f64(),
        whole * 1e3 / sheets as f64
    );
}

fn ask(register: &Register, sheets: u64) {
    let today = date(2026, 10, 1);
    let page = |text: Option<&str>, offset| FileQuery {
        text: text.map(str::to_owned),
        limit: Some(50),
        offset,
        ..FileQuery::default()
    };
    let files = |query: &FileQuery| register.files(query).unwrap();
    timed("files, first page", || {
        assert_eq!(files(&page(None, 0)).total, sheets)
    });
    timed("files, last page", || {
        assert!(files(&page(None, sheets - 50)).lines.len() == 50)
    });
    timed("search, few found", || {
        assert!(files(&page(Some("製品123 "), 0)).total > 0)
    });
    timed("search, all found", || {
        assert_eq!(files(&page(Some("見本"), 0)).total, sheets)
    });
    timed("search, none found", || {
        assert_eq!(files(&page(Some("どこにもない"), 0)).total, 0)
    });
    timed("search, three words", || {
        assert!(files(&page(Some("見本 製品99 mds"), 0)).total > 0)
    });
    let unassigned = FileQuery {
        unassigned: true,
        ..page(None, 0)
    };
    timed("files of no system", || {
        assert_eq!(files(&unassigned).total, 0)
    });
    let of_system = FileQuery {
        system: Some("s0007".into()),
        ..page(None, 0)
    };
    timed("files of a system", || assert!(files(&of_system).total > 0));
    let systems = |query: SystemQuery| register.systems(&query, today).unwrap().total;
    timed("systems, all", || {
        assert_eq!(systems(SystemQuery::default()), SYSTEMS as u64)
    });
    timed("systems, search", || {
        let text = Some("製品19".to_owned());
        assert!(
            systems(SystemQuery {
                text,
                ..SystemQuery::default()
            }) > 0
        );
    });
    timed("systems, received", || {
        let statuses = vec![Status::Received];
        assert!(
            systems(SystemQuery {
                statuses,
                ..SystemQuery::default()
            }) > 0
        );
    });
    timed("statuses", || {
        assert!(!register.statuses(today).unwrap().is_empty())
    });
    timed("vendors", || {
        assert_eq!(register.vendors(None, today).unwrap().len(), 20)
    });
    timed("a system", || {
        assert!(register.system("s0007", today).unwrap().is_some())
    });
    timed("events of a system", || {
        assert!(!register.events("s0007", Language::Ja).unwrap().is_empty())
    });
}

fn timed(what: &str, work: impl Fn()) {
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!(
        "{what}: median {:.1} ms, worst {:.1} ms",
        times[ROUNDS / 2],
        times[ROUNDS - 1]
    );
}

fn facility() -> String {
    let mut text = String::from("schema = \"kaijisho/facility/1\"\nname = \"見本病院\"\n");
    for vendor in 0..20 {
        write!(
            text,
            "[[vendor]]\nid = \"v{vendor}\"\nname = \"見本{vendor}社\"\n"
        )
        .unwrap();
    }
    for system in 0..SYSTEMS {
        write!(
            text,
            "[[system]]\nid = \"s{system:04}\"\nname = \"システム{system}\"\nvendor = \"v{}\"\nproduct = \"製品{system} 見本\"\n",
            system % 20
        )
        .unwrap();
    }
    text
}

/// Every item of the reference form, answered.
fn items() -> String {
    let form = Catalog::bundled().form("mds-reference").unwrap();
    let items = form.items.iter();
    let items: Vec<String> = items
        .map(|item| {
            format!(
                "{{ number = '{}', answer = 'はい', remark = '見本の備考' }}",
                item.number
            )
        })
        .collect();
    items.join(",\n")
}

fn sheet(number: usize, items: &str) -> String {
    let (system, year) = (number % SYSTEMS, 1900 + number / SYSTEMS);
    format!(
        "form = 'mds-reference'\nitems = [{items}]\n[header]\ndate = {year}-03-01\n\
         manufacturer = '見本{}社'\nproduct = '製品{system} 見本'\nversion = '{number}'\n",
        system % 20
    )
}
