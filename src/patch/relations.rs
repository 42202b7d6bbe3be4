//! Relationships of a part: where they lead, one more, one less.

use super::spans::{self, Splices, Tag};
use super::{Package, Refusal};
use crate::read::ooxml::attribute;

/// What relationships within a workbook are called, but for their last word.
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/// The same in a strict workbook.
const STRICT: &str = "http://purl.oclc.org/ooxml/officeDocument/relationships";
const NAMESPACE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// A relationship.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Relation {
    pub(crate) id: String,
    /// The last word of the type: `worksheet`, `comments`…
    pub(crate) kind: String,
    /// The path of the part it leads to, or an address outside as written.
    pub(crate) target: String,
    /// True if it leads out of the package.
    pub(crate) external: bool,
}

/// The path of the part that holds the relationships of a part; of the package itself for an empty name.
pub(crate) fn part_of(part: &str) -> String {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let stroke = if folder.is_empty() { "" } else { "/" };
    format!("{folder}{stroke}_rels/{name}.rels")
}

/// The relationships of a part, in order; none where it has none.
///
/// # Errors
/// Where the part of the relationships is damaged.
pub(crate) fn of(package: &mut Package<'_>, part: &str) -> Result<Vec<Relation>, Refusal> {
    let path = part_of(part);
    if !package.has(&path) {
        return Ok(Vec::new());
    }
    let text = package.text(&path)?;
    let mut found = Vec::new();
    spans::walk(&text, |tag| {
        if let Tag::Open { element, .. } = tag
            && element.local_name().as_ref() == "Relationship"
            && let (Some(id), Some(target)) =
                (attribute(element, "Id"), attribute(element, "Target"))
        {
            let kind = attribute(element, "Type").unwrap_or_default();
            let mode = attribute(element, "TargetMode").unwrap_or_default();
            let external = mode.eq_ignore_ascii_case("external");
            found.push(Relation {
                id,
                kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                target: if external {
                    target
                } else {
                    resolve(part, &target)
                },
                external,
            });
        }
        true
    })?;
    Ok(found)
}

/// Adds a relationship to a part and gives its id. `kind` is the last word of its type, or the whole type.
///
/// # Errors
/// Where the part of the relationships is damaged.
pub(crate) fn add(
    package: &mut Package<'_>,
    part: &str,
    kind: &str,
    target: &str,
) -> Result<String, Refusal> {
    let known = of(package, part)?;
    let path = part_of(part);
    let text = match package.has(&path) {
        true => package.text(&path)?,
        false => format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"{NAMESPACE}\"/>"
        ),
    };
    let free = |number: &usize| known.iter().all(|it| it.id != format!("rId{number}"));
    let number = (known.len() + 1..).find(free).unwrap_or(known.len() + 1);
    let id = format!("rId{number}");
    let base = if text.contains(STRICT) {
        STRICT
    } else {
        OFFICE
    };
    let kind = if kind.contains('/') {
        kind.to_owned()
    } else {
        format!("{base}/{kind}")
    };
    let target = format!("/{}", target.trim_start_matches('/'));
    let entry = |prefix: &str| {
        format!(
            "<{prefix}Relationship Id=\"{id}\" Type=\"{}\" Target=\"{}\"/>",
            spans::escape(&kind),
            spans::escape(&target)
        )
    };
    let text = with_child(&text, "Relationships", entry)?;
    package.replace(&path, text.into_bytes());
    Ok(id)
}

/// Removes the relationships of a part that lead to another part.
///
/// # Errors
/// Where the part of the relationships is damaged.
pub(crate) fn remove(package: &mut Package<'_>, part: &str, target: &str) -> Result<(), Refusal> {
    let path = part_of(part);
    if !package.has(&path) {
        return Ok(());
    }
    let text = package.text(&path)?;
    let leads_there = |element: &quick_xml::events::BytesStart<'_>| {
        attribute(element, "Target")
            .is_some_and(|to| resolve(part, &to).eq_ignore_ascii_case(target))
    };
    let text = without_children(&text, "Relationship", leads_there)?;
    package.replace(&path, text.into_bytes());
    Ok(())
}

/// The path of a target: from the root with a stroke, else from the folder of the part that relates to it.
pub(crate) fn resolve(part: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let folder = match target.starts_with('/') {
        true => "",
        false => part.rsplit_once('/').map_or("", |(folder, _)| folder),
    };
    let mut path: Vec<&str> = Vec::new();
    for step in folder.split('/').chain(target.split('/')) {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            _ => path.push(step),
        }
    }
    path.join("/")
}

/// The text of a part with one more child of its root element, as the last one.
pub(super) fn with_child(
    text: &str,
    root: &str,
    child: impl FnOnce(&str) -> String,
) -> Result<String, Refusal> {
    let mut splices = Splices::default();
    let mut prefix = String::new();
    let mut end = None;
    spans::walk(text, |tag| {
        match tag {
            Tag::Open {
                element,
                span,
                closed,
            } if element.local_name().as_ref() == root => {
                prefix = spans::prefix(element);
                if closed {
                    end = Some((span, true));
                }
            }
            Tag::Close { local, span } if local == root => end = Some((span, false)),
            Tag::Open { .. } | Tag::Close { .. } => {}
        }
        true
    })?;
    let child = child(&prefix);
    match end {
        Some((span, true)) => {
            let open = spans::opened(&text[span.clone()]);
            splices.put(span, format!("{open}{child}</{prefix}{root}>"));
        }
        Some((span, false)) => splices.put(span.start..span.start, child),
        None => {}
    }
    Ok(splices.apply(text))
}

/// The text of a part without the elements of this name that `leaves` names; they hold nothing.
pub(super) fn without_children(
    text: &str,
    name: &str,
    leaves: impl Fn(&quick_xml::events::BytesStart<'_>) -> bool,
) -> Result<String, Refusal> {
    let mut splices = Splices::default();
    let mut open = None;
    spans::walk(text, |tag| {
        match tag {
            Tag::Open {
                element,
                span,
                closed,
            } if element.local_name().as_ref() == name && leaves(element) => match closed {
                true => splices.put(span, ""),
                false => open = Some(span.start),
            },
            Tag::Close { local, span } if local == name => {
                if let Some(start) = open.take() {
                    splices.put(start..span.end, "");
                }
            }
            Tag::Open { .. } | Tag::Close { .. } => {}
        }
        true
    })?;
    Ok(splices.apply(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_paths() {
        let part = "xl/worksheets/Sheet1.xml";
        assert_eq!(resolve(part, "../Comments1.xml"), "xl/Comments1.xml");
        assert_eq!(resolve(part, "/xl/a.xml"), "xl/a.xml");
        assert_eq!(resolve("", "xl/workbook.xml"), "xl/workbook.xml");
        assert_eq!(part_of(part), "xl/worksheets/_rels/Sheet1.xml.rels");
        assert_eq!(part_of(""), "_rels/.rels");
    }

    #[test]
    fn children_come_and_go() {
        let one = with_child("<r:A/>", "A", |p| format!("<{p}b k='1'/>")).expect("sound");
        assert_eq!(one, "<r:A><r:b k='1'/></r:A>");
        let two = with_child(&one, "A", |p| format!("<{p}b k='2'></{p}b>")).expect("sound");
        assert_eq!(two, "<r:A><r:b k='1'/><r:b k='2'></r:b></r:A>");
        let left = without_children(&two, "b", |b| attribute(b, "k").as_deref() == Some("2"));
        assert_eq!(left.expect("sound"), one);
    }
}
