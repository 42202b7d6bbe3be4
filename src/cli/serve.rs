//! `kaijisho serve`: the local web page.

use std::io::{BufRead, ErrorKind, IsTerminal, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;

use clap::Args;
use kaijisho::serve::desk::Desk;
use kaijisho::serve::{Access, Hosts, Service, Setup, hash_password, listen};
use kaijisho::{Error, Language, Options, Profile, Result, data_text};

use super::arguments::{Common, local_day, usage};
use super::{Ended, message, output};

#[derive(Debug, Args)]
pub(super) struct Serve {
    /// The address and port to listen on
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7878")]
    listen: SocketAddr,
    /// A profile that can be chosen on the page, beside the bundled ones: a profile file (.toml)
    #[arg(long, value_name = "PROFILE")]
    against: Vec<String>,
    /// A file with the token that programs (and people, without --users) have to say
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// A file of users, each line NAME:HASH (see --hash-password)
    #[arg(long, value_name = "FILE")]
    users: Option<PathBuf>,
    /// The address under which a reverse proxy in front of it is asked for, such as https://kaiji.example.jp
    #[arg(long, value_name = "URL")]
    origin: Vec<String>,
    /// Keep a register of the sheets received in this file, and show its pages
    #[arg(long, value_name = "FILE")]
    register: Option<PathBuf>,
    /// Who records things on the page, where nobody logs in (default: KAIJISHO_BY)
    #[arg(long, value_name = "NAME", requires = "register")]
    by: Option<String>,
    /// Read a password from standard input, write its hash for a file of users, and end
    #[arg(long, exclusive = true)]
    hash_password: bool,
}

pub(super) fn run(verb: &Serve, common: &Common, language: Language) -> Result<Ended> {
    if verb.hash_password {
        return hash(common, language);
    }
    let is_open = verb.token_file.is_none() && verb.users.is_none();
    // What a proxy hands on comes from other computers as well.
    let proxied = verb.origin.first().cloned();
    let reached = proxied.or((!verb.listen.ip().is_loopback()).then(|| verb.listen.to_string()));
    if let Some(address) = reached.filter(|_| is_open) {
        let values = [("address", address.as_str())];
        return Err(usage(language.label_with("serve-needs-access", &values)));
    }
    let access = access(verb)?;
    let desk = verb
        .register
        .as_ref()
        .map(|path| desk(path, verb))
        .transpose()?;
    let options = common.options()?;
    let profiles = profiles(verb, common, &options)?;
    let listener = TcpListener::bind(verb.listen);
    let listener = listener.map_err(|error| refused(verb.listen, &error, language))?;
    // Port 0 is any that is free: what it became is what is told.
    let address = listener.local_addr().unwrap_or(verb.listen);
    let given = common.date;
    let hosts = Hosts::of(address, &verb.origin);
    let hosts = hosts.map_err(|reason| usage(reason.text(language)))?;
    let mut setup = Setup::new(hosts, move || given.unwrap_or_else(local_day));
    setup.options = options;
    setup.profiles = profiles;
    setup.language = language;
    setup.access = access;
    setup.register = desk;
    let service = Service::new(setup)?;
    greet(verb, address, common, language);
    let failed = |error: std::io::Error| Error::Format(message::io(&error, language));
    listen::run(listener, service, listen::interrupted()).map_err(failed)?;
    if !common.quiet {
        output::complain(&format!("{}\n", language.label("serve-ended")));
    }
    Ok(Ended::Clean)
}

/// The register behind the page; one that is not there is started.
fn desk(path: &std::path::Path, verb: &Serve) -> Result<Desk> {
    let said = || std::env::var("KAIJISHO_BY").ok();
    let by = verb
        .by
        .clone()
        .or_else(said)
        .filter(|by| !by.trim().is_empty());
    Desk::open(path.to_owned(), by, jiff::Zoned::now)
}

fn access(verb: &Serve) -> Result<Access> {
    let read = |path: &PathBuf| {
        let text = data_text(path)?;
        Ok::<_, Error>((path.display().to_string(), text))
    };
    let token = verb.token_file.as_ref().map(read).transpose()?;
    let users = verb.users.as_ref().map(read).transpose()?;
    Access::of(
        token
            .as_ref()
            .map(|(name, text)| (name.as_str(), text.as_str())),
        users
            .as_ref()
            .map(|(name, text)| (name.as_str(), text.as_str())),
    )
}

/// The facility's own profiles first; one of its own that has the name of a bundled one takes its place.
fn profiles(verb: &Serve, common: &Common, options: &Options) -> Result<Vec<(String, Profile)>> {
    let mut catalog = options.catalog.clone();
    if let Some(forced) = &options.forced {
        catalog = catalog.with(forced);
    }
    let mut profiles: Vec<(String, Profile)> = Vec::new();
    let bundled = kaijisho::profile::BUNDLED.map(|(name, _)| name.to_owned());
    for name in verb.against.iter().chain(&bundled) {
        let profile = common.profile(name, &catalog)?;
        if !profiles.iter().any(|(known, _)| *known == profile.id) {
            profiles.push((profile.id.clone(), profile));
        }
    }
    Ok(profiles)
}

/// Why the address cannot be listened on, and what to do.
fn refused(address: SocketAddr, error: &std::io::Error, language: Language) -> Error {
    let port = address.port();
    let other = port.checked_add(1).unwrap_or(7878).to_string();
    let (ip, port) = (address.ip().to_string(), port.to_string());
    let detail = message::io(error, language);
    let values = [
        ("ip", ip.as_str()),
        ("port", &port),
        ("other", &other),
        ("detail", &detail),
    ];
    let key = match error.kind() {
        ErrorKind::AddrInUse => "serve-port-in-use",
        ErrorKind::PermissionDenied => "serve-port-refused",
        ErrorKind::AddrNotAvailable => "serve-address-not-here",
        _ => "serve-not-listening",
    };
    usage(language.label_with(key, &values))
}

/// Says where the page is, and how it is ended.
fn greet(verb: &Serve, address: SocketAddr, common: &Common, language: Language) {
    let shown = match verb.origin.first() {
        Some(origin) => origin.clone(),
        None => format!("http://{address}/"),
    };
    let mut text = language.label_with("serve-greeting", &[("address", &shown)]) + "\n";
    if !address.ip().is_loopback() {
        text.push_str(&(language.label("serve-proxy") + "\n"));
    }
    if !common.quiet {
        output::complain(&message::wrapped(&text, common.width()));
    }
}

/// The hash of the password in the first line of standard input.
fn hash(common: &Common, language: Language) -> Result<Ended> {
    let input = std::io::stdin();
    if input.is_terminal() {
        let asked = language.label("serve-password");
        output::complain(&format!("{asked}\n"));
        let _ = std::io::stderr().flush();
    }
    let mut line = String::new();
    let failed = |source| Error::Read {
        path: "-".into(),
        source,
    };
    let mut bounded = std::io::Read::take(input.lock(), 4096);
    bounded.read_line(&mut line).map_err(failed)?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.chars().count() < 8 {
        return Err(usage(language.label("serve-password-short")));
    }
    let hash = hash_password(password)?;
    output::write(format!("{hash}\n").as_bytes(), common)?;
    Ok(Ended::Clean)
}
