//! A register as a folder: the same to the byte there and back, only ever added to, and proved on the way in.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::civil::date;
use kaijisho::checklist::{YEARS, Year};
use kaijisho::register::{Decision, FileQuery, Register, SystemQuery};

use super::*;

fn filled(path: &Path) -> Register {
    let mut register = Register::open_or_create(path).expect("a register");
    register
        .record_facility(&facility(FACILITY), FACILITY, &[], &stamp("2026-01-05"))
        .expect("recorded");
    add(
        &mut register,
        "昨年/カルテ.toml",
        &karte("2025-03-01", "いいえ"),
        "2026-03-02",
    );
    add(
        &mut register,
        "カルテ.toml",
        &karte("2026-03-01", "はい"),
        "2026-03-02",
    );
    add(
        &mut register,
        "../../odd \"name\".pdf",
        "%PDF",
        "2026-03-02",
    );
    register
        .request("iji", Some(date(2026, 9, 30)), None, &stamp("2026-03-03"))
        .expect("recorded");
    let accepted = Decision::Accepted(vec!["項目 1".into()]);
    register
        .decide("karte", &accepted, "よい\n二行目", &stamp("2026-03-04"))
        .expect("recorded");
    register
}

/// Every file of a folder with its bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fn walk(folder: &Path, root: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, root, found);
            } else {
                let name = path.strip_prefix(root).expect("below").to_owned();
                found.insert(name, std::fs::read(&path).expect("a file"));
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}

#[test]
fn there_and_back_it_is_the_same_to_the_byte() {
    let place = folder("moved");
    let register = filled(&place.join("one.db"));
    let exported = register.export(&place.join("first")).expect("written");
    assert_eq!(exported.entries, 6);
    let first = files(&place.join("first"));
    // An entry each, the facility file, three originals, what was read of two, what was found in three, and the whole.
    assert_eq!(first.len(), 6 + 1 + 3 + 2 + 3 + 1);
    let mut back = Register::open_or_create(&place.join("two.db")).expect("a register");
    assert_eq!(back.import(&place.join("first")).expect("read"), 6);
    is_sound(&back);
    back.export(&place.join("second")).expect("written");
    assert_eq!(files(&place.join("second")), first);
    let all = (SystemQuery::default(), FileQuery::default());
    assert_eq!(
        back.systems(&all.0, TODAY).expect("asked"),
        register.systems(&all.0, TODAY).expect("asked")
    );
    assert_eq!(
        back.files(&all.1).expect("asked"),
        register.files(&all.1).expect("asked")
    );
    assert!(
        back.import(&place.join("first")).is_err(),
        "only into an empty one"
    );
    // What is read of a folder works like a file.
    let looked = Register::open_any(&place.join("first")).expect("read");
    assert_eq!(
        looked.files(&all.1).expect("asked"),
        register.files(&all.1).expect("asked")
    );
}

#[test]
fn a_folder_is_only_added_to() {
    let place = folder("grown");
    let mut register = filled(&place.join("one.db"));
    let into = place.join("folder");
    register.export(&into).expect("written");
    let before = files(&into);
    assert_eq!(register.export(&into).expect("written again").written, 0);
    assert_eq!(files(&into), before);
    add(
        &mut register,
        "iji.toml",
        &sheet("乙社", "乙医事", "2026-04-01", "はい"),
        "2026-04-02",
    );
    assert_eq!(register.export(&into).expect("written").written, 4);
    let after = files(&into);
    let whole = Path::new("register.json");
    for (name, bytes) in before.iter().filter(|(name, _)| *name != whole) {
        assert_eq!(after.get(name), Some(bytes), "{}", name.display());
    }
    // Another register's folder, and one with other files, are left alone.
    let other = Register::in_memory().expect("a register");
    assert!(other.export(&into).is_err());
    std::fs::write(place.join("mine.txt"), "mine").expect("written");
    assert!(register.export(&place).is_err());
    assert_eq!(files(&into), after);
}

#[test]
fn a_folder_that_was_changed_is_refused_whole() {
    let place = folder("folder-changed");
    let register = filled(&place.join("one.db"));
    let from = place.join("folder");
    register.export(&from).expect("written");
    for (name, bytes) in files(&from) {
        let mut changed = bytes.clone();
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        std::fs::write(from.join(&name), &changed).expect("written");
        let mut back = Register::in_memory().expect("a register");
        assert!(back.import(&from).is_err(), "{}", name.display());
        assert_eq!(back.head().expect("a head").0, 0, "{}", name.display());
        std::fs::remove_file(from.join(&name)).expect("gone");
        assert!(back.import(&from).is_err(), "{} gone", name.display());
        std::fs::write(from.join(&name), &bytes).expect("put back");
    }
    Register::in_memory()
        .expect("a register")
        .import(&from)
        .expect("whole again");
}

#[test]
fn the_checklist_works_from_what_counts() {
    let place = folder("checklist");
    let register = filled(&place.join("one.db"));
    let (name, text) = YEARS[YEARS.len() - 1];
    let year = Year::parse(text, name).expect("a year");
    let facility = register.facility(&year).expect("asked").expect("recorded");
    assert_eq!(facility.systems[0].disclosures, ["3/カルテ.toml"]);
    let options = kaijisho::Options::new(TODAY);
    let examined = register.current(&[], &options).expect("examined");
    // The one that counts, and the file that is of no system; not the one that was superseded.
    let names: Vec<&str> = examined.iter().map(|file| file.file.as_str()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    let language = kaijisho::Language::Ja;
    let report = kaijisho::report::checklist::report(&year, &facility, &examined, TODAY, language);
    let received = |at: usize| {
        report.systems[at]
            .received
            .iter()
            .filter(|one| one.current)
            .count()
    };
    assert_eq!((received(0), received(1)), (1, 0));
}
