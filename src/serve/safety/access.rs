//! Access: who may enter where the page can be reached from other computers.
//!
//! A token for programs (and for people, where there is nothing else), names with passwords for people. Passwords
//! are kept as argon2 hashes only; tokens as SHA-256, which is enough for what is random.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use axum::extract::Request;
use axum::http::header;

use super::secret;
use super::visit::Visit;
use crate::error::{Error, Result};
use crate::finding::{Finding, Value, rule};
use crate::place::Place;
use crate::serve::Service;

/// Characters of a token at least: 24 of letters and digits cannot be guessed.
const TOKEN: usize = 24;
/// Visitors that are logged in at most.
const MOST: usize = 1_000;
/// How long a login lasts.
const LASTS: Duration = Duration::from_secs(12 * 60 * 60);

/// Who may enter.
#[derive(Clone, Default)]
pub enum Access {
    /// Whoever reaches the address: for this computer alone.
    #[default]
    Open,
    /// Those who know a token or a password.
    Asked {
        /// The hash of the token.
        token: Option<[u8; 32]>,
        /// Names, and the hashes of their passwords.
        users: HashMap<String, String>,
    },
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Access::Open => "Open",
            Access::Asked { .. } => "Asked",
        })
    }
}

impl Access {
    /// Those who know the token in the first line of a file, or a password of a file of users, each line of which is
    /// `name:hash` (`#` begins a comment).
    ///
    /// # Errors
    /// [`Error::Invalid`] with the lines that are wrong; no secret is in their words.
    pub fn of(token: Option<(&str, &str)>, users: Option<(&str, &str)>) -> Result<Self> {
        let token = token.map(|(name, text)| token_of(name, text)).transpose()?;
        let users = users.map(|(name, text)| users_of(name, text)).transpose()?;
        Ok(match (token, users) {
            (None, None) => Access::Open,
            (token, users) => Access::Asked {
                token,
                users: users.unwrap_or_default(),
            },
        })
    }

    /// True if nobody is asked who they are.
    pub fn is_open(&self) -> bool {
        matches!(self, Access::Open)
    }

    /// True if people have names.
    pub(in crate::serve) fn has_users(&self) -> bool {
        match self {
            Access::Open => false,
            Access::Asked { users, .. } => !users.is_empty(),
        }
    }

    fn is_token(&self, said: &str) -> bool {
        match self {
            Access::Open => false,
            Access::Asked { token, .. } => token.is_some_and(|token| secret::is(said, &token)),
        }
    }

    /// Who it is that says this name and password; takes as long for a name that is not known.
    pub(in crate::serve) fn user(&self, name: &str, password: &str) -> Option<String> {
        let Access::Asked { users, .. } = self else {
            return None;
        };
        if users.is_empty() {
            return self.is_token(password).then(String::new);
        }
        let known = users.get(name);
        // Any hash: what counts is that the work is done.
        let hash = known.or_else(|| users.values().next())?;
        let hash = PasswordHash::new(hash).ok()?;
        let right = Argon2::default().verify_password(password.as_bytes(), &hash);
        (right.is_ok() && known.is_some()).then(|| name.to_owned())
    }
}

/// A password's hash, as it stands in a file of users.
///
/// # Errors
/// [`Error::Format`] if it cannot be hashed.
pub fn hash_password(password: &str) -> Result<String> {
    let failed = |error: argon2::password_hash::Error| Error::Format(error.to_string());
    let salt = &secret::random()?[..16];
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), salt);
    hash.map(|hash| hash.to_string()).map_err(failed)
}

fn token_of(name: &str, text: &str) -> Result<[u8; 32]> {
    let token = text.trim();
    let length = token.chars().count();
    let is_plain = token.bytes().all(|b| b.is_ascii_graphic());
    if length >= TOKEN && is_plain {
        return Ok(secret::digest(token));
    }
    let finding = Finding::new(rule::TOKEN_WEAK, Place::File)
        .with("length", Value::plain(length))
        .with("least", Value::plain(TOKEN));
    Err(Error::Invalid {
        name: name.to_owned(),
        findings: vec![finding],
    })
}

fn users_of(name: &str, text: &str) -> Result<HashMap<String, String>> {
    let mut users = HashMap::new();
    let mut findings = Vec::new();
    let lines = text.lines().zip(1u32..);
    for (line, number) in lines.map(|(line, number)| (line.trim(), number)) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let pair = line.split_once(':');
        let pair = pair.map(|(user, hash)| (user.trim(), hash.trim()));
        let reason = match pair {
            None => Some("users-no-hash"),
            Some((user, _)) if user.is_empty() || user.chars().count() > 64 => {
                Some("users-no-name")
            }
            Some((_, hash)) if !is_hash(hash) => Some("users-no-hash"),
            Some((user, _)) if users.contains_key(user) => Some("users-twice"),
            Some(_) => None,
        };
        match (reason, pair) {
            (None, Some((user, hash))) => {
                users.insert(user.to_owned(), hash.to_owned());
            }
            (reason, _) => {
                let reason = crate::Localised::label(reason.unwrap_or("users-no-hash"), &[]);
                let place = Place::Text {
                    line: number,
                    column: 1,
                };
                let finding = Finding::new(rule::USERS_INVALID, place);
                findings.push(finding.with("reason", Value::Local(reason)));
            }
        }
    }
    if users.is_empty() && findings.is_empty() {
        let reason = crate::Localised::label("users-none", &[]);
        let finding = Finding::new(rule::USERS_INVALID, Place::File);
        findings.push(finding.with("reason", Value::Local(reason)));
    }
    match findings.is_empty() {
        true => Ok(users),
        false => Err(Error::Invalid {
            name: name.to_owned(),
            findings,
        }),
    }
}

/// True for a hash of argon2id that asks for no more memory and time than is given to a visitor.
fn is_hash(text: &str) -> bool {
    const MEMORY: u32 = 256 * 1024;
    const PASSES: u32 = 10;
    let Ok(hash) = PasswordHash::new(text) else {
        return false;
    };
    let asked = |name: &str| hash.params.get_decimal(name).unwrap_or(u32::MAX);
    hash.algorithm.as_str() == "argon2id"
        && hash.salt.is_some()
        && hash.hash.is_some()
        && asked("m") <= MEMORY
        && asked("t") <= PASSES
}

/// Who is logged in.
#[derive(Default)]
pub(in crate::serve) struct Visitors(Mutex<HashMap<String, Visitor>>);

struct Visitor {
    user: String,
    since: Instant,
}

impl Visitors {
    /// Lets somebody in, and gives the number of the visit.
    ///
    /// # Errors
    /// [`Error::Format`] if the system gives no random numbers.
    pub(in crate::serve) fn enter(&self, user: String) -> Result<String> {
        let number = secret::random_text()?;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, visitor| visitor.since.elapsed() < LASTS);
        if known.len() >= MOST {
            let oldest = known.iter().min_by_key(|(_, visitor)| visitor.since);
            if let Some(oldest) = oldest.map(|(number, _)| number.clone()) {
                known.remove(&oldest);
            }
        }
        let since = Instant::now();
        known.insert(number.clone(), Visitor { user, since });
        Ok(number)
    }

    /// Ends a visit.
    pub(in crate::serve) fn leave(&self, visit: &Visit) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.remove(&visit.number);
    }

    fn user(&self, number: &str) -> Option<String> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let visitor = known.get(number)?;
        (visitor.since.elapsed() < LASTS).then(|| visitor.user.clone())
    }
}

/// What can be asked for by whoever comes: how to log in, and how that page looks.
pub(super) fn is_public(path: &str) -> bool {
    path == "/login" || path.starts_with("/assets/") || path.starts_with("/language/")
}

/// Whether whoever asks has logged in, or says the token.
pub(super) fn is_known(service: &Service, request: &Request, visit: &mut Visit) -> bool {
    let said = request.headers().get(header::AUTHORIZATION);
    let said = said.and_then(|said| said.to_str().ok()?.strip_prefix("Bearer "));
    if let Some(token) = said {
        return service.setup.access.is_token(token.trim());
    }
    visit.user = service.guard.visitors.user(&visit.number);
    visit.user.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_right_or_wrong() {
        let hash = hash_password("とても長い合言葉").expect("a hash");
        assert!(hash.starts_with("$argon2id$"));
        let file = format!("# 受付\nhanako:{hash}\n");
        let access = Access::of(None, Some(("users", &file))).expect("users");
        assert_eq!(
            access.user("hanako", "とても長い合言葉"),
            Some("hanako".to_owned())
        );
        assert_eq!(access.user("hanako", "違う合言葉"), None);
        assert_eq!(access.user("taro", "とても長い合言葉"), None);
        // No secret is shown by accident.
        assert!(!format!("{access:?}").contains("argon2"));
    }

    #[test]
    fn a_hash_that_costs_too_much_is_refused() {
        let hash = hash_password("x").expect("a hash");
        assert!(is_hash(&hash));
        let memory = hash.find("m=").expect("memory");
        let end = memory + hash[memory..].find(',').expect("more");
        let dear = format!("{}m=4000000{}", &hash[..memory], &hash[end..]);
        assert!(!is_hash(&dear));
        for wrong in [
            "",
            "secret",
            "$2b$12$abcdefghijklmnopqrstuv",
            "$argon2i$v=19$m=8,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAA",
        ] {
            assert!(!is_hash(wrong), "{wrong}");
        }
    }

    #[test]
    fn visits_end() {
        let visitors = Visitors::default();
        let number = visitors.enter("hanako".to_owned()).expect("a number");
        assert_eq!(visitors.user(&number), Some("hanako".to_owned()));
        assert_eq!(visitors.user("0"), None);
        for _ in 0..MOST {
            visitors.enter("taro".to_owned()).expect("a number");
        }
        assert_eq!(visitors.user(&number), None, "the oldest made room");
    }
}
