//! What every request has to pass, item by item.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, header};
use kaijisho::serve::{Access, Hosts, hash_password, listen};

use super::ask::{self, HOST, Part, Visitor, bounded, file, setup, visitor};
use super::{SHEET, sheet};

#[test]
fn a_name_that_is_not_ours_is_refused() {
    let visitor = visitor();
    for (host, status) in [
        (HOST, 200),
        ("localhost:7878", 200),
        ("rebound.example:7878", 421),
        ("127.0.0.1:80", 421),
        ("", 421),
    ] {
        let request = Request::builder().uri("/").header(header::HOST, host);
        let answer = visitor.send(request.body(Body::empty()).unwrap());
        assert_eq!(answer.status, status, "{host}");
    }
    let request = Request::builder().uri("/").body(Body::empty()).unwrap();
    assert_eq!(visitor.send(request).status, 421, "no name at all");
}

#[test]
fn another_page_cannot_send_anything() {
    let visitor = visitor();
    for (name, value, status) in [
        ("origin", "http://127.0.0.1:7878", 200),
        ("origin", "http://localhost:7878", 200),
        ("origin", "https://elsewhere.example", 403),
        ("origin", "http://127.0.0.1:7879", 403),
        ("origin", "null", 403),
        ("sec-fetch-site", "same-origin", 200),
        ("sec-fetch-site", "cross-site", 403),
        ("sec-fetch-site", "same-site", 403),
    ] {
        let page = visitor.send(visitor.posting("/check", &[sheet()], &[(name, value)]));
        assert_eq!(page.status, status, "{name}: {value}");
        let (kind, body) = ask::form(&[sheet()]);
        let api = visitor.posted("/api/v1/check", &kind, body, &[(name, value)]);
        assert_eq!(visitor.send(api).status, status, "{name}: {value}");
    }
}

#[test]
fn a_form_without_the_page_s_token_is_refused() {
    let visitor = visitor();
    assert_eq!(visitor.post("/check", &[sheet()]).status, 200);
    let other = Visitor::of(setup());
    let twisted: String = visitor.token().chars().rev().collect();
    for token in ["", "0", other.token(), &twisted] {
        let answer = visitor.with_token(token).post("/check", &[sheet()]);
        assert_eq!(answer.status, 403, "{token}");
    }
    for path in ["/check", "/gaps", "/compare", "/changes", "/download"] {
        let (kind, body) = ask::form(&[sheet()]);
        let answer = visitor.send(visitor.posted(path, &kind, body, &[]));
        assert_eq!(answer.status, 403, "{path}");
    }
    // Behind a file it comes too late: nothing is read before it.
    let late = [sheet(), Part::word("csrf", visitor.token())];
    let (kind, body) = ask::form(&late);
    assert_eq!(
        visitor
            .send(visitor.posted("/check", &kind, body, &[]))
            .status,
        403
    );
    // The token of one browser is of no use in another.
    let stranger = Visitor::at(visitor.router.clone());
    let stolen = stranger.with_token(visitor.token());
    assert_eq!(stolen.post("/check", &[sheet()]).status, 403);
}

#[test]
fn every_answer_has_the_headers_and_every_cookie_its_guards() {
    let visitor = Visitor::of(setup());
    let fresh = Request::builder().uri("/").header(header::HOST, HOST);
    let fresh = visitor.send(fresh.body(Body::empty()).unwrap());
    assert_eq!(fresh.cookies().len(), 1);
    let answers = [
        fresh,
        visitor.get("/nothing"),
        visitor.get("/assets/page.css"),
        visitor.get("/assets/page.js"),
        visitor.get("/language/en"),
        visitor.get("/api/v1/forms"),
        visitor.get("/api/v1/check"),
        visitor.post("/check", &[sheet()]),
        visitor.post("/download", &[sheet(), Part::word("to", "report-html")]),
    ];
    for answer in answers {
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
        assert!(
            !policy.contains("unsafe") && !policy.contains('*'),
            "{policy}"
        );
        for needed in [
            "script-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ] {
            assert!(policy.contains(needed), "{needed}");
        }
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        assert_eq!(answer.header("x-frame-options"), "DENY");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
        assert!(["no-store", "no-cache"].contains(&answer.header("cache-control")));
        assert_eq!(answer.header("access-control-allow-origin"), "");
        for cookie in answer.cookies() {
            assert!(
                cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Strict"),
                "{cookie}"
            );
        }
    }
}

#[test]
fn behind_https_cookies_go_by_nothing_else() {
    let mut setup = setup();
    let proxies = ["https://kaiji.example.jp".to_owned()];
    setup.hosts = Hosts::of(HOST.parse().unwrap(), &proxies).unwrap();
    let visitor = Visitor::of(setup);
    let request = Request::builder()
        .uri("/")
        .header(header::HOST, "kaiji.example.jp");
    let answer = visitor.send(request.body(Body::empty()).unwrap());
    let cookies = answer.cookies();
    assert!(
        cookies[0].starts_with("__Host-") && cookies[0].ends_with("; Secure"),
        "{cookies:?}"
    );
}

#[test]
fn there_is_nothing_but_the_routes() {
    let visitor = visitor();
    for path in [
        "/assets/",
        "/assets",
        "/assets/../Cargo.toml",
        "/assets/%2e%2e/Cargo.toml",
        "/assets/..%2fpage.css",
        "/templates/page/page.css",
        "/etc/passwd",
        "//etc/passwd",
        "/.git/config",
        "/api/",
        "/api/v1/",
        "/api/v1/../../etc/passwd",
    ] {
        assert_eq!(visitor.get(path).status, 404, "{path}");
    }
}

#[test]
fn the_name_of_a_file_is_only_a_name() {
    let visitor = visitor();
    let path = "../../../etc/passwd.xlsx";
    let evil = file("file", path, SHEET);
    let answer = visitor.api("/api/v1/check", &[evil]).json();
    assert_eq!(answer["documents"][0]["file"], "passwd.xlsx");
    let markup = file("file", "<img src=x onerror=alert(1)>.xlsx", SHEET);
    let page = visitor.post("/check", &[markup]).text();
    assert!(!page.contains("<img") && page.contains("&lt;img"));
    // Nor does it end the part of a report that is put into the page.
    let markup = file("file", "</main><script>alert(1)</script>.xlsx", SHEET);
    let parts = [markup, Part::word("against", "small-hospital")];
    let page = visitor.post("/gaps", &parts).text();
    assert!(!page.contains("<script>") && page.matches("</main>").count() == 1);
    // A profile is one of those that can be chosen, never a file of this computer.
    for name in [
        "Cargo.toml",
        "schemas/profiles/small-hospital.toml",
        "/etc/passwd",
        "../x.toml",
    ] {
        let parts = [sheet(), Part::word("against", name)];
        assert_eq!(visitor.api("/api/v1/diff", &parts).status, 422, "{name}");
    }
}

#[test]
fn what_is_too_much_is_refused() {
    let small = bounded(|bounds| {
        bounds.body_bytes = 50_000;
        bounds.files = 2;
    });
    let large = || Part::bytes("file", "large.csv", vec![b'x'; 60_000]);
    assert_eq!(small.api("/api/v1/check", &[large()]).status, 413);
    assert_eq!(small.post("/check", &[large()]).status, 413);
    // Also where the request does not say how long it is.
    let (kind, body) = ask::form(&[large()]);
    let request = small.request(Method::POST, "/api/v1/check");
    let request = request.header(header::CONTENT_TYPE, kind);
    assert_eq!(
        small.send(request.body(Body::from(body)).unwrap()).status,
        413
    );
    let few = || Part::bytes("file", "a.csv", b"a,b\n".to_vec());
    assert_eq!(small.api("/api/v1/check", &[few(), few()]).status, 200);
    let answer = small.api("/api/v1/check", &[few(), few(), few()]);
    assert_eq!(answer.status, 413);
    assert!(answer.json()["detail"].as_str().unwrap().contains('2'));
    // A word that is no word.
    let long = Part::word("date", &"9".repeat(70_000));
    assert_eq!(visitor().api("/api/v1/check", &[long, few()]).status, 413);
}

#[test]
fn what_is_no_form_is_refused() {
    let visitor = visitor();
    for (kind, body) in [
        ("application/json", "{}"),
        ("multipart/form-data", "x"),
        ("multipart/form-data; boundary=a", "no boundary"),
        (
            "multipart/form-data; boundary=a",
            "--a\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\ncut off",
        ),
        ("text/plain", ""),
    ] {
        let request = visitor.posted("/api/v1/check", kind, body.into(), &[]);
        assert_eq!(visitor.send(request).status, 400, "{kind} {body}");
    }
}

#[test]
fn a_bomb_is_a_finding_and_harms_nothing_else() {
    let visitor = visitor();
    let parts = [Part::bytes("file", "bomb.xlsx", bomb()), sheet()];
    let answer = visitor.api("/api/v1/check", &parts);
    assert_eq!(answer.status, 200);
    let checked = answer.json();
    assert_eq!(
        checked["documents"][0]["findings"][0]["name"],
        "file-too-large"
    );
    assert_eq!(checked["documents"][1]["form"]["id"], "mds-reference");
}

/// A zip of a few KiB whose one member is 80 MiB of nothing.
fn bomb() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for name in ["[Content_Types].xml", "xl/workbook.xml"] {
        zip.start_file(name, options).unwrap();
        let zeros = vec![b' '; 1024 * 1024];
        for _ in 0..80 {
            zip.write_all(&zeros).unwrap();
        }
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn too_many_requests_at_once_or_in_a_row_are_turned_away_with_words() {
    let busy = bounded(|bounds| bounds.requests = 0);
    let answer = busy.api("/api/v1/check", &[sheet()]);
    assert_eq!((answer.status, answer.header("retry-after")), (503, "5"));
    let page = busy.post("/check", &[sheet()]);
    assert!(page.status == 503 && page.text().contains("混み合っています"));
    let often = bounded(|bounds| {
        bounds.burst = 3;
        bounds.rate = 0;
    });
    let statuses: Vec<u16> = (0..4).map(|_| often.get("/api/v1/forms").status).collect();
    assert_eq!(statuses, [200, 200, 429, 429], "the first page was one");
}

fn guarded(users: Option<&str>) -> Visitor {
    let mut setup = setup();
    let token = ("token", "0123456789abcdef0123456789abcdef\n");
    setup.access = Access::of(Some(token), users.map(|text| ("users", text))).unwrap();
    Visitor::of(setup)
}

#[test]
fn who_is_not_known_sees_nothing() {
    let visitor = guarded(None);
    let (kind, body) = ask::form(&[sheet()]);
    let with = |said: &str| {
        let more = [("authorization", said)];
        let request = visitor.posted("/api/v1/check", &kind, body.clone(), &more);
        visitor.send(request).status
    };
    assert_eq!(with("Bearer 0123456789abcdef0123456789abcdef"), 200);
    for wrong in [
        "",
        "Bearer ",
        "Bearer 0123456789abcdef0123456789abcdeg",
        "Basic 0123456789abcdef0123456789abcdef",
    ] {
        assert_eq!(with(wrong), 401, "{wrong}");
    }
    for path in ["/api/v1/forms", "/api/v1/openapi.json", "/api/v1/nothing"] {
        let answer = visitor.get(path);
        assert_eq!(
            (answer.status, answer.header("www-authenticate")),
            (401, "Bearer"),
            "{path}"
        );
    }
    for path in ["/", "/about", "/nothing"] {
        let answer = visitor.get(path);
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, "/login"),
            "{path}"
        );
    }
    assert_eq!(visitor.post("/check", &[sheet()]).status, 303);
    assert_eq!(visitor.get("/assets/page.css").status, 200);
}

fn enter(visitor: &Visitor, name: &str, password: &str) -> ask::Answer {
    let page = visitor.having(&visitor.get("/login"));
    let said = format!("csrf={}&name={name}&password={password}", page.token());
    page.send(page.posted(
        "/login",
        "application/x-www-form-urlencoded",
        said.into(),
        &[],
    ))
}

#[test]
fn people_log_in_and_out() {
    let hash = hash_password("a-long-password").unwrap();
    let visitor = guarded(Some(&format!("hanako:{hash}\n")));
    assert_eq!(enter(&visitor, "hanako", "another-password").status, 403);
    assert_eq!(enter(&visitor, "taro", "a-long-password").status, 403);
    let answer = enter(&visitor, "hanako", "a-long-password");
    assert_eq!((answer.status, answer.header("location")), (303, "/"));
    let inside = visitor.having(&answer);
    let page = inside.get("/");
    assert_eq!(page.status, 200);
    let inside = inside.having(&page);
    assert_eq!(inside.post("/check", &[sheet()]).status, 200);
    assert_eq!(inside.get("/api/v1/forms").status, 200);
    assert_eq!(inside.post("/logout", &[]).status, 303);
    assert_eq!(
        inside.get("/").status,
        303,
        "the number is of no use any more"
    );
    // With a token alone, people say that.
    let visitor = guarded(None);
    let answer = enter(&visitor, "", "0123456789abcdef0123456789abcdef");
    assert_eq!(visitor.having(&answer).get("/").status, 200);
}

#[test]
fn guessing_a_password_is_held_back() {
    let visitor = guarded(None);
    let page = visitor.having(&visitor.get("/login"));
    let said = format!("csrf={}&password=wrong", page.token());
    let guess = || {
        let request = page.posted(
            "/login",
            "application/x-www-form-urlencoded",
            said.clone().into(),
            &[],
        );
        page.send(request).status
    };
    let statuses: Vec<u16> = (0..30).map(|_| guess()).collect();
    assert_eq!(statuses[0], 403);
    assert!(statuses.contains(&429), "{statuses:?}");
}

#[test]
fn the_command_refuses_to_listen_to_others_without_asking_who_they_are() {
    let run = |arguments: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_kaijisho"))
            .args(arguments)
            .env("KAIJISHO_LANG", "ja")
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (code, told) = run(&["serve", "--listen", "0.0.0.0:0"]);
    assert_eq!(code, Some(2));
    assert!(
        told.contains("--token-file") && told.contains("リバースプロキシー"),
        "{told}"
    );
    // Behind a proxy others come to this computer's own address as well.
    let proxied = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--origin",
        "https://kaiji.example.jp",
    ];
    let (code, told) = run(&proxied);
    assert_eq!(code, Some(2));
    assert!(told.contains("--token-file"), "{told}");
    // A port in use is told with what to do.
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, told) = run(&["serve", "--listen", &address]);
    assert_eq!(code, Some(2));
    assert!(
        told.contains("すでに使われています") && told.contains("--listen"),
        "{told}"
    );
}

#[test]
fn the_program_says_its_address_and_no_secret() {
    use std::io::BufRead;
    let secret = "0123456789abcdef0123456789abcdef";
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("serve-secret");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("token"), secret).unwrap();
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--token-file", "token"];
    let mut running = std::process::Command::new(env!("CARGO_BIN_EXE_kaijisho"))
        .args(arguments)
        .current_dir(&folder)
        .env("KAIJISHO_LANG", "ja")
        .env("COLUMNS", "80")
        .stdin(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = std::io::BufReader::new(running.stderr.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    let address = line
        .split("http://")
        .nth(1)
        .and_then(|rest| rest.split('/').next());
    let address = address
        .unwrap_or_else(|| panic!("no address: {line}"))
        .to_owned();
    assert!(
        line.contains("ブラウザーで") && line.contains("Ctrl+C"),
        "{line}"
    );
    let ask = |token: &str| {
        let mut stream = TcpStream::connect(&address).unwrap();
        let head = format!(
            "GET /api/v1/forms HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let (right, wrong) = (ask(secret), ask("a-wrong-token-of-many-letters"));
    running.kill().unwrap();
    running.wait().unwrap();
    said.read_to_string(&mut line).unwrap();
    assert!(right.starts_with("HTTP/1.1 200") && wrong.starts_with("HTTP/1.1 401"));
    for told in [&line, &right, &wrong] {
        assert!(
            !told.contains(secret) && !told.contains("a-wrong-token"),
            "{told}"
        );
    }
}

/// A page on a socket, ended when this goes.
struct Running {
    address: std::net::SocketAddr,
    end: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<std::io::Result<()>>>,
}

impl Running {
    fn start(change: impl FnOnce(&mut kaijisho::serve::Bounds)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mut setup = setup();
        setup.hosts = Hosts::of(address, &[]).unwrap();
        change(&mut setup.bounds);
        let service = ask::service(setup);
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            listen::run(listener, service, async {
                let _ = ended.await;
            })
        });
        Self {
            address,
            end: Some(end),
            thread: Some(thread),
        }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        stream
    }

    fn check(&self) -> String {
        let (kind, body) = ask::form(&[sheet()]);
        let head = format!(
            "POST /api/v1/check HTTP/1.1\r\nHost: {}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.address,
            body.len()
        );
        let mut stream = self.connect();
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&body).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.end.take().unwrap().send(());
        let ended = self.thread.take().unwrap().join();
        assert!(ended.is_ok_and(|it| it.is_ok()), "it ended cleanly");
    }
}

#[test]
fn a_slow_client_is_told_so_and_a_client_that_goes_harms_nobody() {
    let running = Running::start(|bounds| bounds.silence = Duration::from_millis(200));
    let head = format!(
        "POST /api/v1/check HTTP/1.1\r\nHost: {}\r\nContent-Type: multipart/form-data; boundary=a\r\nContent-Length: 1000\r\n\r\n--a\r\n",
        running.address
    );
    let mut slow = running.connect();
    slow.write_all(head.as_bytes()).unwrap();
    let mut answer = vec![0; 12];
    slow.read_exact(&mut answer).unwrap();
    assert_eq!(answer, b"HTTP/1.1 408");
    for _ in 0..50 {
        let mut gone = running.connect();
        gone.write_all(head.as_bytes()).unwrap();
        drop(gone);
    }
    assert!(running.check().starts_with("HTTP/1.1 200"));
}

#[test]
fn uploads_at_once_are_all_answered() {
    let running = Running::start(|bounds| bounds.workers = 2);
    let answers: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..24).map(|_| scope.spawn(|| running.check())).collect();
        threads.into_iter().map(|it| it.join().unwrap()).collect()
    });
    for answer in &answers {
        assert!(answer.starts_with("HTTP/1.1 200"), "{}", &answer[..60]);
        assert!(answer.contains("kaijisho/check/1"));
    }
}
