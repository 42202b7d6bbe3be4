//! Folders that are made from folders.

use std::collections::BTreeMap;

use super::*;

/// Every file below a folder, by its path, with its bytes.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(inner).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let below = path.strip_prefix(folder).unwrap().display().to_string();
                found.insert(below.replace('\\', "/"), fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn fresh(name: &str) -> PathBuf {
    let place = place(name);
    fs::remove_dir(&place).unwrap();
    place
}

#[test]
fn a_folder_is_converted_and_one_damaged_file_stops_nothing() {
    let from = filled("convert", 6);
    fs::write(
        from.join("病院0/開示書 0000.tsv"),
        "番号\t設問\t回答\n1\tある\tはい\n2\tある\tいいえ\n",
    )
    .unwrap();
    let to = fresh("converted");
    let to_text = to.to_str().unwrap();
    let output = run(&from, &["convert", ".", to_text, "--to", "json"]);
    assert_eq!(code(&output), 2, "{}", told(&output));
    assert!(output.stdout.is_empty());
    let made = tree(&to);
    let names: Vec<&str> = made.keys().map(String::as_str).collect();
    let expected = [
        "病院0/開示書 0000.json",
        "病院0/開示書 0000.tsv.json",
        "病院0/開示書 0004.json",
        "病院1/開示書 0001.json",
        "病院1/開示書 0005.json",
        "病院2/開示書 0002.json",
        "病院3/開示書 0003.json",
    ];
    // The order of the files decides which of two keeps the short name: .toml comes before .tsv.
    assert_eq!(names, expected);
    let told_of = told(&output);
    for said in [
        "damaged.xlsx: file-damaged: ",
        "0000.tsv.json",
        "package.json",
    ] {
        assert!(told_of.contains(said), "{said}: {told_of}");
    }
    let first: Value = serde_json::from_slice(&made["病院0/開示書 0000.json"]).unwrap();
    assert_eq!(first["documents"][0]["header"]["product"], "製品0");
    // The same as of one file.
    let alone = run(&from, &["convert", "./病院0/開示書 0000.toml", "-"]);
    assert!(alone.stdout == made["病院0/開示書 0000.json"]);

    // What stands there is kept, and told.
    fs::write(to.join("病院0/開示書 0004.json"), "mine").unwrap();
    let again = run(
        &from,
        &["convert", ".", to_text, "--to", "json", "--jobs", "8"],
    );
    assert_eq!(code(&again), 2);
    assert_eq!(
        fs::read(to.join("病院0/開示書 0004.json")).unwrap(),
        b"mine"
    );
    assert_eq!(
        told(&again).matches("file-kept").count(),
        7,
        "{}",
        told(&again)
    );
    let forced = run(&from, &["convert", ".", to_text, "--to", "json", "--force"]);
    assert_eq!(code(&forced), 2);
    assert!(tree(&to) == made);
}

#[test]
fn a_conversion_that_was_stopped_is_taken_up() {
    let from = filled("convert-resume", 12);
    let (whole, parts) = (fresh("convert-whole"), fresh("convert-parts"));
    let ledger = from.join("../convert.ledger");
    let _ = fs::remove_file(&ledger);
    let to = |to: &Path, more: &[&str]| {
        let start = ["convert", ".", to.to_str().unwrap(), "--to", "csv"];
        run(&from, &[&start, more].concat())
    };
    to(&whole, &[]);
    let resume = ["--resume", "../convert.ledger", "--lang", "en"];
    to(&parts, &resume);
    assert!(tree(&parts) == tree(&whole));
    // As if it had been stopped: records are missing though the files are there, and the other way round.
    let records = fs::read_to_string(&ledger).unwrap();
    let half = records.match_indices("{\"file\":").nth(6).unwrap().0;
    fs::write(&ledger, &records.as_bytes()[..half + 20]).unwrap();
    fs::remove_file(parts.join("病院0/開示書 0000.csv")).unwrap();
    fs::remove_file(parts.join("病院3/開示書 0011.csv")).unwrap();
    let output = to(&parts, &resume);
    assert!(tree(&parts) == tree(&whole));
    assert!(!told(&output).contains("file-kept"), "{}", told(&output));
    assert!(told(&output).contains("5 done before"), "{}", told(&output));
    // What was edited since is kept, and told.
    fs::write(parts.join("病院0/開示書 0004.csv"), "mine").unwrap();
    let output = to(&parts, &resume);
    assert!(told(&output).contains("file-kept"), "{}", told(&output));
    assert_eq!(
        fs::read(parts.join("病院0/開示書 0004.csv")).unwrap(),
        b"mine"
    );
}

#[test]
fn folders_that_would_hold_their_own_input_are_refused() {
    let from = filled("convert-inside", 2);
    for (input, to) in [(".", "."), ("病院0", "."), ("病院0", "病院0")] {
        let output = run(&from, &["convert", input, to, "--to", "toml", "--force"]);
        assert_eq!(code(&output), 2, "{input} {to}");
        assert!(told(&output).contains("フォルダー"), "{}", told(&output));
    }
    let before = tree(&from);
    assert_eq!(
        code(&run(&from, &["convert", "病院0", "out"])),
        2,
        "no format"
    );
    assert_eq!(
        code(&run(&from, &["convert", "病院0", "--to", "json"])),
        2,
        "no folder"
    );
    assert_eq!(
        code(&run(
            &from,
            &["convert", "病院0", "read.me", "--to", "json"]
        )),
        2,
        "a file"
    );
    assert!(tree(&from) == before);
    // A folder inside the input is written, and not read the next time.
    for _ in 0..2 {
        let output = run(&from, &["convert", ".", "out", "--to", "json", "--force"]);
        assert_eq!(code(&output), 2, "{}", told(&output));
        assert_eq!(tree(&from.join("out")).len(), 2);
    }
    fs::write(from.join("list.txt"), "病院0\n").unwrap();
    let listed = [
        "convert",
        "--files-from",
        "list.txt",
        "-o",
        "listed",
        "--to",
        "json",
    ];
    assert_eq!(code(&run(&from, &listed)), 0);
    assert_eq!(tree(&from.join("listed")).len(), 1);
}

#[test]
fn each_file_has_a_report_and_shares_make_the_whole() {
    let from = filled("reports", 5);
    let (whole, shared) = (fresh("reports-whole"), fresh("reports-shared"));
    let report = |to: &Path, more: &[&str]| {
        let to = format!("{}/", to.display());
        let start = ["report", ".", "--against", "small-hospital", "-o", &to];
        run(&from, &[&start, more].concat())
    };
    assert_eq!(code(&report(&whole, &[])), 2);
    for shard in ["1/3", "2/3", "3/3"] {
        report(&shared, &["--shard", shard]);
    }
    let made = tree(&whole);
    assert!(made == tree(&shared));
    assert_eq!(made.len(), 6, "{:?}", made.keys());
    assert!(made.contains_key("病院1/damaged.html"));
    // The same as of one file.
    let alone = [
        "report",
        "./病院2/開示書 0002.toml",
        "--against",
        "small-hospital",
        "--format",
        "html",
    ];
    assert!(run(&from, &alone).stdout == made["病院2/開示書 0002.html"]);
    let refused = report(&fresh("reports-none"), &["--show-template"]);
    assert_eq!(code(&refused), 2);
}
