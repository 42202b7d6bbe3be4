//! Whatever is changed behind the register's back is told, and what it was.

use std::path::{Path, PathBuf};

use kaijisho::register::{ProblemKind, Register, VERSION};
use rusqlite::Connection;

use super::*;

/// A register on disk with a facility, a sheet, a request and a decision.
fn filled(name: &str) -> PathBuf {
    let path = folder(name).join("register.db");
    let mut register = Register::open_or_create(&path).expect("a register");
    register
        .record_facility(&facility(FACILITY), FACILITY, &[], &stamp("2026-01-05"))
        .expect("recorded");
    add(
        &mut register,
        "karte.toml",
        &karte("2026-03-01", "はい"),
        "2026-03-02",
    );
    register
        .request("iji", None, None, &stamp("2026-03-03"))
        .expect("recorded");
    is_sound(&register);
    path
}

/// Changes a register as somebody could who drops the guards and puts them up again.
fn behind(path: &Path, sql: &str) {
    let connection = Connection::open(path).expect("a file");
    let mut statement = connection
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        .expect("a query");
    let guards = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    let guards: Vec<(String, String)> = guards
        .expect("rows")
        .collect::<Result<_, _>>()
        .expect("rows");
    assert!(guards.len() > 30, "{}", guards.len());
    for (name, _) in &guards {
        connection
            .execute_batch(&format!("DROP TRIGGER {name}"))
            .expect("dropped");
    }
    connection
        .execute_batch(sql)
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    for (_, sql) in &guards {
        connection.execute_batch(sql).expect("put up again");
    }
}

fn problems(path: &Path) -> Vec<(ProblemKind, Option<u64>)> {
    let register = Register::open(path).expect("opens");
    let verified = register.verify(None).expect("looked at");
    let problems = verified.problems.iter();
    problems
        .map(|problem| (problem.kind, problem.entry))
        .collect()
}

#[test]
fn guards_refuse_a_change_of_history() {
    let path = filled("guards");
    let connection = Connection::open(&path).expect("a file");
    for sql in [
        "UPDATE log SET by_whom = 'x'",
        "DELETE FROM log WHERE seq = 3",
        "UPDATE object SET bytes = x'00'",
        "DELETE FROM received",
        "UPDATE request SET due = '2099-01-01'",
    ] {
        let error = connection.execute(sql, []).expect_err(sql).to_string();
        assert!(error.contains("only added to"), "{sql}: {error}");
    }
    drop(connection);
    assert_eq!(problems(&path), []);
}

#[test]
fn every_change_behind_the_guards_is_found_and_named() {
    use ProblemKind::*;
    // What is done, and what is told first about it, of which entry.
    let cases = [
        (
            "by",
            "UPDATE log SET by_whom = '別人' WHERE seq = 2",
            EntryChanged,
            Some(2),
        ),
        (
            "at",
            "UPDATE log SET at = replace(at, '03-02', '02-02') WHERE seq = 2",
            EntryChanged,
            Some(2),
        ),
        (
            "body",
            "UPDATE log SET body = replace(body, 'karte.toml', 'kartf.toml') WHERE seq = 2",
            EntryChanged,
            Some(2),
        ),
        (
            "body-space",
            "UPDATE log SET body = body || ' ' WHERE seq = 3",
            EntryChanged,
            Some(3),
        ),
        (
            "hash",
            "UPDATE log SET sha256 = replace(sha256, substr(sha256, 1, 4), 'ffff') WHERE seq = 2",
            EntryChanged,
            Some(2),
        ),
        (
            "former",
            "UPDATE log SET former = '' WHERE seq = 2",
            EntryChanged,
            Some(2),
        ),
        (
            "bytes",
            "UPDATE object SET bytes = CAST(replace(CAST(bytes AS TEXT), 'はい', 'いいえ') AS BLOB) WHERE kind = 'original'",
            BytesChanged,
            Some(2),
        ),
        (
            "packed",
            "UPDATE object SET bytes = x'789c' WHERE kind = 'reading'",
            BytesChanged,
            Some(2),
        ),
        (
            "size",
            "UPDATE object SET size = size + 1 WHERE kind = 'findings'",
            RowChanged,
            Some(2),
        ),
        ("row", "UPDATE received SET errors = 0", RowChanged, Some(2)),
        (
            "null",
            "UPDATE request SET due = '2026-12-31'",
            RowChanged,
            Some(3),
        ),
        (
            "more",
            "INSERT INTO request (log, system) VALUES (1, 'karte')",
            RowsAdded,
            None,
        ),
        ("gone", "DELETE FROM finding", RowChanged, Some(2)),
        (
            "standing",
            "UPDATE standing SET stage = 'accepted' WHERE system = 'karte'",
            Standing,
            None,
        ),
        (
            "standing-gone",
            "DELETE FROM standing WHERE system = 'own'",
            Standing,
            None,
        ),
    ];
    for (name, sql, kind, entry) in cases {
        let path = filled(&format!("behind-{name}"));
        behind(&path, sql);
        let found = problems(&path);
        assert!(found.contains(&(kind, entry)), "{name}: {found:?}");
    }
}

#[test]
fn an_entry_taken_out_or_cut_off_is_missed() {
    let path = filled("cut-middle");
    let head = Register::open(&path)
        .expect("opens")
        .head()
        .expect("a head")
        .1;
    behind(
        &path,
        "PRAGMA foreign_keys = OFF; DELETE FROM log WHERE seq = 2",
    );
    let found = problems(&path);
    assert!(
        found.contains(&(ProblemKind::EntryMissing, Some(3))),
        "{found:?}"
    );
    assert!(
        found.contains(&(ProblemKind::ChainBroken, Some(3))),
        "{found:?}"
    );

    // The chain cannot tell that its end is gone; the hash written down elsewhere does.
    let path = filled("cut-end");
    behind(
        &path,
        "DELETE FROM request; DELETE FROM log WHERE seq = 3; \
         UPDATE standing SET stage = 'none', request = NULL WHERE system = 'iji'",
    );
    let register = Register::open(&path).expect("opens");
    is_sound(&register);
    let verified = register.verify(Some(&head)).expect("looked at");
    let kinds: Vec<ProblemKind> = verified.problems.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, [ProblemKind::HeadUnknown]);
    // A hash of an earlier entry is still there, however much was added since.
    let now = register.head().expect("a head").1;
    assert_eq!(register.verify(Some(&now)).expect("looked at").problems, []);
}

#[test]
fn a_chain_forged_from_an_entry_on_is_missed_by_its_head_only() {
    let path = filled("forged");
    let old = Register::open(&path)
        .expect("opens")
        .head()
        .expect("a head")
        .1;
    // Somebody writes the last request anew under another name, with a right hash.
    let forged = folder("forged-by").join("register.db");
    let mut register = Register::open_or_create(&forged).expect("a register");
    register
        .record_facility(&facility(FACILITY), FACILITY, &[], &stamp("2026-01-05"))
        .expect("recorded");
    add(
        &mut register,
        "karte.toml",
        &karte("2026-03-01", "はい"),
        "2026-03-02",
    );
    register
        .request("iji", None, Some("別の話"), &stamp("2026-03-03"))
        .expect("recorded");
    is_sound(&register);
    let told = register.verify(Some(&old)).expect("looked at").problems;
    assert_eq!(told.len(), 1);
}

#[test]
fn a_dropped_guard_and_a_foreign_table_are_told() {
    let path = filled("schema");
    let connection = Connection::open(&path).expect("a file");
    connection
        .execute_batch("DROP TRIGGER log_no_update; CREATE TABLE notes (x TEXT)")
        .expect("done");
    drop(connection);
    let kinds: Vec<ProblemKind> = problems(&path).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [ProblemKind::Schema, ProblemKind::Schema]);
}

#[test]
fn a_byte_flipped_anywhere_in_the_file_is_found_or_harmless() {
    let path = filled("flipped");
    {
        let connection = Connection::open(&path).expect("a file");
        connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .expect("done");
    }
    let whole = std::fs::read(&path).expect("a file");
    let text = "電子カルテ".as_bytes();
    let sheet = "manufacturer = '甲システム'".as_bytes();
    let place = folder("flipped-one").join("register.db");
    for wanted in [text, sheet] {
        let at = whole
            .windows(wanted.len())
            .position(|bytes| bytes == wanted);
        let at = at.expect("kept as it is");
        let mut bytes = whole.clone();
        bytes[at + 1] ^= 1;
        std::fs::write(&place, &bytes).expect("written");
        let found = Register::open(&place).and_then(|register| register.verify(None));
        assert!(
            found.map_or(true, |verified| !verified.problems.is_empty()),
            "at {at}"
        );
    }
    // Every part of the file is gone through in steps: no flip makes it panic.
    for at in (0..whole.len()).step_by(whole.len() / 97) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        std::fs::write(&place, &bytes).expect("written");
        let _ = Register::open(&place).and_then(|register| register.verify(None));
    }
}

#[test]
fn what_is_no_register_and_what_is_newer_is_refused_with_words() {
    let place = folder("refused");
    let text = place.join("text.db");
    std::fs::write(&text, "not a database, but long enough to look at").expect("written");
    let foreign = place.join("foreign.db");
    Connection::open(&foreign)
        .and_then(|connection| connection.execute_batch("CREATE TABLE t (x)"))
        .expect("made");
    let newer = filled("refused-newer");
    Connection::open(&newer)
        .and_then(|connection| connection.pragma_update(None, "user_version", VERSION + 1))
        .expect("set");
    for (path, word) in [
        (&text, "no register"),
        (&foreign, "no register"),
        (&newer, "newer kaijisho"),
    ] {
        let before = std::fs::read(path).expect("a file");
        let error = Register::open_or_create(path)
            .expect_err("refused")
            .to_string();
        assert!(error.contains(word), "{error}");
        assert_eq!(std::fs::read(path).expect("a file"), before, "left alone");
    }
    assert!(Register::open(&place.join("none.db")).is_err());
    assert!(!place.join("none.db").exists(), "looking makes no file");
}

#[test]
fn what_an_earlier_version_recorded_is_kept_and_proved_by_this_one() {
    let path = filled("earlier-filled");
    let before = problems(&path);
    assert_eq!(before, []);
    let files = |path: &Path| {
        let register = Register::open(path).expect("opened");
        let query = kaijisho::register::FileQuery::default();
        (
            register.head().expect("a head"),
            register.files(&query).expect("asked"),
        )
    };
    let was = files(&path);
    // As a tool wrote it that knew two steps.
    Connection::open(&path)
        .and_then(|connection| {
            connection.execute_batch("DROP INDEX received_by_search; PRAGMA user_version = 2")
        })
        .expect("as it was");
    assert_eq!(files(&path), was);
    let now: u32 = Connection::open(&path)
        .and_then(|connection| {
            connection.pragma_query_value(None, "user_version", |row| row.get(0))
        })
        .expect("a version");
    assert_eq!(now, VERSION);
    assert_eq!(problems(&path), []);
}

#[test]
fn a_register_of_an_earlier_version_is_brought_up_to_this_one() {
    let path = folder("earlier").join("register.db");
    let first = include_str!("../../schemas/register/1-records.sql");
    let connection = Connection::open(&path).expect("a file");
    connection
        .execute_batch(first)
        .expect("the tables of version 1");
    connection
        .pragma_update(None, "application_id", 0x6b6a_7352)
        .expect("set");
    connection
        .pragma_update(None, "user_version", 1)
        .expect("set");
    drop(connection);
    let mut register = Register::open(&path).expect("opens");
    add(
        &mut register,
        "karte.toml",
        &karte("2026-03-01", "はい"),
        "2026-03-02",
    );
    is_sound(&register);
    let connection = Connection::open(&path).expect("a file");
    let version: u32 = connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .expect("a number");
    assert_eq!(version, VERSION);
}
