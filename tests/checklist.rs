//! The ministry's yearly checklist: what each item comes to, derived by hand, and the limits of days.

mod support;

use jiff::civil::{Date, date};
use kaijisho::checklist::{Facility, Status, YEARS, Year};
use kaijisho::report::checklist::{
    CellInfo, ChecklistReport, ItemLine, TodoKind, forms, render, report,
};
use kaijisho::report::{Format, Style};
use kaijisho::{Answer, Catalog, Examined, Language, Options, Source, examine};

/// A day in fiscal year 2023.
const DAY: Date = date(2024, 3, 1);

const FACILITY: &str = r#"
schema = "kaijisho/facility/1"
name = "試験病院"
[people]
safety_manager = "責任 花子"
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
remote_maintenance = true
servers = 1
network_devices = 0
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

fn year(name: &str) -> Year {
    let (name, text) = YEARS
        .into_iter()
        .find(|(known, _)| *known == name)
        .expect("a bundled year");
    Year::parse(text, name).expect("a sound file")
}

fn number(control: &str) -> String {
    let form = Catalog::bundled().form("mds-reference").expect("bundled");
    let item = form.items_of(control).next();
    item.unwrap_or_else(|| panic!("{control}"))
        .number
        .to_string()
}

/// A sheet of a product that answers some controls.
fn sheet(file: &str, head: &str, answers: &[(&str, &str)]) -> Examined {
    let mut text = format!("form = 'mds-reference'\nheader = {{ {head} }}\n");
    // A sheet without any answer is none.
    for (control, answer) in answers.iter().chain(&[("ops.backup", "はい")]) {
        let number = number(control);
        text.push_str(&format!(
            "[[items]]\nnumber = '{number}'\nanswer = '{answer}'\n"
        ));
    }
    examine(&Source::new(file, text.into()), &Options::new(DAY))
}

fn karte() -> Examined {
    sheet(
        "karte.toml",
        "date = 2023-09-15, manufacturer = '甲システム（株）', product = '甲 カルテ', version = 'Ver.5.1'",
        &[
            ("maint.remote", "はい"),
            ("auth.role-access", "はい"),
            ("auth.account-removal", "いいえ"),
            ("log.access", "はい"),
            ("log.review", "いいえ"),
        ],
    )
}

fn filled_on(day: Date, name: &str, more: &str, files: &[Examined]) -> ChecklistReport {
    let year = year(name);
    let text = format!("{FACILITY}{more}");
    let facility = Facility::parse(&text, "facility.toml", &year)
        .unwrap_or_else(|error| panic!("{}", support::case::mistakes(&error)));
    report(&year, &facility, files, day, Language::Ja)
}

fn filled(more: &str, files: &[Examined]) -> ChecklistReport {
    filled_on(DAY, "r5", more, files)
}

fn item<'r>(report: &'r ChecklistReport, id: &str) -> &'r ItemLine {
    let item = report.items.iter().find(|item| item.id == id);
    item.unwrap_or_else(|| panic!("{id}"))
}

/// Status and reason of the whole, and of each system.
fn statuses(report: &ChecklistReport, id: &str) -> Vec<(Status, String)> {
    let line = item(report, id);
    let of = |cell: &CellInfo| (cell.status, cell.why.clone());
    [&line.whole]
        .into_iter()
        .chain(&line.systems)
        .map(of)
        .collect()
}

fn told(expected: &[(Status, &str)]) -> Vec<(Status, String)> {
    let one = |(status, why): &(Status, &str)| (*status, (*why).to_owned());
    expected.iter().map(one).collect()
}

#[test]
fn every_item_comes_to_what_was_worked_out_by_hand() {
    use Status::{Check, No, NotNeeded, Open, Yes};
    let found = filled("", &[karte()]);
    for (id, expected) in [
        ("in-use", vec![(Yes, "fact")]),
        ("safety-manager", vec![(Yes, "fact")]),
        // No system has all three numbers; the only sheet does not answer either.
        ("inventory", vec![(Open, "nothing")]),
        // One vendor's contact is known: what a chart is made of, but no chart.
        ("contact-chart", vec![(Check, "fact-only")]),
        (
            "disclosure",
            vec![
                (No, "systems"),
                (Yes, "arrived"),
                (No, "not-arrived"),
                (NotNeeded, "no-contract"),
            ],
        ),
        (
            "remote-maintenance",
            vec![
                (Open, "systems"),
                (Yes, "agreed"),
                (Open, "nothing"),
                (NotNeeded, "no-contract"),
            ],
        ),
        // A yes of the vendor is never the facility's yes.
        (
            "role-access-server",
            vec![
                (Open, "systems"),
                (Check, "says-yes"),
                (Open, "nothing"),
                (Open, "nothing"),
            ],
        ),
        (
            "account-removal-server",
            vec![
                (Open, "systems"),
                (Check, "says-no"),
                (Open, "nothing"),
                (Open, "nothing"),
            ],
        ),
        (
            "access-log-server",
            vec![
                (Open, "systems"),
                (Check, "says-mixed"),
                (Open, "nothing"),
                (Open, "nothing"),
            ],
        ),
        // It has no network device.
        (
            "patch-network",
            vec![
                (Open, "nothing"),
                (NotNeeded, "no-device"),
                (Open, "nothing"),
                (Open, "nothing"),
            ],
        ),
    ] {
        assert_eq!(statuses(&found, id), told(&expected), "{id}");
    }
    // Items announced for the next year are shown and not counted.
    let counted = Status::ALL.map(|status| found.summary.of(status));
    assert_eq!(counted, [2, 1, 1, 7, 0]);
    assert!(item(&found, "continuity-plan").reference_only);
    assert_eq!(item(&found, "disclosure").number.as_deref(), Some("2(3)"));
    let waiting: Vec<(&str, usize)> = found
        .vendors
        .iter()
        .map(|vendor| (vendor.id.as_str(), vendor.not_sent.len()))
        .collect();
    assert_eq!(waiting, [("ko", 0), ("otsu", 1)]);
    // Evidence names the sheet, the item and the place.
    let said = &item(&found, "role-access-server").systems[0].evidence[0];
    assert_eq!(said.answer, Some(Answer::Yes));
    assert_eq!(
        said.item.as_deref(),
        Some(number("auth.role-access").as_str())
    );
    assert!(said.place.is_some() && said.document == Some(0));
}

#[test]
fn the_facilitys_own_answer_decides_and_a_second_look_goes_first() {
    let more = r#"
[[answer]]
item = "account-removal-server"
answer = "yes"
checked = 2023-06-01
[[answer]]
item = "account-removal-server"
system = "iji"
answer = "no"
checked = 2023-06-02
target = 2023-12-28
second = { date = 2023-12-20, answer = "yes" }
"#;
    let before = filled_on(date(2023, 12, 19), "r5", more, &[karte()]);
    let line = item(&before, "account-removal-server");
    assert_eq!(line.systems[1].status, Status::No);
    assert_eq!(line.whole.status, Status::No);
    let after = filled_on(date(2023, 12, 20), "r5", more, &[karte()]);
    let line = item(&after, "account-removal-server");
    assert_eq!(line.whole.status, Status::Yes);
    // The whole was first no, on the day on which the last system was looked at.
    let first = line.whole.first.as_ref().expect("confirmed");
    assert_eq!(
        (first.answer, first.date.as_str()),
        (Answer::No, "2023-06-02")
    );
    assert_eq!(line.whole.target.as_deref(), Some("2023-12-28"));
    let second = line.whole.second.as_ref().expect("looked at again");
    assert_eq!(
        (second.answer, second.date.as_str()),
        (Answer::Yes, "2023-12-20")
    );
    // The disclosure says no to what the facility answers yes: that stays visible.
    assert!(line.systems[0].disputed && !line.systems[1].disputed);
    let disputed = |todo: &&kaijisho::report::checklist::Todo| todo.kind == TodoKind::Disputed;
    assert_eq!(after.todo.iter().filter(disputed).count(), 1);
}

#[test]
fn an_answer_counts_from_the_first_to_the_last_day_of_its_fiscal_year() {
    for (checked, status) in [
        ("2023-03-31", Status::Check),
        ("2023-04-01", Status::Yes),
        ("2024-03-31", Status::Yes),
        ("2024-04-01", Status::Check),
    ] {
        let more =
            format!("[[answer]]\nitem = 'contact-chart'\nanswer = 'yes'\nchecked = {checked}\n");
        let found = filled_on(date(2024, 5, 1), "r5", &more, &[]);
        assert_eq!(
            item(&found, "contact-chart").whole.status,
            status,
            "{checked}"
        );
    }
    let note = |day| filled_on(day, "r5", "", &[]).notes.len();
    assert_eq!(note(date(2024, 3, 31)) + 1, note(date(2024, 4, 1)));
    assert_eq!(note(date(2023, 4, 1)) + 1, note(date(2023, 3, 31)));
}

#[test]
fn a_yes_about_a_disclosure_needs_the_disclosure() {
    let more = "[[answer]]\nitem = 'disclosure'\nanswer = 'yes'\nchecked = 2023-06-01\n";
    let found = filled(more, &[karte()]);
    let expected = [
        (Status::Check, "systems"),
        (Status::Yes, "arrived"),
        (Status::Check, "against-fact"),
        (Status::NotNeeded, "no-contract"),
    ];
    assert_eq!(statuses(&found, "disclosure"), told(&expected));
    // Once both are there the whole is yes.
    let iji = sheet(
        "iji.toml",
        "date = 2023-09-15, manufacturer = '乙社', product = '乙医事'",
        &[],
    );
    let found = filled("", &[karte(), iji]);
    assert_eq!(item(&found, "disclosure").whole.status, Status::Yes);
}

#[test]
fn what_is_merely_alike_is_told_and_not_taken() {
    for (head, doubt) in [
        ("product = '甲カルテ'", "製造業者を確かめられません"),
        (
            "manufacturer = '丙社', product = '甲カルテ'",
            "製造業者が違います",
        ),
        (
            "manufacturer = '甲システム', product = '甲カルテ Pro'",
            "製品名が少し違います",
        ),
    ] {
        let found = filled("", &[sheet("a.toml", head, &[])]);
        let line = item(&found, "disclosure");
        assert_eq!(line.systems[0].status, Status::Check, "{head}");
        let received = &found.systems[0].received[0];
        assert!(!received.current);
        let told = received.doubt.as_deref().unwrap_or_default();
        assert!(told.contains(doubt), "{told}");
    }
    let other = "manufacturer = '丙社', product = '丙検査'";
    let found = filled("", &[sheet("a.toml", other, &[])]);
    assert_eq!(found.unmatched, [0]);
    // The facility file settles it.
    let more = "[[system]]\nid = 'x'\nname = '検査'\ndisclosures = ['a.toml']\n";
    let found = filled(more, &[sheet("in/a.toml", other, &[])]);
    assert!(found.unmatched.is_empty());
    assert_eq!(item(&found, "disclosure").systems[3].status, Status::Yes);
}

/// The concerns about the sheet of the chart on a day.
fn concerns(day: Date, head: &str) -> Vec<String> {
    let head = format!("manufacturer = '甲システム', product = '甲カルテ', {head}");
    let found = filled_on(day, "r5", "", &[sheet("a.toml", &head, &[])]);
    let concerns = &found.systems[0].received[0].concerns;
    // The sheet answers nothing, which is unsound and told by its own name.
    let others = concerns.iter().filter(|concern| concern.kind != "unsound");
    others.map(|concern| concern.kind.clone()).collect()
}

#[test]
fn age_version_and_edition_are_told() {
    let of = "version = '5.1', date = ";
    let leap = format!("{of}2024-02-29");
    assert_eq!(concerns(date(2025, 2, 28), &leap), Vec::<String>::new());
    assert_eq!(concerns(date(2025, 3, 1), &leap), ["old"]);
    assert_eq!(concerns(date(2024, 2, 28), &leap), ["date-future"]);
    let end = format!("{of}2023-03-31");
    assert_eq!(concerns(date(2024, 3, 31), &end), Vec::<String>::new());
    assert_eq!(concerns(date(2024, 4, 1), &end), ["old"]);
    assert_eq!(
        concerns(DAY, "version = '5.10', date = 2023-09-01"),
        ["other-version"]
    );
    assert_eq!(concerns(DAY, "date = 2023-09-01"), ["version-not-stated"]);
    assert_eq!(concerns(DAY, "version = '5.1'"), ["date-missing"]);
    let found = filled("", &[karte()]);
    let kinds: Vec<&str> = found.systems[0].received[0]
        .concerns
        .iter()
        .map(|concern| concern.kind.as_str())
        .collect();
    assert_eq!(kinds, ["unsound"]);
}

#[test]
fn of_several_sheets_the_latest_counts_and_their_order_does_not() {
    let old = sheet(
        "0.toml",
        "date = 2022-01-01, manufacturer = '甲システム', product = '甲カルテ', version = '5.0'",
        &[("auth.role-access", "いいえ")],
    );
    let one = filled("", &[old, karte()]);
    let received = &one.systems[0].received;
    let current: Vec<bool> = received.iter().map(|one| one.current).collect();
    assert_eq!(current, [false, true]);
    assert_eq!(item(&one, "role-access-server").systems[0].why, "says-yes");
    let old = sheet(
        "0.toml",
        "date = 2022-01-01, manufacturer = '甲システム', product = '甲カルテ', version = '5.0'",
        &[("auth.role-access", "いいえ")],
    );
    let turned = filled("", &[karte(), old]);
    for (left, right) in one.items.iter().zip(&turned.items) {
        assert_eq!(left.whole.status, right.whole.status, "{}", left.id);
        assert_eq!(left.whole.reason, right.whole.reason, "{}", left.id);
    }
}

#[test]
fn without_a_system_in_use_nothing_else_is_asked() {
    let year = year("r5");
    let text = "schema = 'kaijisho/facility/1'\nname = '試'\n[[answer]]\nitem = 'in-use'\nanswer = 'no'\nchecked = 2023-06-01\n";
    let facility = Facility::parse(text, "f.toml", &year).expect("a sound file");
    let found = report(&year, &facility, &[], DAY, Language::Ja);
    assert_eq!(item(&found, "in-use").whole.status, Status::No);
    let others = found.items.iter().filter(|item| !item.gate);
    for line in others {
        assert_eq!(line.whole.status, Status::NotNeeded, "{}", line.id);
    }
}

#[test]
fn a_vendor_is_asked_with_what_its_sheet_says() {
    let found = filled("", &[karte()]);
    let forms = forms(&found);
    let ids: Vec<&str> = forms.iter().map(|form| form.id.as_str()).collect();
    assert_eq!(ids, ["ko", "otsu"]);
    let answer = |form: usize, number: &str| {
        let row = forms[form].rows.iter().find(|row| row.number == number);
        row.unwrap_or_else(|| panic!("{number}")).answer
    };
    assert_eq!(answer(0, "2(3)"), Some(Answer::Yes));
    assert_eq!(answer(0, "2(4)"), Some(Answer::Yes));
    assert_eq!(answer(0, "2(5)"), Some(Answer::No));
    // One yes and one no: the vendor has to say.
    assert_eq!(answer(0, "2(6)"), None);
    assert_eq!(answer(1, "2(4)"), None);
    assert!(
        forms[0]
            .workbook(&found)
            .expect("a workbook")
            .starts_with(b"PK")
    );
    assert!(forms[0].markdown(&found).contains("電子カルテ"));
}

#[test]
fn every_format_is_written_the_same_twice_and_fits_its_schema() {
    let evil = "[[system]]\nid = 'e'\nname = '=1+1<script>|'\nvendor = 'ko'\nproduct = 'x'\n";
    let found = filled(evil, &[karte()]);
    for format in [
        Format::Human,
        Format::Json,
        Format::Markdown,
        Format::Html,
        Format::Csv,
        Format::Xlsx,
    ] {
        let once = render(&found, format, &Style::default()).expect("rendered");
        let again = render(&found, format, &Style::default()).expect("rendered");
        assert_eq!(once, again, "{}", format.name());
        let text = String::from_utf8_lossy(&once);
        match format {
            Format::Html => assert!(!text.contains("<script>")),
            Format::Csv => assert!(!text.contains(",=1+1") && text.contains("'=1+1")),
            Format::Human | Format::Markdown => {
                assert!(text.contains("2(3)") || text.contains("2\\(3\\)"))
            }
            Format::Json => {
                let schema = kaijisho::schema::Published::ChecklistReport.json_schema();
                let schema = serde_json::from_str(&schema).expect("JSON");
                let judge = jsonschema::validator_for(&schema).expect("a schema");
                let report = serde_json::from_str(&text).expect("JSON");
                let told = judge.validate(&report).map_err(|error| error.to_string());
                assert_eq!(told, Ok(()));
            }
            Format::Xlsx | Format::JsonLines | Format::Sarif | Format::Junit => {}
        }
    }
    assert!(render(&found, Format::Sarif, &Style::default()).is_err());
}

#[test]
fn years_and_their_files_are_one_list() {
    let files = support::files(&support::project().join("schemas/checklists"));
    let stems: Vec<String> = files.iter().map(|file| support::stem(file)).collect();
    assert_eq!(stems, YEARS.map(|(name, _)| name));
    let mut last_day: Option<Date> = None;
    for name in stems {
        let year = year(&name);
        assert_eq!(year.id, name);
        assert_eq!(year.items.iter().filter(|item| item.gate).count(), 1);
        for item in &year.items {
            for text in [Some(&item.title), item.vendor.as_ref()]
                .into_iter()
                .flatten()
            {
                assert!(
                    !text.ja.is_empty() && text.ja != text.en,
                    "{name} {}",
                    item.id
                );
            }
            // What is not known to stand in the form has no known number either.
            assert!(
                item.confirmed || item.number.is_none(),
                "{name} {}",
                item.id
            );
        }
        // One fiscal year follows the other.
        let first = last_day.map(|day| day.tomorrow().expect("a day"));
        assert!(first.is_none_or(|first| first == year.first_day), "{name}");
        last_day = Some(year.last_day);
    }
}

#[test]
fn unverified_numbers_are_not_shown() {
    let found = filled_on(date(2025, 6, 1), "r7", "", &[]);
    let numbers: Vec<&str> = found
        .items
        .iter()
        .filter_map(|item| item.number.as_deref())
        .collect();
    assert_eq!(numbers, ["2-③"]);
    let bytes = render(&found, Format::Human, &Style::default()).expect("rendered");
    let text = String::from_utf8(bytes).expect("text");
    assert!(text.contains("番号未確認") && text.contains("掲載未確認"));
}

#[test]
fn a_sheet_on_a_superseded_edition_is_told_with_the_newer_one() {
    let mut old = karte();
    let mut form = (*old.disclosures[0].form).clone();
    form.superseded_by = Some("第9.9版".to_owned());
    old.disclosures[0].form = std::sync::Arc::new(form);
    let found = filled("", &[old]);
    let concerns = &found.systems[0].received[0].concerns;
    assert_eq!(concerns[0].kind, "superseded");
    assert!(concerns[0].text.contains("第9.9版"), "{}", concerns[0].text);
    // It was sent, all the same: what is doubtful stands in the list of what is left to do.
    assert_eq!(item(&found, "disclosure").systems[0].status, Status::Yes);
    let todo: Vec<TodoKind> = found.todo.iter().map(|one| one.kind).collect();
    assert!(todo.contains(&TodoKind::Concern), "{todo:?}");
}

#[test]
fn a_vendor_of_two_systems_is_asked_once_for_what_it_has_not_sent() {
    let second = "[[system]]\nid = 'lab'\nname = '検査'\nvendor = 'ko'\nproduct = '甲検査'\n";
    let found = filled(second, &[karte()]);
    let vendor = found.vendors.iter().find(|vendor| vendor.id == "ko");
    let names: Vec<&str> = vendor
        .expect("the vendor")
        .not_sent
        .iter()
        .map(|at| found.systems[*at].name.as_str())
        .collect();
    assert_eq!(names, ["検査"]);
    let of_vendor: Vec<String> = forms(&found).into_iter().map(|form| form.id).collect();
    assert_eq!(of_vendor, ["ko", "otsu"]);
    let form = &forms(&found)[0];
    let text = form.markdown(&found);
    assert!(
        text.contains("電子カルテ") && text.contains("検査"),
        "{text}"
    );
}

#[test]
fn a_year_is_known_by_the_names_people_write() {
    for name in [
        "r7",
        "R7",
        "Ｒ７",
        "令和7年度",
        "令和7年",
        "令和７年度分",
        "2025",
        "2025年度",
    ] {
        let year = Year::load(name, Language::Ja).expect("a bundled year");
        assert_eq!(year.id, "r7", "{name}");
    }
    for name in ["r8", "令和8年度", "2026", "r4", "2018", "r", "令和", ""] {
        let error = Year::load(name, Language::Ja)
            .expect_err("not bundled")
            .to_string();
        assert!(error.contains("r5, r6, r7"), "{error}");
        // What is known of a year that is not bundled is said.
        assert_eq!(
            error.contains("医療機関・薬局"),
            ["r8", "令和8年度", "2026"].contains(&name),
            "{name}: {error}"
        );
    }
}
