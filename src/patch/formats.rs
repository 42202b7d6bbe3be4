//! What the styles of cells say that matters for what is written into them: dates, and the font.

use std::collections::HashMap;

use quick_xml::events::BytesStart;

use super::book::Book;
use super::spans::{self, Tag, escape};
use super::{Package, Refusal, relations};
use crate::read::ooxml::attribute;

/// How many formats and fonts are kept. Excel itself allows 65,490.
const FORMATS: usize = 65_536;

/// The formats of a workbook, by the position that cells name.
#[derive(Debug, Default)]
pub(crate) struct Formats {
    /// The number format and the font of each.
    formats: Vec<(u32, usize)>,
    codes: HashMap<u32, String>,
    /// Each as the children of a run's properties, without a prefix.
    fonts: Vec<String>,
}

impl Formats {
    /// Reads the styles of a workbook; one without styles has none.
    ///
    /// # Errors
    /// Where the part of the styles is damaged.
    pub(crate) fn of(package: &mut Package<'_>, book: &Book) -> Result<Self, Refusal> {
        let leads = relations::of(package, &book.part)?;
        let Some(styles) = leads.into_iter().find(|it| it.kind == "styles") else {
            return Ok(Self::default());
        };
        if !package.has(&styles.target) {
            return Ok(Self::default());
        }
        let text = package.text(&styles.target)?;
        let mut formats = Self::default();
        // The lists that are read stand at the second level; the looks of tables and conditions hold fonts, too.
        let mut within: Vec<String> = Vec::new();
        spans::walk(&text, |tag| {
            match tag {
                Tag::Open {
                    element, closed, ..
                } => {
                    formats.take(&within, element);
                    if !closed {
                        within.push(element.local_name().as_ref().to_owned());
                    }
                }
                Tag::Close { .. } => {
                    within.pop();
                }
            }
            true
        })?;
        Ok(formats)
    }

    fn take(&mut self, within: &[String], element: &BytesStart<'_>) {
        let name = element.local_name();
        let number = |name| attribute(element, name).and_then(|it| it.parse::<u32>().ok());
        let within: Vec<&str> = within.iter().skip(1).map(String::as_str).collect();
        match (within.as_slice(), name.as_ref()) {
            (["numFmts"], "numFmt") if self.codes.len() < FORMATS => {
                if let (Some(id), Some(code)) =
                    (number("numFmtId"), attribute(element, "formatCode"))
                {
                    self.codes.insert(id, code);
                }
            }
            (["fonts"], "font") if self.fonts.len() < FORMATS => self.fonts.push(String::new()),
            (["fonts", "font"], property) => {
                if let Some(font) = self.fonts.last_mut() {
                    font.push_str(&run_property(property, element));
                }
            }
            (["cellXfs"], "xf") if self.formats.len() < FORMATS => {
                let font = number("fontId").unwrap_or(0) as usize;
                self.formats.push((number("numFmtId").unwrap_or(0), font));
            }
            _ => {}
        }
    }

    /// True if a cell of this style shows a number as a date.
    pub(crate) fn is_date(&self, style: Option<u32>) -> bool {
        let Some((id, _)) = self.formats.get(style.unwrap_or(0) as usize) else {
            return false;
        };
        // NOTE: 27 to 36 and 50 to 58 are the Japanese dates. Source: ECMA-376 part 1, 18.8.30.
        if matches!(id, 14..=17 | 22 | 27..=31 | 36 | 50..=58) {
            return true;
        }
        self.codes.get(id).is_some_and(|code| is_date_code(code))
    }

    /// The font of a style, as the children of a run's properties, without a prefix.
    pub(crate) fn font(&self, style: Option<u32>) -> String {
        let format = self.formats.get(style.unwrap_or(0) as usize);
        let font = format.and_then(|(_, font)| self.fonts.get(*font));
        font.cloned().unwrap_or_default()
    }
}

/// A property of a font as one of a run.
fn run_property(name: &str, element: &BytesStart<'_>) -> String {
    let name = match name {
        "name" => "rFont",
        "sz" | "color" | "family" | "charset" | "scheme" => name,
        _ => return String::new(),
    };
    let mut tag = format!("<{name}");
    for key in ["val", "rgb", "theme", "tint", "indexed", "auto"] {
        if let Some(value) = attribute(element, key) {
            tag.push_str(&format!(" {key}=\"{}\"", escape(&value)));
        }
    }
    tag + "/>"
}

/// True for a format code with a day or a year in it.
fn is_date_code(code: &str) -> bool {
    let mut bare = String::new();
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => while chars.next().is_some_and(|c| c != '"') {},
            '[' => while chars.next().is_some_and(|c| c != ']') {},
            '\\' | '_' | '*' => {
                chars.next();
            }
            c => bare.extend(c.to_lowercase()),
        }
    }
    !bare.starts_with("general") && bare.contains(['y', 'd', 'e']) && !bare.contains("e+")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_dates() {
        for code in ["yyyy/m/d", "[$-411]ggge\"年\"m\"月\"d\"日\";@", "m/d/yy"] {
            assert!(is_date_code(code), "{code}");
        }
        for code in ["General", "0.00E+00", "#,##0\"day\"", "[Red]0", "@", "0\\d"] {
            assert!(!is_date_code(code), "{code}");
        }
    }
}
