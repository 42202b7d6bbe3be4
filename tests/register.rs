//! The register: what is recorded stays, supersedes, can be proved, and moves as a folder without a change.

mod support;

#[path = "register/kept.rs"]
mod kept;
#[path = "register/killed.rs"]
mod killed;
#[path = "register/moved.rs"]
mod moved;
#[path = "register/proved.rs"]
mod proved;
#[path = "register/spoken.rs"]
mod spoken;

use std::path::PathBuf;

use jiff::civil::{Date, date};
use kaijisho::checklist::{Facility, YEARS, Year};
use kaijisho::register::{Added, Prepared, Register, Stamp, SystemQuery};
use kaijisho::report::records::SystemInfo;
use kaijisho::{Options, Source};

const TODAY: Date = date(2026, 10, 1);

const FACILITY: &str = r#"
schema = "kaijisho/facility/1"
name = "試験病院"
[[vendor]]
id = "ko"
name = "株式会社甲システム"
contact = "03-0000-0000"
[[vendor]]
id = "otsu"
name = "乙社"
[[system]]
id = "karte"
name = "電子カルテ"
vendor = "ko"
product = "甲カルテ"
version = "5.1"
servers = 2
remote_maintenance = true
[[system]]
id = "iji"
name = "医事"
vendor = "otsu"
product = "乙医事"
[[system]]
id = "own"
name = "自作"
contract = false
"#;

/// A folder of a test of its own, empty.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("register")
        .join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("an old folder goes");
    }
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn stamp(at: &str) -> Stamp {
    let at = format!("{at}T09:00:00+09:00[+09:00]");
    Stamp::new("町田", &at.parse().expect("a time"))
}

fn facility(text: &str) -> Facility {
    let (name, year) = YEARS[YEARS.len() - 1];
    let year = Year::parse(year, name).expect("a year");
    Facility::parse(text, "facility.toml", &year).expect("a sound file")
}

/// A sheet of a product, with an answer to the first item.
fn sheet(maker: &str, product: &str, day: &str, answer: &str) -> String {
    format!(
        "form = 'mds-reference'\nitems = [{{ number = '1', answer = '{answer}' }}]\n\
         [header]\ndate = {day}\nmanufacturer = '{maker}'\nproduct = '{product}'\nversion = '5.1'\n"
    )
}

fn karte(day: &str, answer: &str) -> String {
    sheet("甲システム", "甲カルテ", day, answer)
}

fn prepared(name: &str, text: &str) -> Prepared {
    let source = Source::new(name, text.as_bytes().to_vec());
    Prepared::new(&source, name, &Options::new(TODAY)).expect("a file")
}

fn add(register: &mut Register, name: &str, text: &str, at: &str) -> Added {
    let added = register.add(&[prepared(name, text)], None, &stamp(at));
    added.expect("recorded").remove(0)
}

/// A register of the facility, in memory.
fn register() -> Register {
    let mut register = Register::in_memory().expect("a register");
    let recorded =
        register.record_facility(&facility(FACILITY), FACILITY, &[], &stamp("2026-01-05"));
    assert_eq!(recorded.expect("recorded"), Some((3, 0)));
    register
}

fn system(register: &Register, id: &str) -> SystemInfo {
    let found = register.system(id, TODAY).expect("asked");
    found.unwrap_or_else(|| panic!("{id}"))
}

fn status(register: &Register, id: &str) -> String {
    system(register, id).status
}

fn is_sound(register: &Register) {
    let verified = register.verify(None).expect("looked at");
    assert_eq!(verified.problems, []);
}

fn ids(register: &Register, query: &SystemQuery) -> Vec<String> {
    let page = register.systems(query, TODAY).expect("asked");
    page.lines.into_iter().map(|system| system.id).collect()
}
