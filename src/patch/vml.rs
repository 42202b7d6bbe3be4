//! The drawing of a sheet's comments: Excel shows no comment without a shape here.
//!
//! The part is changed as text, for Excel's own VML need not be well-formed (`<br>` stays open). Shapes of
//! the sender, of comments and of form controls alike, are not touched.

use std::collections::BTreeSet;

use super::At;
use super::elements::Edits;

/// Where the box of a comment lies: columns and rows with offsets in pixels, as VML counts them.
pub(crate) type Anchor = [u32; 8];

/// A shape to add.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shape {
    /// The cell it belongs to.
    pub(crate) at: At,
    /// Where it lies.
    pub(crate) anchor: Anchor,
}

/// Shapes that one stretch of numbers names; the numbers of a drawing come in stretches of this length.
const STRETCH: usize = 1023;

/// No drawing of Excel's has stretches of numbers as high as this.
const FAR: usize = 1_000_000;

/// An empty drawing.
const EMPTY: &str = "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><o:shapelayout v:ext=\"edit\"></o:shapelayout></xml>";
/// What shapes of comments are drawn like.
const KIND: &str = "<v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>";
/// The prefixes that new shapes use.
const PREFIXES: [(&str, &str); 3] = [
    ("v", "urn:schemas-microsoft-com:vml"),
    ("o", "urn:schemas-microsoft-com:office:office"),
    ("x", "urn:schemas-microsoft-com:office:excel"),
];

/// Takes the shapes of comments on some cells out and puts others in. `taken` is the highest stretch of
/// numbers that any drawing of the workbook uses; `None` where nothing changes.
pub(crate) fn redraw(
    part: Option<&str>,
    removed: &BTreeSet<At>,
    added: &[Shape],
    taken: usize,
) -> Option<String> {
    if removed.is_empty() && added.is_empty() {
        return None;
    }
    let text = part.unwrap_or(EMPTY);
    let mut edits = Edits::default();
    for (span, at) in notes(text) {
        if removed.contains(&at) {
            edits.replace(span, "");
        }
    }
    if !added.is_empty() {
        let end = text.rfind("</")?;
        let count = added.len().div_ceil(STRETCH);
        let stretches: Vec<usize> = (taken + 1..=taken + count).collect();
        let mut new = String::new();
        if !text.contains("id=\"_x0000_t202\"") {
            new.push_str(&declared(text, KIND));
        }
        for (at, shape) in added.iter().enumerate() {
            let number = stretches[at / STRETCH] * 1024 + at % STRETCH + 1;
            new.push_str(&declared(text, &drawn(shape, number)));
        }
        edits.insert(end, new);
        name_stretches(&mut edits, text, &stretches);
    }
    Some(edits.apply(text))
}

/// The highest stretch of numbers that a drawing uses.
pub(crate) fn highest(text: &str) -> usize {
    let named = idmap(text).map(|span| &text[span]).unwrap_or_default();
    let named = named
        .split(',')
        .filter_map(|n| n.trim().parse::<usize>().ok());
    let used = text.match_indices("_x0000_s").filter_map(|(at, found)| {
        let digits = &text[at + found.len()..];
        let length = digits
            .bytes()
            .take(9)
            .take_while(u8::is_ascii_digit)
            .count();
        Some(digits[..length].parse::<usize>().ok()? / 1024)
    });
    named.chain(used).filter(|at| *at < FAR).max().unwrap_or(0)
}

/// The shapes of comments, each with where it stands and its cell.
fn notes(text: &str) -> Vec<(std::ops::Range<usize>, At)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find("<v:shape").map(|start| at + start) {
        at = start + "<v:shape".len();
        if !text[at..].starts_with([' ', '\t', '\r', '\n', '>']) {
            continue;
        }
        let Some(end) = text[at..].find("</v:shape>") else {
            break;
        };
        let end = at + end + "</v:shape>".len();
        let shape = &text[start..end];
        at = end;
        let is_note = ["\"Note\"", "'Note'"]
            .iter()
            .any(|kind| shape.contains(&format!("ObjectType={kind}")));
        if let (true, Some(row), Some(column)) =
            (is_note, number(shape, "Row"), number(shape, "Column"))
        {
            found.push((start..end, (row, column)));
        }
    }
    found
}

fn number(shape: &str, name: &str) -> Option<u32> {
    let (_, rest) = shape.split_once(&format!("<x:{name}>"))?;
    rest.split('<').next()?.trim().parse().ok()
}

/// A new element with the prefixes that the part does not declare as usual.
fn declared(text: &str, element: &str) -> String {
    let root = text.find("<xml").map_or("", |at| &text[at..]);
    let root = &root[..root.find('>').unwrap_or(root.len())];
    let missing: String = PREFIXES
        .iter()
        .filter(|(prefix, space)| {
            ![
                format!("xmlns:{prefix}=\"{space}\""),
                format!("xmlns:{prefix}='{space}'"),
            ]
            .iter()
            .any(|known| root.contains(known.as_str()))
        })
        .map(|(prefix, space)| format!(" xmlns:{prefix}=\"{space}\""))
        .collect();
    let name = element.find([' ', '>']).unwrap_or(element.len());
    format!("{}{missing}{}", &element[..name], &element[name..])
}

fn drawn(shape: &Shape, number: usize) -> String {
    let anchor: Vec<String> = shape.anchor.iter().map(u32::to_string).collect();
    let (row, column) = shape.at;
    format!(
        "<v:shape id=\"_x0000_s{number}\" type=\"#_x0000_t202\" style=\"position:absolute;margin-left:60pt;margin-top:2pt;width:200pt;height:80pt;z-index:1;visibility:hidden\" fillcolor=\"#ffffe1\" o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/><v:shadow on=\"t\" color=\"black\" obscured=\"t\"/><v:path o:connecttype=\"none\"/><v:textbox style=\"mso-direction-alt:auto\"><div style=\"text-align:left\"></div></v:textbox><x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>",
        anchor.join(",")
    )
}

/// Where the numbers stand that a drawing has taken.
fn idmap(text: &str) -> Option<std::ops::Range<usize>> {
    let start = text.find("<o:idmap")?;
    let tag = &text[start..start + text[start..].find('>')?];
    let data = start + tag.find("data=")? + "data=".len();
    let quote = text[data..]
        .chars()
        .next()
        .filter(|c| matches!(c, '"' | '\''))?;
    let end = text[data + 1..].find(quote)?;
    Some(data + 1..data + 1 + end)
}

/// Names the stretches of numbers that the drawing takes.
fn name_stretches(edits: &mut Edits, text: &str, stretches: &[usize]) {
    let list: Vec<String> = stretches.iter().map(usize::to_string).collect();
    let list = list.join(",");
    match idmap(text) {
        Some(span) if text[span.clone()].trim().is_empty() => edits.replace(span, list),
        Some(span) => edits.insert(span.end, format!(",{list}")),
        None => {
            let map = declared(text, &format!("<o:idmap v:ext=\"edit\" data=\"{list}\"/>"));
            if let Some(at) = text.find("</o:shapelayout>") {
                edits.insert(at, map);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENDER: &str = "<xml xmlns:v='urn:schemas-microsoft-com:vml' xmlns:o='urn:schemas-microsoft-com:office:office'><o:shapelayout v:ext='edit'><o:idmap v:ext='edit' data='1'/></o:shapelayout><v:shapetype id='_x0000_t201'/>\
        <v:shape id='_x0000_s1025'><v:textbox><div>一<br>二</div></v:textbox><x:ClientData ObjectType=\"Checkbox\"/></v:shape>\
        <v:shape id='_x0000_s1026'><x:ClientData ObjectType='Note'><x:Row>3</x:Row><x:Column>2</x:Column></x:ClientData></v:shape></xml>";

    #[test]
    fn shapes_come_and_go() {
        let shapes = [Shape {
            at: (4, 3),
            anchor: [4, 10, 4, 5, 7, 0, 9, 0],
        }];
        let drawn =
            redraw(Some(SENDER), &BTreeSet::new(), &shapes, highest(SENDER)).expect("changed");
        assert!(
            drawn.contains("data='1,2'") && drawn.contains("_x0000_s2049"),
            "{drawn}"
        );
        assert!(drawn.contains("一<br>二") && drawn.contains("xmlns:x=\"urn:"));
        assert_eq!(
            notes(&drawn).iter().map(|n| n.1).collect::<Vec<_>>(),
            [(3, 2), (4, 3)]
        );
        let gone = redraw(Some(&drawn), &[(4, 3)].into(), &[], 2).expect("changed");
        assert_eq!(notes(&gone).len(), 1);
        assert_eq!(redraw(Some(SENDER), &BTreeSet::new(), &[], 1), None);
    }

    #[test]
    fn numbers_beyond_all_reason_are_not_counted_on() {
        let far = SENDER.replace("data='1'", "data='18446744073709551615, 3'");
        assert_eq!(highest(&far), 3);
    }

    #[test]
    fn a_new_drawing_of_many() {
        let shapes: Vec<Shape> = (0..1500)
            .map(|row| Shape {
                at: (row, 0),
                anchor: [0; 8],
            })
            .collect();
        let drawn = redraw(None, &BTreeSet::new(), &shapes, 0).expect("a part");
        assert!(
            drawn.contains("data=\"1,2\"")
                && drawn.contains("_x0000_s1025\"")
                && drawn.contains("_x0000_s2049\"")
        );
        assert_eq!(notes(&drawn).len(), 1500);
        assert_eq!(highest(&drawn), 2);
        assert!(
            super::super::elements::root(&drawn).is_some_and(|root| root.span.end == drawn.len())
        );
    }
}
