//! Files that once broke a promise, each as small as it could be made: `tests/regressions/`.
//!
//! A file comes back, the same twice, with a disclosure or with a finding in words; where there is more to say of
//! it, a test of its own does. `tests/regressions/README.md` says what each of them was.

mod support;

use kaijisho::{Language, Limits, Options, Place, Source, cells, examine};

/// Limits low enough that small files reach them, as the fuzz targets have them.
const LOW: Limits = Limits {
    file_bytes: 1 << 20,
    entries: 40,
    part_bytes: 1 << 20,
    total_bytes: 4 << 20,
    ratio: 300,
    cells: 3_000,
    cell_chars: 1_000,
    text_bytes: 200_000,
    memory: 4_000_000,
    items: 10_000,
    depth: 32,
    values: 3_000,
    sheets: 20,
    objects: 50,
};

fn sources() -> Vec<Source> {
    let folder = support::project().join("tests/regressions");
    let files = support::files(&folder);
    let files = files
        .iter()
        .filter(|path| path.extension().is_none_or(|it| it != "md"));
    files
        .map(|path| Source::open(path, &Limits::default()).expect("the file is there"))
        .collect()
}

#[test]
fn each_file_comes_back_and_says_something() {
    let sources = sources();
    assert!(!sources.is_empty());
    for source in &sources {
        for limits in [LOW, Limits::default()] {
            let mut options = Options::new(support::TODAY);
            options.limits = limits;
            let found = examine(source, &options);
            let said = !found.disclosures.is_empty() || found.all_findings().next().is_some();
            assert!(said, "{}: nothing read, and nothing said", source.name);
            for finding in found.all_findings() {
                for language in Language::ALL {
                    let message = finding.message(language);
                    assert!(!message.trim().is_empty(), "{}: {message}", source.name);
                }
            }
            let again = examine(source, &options);
            assert_eq!(
                format!("{found:?}"),
                format!("{again:?}"),
                "{}",
                source.name
            );
        }
    }
}

#[test]
fn each_file_is_small_and_explained() {
    let folder = support::project().join("tests/regressions");
    let page = support::text(&folder.join("README.md"));
    for path in support::files(&folder) {
        let name = path.file_name().expect("files have names");
        let name = name.to_string_lossy();
        if name == "README.md" {
            continue;
        }
        let size = std::fs::metadata(&path).expect("the file is there").len();
        assert!(size <= 16 * 1024, "{name}: {size} bytes");
        assert!(
            page.contains(&format!("`{name}`")),
            "{name}: README.md does not say what it was"
        );
    }
}

#[test]
fn xml_that_is_not_well_formed_is_refused() {
    for source in sources() {
        if source.name.ends_with(".xml") {
            let found = examine(&source, &Options::new(support::TODAY));
            assert_eq!(found.findings[0].rule, "file-damaged", "{}", source.name);
            assert!(found.disclosures.is_empty(), "{}", source.name);
        }
    }
}

#[test]
fn cells_are_in_order_and_on_a_sheet() {
    for source in sources() {
        for sheet in cells(&source, &Limits::default()).sheets {
            let at: Vec<(u32, u32)> = sheet.cells.iter().map(|it| (it.row, it.column)).collect();
            let sorted = at.windows(2).all(|pair| pair[0] < pair[1]);
            assert!(sorted, "{}: {at:?}", source.name);
            let on_sheet = at.iter().all(|at| at.0 < 1_048_576 && at.1 < 16_384);
            assert!(on_sheet, "{}: {at:?}", source.name);
        }
    }
}

#[test]
fn what_is_said_of_a_sheet_stands_before_what_is_said_of_its_text() {
    let path = support::project().join("tests/regressions/named-sheet.toml");
    let source = Source::open(&path, &Limits::default()).expect("the file is there");
    let found = examine(&source, &Options::new(support::TODAY));
    let places: Vec<&Place> = found.disclosure_findings[0]
        .iter()
        .map(|finding| &finding.place)
        .collect();
    let on_sheet = |place: &&&Place| matches!(place, Place::Sheet(_));
    let first = places.iter().take_while(on_sheet).count();
    assert!(0 < first && first < places.len(), "{places:?}");
    assert_eq!(first, places.iter().filter(on_sheet).count(), "{places:?}");
}
