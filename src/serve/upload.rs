//! Uploads: a request's files and fields, read within bounds.
//!
//! A form of the page says its token before it sends a file; without it nothing more is read. A field that nobody
//! knows is a mistake that is told, not passed over.

use std::time::Instant;

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};

use super::problem::{Kind, Problem};
use super::safety::visit::Visit;
use super::work::Bounds;
use crate::source::Source;
use crate::text::harmless;

/// Bytes of a field that is no file.
const FIELD: usize = 64 * 1024;
/// Fields of a form that are no files.
const FIELDS: usize = 2_000;

/// What a form may hold; a field that ends with `*` stands for all that begin so.
pub(super) struct Wanted<'w> {
    files: &'w [&'w str],
    fields: &'w [&'w str],
    visit: Option<&'w Visit>,
}

impl<'w> Wanted<'w> {
    /// A form of the page: with its token first.
    pub(super) fn page(files: &'w [&'w str], fields: &'w [&'w str], visit: &'w Visit) -> Self {
        Self {
            files,
            fields,
            visit: Some(visit),
        }
    }

    /// A request of a program.
    pub(super) fn api(files: &'w [&'w str], fields: &'w [&'w str]) -> Self {
        Self {
            files,
            fields,
            visit: None,
        }
    }
}

impl Wanted<'_> {
    fn has_field(&self, name: &str) -> bool {
        self.fields
            .iter()
            .any(|known| match known.strip_suffix('*') {
                Some(start) => name.starts_with(start),
                None => *known == name,
            })
    }
}

/// A file that was uploaded.
pub(super) struct File {
    /// The field it came in.
    pub(super) field: String,
    name: String,
    bytes: Vec<u8>,
}

impl File {
    /// The file, hashed: work for a thread of its own.
    pub(super) fn source(self) -> Source {
        Source::new(self.name, self.bytes)
    }
}

/// What a form holds.
#[derive(Default)]
pub(super) struct Form {
    /// Its files in their order.
    pub(super) files: Vec<File>,
    fields: Vec<(String, String)>,
}

impl Form {
    /// What a field says, unless that is nothing.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let mut said = self.fields.iter().filter(|(known, _)| known == name);
        let text = said.next().map(|(_, text)| text.trim())?;
        (!text.is_empty()).then_some(text)
    }

    /// All fields as they came, with what they say.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.fields.iter();
        all.map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// The file of `old` and that of `new`.
    ///
    /// # Errors
    /// [`Kind::Invalid`] if there is not one of each.
    pub(super) fn old_and_new(&mut self) -> Result<Vec<File>, Problem> {
        let mut files = std::mem::take(&mut self.files);
        files.sort_by(|one, other| other.field.cmp(&one.field));
        match &files[..] {
            [old, new] if old.field == "old" && new.field == "new" => Ok(files),
            _ => Err(Problem::invalid("problem-two-files", &[])),
        }
    }

    /// The files, at least one.
    ///
    /// # Errors
    /// [`Kind::Invalid`] if there is none.
    pub(super) fn some_files(&mut self) -> Result<Vec<File>, Problem> {
        match self.files.is_empty() {
            true => Err(Problem::invalid("problem-no-file", &[])),
            false => Ok(std::mem::take(&mut self.files)),
        }
    }
}

/// Reads a form.
///
/// # Errors
/// [`Kind::Malformed`], [`Kind::Token`], [`Kind::TooLarge`], [`Kind::Slow`], or [`Kind::Invalid`] for a field that
/// nobody knows.
pub(super) async fn read(
    request: Request,
    bounds: &Bounds,
    wanted: Wanted<'_>,
) -> Result<Form, Problem> {
    let parts = Multipart::from_request(request, &()).await;
    let parts = parts.map_err(|_| Problem::saying(Kind::Malformed, "problem-no-form", &[]))?;
    let reading = Reading {
        parts,
        bounds,
        wanted,
        until: Instant::now() + bounds.arrival,
        form: Form::default(),
        has_token: false,
    };
    reading.all().await
}

struct Reading<'w> {
    parts: Multipart,
    bounds: &'w Bounds,
    wanted: Wanted<'w>,
    until: Instant,
    form: Form,
    has_token: bool,
}

impl Reading<'_> {
    async fn all(mut self) -> Result<Form, Problem> {
        loop {
            let wait = self.wait()?;
            // The next part borrows what the parts are read from, so the rest is taken apart here.
            let Self {
                parts,
                bounds,
                wanted,
                form,
                has_token,
                until,
            } = &mut self;
            let next = tokio::time::timeout(wait, parts.next_field()).await;
            let next = next.map_err(|_| Kind::Slow)?;
            let Some(field) = next.map_err(|error| problem(&error, bounds))? else {
                break;
            };
            let name = field.name().unwrap_or_default().to_owned();
            let in_time = InTime {
                bounds,
                until: *until,
            };
            if name == "csrf" {
                let token = in_time.text(field).await?;
                *has_token |= wanted.visit.is_none_or(|visit| visit.fits(&token));
                continue;
            }
            if wanted.visit.is_some() && !*has_token {
                return Err(Kind::Token.into());
            }
            if wanted.files.contains(&name.as_str()) {
                if form.files.len() >= bounds.files {
                    let most = bounds.files.to_string();
                    let values = [("most", most.as_str())];
                    return Err(Problem::saying(Kind::TooLarge, "problem-files", &values));
                }
                let given = field.file_name().map(ToOwned::to_owned);
                let bytes = in_time.bytes(field, bounds.body_bytes).await?;
                // What a browser sends where no file was chosen.
                if bytes.is_empty() && given.as_deref() == Some("") {
                    continue;
                }
                let name_of = file_name(given.as_deref());
                form.files.push(File {
                    field: name,
                    name: name_of,
                    bytes,
                });
            } else if wanted.has_field(&name) {
                if form.fields.len() >= FIELDS {
                    return Err(Kind::TooLarge.into());
                }
                let text = in_time.text(field).await?;
                form.fields.push((name, text));
            } else {
                return Err(unknown(&name, wanted));
            }
        }
        match self.wanted.visit.is_some() && !self.has_token {
            true => Err(Kind::Token.into()),
            false => Ok(self.form),
        }
    }

    /// How long the next piece may take.
    fn wait(&self) -> Result<std::time::Duration, Problem> {
        let in_time = InTime {
            bounds: self.bounds,
            until: self.until,
        };
        in_time.wait()
    }
}

fn unknown(name: &str, wanted: &Wanted<'_>) -> Problem {
    let known: Vec<&str> = wanted.files.iter().chain(wanted.fields).copied().collect();
    let known = known.join(", ");
    let found = crate::text::show(name, 60);
    let values = [("found", found.as_str()), ("known", &known)];
    Problem::invalid("problem-field", &values)
}

/// Reading within the time that a client has.
struct InTime<'b> {
    bounds: &'b Bounds,
    until: Instant,
}

impl InTime<'_> {
    fn wait(&self) -> Result<std::time::Duration, Problem> {
        let left = self.until.saturating_duration_since(Instant::now());
        match left.is_zero() {
            true => Err(Kind::Slow.into()),
            false => Ok(left.min(self.bounds.silence)),
        }
    }

    async fn bytes(&self, mut field: Field<'_>, most: usize) -> Result<Vec<u8>, Problem> {
        let mut bytes = Vec::new();
        loop {
            let piece = tokio::time::timeout(self.wait()?, field.chunk()).await;
            let piece = piece.map_err(|_| Kind::Slow)?;
            let Some(piece) = piece.map_err(|error| problem(&error, self.bounds))? else {
                return Ok(bytes);
            };
            if bytes.len() + piece.len() > most {
                return Err(Problem::too_large(self.bounds));
            }
            bytes.extend_from_slice(&piece);
        }
    }

    async fn text(&self, field: Field<'_>) -> Result<String, Problem> {
        let bytes = self.bytes(field, FIELD).await?;
        String::from_utf8(bytes).map_err(|_| Kind::Malformed.into())
    }
}

fn problem(error: &MultipartError, bounds: &Bounds) -> Problem {
    match error.status().as_u16() {
        413 => Problem::too_large(bounds),
        _ => Problem::saying(Kind::Malformed, "problem-no-form", &[]),
    }
}

/// The last part of a name as a browser says it: where a file lay on another computer is none of our business, and
/// no file is ever opened by it.
fn file_name(given: Option<&str>) -> String {
    const LONGEST: usize = 200;
    let given = given.unwrap_or_default();
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = harmless(last).chars().take(LONGEST).collect();
    match name.trim() {
        "" | "." | ".." => "-".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_names_only() {
        for (given, name) in [
            ("開示書.xlsx", "開示書.xlsx"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\hanako\\開示書.xlsx", "開示書.xlsx"),
            ("..", "-"),
            ("a/..", "-"),
            ("", "-"),
            ("a\u{202e}xslx.exe", "a⟨U+202E⟩xslx.exe"),
        ] {
            assert_eq!(file_name(Some(given)), name);
        }
        assert_eq!(file_name(None), "-");
        assert_eq!(file_name(Some(&"長".repeat(999))).chars().count(), 200);
    }
}
