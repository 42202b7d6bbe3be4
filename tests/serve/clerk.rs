//! The walk-through of `examples/16-clerk`: its steps, gone against the started program, and its words.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde::Deserialize;

use super::ask::{Part, file, form};
use super::support;

const FOLDER: &str = "examples/16-clerk";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Steps {
    step: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    id: String,
    get: Option<String>,
    post: Option<String>,
    #[serde(default)]
    fields: BTreeMap<String, String>,
    #[serde(default)]
    files: BTreeMap<String, Vec<String>>,
    shows: Vec<String>,
    #[serde(default)]
    hides: Vec<String>,
    #[serde(default)]
    english: bool,
}

fn text(name: &str) -> String {
    let path = support::project().join(FOLDER).join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn steps() -> Vec<Step> {
    toml::from_str::<Steps>(&text("steps.toml"))
        .expect("steps")
        .step
}

/// The program, started; it ends with this.
struct Started {
    child: Child,
    address: String,
    cookie: String,
    token: String,
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Started {
    fn new() -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("serve-clerk");
        if folder.exists() {
            std::fs::remove_dir_all(&folder).expect("an old folder goes");
        }
        std::fs::create_dir_all(&folder).expect("a folder");
        let mut child = Command::new(env!("CARGO_BIN_EXE_kaijisho"))
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--register",
                "register.db",
            ])
            .args(["--date", "2026-10-01", "--lang", "ja"])
            .current_dir(&folder)
            .env_clear()
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program");
        let said = child.stderr.take().expect("what it says");
        let line = BufReader::new(said)
            .lines()
            .next()
            .expect("a line")
            .expect("UTF-8");
        let address = line
            .split("http://")
            .nth(1)
            .and_then(|rest| rest.split('/').next());
        let address = address.unwrap_or_else(|| panic!("{line}")).to_owned();
        let mut started = Self {
            child,
            address,
            cookie: String::new(),
            token: String::new(),
        };
        let first = started.ask("GET", "/fill", "", &[]);
        let cookie = first
            .0
            .lines()
            .find_map(|line| line.strip_prefix("set-cookie: "));
        let cookie = cookie.and_then(|cookie| cookie.split(';').next());
        started.cookie = cookie.expect("a cookie").to_owned();
        let token = first.1.split("name=\"csrf\" value=\"").nth(1);
        let token = token.and_then(|rest| rest.split('"').next());
        started.token = token.expect("a token").to_owned();
        started
    }

    /// The head and the body of an answer.
    fn ask(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> (String, String) {
        let mut stream = TcpStream::connect(&self.address).expect("connected");
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nContent-Type: {kind}\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n",
            self.address, self.cookie
        );
        stream.write_all(head.as_bytes()).expect("sent");
        stream.write_all(body).expect("sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        let answer = String::from_utf8(answer).expect("UTF-8");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        (head.to_ascii_lowercase(), body.to_owned())
    }

    /// A page, after it was sent on where it is.
    fn page(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> String {
        let (head, shown) = self.ask(method, path, kind, body);
        let status: u16 = head[9..12].parse().expect("a status");
        if status == 303 {
            let place = head
                .lines()
                .find_map(|line| line.strip_prefix("location: "));
            return self.page("GET", place.expect("a place"), "", &[]);
        }
        assert_eq!(status, 200, "{method} {path}: {shown}");
        shown
    }

    /// What a step shows.
    fn go(&self, step: &Step, language: &str) -> String {
        let with = |path: &str| match path.contains('?') {
            true => format!("{path}&lang={language}"),
            false => format!("{path}?lang={language}"),
        };
        if let Some(path) = &step.get {
            return self.page("GET", &with(path), "", &[]);
        }
        let mut parts = vec![Part::word("csrf", &self.token)];
        for (name, text) in &step.fields {
            let hash = text
                .strip_prefix("{sha256:")
                .and_then(|rest| rest.strip_suffix('}'));
            let hash = hash.map(|path| {
                let bytes = std::fs::read(support::project().join(path)).expect("a file");
                kaijisho::Source::new(path, bytes).sha256
            });
            parts.push(Part::word(name, hash.as_deref().unwrap_or(text)));
        }
        for (field, paths) in &step.files {
            for path in paths {
                let name = path.rsplit('/').next().expect("a name");
                parts.push(file(field, name, path));
            }
        }
        let (kind, body) = form(&parts);
        let path = step.post.as_deref().expect("a step gets or posts");
        self.page("POST", &with(path), &kind, &body)
    }
}

#[test]
fn every_step_goes_as_it_is_told() {
    let started = Started::new();
    let (mut japanese, mut english) = (String::new(), String::new());
    for step in steps() {
        let shown = plain(&started.go(&step, "ja"));
        for word in &step.shows {
            assert!(shown.contains(word), "{}: {word} in {shown}", step.id);
        }
        for word in &step.hides {
            assert!(!shown.contains(word), "{}: {word} in {shown}", step.id);
        }
        japanese.push_str(&shown);
        if step.english || step.get.is_some() {
            english.push_str(&plain(&started.go(&step, "en")));
        }
        // The pages that each step leads to.
        for path in [
            "/",
            "/fill",
            "/register",
            "/register/system/pacs",
            "/register/files?status=unassigned",
        ] {
            let page = |language: &str| {
                let mark = if path.contains('?') { '&' } else { '?' };
                plain(&started.page("GET", &format!("{path}{mark}lang={language}"), "", &[]))
            };
            if started
                .ask("GET", path, "", &[])
                .0
                .starts_with("http/1.1 200")
            {
                japanese.push_str(&page("ja"));
                english.push_str(&page("en"));
            }
        }
    }
    // What the walk-through names is on the pages, in these words.
    for (name, marks, pages) in [
        ("README.md", ['「', '」'], japanese),
        ("README.en.md", ['*', '*'], english),
    ] {
        let text = text(name);
        let named: Vec<&str> = text
            .replace("**", "*")
            .leak()
            .split(marks[0])
            .enumerate()
            .filter(|(at, _)| marks[0] != '*' || at % 2 == 1)
            .skip(usize::from(marks[0] != '*'))
            .filter_map(|(_, rest)| rest.split(marks[1]).next())
            .collect();
        assert!(named.len() > 20, "{name}: {named:?}");
        let missing: Vec<&str> = named
            .into_iter()
            .filter(|word| !pages.contains(word))
            .collect();
        assert!(missing.is_empty(), "{name}: {missing:?} are on no page");
    }
}

#[test]
fn both_walk_throughs_tell_each_step_once_and_in_order() {
    let ids: Vec<String> = steps().into_iter().map(|step| step.id).collect();
    for name in ["README.md", "README.en.md"] {
        let text = text(name);
        let told: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("<!-- step: ")?.strip_suffix(" -->"))
            .collect();
        assert_eq!(told, ids, "{name}");
        let pictures = text
            .lines()
            .filter_map(|line| line.strip_prefix("![")?.split("](").nth(1));
        for picture in pictures {
            let path = support::project()
                .join(FOLDER)
                .join(picture.trim_end_matches(')'));
            let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{picture}: {error}"));
            assert!(bytes.starts_with(b"\x89PNG"), "{picture}");
        }
    }
    let files = support::files(&support::project().join(FOLDER));
    let sizes = files
        .iter()
        .filter(|path| path.extension().is_some_and(|it| it == "png"));
    let sizes = sizes.map(|path| path.metadata().expect("a file").len());
    assert!(sizes.sum::<u64>() < 400 * 1024, "pictures stay small");
}

/// A page without what stands for single characters.
fn plain(page: &str) -> String {
    let pairs = [
        ("&#x2f;", "/"),
        ("&#x27;", "'"),
        ("&quot;", "\""),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ];
    pairs
        .into_iter()
        .fold(page.to_owned(), |text, (from, to)| text.replace(from, to))
}
