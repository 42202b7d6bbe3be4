//! Check boxes and option buttons of a sheet ticked: in the part of their properties and in their VML shape.

use std::collections::HashMap;
use std::ops::Range;

use memchr::memmem;

use super::book::SheetPart;
use super::spans::{self, Splices, Tag};
use super::{Package, Refusal, relations};
use crate::read::beside::BoxSource;
use crate::read::ooxml::attribute;

/// What a control is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Control {
    /// A box of its own.
    Check,
    /// One of several of which one is chosen.
    Option,
}

/// Ticks controls of a sheet, or takes their ticks away, and tells what each is; `None` for one that has no parts.
///
/// # Errors
/// Where the parts of the controls are damaged.
pub(crate) fn tick(
    package: &mut Package<'_>,
    sheet: &SheetPart,
    ticks: &[(BoxSource, bool)],
) -> Result<Vec<Option<Control>>, Refusal> {
    let mut found = vec![None; ticks.len()];
    for ((source, on), found) in ticks.iter().zip(&mut found) {
        if let Some(part) = &source.properties {
            let text = package.text(part)?;
            let (changed, kind) = properties(&text, *on)?;
            package.replace(part, changed.into_bytes());
            *found = kind;
        }
    }
    for lead in relations::of(package, &sheet.part)? {
        if lead.kind != "vmlDrawing" || !package.has(&lead.target) {
            continue;
        }
        let text = package.text(&lead.target)?;
        let (changed, kinds) = shapes(&text, ticks);
        for (found, kind) in found.iter_mut().zip(kinds) {
            *found = found.or(kind);
        }
        if changed != text {
            package.replace(&lead.target, changed.into_bytes());
        }
    }
    Ok(found)
}

/// The properties with another state.
fn properties(text: &str, on: bool) -> Result<(String, Option<Control>), Refusal> {
    let mut splices = Splices::default();
    let mut kind = None;
    spans::walk(text, |tag| {
        if let Tag::Open { element, span, .. } = tag
            && element.local_name().as_ref() == "formControlPr"
        {
            let object = attribute(element, "objectType").unwrap_or_default();
            kind = Some(match object.eq_ignore_ascii_case("radio") {
                true => Control::Option,
                false => Control::Check,
            });
            let tag = &text[span.clone()];
            let tag = match on {
                true => spans::with_attribute(tag, "checked", "Checked"),
                false => spans::without_attributes(tag, &["checked"]),
            };
            splices.put(span, tag);
        }
        kind.is_none()
    })?;
    Ok((splices.apply(text), kind))
}

/// The VML with another state of some shapes, and what each is; `None` for one that is not in it.
///
/// NOTE: Excel's own VML leaves `<br>` open, so it is searched and not parsed.
fn shapes(text: &str, ticks: &[(BoxSource, bool)]) -> (String, Vec<Option<Control>>) {
    let wanted: HashMap<&str, usize> = ticks
        .iter()
        .enumerate()
        .map(|(at, (source, _))| (source.shape.as_str(), at))
        .collect();
    let mut kinds = vec![None; ticks.len()];
    let mut splices = Splices::default();
    for span in spans_of_shapes(text) {
        let open = &text[span.clone()];
        let open = &open[..open.find('>').unwrap_or(open.len())];
        let Some(at) = numbers(open).find_map(|number| wanted.get(number)) else {
            continue;
        };
        if kinds[*at].is_none() {
            kinds[*at] = state(text, span, ticks[*at].1, &mut splices);
        }
    }
    (splices.apply(text), kinds)
}

/// The numbers that the ids of an opening tag hold: 1025 in `_x0000_s1025`.
fn numbers(open: &str) -> impl Iterator<Item = &str> {
    open.split("_s").skip(1).filter_map(|rest| {
        let end = rest.find(['"', '\''])?;
        let number = &rest[..end];
        let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        digits.then_some(number)
    })
}

/// Sets the state of one shape, and tells what it is.
fn state(text: &str, shape: Range<usize>, on: bool, splices: &mut Splices) -> Option<Control> {
    let data = shape.start + text[shape.clone()].find("ClientData")?;
    let close = data + text[data..shape.end].rfind("ClientData")?;
    let end = data + text[data..close].rfind("</")?;
    let prefix = &text[end + 2..close];
    let content = &text[data..end];
    let kind = match content.contains("\"Radio\"") || content.contains("'Radio'") {
        true => Control::Option,
        false => Control::Check,
    };
    if let Some(known) = checked(content) {
        splices.put(data + known.start..data + known.end, "");
    }
    if on {
        let tick = format!("<{prefix}Checked>1</{prefix}Checked>");
        splices.put(end..end, tick);
    }
    Some(kind)
}

/// The shapes of a VML part, from their opening tag to the end of their data.
fn spans_of_shapes(text: &str) -> impl Iterator<Item = Range<usize>> {
    let starts = memmem::find_iter(text.as_bytes(), ":shape ").filter_map(|at| {
        let start = text[..at].rfind('<')?;
        (at - start < 16 && !text[start..at].contains('/')).then_some(start)
    });
    let starts: Vec<usize> = starts.collect();
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([text.len()]).collect();
    starts.into_iter().zip(ends).map(|(start, end)| start..end)
}

/// The element that says that a shape is ticked.
fn checked(content: &str) -> Option<Range<usize>> {
    let word = content.find("Checked")?;
    let start = content[..word].rfind('<')?;
    let tag = word + content[word..].find('>')? + 1;
    if content[..tag].ends_with("/>") {
        return Some(start..tag);
    }
    let close = tag + content[tag..].find('>')? + 1;
    Some(start..close)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VML: &str = "<xml><v:shapetype id=\"_x0000_t201\"/><v:shape id=\"_x0000_s1025\" type='#a'><v:textbox><div>a<br>b</div></v:textbox><x:ClientData ObjectType=\"Checkbox\"><x:Anchor>1</x:Anchor><x:Checked>1</x:Checked></x:ClientData></v:shape><v:shape id=\"o\" o:spid=\"_x0000_s1026\"><x:ClientData ObjectType=\"Radio\"><x:Anchor>1</x:Anchor>\n</x:ClientData></v:shape></xml>";

    /// The VML with one shape in another state.
    fn shape(text: &str, number: &str, on: bool) -> Option<(String, Control)> {
        let source = BoxSource {
            properties: None,
            shape: number.to_owned(),
        };
        let (changed, kinds) = shapes(text, &[(source, on)]);
        Some((changed, kinds[0]?))
    }

    #[test]
    fn shapes_are_ticked_alone() {
        let (off, kind) = shape(VML, "1025", false).expect("there");
        assert_eq!(off, VML.replace("<x:Checked>1</x:Checked>", ""));
        assert_eq!(kind, Control::Check);
        let (on, kind) = shape(VML, "1026", true).expect("there");
        assert_eq!(
            on,
            VML.replace(
                "\n</x:ClientData>",
                "\n<x:Checked>1</x:Checked></x:ClientData>"
            )
        );
        assert_eq!(kind, Control::Option);
        assert_eq!(shape(VML, "1025", true).expect("there").0, VML);
        assert_eq!(shape(VML, "102", true), None);
    }

    #[test]
    fn properties_are_ticked() {
        let text = "<?xml version=\"1.0\"?><formControlPr objectType=\"CheckBox\" lockText=\"1\"/>";
        let (on, kind) = properties(text, true).expect("sound");
        assert_eq!(
            on,
            text.replace("lockText=\"1\"", "lockText=\"1\" checked=\"Checked\"")
        );
        assert_eq!(kind, Some(Control::Check));
        assert_eq!(properties(&on, false).expect("sound").0, text);
    }
}
