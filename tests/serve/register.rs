//! The pages of the register: what they show, what they record, and who may.

use std::path::PathBuf;
use std::sync::Arc;

use kaijisho::register::{FileQuery, Register, SystemQuery};
use kaijisho::serve::desk::Desk;
use kaijisho::serve::{Service, Setup, router};

use super::ask::{Part, Visitor, file, setup, visitor};
use super::support;

/// A page with a register of its own, and where that lies.
fn page(name: &str) -> (Visitor, PathBuf) {
    let (setup, path) = with_register(name);
    (Visitor::of(setup), path)
}

fn with_register(name: &str) -> (Setup, PathBuf) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("serve-register")
        .join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("an old folder goes");
    }
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("register.db");
    let now = || "2026-10-01T09:00:00+09:00[+09:00]".parse().expect("a time");
    let mut setup = setup();
    setup.register = Some(Desk::open(path.clone(), None, now).expect("a register"));
    (setup, path)
}

fn by() -> Part {
    Part::word("by", "町田")
}

fn received(name: &str) -> Part {
    file(
        "file",
        name,
        &format!("examples/13-checklist/received/{name}"),
    )
}

/// A page whose register knows the facility of the examples.
fn filled(name: &str) -> (Visitor, PathBuf) {
    let (visitor, path) = page(name);
    let facility = file(
        "file",
        "facility.toml",
        "examples/13-checklist/facility.toml",
    );
    let answer = visitor.post("/register/facility", &[facility, by()]);
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, "/register"),
        "{}",
        answer.text()
    );
    (visitor, path)
}

fn status(path: &std::path::Path, id: &str) -> String {
    let register = Register::open(path).expect("a register");
    register
        .system(id, support::TODAY)
        .expect("asked")
        .expect("a system")
        .status
}

#[test]
fn without_a_register_every_address_says_how_to_have_one() {
    let visitor = visitor();
    for path in [
        "/register",
        "/register/files",
        "/register/system/pacs",
        "/register/checklist",
    ] {
        let answer = visitor.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.text().contains("serve --register"), "{path}");
    }
    assert!(!visitor.get("/").text().contains("href=\"/register\""));
}

#[test]
fn systems_have_a_light_with_a_word_and_can_be_searched() {
    let (visitor, _) = page("lights");
    assert!(
        visitor
            .get("/register")
            .text()
            .contains("まだ施設ファイルが記録されていません")
    );
    let (visitor, path) = filled("lights");
    let text = visitor.get("/register").text();
    assert!(
        text.contains("電子カルテ") && text.contains("未依頼"),
        "{text}"
    );
    // The sign and the word stand beside the colour.
    assert!(text.contains("t-bad") && text.contains("✕"));
    let found = visitor.get("/register?q=%E7%94%BB%E5%83%8F").text();
    assert!(found.contains("system&#x2f;pacs") && !found.contains("system&#x2f;karte"));
    let none = visitor.get("/register?status=accepted").text();
    assert!(!none.contains("system&#x2f;"));
    assert_eq!(status(&path, "pacs"), "missing");
    assert_eq!(visitor.get("/register/system/no-such").status, 404);
}

#[test]
fn what_comes_is_recorded_with_its_bytes_and_finds_its_system() {
    let (visitor, path) = filled("received");
    let files = ["minato-karte.toml", "kawabe-pacs.toml", "hikari-kensa.toml"];
    let mut parts: Vec<Part> = files.iter().map(|name| received(name)).collect();
    parts.push(by());
    let text = visitor.post("/register/add", &parts).text();
    assert!(
        text.contains("karte") && text.contains("kensa のものかもしれません"),
        "{text}"
    );
    assert_eq!(status(&path, "karte"), "received");
    // The one of no system is given to one by hand.
    let bytes =
        std::fs::read(support::project().join("examples/13-checklist/received/hikari-kensa.toml"));
    let bytes = bytes.expect("an example");
    let sha256 = kaijisho::Source::new("a", bytes.clone()).sha256;
    assert!(
        visitor
            .get("/register/files?status=unassigned")
            .text()
            .contains(&sha256)
    );
    let given = [
        Part::word("sha256", &sha256),
        Part::word("system", "kensa"),
        by(),
    ];
    let answer = visitor.post("/register/assign", &given);
    assert_eq!(
        answer.header("location"),
        "/register/system/kensa",
        "{}",
        answer.text()
    );
    assert_eq!(status(&path, "kensa"), "received");
    // The bytes come out as they came in, to be saved and not shown.
    let original = visitor.get(&format!("/register/file/{sha256}/original"));
    assert_eq!(original.body, bytes);
    assert_eq!(original.header("content-type"), "application/octet-stream");
    assert!(
        original
            .header("content-disposition")
            .starts_with("attachment")
    );
    let check = visitor.get(&format!("/register/file/{sha256}"));
    assert_eq!(check.status, 200);
    assert!(check.text().contains("hikari-kensa.toml"));
    for wrong in ["abcd", "../../etc/passwd", &"0".repeat(64)] {
        assert_eq!(
            visitor.get(&format!("/register/file/{wrong}")).status,
            404,
            "{wrong}"
        );
    }
    // Recorded again it is known, and nothing is added.
    let again = visitor
        .post("/register/add", &[received("minato-karte.toml"), by()])
        .text();
    assert!(again.contains("記録済み"), "{again}");
    let register = Register::open(&path).expect("a register");
    assert_eq!(
        register.files(&FileQuery::default()).expect("asked").total,
        3
    );
    assert!(register.verify(None).expect("proved").problems.is_empty());
}

#[test]
fn a_system_goes_its_way_and_its_page_tells_it() {
    let (visitor, path) = filled("way");
    let post = |verb: &str, fields: &[(&str, &str)]| {
        let mut parts: Vec<Part> = fields
            .iter()
            .map(|(name, text)| Part::word(name, text))
            .collect();
        parts.push(by());
        let answer = visitor.post(&format!("/register/system/pacs/{verb}"), &parts);
        assert_eq!(
            answer.header("location"),
            "/register/system/pacs",
            "{verb}: {}",
            answer.text()
        );
        status(&path, "pacs")
    };
    assert_eq!(
        post("request", &[("due", "2026-09-15"), ("note", "メールで")]),
        "overdue"
    );
    visitor.post("/register/add", &[received("kawabe-pacs.toml"), by()]);
    assert_eq!(
        post("return", &[("why", "版が古い"), ("due", "2026-10-15")]),
        "sent-back"
    );
    let again = file(
        "file",
        "kawabe-2026.toml",
        "examples/12-changes/kawabe-2026.toml",
    );
    visitor.post(
        "/register/add",
        &[again, by(), Part::word("system", "pacs")],
    );
    assert_eq!(post("assess", &[("against", "small-hospital")]), "checked");
    assert_eq!(
        post(
            "accept",
            &[("why", "次の更新まで"), ("except", "項目32\r\n\r\n項目18")]
        ),
        "accepted-with-exceptions"
    );
    let text = visitor.get("/register/system/pacs").text();
    for told in [
        "条件付き承認",
        "項目32",
        "項目18",
        "メールで",
        "版が古い",
        "kawabe-2026.toml",
        "small-hospital",
        "新しい開示書があります",
        "悪化",
        "町田",
    ] {
        assert!(text.contains(told), "{told}");
    }
    let english = visitor
        .with_cookie("kaijisho-language=en")
        .get("/register/system/pacs")
        .text();
    assert!(english.contains("accepted with exceptions") && english.contains("lang=\"en\""));
}

#[test]
fn what_cannot_be_recorded_is_told_and_nothing_is() {
    let (visitor, path) = filled("refused");
    let entries = || {
        Register::open(&path)
            .and_then(|register| register.head())
            .expect("a head")
            .0
    };
    let before = entries();
    let request = "/register/system/pacs/request";
    let cases: [(&str, Vec<Part>, u16); 7] = [
        (request, vec![Part::word("due", "2026-10-31")], 422),
        (request, vec![Part::word("due", "来月"), by()], 422),
        ("/register/system/pacs/accept", vec![by()], 422),
        (
            "/register/system/pacs/accept",
            vec![Part::word("why", "よい"), by()],
            422,
        ),
        ("/register/system/no-such/request", vec![by()], 422),
        ("/register/system/pacs/erase", vec![by()], 404),
        (
            "/register/facility",
            vec![Part::bytes("file", "f.toml", b"name = 1".to_vec()), by()],
            422,
        ),
    ];
    for (path, parts, status) in cases {
        let answer = visitor.post(path, &parts);
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
    }
    let foreign = visitor.with_token("none").post(request, &[by()]);
    assert_eq!(
        foreign.status, 403,
        "without the token of the page nothing is recorded"
    );
    assert_eq!(entries(), before);
}

#[test]
fn the_checklist_of_the_year_is_filled_from_the_register() {
    let (empty, _) = page("checklist-empty");
    assert_eq!(empty.get("/register/checklist").status, 422);
    let (visitor, _) = filled("checklist");
    visitor.post("/register/add", &[received("minato-karte.toml"), by()]);
    let text = visitor.get("/register/checklist?year=r7").text();
    assert!(text.contains("みなと町病院"), "{text}");
    let saved = visitor.get("/register/checklist/xlsx?year=r7");
    assert_eq!(saved.header("content-type"), super::ask::XLSX);
    assert!(saved.body.starts_with(b"PK"));
    assert_eq!(visitor.get("/register/checklist?year=../x").status, 404);
}

#[test]
fn several_at_once_are_all_recorded_once() {
    let (setup, path) = with_register("at-once");
    let router = router(Service::new(setup).expect("random numbers"));
    let visitor = Arc::new(Visitor::at(router));
    let facility = file(
        "file",
        "facility.toml",
        "examples/13-checklist/facility.toml",
    );
    visitor.post("/register/facility", &[facility, by()]);
    std::thread::scope(|scope| {
        for worker in 0..8 {
            let visitor = Arc::clone(&visitor);
            scope.spawn(move || {
                for round in 0..3 {
                    // Half of them bring the same file.
                    let number = if worker % 2 == 0 { round } else { worker * 10 + round };
                    let text = format!(
                        "form = 'mds-reference'\nitems = [{{ number = '1', answer = 'はい', remark = '{number}' }}]\n\
                         [header]\ndate = 2026-09-01\nmanufacturer = '川辺メディカル'\nproduct = '画像'\n"
                    );
                    let part = Part::bytes("file", "a.toml", text.into_bytes());
                    let answer = visitor.post("/register/add", &[part, by()]);
                    assert_eq!(answer.status, 200, "{}", answer.text());
                    assert_eq!(visitor.get("/register").status, 200);
                }
            });
        }
    });
    let register = Register::open(&path).expect("a register");
    assert_eq!(
        register.files(&FileQuery::default()).expect("asked").total,
        3 + 12
    );
    assert!(register.verify(None).expect("proved").problems.is_empty());
    let systems = register.systems(&SystemQuery::default(), support::TODAY);
    assert!(systems.expect("asked").total > 0);
}
