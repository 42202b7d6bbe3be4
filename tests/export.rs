//! Tables of any number of disclosures: every answer in its row, the verdicts that `compare` counts, the same bytes
//! whatever the threads, and a file that is there whole or not at all.

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use kaijisho::Localised;
use kaijisho::write::table::{Column, Holds, Table};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use serde_json::Value;

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("export-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder of the test");
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kaijisho"))
        .args(arguments)
        .args(["--lang", "ja", "--date", "2026-10-01"])
        .current_dir(folder)
        .env_remove("KAIJISHO_FORMS")
        // No line is folded: where one is hangs on the length of paths.
        .env("COLUMNS", "10000")
        .output()
        .expect("the tool starts")
}

fn done(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = run(folder, arguments);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {told}");
    output.stdout
}

/// Disclosures of two forms, with texts that a table has to carry as they are.
fn sheets(name: &str, count: usize) -> PathBuf {
    let folder = folder(name);
    let inside = folder.join("in");
    std::fs::create_dir(&inside).expect("a new folder");
    for at in 0..count {
        let form = ["mds-reference", "sds-reference"][at % 2];
        let answer = ["はい", "いいえ", "対象外", ""][at % 4];
        let text = format!(
            "form = '{form}'\nheader = {{ date = '2026-09-30', manufacturer = '見本社', product = '=1+1 製品{at}' }}\n\
             items = [{{ number = '1', answer = '{answer}', remark = \"一行目\\n二行目 \\\"引用\\\", ＝\" }}, {{ number = '2', answer = 'はい' }}]\n"
        );
        std::fs::write(inside.join(format!("{at:03}.toml")), text).expect("a sheet");
    }
    folder
}

fn lines(bytes: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

#[test]
fn every_answer_has_its_row() {
    let folder = sheets("rows", 8);
    let rows = lines(&done(&folder, &["export", "in"]));
    assert_eq!(rows.len(), 16);
    let names: Vec<&str> = Table::Answers
        .columns()
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    for row in &rows {
        let keys: Vec<&String> = row.as_object().expect("an object").keys().collect();
        assert_eq!(keys, names);
    }
    let first = &rows[0];
    assert_eq!(first["file"], "in/000.toml");
    assert_eq!(
        first["disclosure"],
        format!("{}#1", first["sha256"].as_str().expect("a hash"))
    );
    assert_eq!(first["product"], "=1+1 製品0");
    assert_eq!(first["disclosed_on"], "2026-09-30");
    assert_eq!(first["model"], Value::Null);
    assert_eq!(first["answer"], "yes");
    assert_eq!(first["remark"], "一行目\n二行目 \"引用\", ＝");
    assert_eq!(rows[6]["answer"], Value::Null);
    assert_eq!(rows[6]["state"], "unanswered");
    assert_eq!(rows[7]["position"], 2);
}

/// A row of Parquet as JSON.
fn object(row: &parquet::record::Row) -> Value {
    let columns = row.get_column_iter();
    let value = |field: &Field| match field {
        Field::Null => Value::Null,
        Field::Str(text) => Value::from(text.as_str()),
        Field::Int(number) | Field::Date(number) => Value::from(*number),
        Field::Double(share) => Value::from(*share),
        Field::ListInternal(list) => {
            let texts = list.elements().iter();
            texts
                .map(|text| text.to_string().replace('"', ""))
                .collect()
        }
        other => panic!("{other:?}"),
    };
    let pairs = columns.map(|(name, field)| (name.clone(), value(field)));
    Value::Object(pairs.collect())
}

#[test]
fn parquet_holds_what_the_lines_hold() {
    let folder = sheets("parquet", 6);
    done(&folder, &["export", "in", "-o", "a.parquet"]);
    let rows = lines(&done(&folder, &["export", "in"]));
    let file = std::fs::File::open(folder.join("a.parquet")).expect("the table");
    let reader = SerializedFileReader::new(file).expect("Parquet");
    let found: Vec<Value> = reader
        .get_row_iter(None)
        .expect("rows")
        .map(|row| object(&row.expect("a row")))
        .collect();
    assert_eq!(found.len(), rows.len());
    for (found, row) in found.iter().zip(&rows) {
        for column in Table::Answers.columns() {
            let name = column.name.as_str();
            match column.kind {
                // The reader shows days in a spelling of its own.
                Holds::Day => assert_eq!(found[name].is_null(), row[name].is_null()),
                _ => assert_eq!(found[name], row[name], "{name}"),
            }
        }
    }
}

#[test]
fn the_same_bytes_whatever_the_threads() {
    let folder = sheets("threads", 40);
    for ending in ["parquet", "jsonl", "csv"] {
        let (one, eight) = (format!("1.{ending}"), format!("8.{ending}"));
        let verdicts = [format!("v1.{ending}"), format!("v8.{ending}")];
        let held = ["--against", "small-hospital", "--verdicts"];
        let first = ["export", "in", "-o", &one, "--jobs", "1"];
        let second = ["export", "in", "-o", &eight, "--jobs", "8"];
        done(&folder, &[&first[..], &held, &[&verdicts[0]]].concat());
        done(&folder, &[&second[..], &held, &[&verdicts[1]]].concat());
        let read = |name: &str| std::fs::read(folder.join(name)).expect("written");
        assert!(read(&one) == read(&eight), "{ending}");
        assert!(read(&verdicts[0]) == read(&verdicts[1]), "{ending}");
    }
}

#[test]
fn verdicts_give_the_scores_of_compare() {
    let folder = sheets("verdicts", 6);
    let held = ["--against", "small-hospital"];
    let export = ["export", "in", "-o", "a.csv", "--verdicts", "v.jsonl"];
    done(&folder, &[&export[..], &held].concat());
    let rows = lines(&std::fs::read(folder.join("v.jsonl")).expect("written"));
    let compared = run(
        &folder,
        &[&["compare", "in", "--format", "json"], &held[..]].concat(),
    );
    let compared: Value = serde_json::from_slice(&compared.stdout).expect("JSON");
    let bids = compared["bids"].as_array().expect("bids");
    assert_eq!(bids.len(), 6);
    for bid in bids {
        let of_bid = rows.iter().filter(|row| row["file"] == bid["file"]);
        let of_bid: Vec<&Value> = of_bid.filter(|row| row["level"] != "info").collect();
        let weights = |picked: &dyn Fn(&Value) -> bool| -> u64 {
            let picked = of_bid.iter().filter(|row| picked(&row["verdict"]));
            picked
                .map(|row| row["weight"].as_u64().expect("a weight"))
                .sum()
        };
        assert_eq!(bid["points"], weights(&|verdict| verdict == "met"));
        assert_eq!(bid["of"], weights(&|verdict| verdict != "not-applicable"));
    }
}

#[test]
fn verdicts_of_a_facility_are_those_of_diff() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/14-hospital");
    let named = |name: &str| example.join(name).display().to_string();
    let folder = folder("facility");
    let (mails, against) = (named("mails"), named("requirements.toml"));
    let facility = named("facility.toml");
    let held = ["--against", &against, "--facility", &facility];
    let export = ["export", &mails, "-o", "a.jsonl", "--verdicts", "v.jsonl"];
    let output = run(&folder, &[&export[..], &held].concat());
    let rows = lines(&std::fs::read(folder.join("v.jsonl")).expect("written"));
    let diff = ["diff", &mails, "--format", "json"];
    let report = run(&folder, &[&diff[..], &held].concat());
    let report: Value = serde_json::from_slice(&report.stdout).expect("JSON");
    let documents = report["documents"].as_array().expect("documents");
    let results = documents.iter().flat_map(|document| {
        let results = document["results"].as_array().into_iter().flatten();
        results.map(move |result| (&document["file"], result))
    });
    let said = |verdict: &Value, reason: &Value| format!("{verdict} {reason}");
    let of_diff: Vec<String> = results
        .map(|(file, result)| format!("{file} {}", said(&result["verdict"], &result["reason"])))
        .collect();
    let of_export: Vec<String> = rows
        .iter()
        .map(|row| format!("{} {}", row["file"], said(&row["verdict"], &row["reason"])))
        .collect();
    assert_eq!(of_export, of_diff);
    assert!(of_diff.len() > 100);
    // What no row can hold is told: what the profile and the facility have to be told of.
    let told = String::from_utf8_lossy(&output.stderr);
    let findings = report["profile_findings"].as_array().expect("findings");
    assert!(!findings.is_empty());
    for finding in findings {
        let name = finding["name"].as_str().expect("a name");
        assert!(told.contains(&format!("{name}:")), "{name}: {told}");
    }
}

#[test]
fn a_file_that_is_no_disclosure_is_told_and_the_others_are_written() {
    let folder = sheets("failing", 2);
    std::fs::write(folder.join("in/bad.xlsx"), b"PK broken").expect("a file");
    let output = run(&folder, &["export", "in", "-o", "a.jsonl"]);
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("in/bad.xlsx: file-damaged"), "{told}");
    let rows = lines(&std::fs::read(folder.join("a.jsonl")).expect("written"));
    assert_eq!(rows.len(), 4);
    // What is there stays.
    let again = run(&folder, &["export", "in", "-o", "a.jsonl"]);
    assert_eq!(again.status.code(), Some(2));
    let unknown = run(&folder, &["export", "in", "-o", "a.xlsx"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains(".parquet"));
    assert!(!folder.join("a.xlsx").exists());
}

#[test]
fn a_spreadsheet_takes_nothing_in_the_csv_for_a_formula() {
    let folder = sheets("csv", 1);
    let table = done(&folder, &["export", "in", "--to", "csv"]);
    let text = String::from_utf8(table).expect("UTF-8");
    assert!(text.contains(",'=1+1 製品0,"), "{text}");
}

/// The table of a page: name, type, null, meaning.
fn written(table: Table) -> String {
    let row = |column: &Column| {
        let kind = match column.kind {
            Holds::Text => "text",
            Holds::Number => "int32",
            Holds::Share => "double",
            Holds::Truth => "boolean",
            Holds::Day => "date",
            Holds::Texts => "list of text",
        };
        let null = if column.null { "null" } else { "" };
        let Localised { ja, en } = &column.about;
        format!("| `{}` | {kind} | {null} | {en} {ja} |\n", column.name)
    };
    let head = "| column 列 | type 型 | | meaning 意味 |\n|---|---|---|---|\n";
    let rows: String = table.columns().iter().map(row).collect();
    format!("{head}{rows}")
}

#[test]
fn the_page_says_every_column() {
    let path = support::project().join("schemas/README.md");
    let mut page = support::text(&path);
    for table in [Table::Answers, Table::Verdicts] {
        let begin = format!("<!-- columns of {} -->\n", table.shape());
        let (start, end) = (
            page.find(&begin).expect("a mark") + begin.len(),
            "<!-- end -->",
        );
        let end = start + page[start..].find(end).expect("an end");
        let wanted = format!("\n{}\n", written(table));
        if std::env::var_os("KAIJISHO_UPDATE").is_some() {
            page.replace_range(start..end, &wanted);
            std::fs::write(&path, &page).expect("the page");
        } else {
            assert_eq!(&page[start..end], wanted, "{}", table.shape());
        }
    }
}
