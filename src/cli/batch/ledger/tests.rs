//! Ledgers that were torn, that are others', and that are in use.

use super::*;

fn place(name: &str) -> PathBuf {
    let place = std::env::temp_dir().join(format!("kaijisho-ledger-{}-{name}", std::process::id()));
    let _ = std::fs::remove_file(&place);
    place
}

fn settings(date: &str) -> Settings {
    Settings::of(vec![
        ("verb", "check".to_owned()),
        ("date", date.to_owned()),
    ])
}

fn open(path: &Path) -> (Ledger, Known) {
    Ledger::open(path, settings("2026-10-01"), Language::En).expect("a ledger")
}

/// A ledger of three records.
fn filled(path: &Path) {
    let (mut ledger, known) = open(path);
    assert_eq!(known.len(), 0);
    for (file, part) in [
        ("a", "one\n\n"),
        ("b", ""),
        ("本", "three\n{\"x\":1}\nmore"),
    ] {
        ledger
            .add(file, "cafe", &7_u32, part.as_bytes())
            .expect("written");
    }
}

#[test]
fn what_was_done_is_found_by_name_and_content() {
    let path = place("found");
    filled(&path);
    let (mut ledger, known) = open(&path);
    assert!(!ledger.mended);
    let at = known.find("本", "cafe").expect("a record");
    ledger.add("d", "beef", &8_u32, b"four").expect("written");
    let (outcome, part) = ledger.read::<u32>(at).expect("a record");
    assert_eq!(
        (outcome, part.as_slice()),
        (7, &b"three\n{\"x\":1}\nmore"[..])
    );
    assert_eq!(known.find("a", "beef"), None);
    assert_eq!(known.find("d", "beef"), None, "only what was there before");
    drop(ledger);
    let (mut ledger, known) = open(&path);
    let at = known.find("d", "beef").expect("a record");
    assert_eq!(
        ledger.read::<u32>(at).expect("a record"),
        (8, b"four".to_vec())
    );
    std::fs::remove_file(&path).expect("it goes");
}

#[test]
fn a_record_torn_anywhere_is_done_again() {
    let path = place("torn");
    filled(&path);
    let whole = std::fs::read(&path).expect("the ledger");
    let text = String::from_utf8_lossy(&whole).into_owned();
    let last = text.find("{\"file\":\"本\"").expect("the last record");
    for length in last..whole.len() {
        std::fs::write(&path, &whole[..length]).expect("torn");
        let (mut ledger, known) = open(&path);
        assert_eq!(known.len(), 2, "{length}");
        assert_eq!(ledger.mended, length > last, "{length}");
        ledger
            .add("本", "cafe", &7_u32, b"three\n{\"x\":1}\nmore")
            .expect("written");
        drop(ledger);
        assert_eq!(std::fs::read(&path).expect("the ledger"), whole, "{length}");
    }
    std::fs::remove_file(&path).expect("it goes");
}

#[test]
fn a_record_changed_anywhere_ends_what_is_known() {
    let path = place("changed");
    filled(&path);
    let whole = std::fs::read(&path).expect("the ledger");
    let first = whole
        .iter()
        .position(|byte| *byte == b'\n')
        .expect("a line")
        + 1;
    for at in first..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        std::fs::write(&path, &changed).expect("changed");
        let (ledger, known) = open(&path);
        assert!(known.len() < 3 && ledger.mended, "{at}");
    }
    std::fs::remove_file(&path).expect("it goes");
}

#[test]
fn a_ledger_torn_while_it_was_begun_is_begun_again() {
    let path = place("begun");
    drop(open(&path));
    let whole = std::fs::read(&path).expect("the ledger");
    for length in 0..whole.len() {
        std::fs::write(&path, &whole[..length]).expect("torn");
        drop(open(&path));
        assert_eq!(std::fs::read(&path).expect("the ledger"), whole, "{length}");
    }
    std::fs::remove_file(&path).expect("it goes");
}

#[test]
fn other_files_are_left_alone_and_other_settings_named() {
    let path = place("others");
    for other in [
        "my list of things\n",
        "a",
        "{}\n",
        "{\"schema\":\"kaijisho/lines/1\"}\n",
    ] {
        std::fs::write(&path, other).expect("written");
        let refused = Ledger::open(&path, settings("2026-10-01"), Language::En);
        assert!(refused.is_err(), "{other}");
        assert_eq!(std::fs::read_to_string(&path).expect("the file"), other);
    }
    std::fs::remove_file(&path).expect("it goes");
    filled(&path);
    let before = std::fs::read(&path).expect("the ledger");
    let refused = Ledger::open(&path, settings("2026-10-02"), Language::En);
    let told = refused.expect_err("other settings").to_string();
    assert!(
        told.contains("2026-10-01") && told.contains("2026-10-02"),
        "{told}"
    );
    assert!(!told.contains("check"), "{told}");
    assert_eq!(std::fs::read(&path).expect("the ledger"), before);
    let (_held, _) = open(&path);
    let busy = Ledger::open(&path, settings("2026-10-01"), Language::En);
    assert!(busy.is_err(), "two runs");
    std::fs::remove_file(&path).expect("it goes");
}
