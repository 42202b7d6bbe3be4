//! What the program cannot do, because nothing in it could: talk to a network, run unsafe code or another program,
//! open a file that an input names.

mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Crates whose work is the network. One of them in the tree, however deep, is noticed.
const NETWORK: [&str; 58] = [
    "actix-web",
    "async-std",
    "attohttpc",
    "awc",
    "axum",
    "curl",
    "curl-sys",
    "git2",
    "h2",
    "h3",
    "hickory-proto",
    "hickory-resolver",
    "http",
    "http-body",
    "httparse",
    "hyper",
    "hyper-rustls",
    "hyper-tls",
    "hyper-util",
    "isahc",
    "lettre",
    "libcurl-sys",
    "libgit2-sys",
    "libp2p",
    "libssh2-sys",
    "minreq",
    "mio",
    "native-tls",
    "object_store",
    "opendal",
    "openssl",
    "openssl-sys",
    "quinn",
    "quinn-proto",
    "reqwest",
    "rouille",
    "russh",
    "rustls",
    "schannel",
    "security-framework",
    "smol",
    "socket2",
    "ssh2",
    "surf",
    "suppaftp",
    "tiny_http",
    "tokio",
    "tokio-rustls",
    "tonic",
    "trust-dns-resolver",
    "tungstenite",
    "ureq",
    "warp",
    "webpki-roots",
    "websocket",
    "wasi-http",
    "ws",
    "zmq",
];

/// Network crates that are in the tree nevertheless, each with its reason. Exact: one that is gone has to go here.
const ALLOWED_CRATES: [(&str, &str); 9] = [
    ("axum", "`serve`: routes and uploads of the local page"),
    ("http", "`serve`: the words of HTTP, no socket"),
    ("http-body", "`serve`: the same"),
    ("httparse", "`serve`: reads heads of requests"),
    ("hyper", "`serve`: HTTP/1, its side that answers only"),
    ("hyper-util", "`serve`: hyper on tokio, no client"),
    ("mio", "`serve`: waits for sockets, beneath tokio"),
    ("socket2", "`serve`: sockets, beneath tokio"),
    ("tokio", "`serve`: threads and time limits"),
];

/// Source files that may listen or connect, each with its reason. Exact as well.
const ALLOWED_SOCKETS: [(&str, &str); 5] = [
    ("src/cli/serve.rs", "binds the address that the user named"),
    ("src/serve/listen.rs", "accepts connections, opens none"),
    ("src/serve/safety.rs", "the address a request came from"),
    (
        "src/serve/safety/host.rs",
        "names of the address, no socket",
    ),
    (
        "src/serve/safety/rate.rs",
        "counts requests by address, no socket",
    ),
];

/// Source files that may touch the file system, each with what it opens: always a path that the user named.
const ALLOWED_FILES: [(&str, &str); 28] = [
    (
        "src/cli/batch/folder.rs",
        "a file in the folder after -o for each input, under the path that the user gave",
    ),
    ("src/cli/batch/ledger.rs", "the ledger after --resume"),
    ("src/cli/batch/list.rs", "the list after --files-from"),
    (
        "src/cli/batch/names.rs",
        "whether an output would stand on an input",
    ),
    (
        "src/cli/batch/settings.rs",
        "the forms and the profile of a run, for the ledger's first line",
    ),
    (
        "src/cli/batch/sink.rs",
        "the output, written beside and renamed",
    ),
    (
        "src/cli/convert.rs",
        "whether what is to be converted is a folder",
    ),
    (
        "src/checklist/year.rs",
        "whether the name of a year is a file",
    ),
    (
        "src/cli/arguments.rs",
        "whether a name after --form is a file",
    ),
    ("src/cli/home.rs", "the user's own folder of forms"),
    ("src/cli/inputs.rs", "files and folders named"),
    (
        "src/cli/message.rs",
        "names beside a file that is not there",
    ),
    ("src/cli/output.rs", "outputs named"),
    (
        "src/cli/products.rs",
        "outputs named, whether they are there",
    ),
    ("src/cli/risks.rs", "the register named"),
    (
        "src/control/wordings/learn.rs",
        "tests: the project's own wordings",
    ),
    ("src/form/catalog.rs", "the user's own folder of forms"),
    (
        "src/profile/catalog.rs",
        "profiles named, and those they say they extend",
    ),
    ("src/risks.rs", "the register named"),
    ("src/source.rs", "the one place where inputs are opened"),
    ("src/cli/import.rs", "outputs named"),
    (
        "src/cli/returned.rs",
        "the sheet named, whether it is a folder",
    ),
    ("src/cli/register.rs", "the register named"),
    ("src/cli/register/add.rs", "sheets and the register named"),
    ("src/cli/register/decide.rs", "the register named"),
    ("src/cli/register/keep.rs", "the register named"),
    ("src/register/folder.rs", "the register named"),
    ("src/register/open.rs", "the register named"),
];

/// All source files with their text, tests within them left out.
fn sources() -> Vec<(String, String)> {
    let project = support::project();
    let mut found = Vec::new();
    let mut open = vec![project.join("src")];
    while let Some(folder) = open.pop() {
        open.extend(support::folders(&folder));
        let is_code = |path: &PathBuf| !path.ends_with("tests.rs");
        for path in support::files(&folder).into_iter().filter(is_code) {
            let name = relative(&path, project);
            let text = support::text(&path);
            found.push((name, text));
        }
    }
    found.sort();
    found
}

fn relative(path: &Path, project: &Path) -> String {
    let path: PathBuf = path
        .strip_prefix(project)
        .expect("in the project")
        .to_owned();
    path.to_str().expect("UTF-8").replace('\\', "/")
}

/// The text of a source file without comments and without its tests.
fn code(text: &str) -> String {
    let text = text
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or(text);
    let lines = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn no_crate_of_the_network_is_in_the_tree() {
    let lock: toml::Table =
        toml::from_str(&support::text(&support::project().join("Cargo.lock"))).expect("TOML");
    let packages = lock["package"].as_array().expect("packages");
    let names: BTreeSet<&str> = packages
        .iter()
        .filter_map(|package| package["name"].as_str())
        .collect();
    assert!(
        names.len() > 50 && names.contains("zip"),
        "this is not our tree"
    );
    let found: Vec<&str> = NETWORK
        .into_iter()
        .filter(|name| names.contains(name))
        .collect();
    assert_eq!(found, ALLOWED_CRATES.map(|(name, _)| name));
}

/// Features of crates in the tree that would let the program ask somebody else for something.
#[test]
fn the_web_page_has_no_client_and_starts_nothing() {
    let cargo: toml::Table =
        toml::from_str(&support::text(&support::project().join("Cargo.toml"))).expect("TOML");
    let features = |name: &str| -> Vec<String> {
        let crate_of = &cargo["dependencies"][name];
        assert_eq!(
            crate_of["default-features"].as_bool(),
            Some(false),
            "{name}"
        );
        let features = crate_of["features"].as_array().expect("features");
        let names = features.iter().filter_map(|it| it.as_str());
        names.map(str::to_owned).collect()
    };
    for name in ["axum", "tokio", "hyper", "hyper-util"] {
        for feature in features(name) {
            let lets_out = ["client", "full", "process", "fs", "ws", "http2"];
            assert!(
                !lets_out.iter().any(|it| feature.starts_with(it)),
                "{name}: {feature}"
            );
        }
    }
    for (name, text) in sources() {
        let code = code(&text);
        for mark in [
            "TcpStream::connect",
            "TcpSocket",
            "UdpSocket",
            "lookup_host",
        ] {
            assert!(!code.contains(mark), "{name}: {mark}");
        }
        // The words of the web stay in their rooms.
        let is_room = name.starts_with("src/serve") || name == "src/cli/serve.rs";
        for mark in ["axum::", "hyper::", "tokio::", "hyper_util::"] {
            assert!(is_room || !code.contains(mark), "{name}: {mark}");
        }
    }
}

#[test]
fn no_source_file_knows_the_network_or_starts_a_program() {
    let marks = [
        "std::net",
        "TcpStream",
        "TcpListener",
        "UdpSocket",
        "UnixStream",
        "UnixListener",
        "SocketAddr",
    ];
    let mut found = Vec::new();
    for (name, text) in sources() {
        let code = code(&text);
        if marks.iter().any(|mark| code.contains(mark)) {
            found.push(name.clone());
        }
        for mark in [
            "process::Command",
            "Command::new(\"",
            "libloading",
            "dlopen",
        ] {
            assert!(!code.contains(mark), "{name}: {mark}");
        }
    }
    assert_eq!(found, ALLOWED_SOCKETS.map(|(name, _)| name));
}

#[test]
fn secrets_are_compared_in_a_time_that_tells_nothing() {
    let sources = sources();
    let text = |name: &str| -> String {
        let found = sources.iter().find(|(known, _)| known == name);
        code(&found.expect("a source file").1)
    };
    let secret = text("src/serve/safety/secret.rs");
    assert_eq!(secret.matches(".ct_eq(").count(), 2);
    assert!(!secret.contains(" == "));
    // Whoever holds a secret asks there.
    assert!(text("src/serve/safety/visit.rs").contains("secret::same(&self.token, token)"));
    assert!(text("src/serve/safety/access.rs").contains("secret::is(said, &token)"));
    for (name, text) in &sources {
        for mark in [
            "token ==",
            "== token",
            "token !=",
            "password ==",
            "== password",
        ] {
            let is_serve = name.starts_with("src/serve");
            assert!(!is_serve || !code(text).contains(mark), "{name}: {mark}");
        }
    }
}

#[test]
fn unsafe_code_is_forbidden_and_there_is_none() {
    let cargo: toml::Table =
        toml::from_str(&support::text(&support::project().join("Cargo.toml"))).expect("TOML");
    assert_eq!(
        cargo["lints"]["rust"]["unsafe_code"].as_str(),
        Some("forbid")
    );
    for (name, text) in sources() {
        assert!(!code(&text).contains("unsafe"), "{name}");
    }
}

#[test]
fn nothing_that_reads_a_sheet_could_open_a_file() {
    let marks = [
        "fs::",
        "File::open",
        "File::create",
        "File::options",
        ".is_file()",
        ".is_dir()",
        "exists()",
        ".metadata()",
        ".canonicalize()",
        "read_dir",
        "create_dir",
        "remove_file",
        "WalkDir",
    ];
    let allowed: BTreeSet<&str> = ALLOWED_FILES.iter().map(|(name, _)| *name).collect();
    let found: BTreeSet<String> = sources()
        .into_iter()
        .filter(|(_, text)| marks.iter().any(|mark| code(text).contains(mark)))
        .map(|(name, _)| name)
        .collect();
    let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(found, allowed);
    // Reading, judging and showing know neither paths nor the environment nor the clock.
    for (name, text) in sources() {
        let is_pure = [
            "read", "validate", "assess", "compare", "write", "patch", "fill", "report", "migrate",
        ]
        .iter()
        .any(|room| name.starts_with(&format!("src/{room}/")) || name == format!("src/{room}.rs"));
        if is_pure {
            for mark in [
                "std::path",
                "std::env::",
                "Instant::now",
                "SystemTime",
                "Zoned::now",
            ] {
                assert!(!code(&text).contains(mark), "{name}: {mark}");
            }
        }
    }
}

#[test]
fn the_policy_of_dependencies_is_checked() {
    let policy = support::text(&support::project().join(".ci/deny.toml"));
    let policy: toml::Table = toml::from_str(&policy).expect("TOML");
    assert_eq!(policy["sources"]["unknown-registry"].as_str(), Some("deny"));
    assert_eq!(policy["sources"]["unknown-git"].as_str(), Some("deny"));
    let bans = policy["bans"]["deny"].as_array().expect("a list");
    let banned: BTreeSet<&str> = bans
        .iter()
        .filter_map(|ban| ban["crate"].as_str())
        .collect();
    let allowed = ALLOWED_CRATES.map(|(name, _)| name);
    let missing: Vec<&str> = NETWORK
        .into_iter()
        .filter(|name| !banned.contains(name) && !allowed.contains(name))
        .collect();
    assert!(missing.is_empty(), "deny.toml does not ban {missing:?}");
}
