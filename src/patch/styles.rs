//! The styles part: formats are added behind those there are, which stay as they are.
//!
//! A cell is coloured by a copy of its own format with another fill, so that its border, font and number
//! format stay. The fill keeps in its second colour, which a solid fill does not show, what the cell was
//! filled with before; so the colour can be taken off again.

use std::collections::HashMap;

use super::elements::{Edits, Element, append, root, with_attribute, without_attribute};
use crate::returned::marks;

/// What the second colour says where the cell was filled with a pattern or a gradient.
const PATTERN: &str = "rgb=\"FF010101\"";
/// What the second colour says where the cell was not filled; Excel writes this one itself.
const NOTHING: &str = "indexed=\"64\"";

/// The styles of a workbook.
#[derive(Debug)]
pub(crate) struct Styles {
    text: String,
    prefix: String,
    fonts: List,
    fills: List,
    borders: List,
    formats: List,
    coloured: HashMap<(u32, [u8; 3]), u32>,
    /// True if second colours are those that we wrote. NOTE: LibreOffice writes its own; the list of findings has a
    /// fill over nothing, which then says something else.
    is_kept: bool,
    /// The first of the formats that are not ours, by all but their fill and by what they are filled with.
    uncoloured: Option<HashMap<(String, String), u32>>,
}

/// One list of the part: what it holds, with what is added at its end.
#[derive(Debug, Default)]
struct List {
    items: Vec<String>,
    /// The first number of each item.
    numbers: HashMap<String, u32>,
    /// How many there were.
    own: usize,
}

impl List {
    fn new(items: Vec<String>) -> Self {
        let mut list = Self {
            own: items.len(),
            ..Self::default()
        };
        for item in items {
            list.push(item);
        }
        list
    }

    fn push(&mut self, item: String) -> u32 {
        let number = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        self.numbers.entry(item.clone()).or_insert(number);
        self.items.push(item);
        number
    }

    /// The number of an item, which is added where there is none like it.
    fn number(&mut self, item: String) -> u32 {
        match self.numbers.get(&item) {
            Some(number) => *number,
            None => self.push(item),
        }
    }

    fn get(&self, number: u32) -> Option<&str> {
        self.items
            .get(usize::try_from(number).ok()?)
            .map(String::as_str)
    }
}

/// Formats of cells that Excel allows.
const MOST_FORMATS: usize = 65_490;

/// Styles for a workbook without the part.
const EMPTY: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><fonts count=\"1\"><font><sz val=\"11\"/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/></cellXfs></styleSheet>";

impl Styles {
    /// The styles of a part; those of an empty one where there is none. `None` where it is not one of styles.
    pub(crate) fn open(part: Option<&str>) -> Option<Self> {
        let text = part.unwrap_or(EMPTY);
        let sheet = root(text).filter(|root| root.name() == "styleSheet")?;
        let list = |name: &str| {
            let list = sheet.child(name)?;
            let items = list.children();
            Some(List::new(
                items.iter().map(|it| it.whole().to_owned()).collect(),
            ))
        };
        let fills = list("fills")?;
        let is_kept = fills.items.iter().any(|fill| {
            let pattern = root(fill).and_then(|fill| fill.child("patternFill"));
            pattern.is_some_and(|pattern| {
                let colour = |name| pattern.child(name);
                colour("fgColor").and_then(|it| rgb(&it)) == Some(marks::MEND)
                    && colour("bgColor").is_some_and(|it| colour_of(&it) == NOTHING)
            })
        });
        Some(Self {
            is_kept,
            prefix: sheet.prefix().to_owned(),
            fonts: list("fonts")?,
            fills,
            borders: list("borders")?,
            formats: list("cellXfs")?,
            coloured: HashMap::new(),
            uncoloured: None,
            text: text.to_owned(),
        })
    }

    /// Fills up the formats to the last one that a sheet names. A number that no format has means the plain one, and
    /// must not come to mean one that is added.
    pub(crate) fn reach(&mut self, sheet: &str) {
        let heads = [" s=\"", " s='", " style=\"", " style='"];
        let named = heads.into_iter().flat_map(|head| {
            let quote = if head.ends_with('"') { '"' } else { '\'' };
            let ends = sheet.split(head).skip(1);
            ends.filter_map(move |rest| rest.split(quote).next()?.parse::<usize>().ok())
        });
        let last = named.filter(|number| *number < MOST_FORMATS).max();
        let missing = last.map_or(0, |last| {
            (last + 1).saturating_sub(self.formats.items.len())
        });
        let plain = format!("<{}xf/>", self.prefix);
        let plains = std::iter::repeat_n(plain, missing);
        self.formats.items.extend(plains);
    }

    /// The format of a cell with another fill.
    pub(crate) fn coloured(&mut self, format: u32, colour: [u8; 3]) -> u32 {
        if let Some(known) = self.coloured.get(&(format, colour)) {
            return *known;
        }
        let plain = "<xf/>".to_owned();
        let written = self.formats.get(format).map_or(plain, str::to_owned);
        let before = self.second_colour(&written);
        let p = &self.prefix;
        let [red, green, blue] = colour;
        let fill = format!(
            "<{p}fill><{p}patternFill patternType=\"solid\"><{p}fgColor rgb=\"FF{red:02X}{green:02X}{blue:02X}\"/><{p}bgColor {before}/></{p}patternFill></{p}fill>"
        );
        let fill = self.fills.number(fill).to_string();
        let number = self.formats.number(with_fill(&written, &fill));
        self.coloured.insert((format, colour), number);
        number
    }

    /// The format that a cell had before it was coloured; `None` where its fill is none of ours.
    pub(crate) fn original(&mut self, format: u32) -> Option<u32> {
        let written = self.formats.get(format)?.to_owned();
        let fill = self.fill_of(&written)?.to_owned();
        let pattern = root(&fill)?.child("patternFill")?;
        let ours = pattern
            .child("fgColor")
            .and_then(|it| rgb(&it))
            .is_some_and(marks::is_ours);
        if !ours {
            return None;
        }
        let second = pattern.child("bgColor").filter(|_| self.is_kept);
        let before = second.map(|it| colour_of(&it));
        let before = before.unwrap_or_else(|| NOTHING.to_owned());
        let key = (uncoloured(&written), before);
        if self.uncoloured.is_none() {
            let mut first = HashMap::new();
            for (number, format) in (0u32..).zip(&self.formats.items) {
                if !self.is_ours(format) {
                    let key = (uncoloured(format), self.second_colour(format));
                    first.entry(key).or_insert(number);
                }
            }
            self.uncoloured = Some(first);
        }
        let known = self.uncoloured.as_ref().and_then(|first| first.get(&key));
        if let Some(number) = known {
            return Some(*number);
        }
        let before = key.1;
        let p = &self.prefix;
        let fill = if [NOTHING, PATTERN].contains(&before.as_str()) {
            "0".to_owned()
        } else {
            let fill = format!(
                "<{p}fill><{p}patternFill patternType=\"solid\"><{p}fgColor {before}/><{p}bgColor {NOTHING}/></{p}patternFill></{p}fill>"
            );
            self.fills.number(fill).to_string()
        };
        Some(self.formats.number(with_fill(&written, &fill)))
    }

    /// True if any format has a fill of ours.
    pub(crate) fn has_marks(&self) -> bool {
        let pattern = |fill: &String| {
            let colour = root(fill)?.child("patternFill")?.child("fgColor")?;
            rgb(&colour)
        };
        let own = &self.fills.items[..self.fills.own];
        own.iter().filter_map(pattern).any(marks::is_ours)
    }

    /// The number of a format of our own: elements without a prefix, `font`, `fill` and `border` inside.
    pub(crate) fn own(&mut self, font: &str, fill: &str, border: &str, alignment: &str) -> u32 {
        let font = self.fonts.number(prefixed(font, &self.prefix));
        let fill = if fill.is_empty() {
            0
        } else {
            self.fills.number(prefixed(fill, &self.prefix))
        };
        let border = if border.is_empty() {
            0
        } else {
            self.borders.number(prefixed(border, &self.prefix))
        };
        let format = format!(
            "<xf numFmtId=\"0\" fontId=\"{font}\" fillId=\"{fill}\" borderId=\"{border}\" xfId=\"0\" applyFont=\"1\" applyFill=\"1\" applyBorder=\"1\" applyAlignment=\"1\">{alignment}</xf>"
        );
        self.formats.number(prefixed(&format, &self.prefix))
    }

    /// The name of the workbook's first font.
    pub(crate) fn font_name(&self) -> Option<String> {
        let font = root(self.fonts.items.first()?)?;
        let name = font.child("name")?.attribute("val")?;
        Some(name.into_owned())
    }

    /// The part, with what was added.
    pub(crate) fn finish(self) -> String {
        let mut edits = Edits::default();
        let lists = [
            ("fonts", &self.fonts),
            ("fills", &self.fills),
            ("borders", &self.borders),
            ("cellXfs", &self.formats),
        ];
        let Some(sheet) = root(&self.text) else {
            return self.text;
        };
        for (name, list) in lists {
            let Some(element) = sheet.child(name).filter(|_| list.items.len() > list.own) else {
                continue;
            };
            let tag = with_attribute(element.tag(), "count", &list.items.len().to_string());
            if element.closes_itself() {
                let open = tag.trim_end_matches('>').trim_end_matches('/').to_owned();
                let new = list.items.concat();
                let whole = format!("{open}>{new}</{}>", element.qualified());
                edits.replace(element.span.clone(), whole);
            } else {
                edits.replace(element.head.clone(), tag);
                append(&mut edits, &element, &list.items[list.own..].concat());
            }
        }
        edits.apply(&self.text)
    }

    fn fill_of(&self, format: &str) -> Option<&str> {
        let number = root(format)?.attribute("fillId")?.parse().ok()?;
        self.fills.get(number)
    }

    fn is_ours(&self, format: &str) -> bool {
        let fill = self.fill_of(format).and_then(root);
        let colour = fill.and_then(|fill| fill.child("patternFill")?.child("fgColor"));
        colour.and_then(|it| rgb(&it)).is_some_and(marks::is_ours)
    }

    /// What a format is filled with, as the second colour of a fill says it.
    fn second_colour(&self, format: &str) -> String {
        let Some(fill) = self.fill_of(format).and_then(root) else {
            return NOTHING.to_owned();
        };
        let Some(pattern) = fill.child("patternFill") else {
            let is_gradient = fill.child("gradientFill").is_some();
            return if is_gradient { PATTERN } else { NOTHING }.to_owned();
        };
        match pattern.attribute("patternType").as_deref() {
            None | Some("none") => NOTHING.to_owned(),
            Some("solid") => pattern
                .child("fgColor")
                .map_or_else(|| NOTHING.to_owned(), |colour| colour_of(&colour)),
            Some(_) => PATTERN.to_owned(),
        }
    }
}

/// A format with another fill.
fn with_fill(format: &str, fill: &str) -> String {
    let Some(element) = root(format) else {
        return format.to_owned();
    };
    let tag = with_attribute(element.tag(), "fillId", fill);
    let tag = with_attribute(&tag, "applyFill", "1");
    format!("{tag}{}", &format[element.head.end..])
}

/// A format without its fill, for comparing.
fn uncoloured(format: &str) -> String {
    let Some(element) = root(format) else {
        return format.to_owned();
    };
    let tag = without_attribute(element.tag(), "fillId");
    let tag = without_attribute(&tag, "applyFill");
    format!("{tag}{}", &format[element.head.end..])
}

/// The attributes of a colour, those only that a colour has.
fn colour_of(colour: &Element<'_>) -> String {
    let attributes = ["rgb", "theme", "indexed", "tint"]
        .iter()
        .filter_map(|name| {
            let value = colour.attribute(name)?;
            let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+');
            (!value.is_empty() && value.chars().all(is_plain))
                .then(|| format!("{name}=\"{value}\""))
        });
    let attributes: Vec<String> = attributes.collect();
    if attributes.is_empty() {
        return NOTHING.to_owned();
    }
    attributes.join(" ")
}

fn rgb(colour: &Element<'_>) -> Option<[u8; 3]> {
    let value = colour.attribute("rgb")?;
    let digits = value.get(value.len().checked_sub(6)?..)?;
    let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    Some([red, green, blue])
}

/// Elements of ours with the prefix of the part.
fn prefixed(xml: &str, prefix: &str) -> String {
    if prefix.is_empty() {
        return xml.to_owned();
    }
    xml.replace("</", "\u{0}")
        .replace('<', &format!("<{prefix}"))
        .replace('\u{0}', &format!("</{prefix}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOOK: &str = "<styleSheet><fonts count='1'><font><name val='Meiryo'/></font></fonts><fills count='4'><fill><patternFill patternType='none'/></fill><fill><patternFill patternType='gray125'/></fill><fill><patternFill patternType='solid'><fgColor theme='4' tint='0.6'/><bgColor indexed='64'/></patternFill></fill><fill><patternFill patternType='lightUp'/></fill></fills><borders count='1'><border/></borders><cellXfs count='4'><xf numFmtId='0' fillId='0'/><xf numFmtId='49' fillId='2' applyFill='1'><alignment wrapText='1'/></xf><xf fillId='3'/><xf numFmtId='9'/></cellXfs><dxfs count='0'/></styleSheet>";

    #[test]
    fn a_number_that_no_format_has_stays_plain() {
        let mut styles = Styles::open(Some(BOOK)).expect("styles");
        styles.reach(
            "<cols><col min='1' style='5'/></cols><c r=\"A1\" s=\"6\"/><c r='B1' s='70000'/>",
        );
        assert_eq!(styles.coloured(1, [255, 215, 163]), 7);
        assert!(styles.finish().contains("<xf/><xf/><xf/><xf numFmtId='49'"));
    }

    #[test]
    fn colours_come_and_go() {
        let mut styles = Styles::open(Some(BOOK)).expect("styles");
        let coloured: Vec<u32> = (0..4).map(|at| styles.coloured(at, marks::MEND)).collect();
        assert_eq!(coloured, [4, 5, 6, 7]);
        assert_eq!(styles.coloured(1, marks::MEND), 5);
        assert_eq!(styles.coloured(1, marks::ASK), 8);
        let text = styles.finish();
        assert!(
            text.starts_with("<styleSheet><fonts count='1'>")
                && text.contains("<cellXfs count='9'>")
        );
        assert!(
            text.contains("<fgColor rgb=\"FFFFD7A3\"/><bgColor theme=\"4\" tint=\"0.6\"/>"),
            "{text}"
        );
        assert!(text.contains("<alignment wrapText='1'/></xf><xf fillId='3'/>"));
        let mut again = Styles::open(Some(&text)).expect("styles");
        let back: Vec<Option<u32>> = (0..9).map(|at| again.original(at)).collect();
        let was = [
            None,
            None,
            None,
            None,
            Some(0),
            Some(1),
            Some(2),
            Some(3),
            Some(1),
        ];
        assert_eq!(back, was);
        assert_eq!(again.coloured(1, marks::MEND), 5);
        assert_eq!(again.finish(), text);
    }

    #[test]
    fn an_original_that_is_gone_is_made_anew() {
        let book = "<x:styleSheet xmlns:x='m'><x:fonts><x:font/></x:fonts><x:fills><x:fill/><x:fill><x:patternFill patternType='solid'><x:fgColor rgb='FFFFD7A3'/><x:bgColor rgb='FF00FF00'/></x:patternFill></x:fill><x:fill><x:patternFill patternType='solid'><x:fgColor rgb='FFFFD7A3'/><x:bgColor indexed='64'/></x:patternFill></x:fill></x:fills><x:borders/><x:cellXfs><x:xf fillId='1'/></x:cellXfs></x:styleSheet>";
        let mut styles = Styles::open(Some(book)).expect("styles");
        assert_eq!(styles.original(0), Some(1));
        // Where somebody else wrote the second colours, the cell had none that we know of.
        let foreign = book.replace("indexed='64'", "rgb='FFFFE1E1'");
        let mut foreign = Styles::open(Some(&foreign)).expect("styles");
        assert_eq!(foreign.original(0), Some(1));
        assert!(!foreign.finish().contains("<x:fgColor rgb=\"FF00FF00\"/>"));
        let own = styles.own(
            "<font><b/></font>",
            "",
            "<border><left/></border>",
            "<alignment/>",
        );
        assert_eq!(own, 2);
        let text = styles.finish();
        assert!(text.contains("<x:fgColor rgb=\"FF00FF00\"/>"), "{text}");
        assert!(
            text.contains("<x:borders count=\"1\"><x:border><x:left/></x:border></x:borders>"),
            "{text}"
        );
    }
}
