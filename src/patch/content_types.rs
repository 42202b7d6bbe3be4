//! The content types of a package: what each part is, by its path or by the ending of its name.

use super::relations::{with_child, without_children};
use super::spans::{self, Tag};
use super::{Package, Refusal};
use crate::read::ooxml::attribute;

const PART: &str = "[Content_Types].xml";

/// Says what a part is; nothing happens where its path is listed already.
///
/// # Errors
/// Where the content types are damaged.
pub(crate) fn set_part(package: &mut Package<'_>, part: &str, kind: &str) -> Result<(), Refusal> {
    let path = format!("/{}", part.trim_start_matches('/'));
    set(package, "Override", "PartName", &path, kind)
}

/// Says what parts with this ending (`vml`, `png`) are; nothing happens where the ending is listed already.
///
/// # Errors
/// Where the content types are damaged.
pub(crate) fn set_ending(
    package: &mut Package<'_>,
    ending: &str,
    kind: &str,
) -> Result<(), Refusal> {
    set(package, "Default", "Extension", ending, kind)
}

/// Forgets a part.
///
/// # Errors
/// Where the content types are damaged.
pub(crate) fn remove(package: &mut Package<'_>, part: &str) -> Result<(), Refusal> {
    let path = format!("/{}", part.trim_start_matches('/'));
    let text = package.text(PART)?;
    let text = without_children(&text, "Override", |element| {
        attribute(element, "PartName").is_some_and(|name| name.eq_ignore_ascii_case(&path))
    })?;
    package.replace(PART, text.into_bytes());
    Ok(())
}

/// What a part is, by its path or else by its ending.
///
/// # Errors
/// Where the content types are damaged.
pub(crate) fn of(package: &mut Package<'_>, part: &str) -> Result<Option<String>, Refusal> {
    let path = format!("/{}", part.trim_start_matches('/'));
    let ending = part.rsplit('.').next().unwrap_or_default();
    let text = package.text(PART)?;
    let (mut by_path, mut by_ending) = (None, None);
    spans::walk(&text, |tag| {
        if let Tag::Open { element, .. } = tag {
            let is = |name, value: &str| {
                attribute(element, name).is_some_and(|it| it.eq_ignore_ascii_case(value))
            };
            if is("PartName", &path) {
                by_path = attribute(element, "ContentType");
            } else if is("Extension", ending) {
                by_ending = attribute(element, "ContentType");
            }
        }
        true
    })?;
    Ok(by_path.or(by_ending))
}

fn set(
    package: &mut Package<'_>,
    element: &str,
    key: &str,
    value: &str,
    kind: &str,
) -> Result<(), Refusal> {
    let text = package.text(PART)?;
    let mut known = false;
    spans::walk(&text, |tag| {
        if let Tag::Open { element: it, .. } = tag {
            known |= it.local_name().as_ref() == element
                && attribute(it, key).is_some_and(|it| it.eq_ignore_ascii_case(value));
        }
        !known
    })?;
    if known {
        return Ok(());
    }
    let (value, kind) = (spans::escape(value), spans::escape(kind));
    let text = with_child(&text, "Types", |prefix| {
        format!("<{prefix}{element} {key}=\"{value}\" ContentType=\"{kind}\"/>")
    })?;
    package.replace(PART, text.into_bytes());
    Ok(())
}
