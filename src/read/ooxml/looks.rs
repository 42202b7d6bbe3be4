//! Looks: which cells a person would see struck out, underlined, coloured, bold or filled, in whole or in part.
//!
//! Styles and strings say what there is to tell; the cells' tags say where. The text itself is taken from
//! the cells when they have been read, so that a run never says what its cell does not.

use std::collections::HashMap;

use super::styles::{self, Palette, Style, Styles, set};
use super::tags::{Tag, holds, raw, tags};
use super::{Gauge, Piece, attribute, walk};
use crate::read::beside::{Look, Run};
use crate::read::grid::Cell;
use crate::read::xstring;

/// A cell that may have a look: its style, and its own runs where its text has several.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::read) struct Styled {
    row: u32,
    column: u32,
    style: u32,
    runs: Runs,
}

#[derive(Clone, Debug, PartialEq)]
enum Runs {
    /// The text has the font of the cell.
    Whole,
    /// The runs of the shared string of this number.
    Shared(u32),
    /// The runs in the cell.
    Own(Vec<Stretch>),
}

/// A run as a string has it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Stretch {
    run: Run,
    /// True if it says its own font; else it has that of its cell.
    has_font: bool,
}

/// What styles and strings tell about looks.
#[derive(Debug, Default)]
pub(in crate::read) struct Looks {
    pub(super) palette: Palette,
    pub(super) styles: Styles,
    /// Shared strings of several runs, by number.
    strings: HashMap<u32, Vec<Stretch>>,
    /// True if texts in the cells of the sheet at hand are written in runs.
    in_cells: bool,
    runs: usize,
    pub(super) cells: usize,
}

impl Looks {
    /// Takes the formats of the workbook, in its own palette where it has one.
    pub(super) fn read_styles(&mut self, text: &str) {
        self.palette.read_indexed(text);
        self.styles = styles::read(text, &self.palette);
    }

    /// Keeps those of the shared strings that are written in runs.
    pub(super) fn read_strings(&mut self, text: &str, gauge: &mut Gauge) {
        if !holds(text, "rPr") {
            return;
        }
        let starts = tags(text).filter(|tag| tag.name == "si").map(|tag| tag.at);
        let ends = starts.skip(1).chain([text.len()]);
        let starts = tags(text).filter(|tag| tag.name == "si").map(|tag| tag.at);
        for (number, (start, end)) in (0u32..).zip(starts.zip(ends)) {
            let string = &text[start..end];
            if !holds(string, "rPr") {
                continue;
            }
            let stretches = stretches(string, &self.palette);
            self.runs += stretches.len();
            let most = gauge.looks();
            if self.runs > most || !gauge.admits("limit-looks", 0, size(&stretches)) {
                gauge.note("limit-looks", most);
                return;
            }
            self.strings.insert(number, stretches);
        }
    }

    /// True if cells of these rows can have a look that is to be told.
    pub(super) fn can_tell(&mut self, rows: &str) -> bool {
        self.in_cells = holds(rows, "rPr");
        self.styles.tells || !self.strings.is_empty() || self.in_cells
    }

    /// True if a cell of this style is to be looked at at all.
    pub(super) fn may_tell(&self, style: u32) -> bool {
        // Most cells are told by their style to be plain.
        self.in_cells || !self.strings.is_empty() || self.styles.told(style).is_some()
    }

    /// The cell as one to look at again when its text is known. `address` is where it stands.
    pub(super) fn styled(
        &mut self,
        style: u32,
        inside: Inside<'_>,
        address: (u32, u32),
        gauge: &mut Gauge,
    ) -> Option<Styled> {
        if !self.may_tell(style) {
            return None;
        }
        let is_told = self.styles.told(style).is_some();
        let runs = match inside {
            Inside::Shared(number) if !self.strings.is_empty() => number
                .parse()
                .ok()
                .filter(|number| self.strings.contains_key(number))
                .map_or(Runs::Whole, Runs::Shared),
            Inside::Own(text) if self.in_cells && holds(text, "rPr") => {
                Runs::Own(stretches(text, &self.palette))
            }
            Inside::Shared(_) | Inside::Own(_) | Inside::Value | Inside::Nothing => Runs::Whole,
        };
        // A cell that only has a style holds nothing to look at.
        let tells = match &runs {
            Runs::Whole => is_told && inside != Inside::Nothing,
            Runs::Shared(_) | Runs::Own(_) => true,
        };
        if !tells {
            return None;
        }
        let text = match &runs {
            Runs::Own(stretches) => size(stretches),
            Runs::Whole | Runs::Shared(_) => 0,
        };
        // Each run of a text that many cells share is told anew for each of them.
        self.cells += match &runs {
            Runs::Whole => 1,
            Runs::Shared(number) => self.strings.get(number).map_or(1, Vec::len).max(1),
            Runs::Own(stretches) => stretches.len().max(1),
        };
        let most = gauge.looks();
        if self.cells > most || !gauge.admits("limit-looks", 0, text) {
            gauge.note("limit-looks", most);
            return None;
        }
        let (row, column) = address;
        Some(Styled {
            row,
            column,
            style,
            runs,
        })
    }

    /// The looks of a sheet's cells, now that their texts are known.
    pub(in crate::read) fn of_cells(&self, styled: &[Styled], cells: &[Cell]) -> Vec<Look> {
        let mut found: Vec<Look> = styled
            .iter()
            .filter_map(|styled| {
                let address = (styled.row, styled.column);
                let at = cells
                    .binary_search_by_key(&address, |cell| (cell.row, cell.column))
                    .ok()?;
                self.look(styled, &cells[at].value.text())
            })
            .collect();
        // Where a cell stands twice, the last one counts.
        found.reverse();
        found.sort_by_key(|look| (look.row, look.column));
        found.dedup_by_key(|look| (look.row, look.column));
        found
    }

    fn look(&self, styled: &Styled, text: &str) -> Option<Look> {
        let plain = Style::default();
        let style = self.styles.told(styled.style).unwrap_or(&plain);
        let whole = || {
            vec![Run {
                text: text.to_owned(),
                ..style.font.clone()
            }]
        };
        let runs = match &styled.runs {
            Runs::Whole => None,
            Runs::Shared(number) => self.strings.get(number),
            Runs::Own(runs) => Some(runs),
        };
        let runs = runs.map_or_else(whole, |stretches| {
            let runs = joined(stretches, &style.font);
            let said: String = runs.iter().map(|run| run.text.as_str()).collect();
            // Runs that are not the text of the cell say nothing of it.
            if said == text { runs } else { whole() }
        });
        let told = style.fill.is_some() || runs.iter().any(|run| !alike(run, &Run::default()));
        told.then_some(Look {
            row: styled.row,
            column: styled.column,
            fill: style.fill,
            runs,
        })
    }
}

/// The runs of a string in the font of its cell; neighbours that look alike are one.
fn joined(stretches: &[Stretch], font: &Run) -> Vec<Run> {
    let mut joined: Vec<Run> = Vec::new();
    for stretch in stretches {
        let look = if stretch.has_font { &stretch.run } else { font };
        match joined.last_mut() {
            Some(last) if alike(last, look) => last.text.push_str(&stretch.run.text),
            _ => joined.push(Run {
                text: stretch.run.text.clone(),
                ..look.clone()
            }),
        }
    }
    joined
}

/// True if two runs look the same, whatever they say.
fn alike(a: &Run, b: &Run) -> bool {
    (a.strike, a.underline, a.bold, a.colour) == (b.strike, b.underline, b.bold, b.colour)
}

fn size(stretches: &[Stretch]) -> usize {
    stretches.iter().map(|stretch| stretch.run.text.len()).sum()
}

/// What is in a cell, as far as its look may depend on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Inside<'x> {
    Nothing,
    Value,
    /// The number of a shared string.
    Shared(&'x str),
    /// A string of its own.
    Own(&'x str),
}

impl<'x> Inside<'x> {
    /// What is in the cell of this tag.
    pub(super) fn of(tag: &Tag<'x>, attributes: &'x str) -> Self {
        let content = tag.content(attributes);
        if !is_filled(content) {
            return Self::Nothing;
        }
        match raw(attributes, "t") {
            Some("s") => value(content).map_or(Self::Value, Self::Shared),
            Some("inlineStr") => Self::Own(&content[..end(content)]),
            _ => Self::Value,
        }
    }
}

/// Where what is in a cell ends: at the next cell or row.
fn end(content: &str) -> usize {
    tags(content)
        .find(is_next)
        .map_or(content.len(), |tag| tag.at)
}

/// True if the cell that begins here holds something.
fn is_filled(content: &str) -> bool {
    tags(content).next().is_some_and(|tag| !is_next(&tag))
}

fn is_next(tag: &Tag<'_>) -> bool {
    matches!(tag.name, "c" | "row")
}

/// The value of a cell that begins here.
fn value(content: &str) -> Option<&str> {
    let tag = tags(content)
        .take_while(|tag| !is_next(tag))
        .find(|tag| tag.name == "v")?;
    let value = tag.content(tag.attributes());
    Some(value.split('<').next().unwrap_or(value).trim())
}

/// The runs of a string as calamine joins them: without phonetic guides, white space around a text dropped
/// where it is not said to be kept.
fn stretches(string: &str, palette: &Palette) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    let mut written = String::new();
    let (mut in_run, mut in_font, mut in_text, mut in_phonetic) = (false, false, false, false);
    let mut keeps_space = false;
    walk(string, |piece| {
        match piece {
            Piece::Open(element) => match element.local_name().as_ref() {
                "rPh" => in_phonetic = true,
                "r" => {
                    in_run = true;
                    found.push(Stretch::default());
                }
                "rPr" => {
                    in_font = true;
                    if let Some(stretch) = found.last_mut() {
                        stretch.has_font = true;
                    }
                }
                "t" if !in_phonetic => {
                    if !in_run {
                        found.push(Stretch::default());
                    }
                    in_text = true;
                    written.clear();
                    keeps_space = attribute(element, "space").as_deref() == Some("preserve");
                }
                _ => {
                    if let Some(stretch) = found.last_mut().filter(|_| in_font) {
                        set(&mut stretch.run, element, palette);
                    }
                }
            },
            Piece::Text(part) => {
                if in_text {
                    written.push_str(part);
                }
            }
            Piece::Close("rPh") => in_phonetic = false,
            Piece::Close("rPr") => in_font = false,
            Piece::Close("r") => in_run = false,
            Piece::Close("t") if in_text => {
                in_text = false;
                let text = if keeps_space {
                    written.as_str()
                } else {
                    written.trim_matches([' ', '\t', '\r', '\n'])
                };
                if let Some(stretch) = found.last_mut() {
                    stretch.run.text.push_str(&xstring::unescape(text));
                }
            }
            Piece::Close(_) => {}
        }
        true
    });
    found.retain(|stretch| !stretch.run.text.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::grid::CellValue;

    fn run(text: &str) -> Run {
        Run {
            text: text.to_owned(),
            ..Run::default()
        }
    }

    /// The looks of the cells of one row, given their texts.
    fn looks(strings: &str, row: &str, texts: &[&str]) -> Vec<Look> {
        let mut gauge = Gauge::default();
        let mut looks = Looks::default();
        looks.read_styles("<styleSheet><fonts><font/><font><strike/></font></fonts><fills><fill><patternFill patternType='solid'><fgColor rgb='FFFFFF00'/></patternFill></fill><fill/></fills><cellXfs><xf fillId='1'/><xf fillId='1' fontId='1'/><xf fillId='0'/></cellXfs></styleSheet>");
        looks.read_strings(strings, &mut gauge);
        assert!(looks.can_tell(row));
        let mut styled = Vec::new();
        for (column, tag) in (0u32..).zip(tags(row).filter(|tag| tag.name == "c")) {
            let attributes = tag.attributes();
            let style = raw(attributes, "s").and_then(|s| s.parse().ok());
            let inside = Inside::of(&tag, attributes);
            styled.extend(looks.styled(style.unwrap_or(0), inside, (0, column), &mut gauge));
        }
        let cells: Vec<Cell> = (0u32..)
            .zip(texts)
            .filter(|(_, text)| !text.is_empty())
            .map(|(column, text)| Cell {
                row: 0,
                column,
                value: CellValue::Text((*text).into()),
            })
            .collect();
        assert_eq!(gauge.findings().count(), 0);
        looks.of_cells(&styled, &cells)
    }

    #[test]
    fn whole_cells_by_their_style() {
        let found = looks(
            "",
            "<row><c r='A1' s='1' t='s'><v>0</v></c><c s='2'><v>4</v></c><c s='0'><v>5</v></c><c s='1'></c><c s='1'/><c s='77'><v>1</v></c></row>",
            &["はい", "4", "5", "x", "y", "1"],
        );
        assert_eq!(found.len(), 2);
        let struck = Run {
            strike: true,
            ..run("はい")
        };
        assert_eq!((found[0].column, &found[0].runs), (0, &vec![struck]));
        assert_eq!(found[1].fill, Some([255, 255, 0]));
    }

    #[test]
    fn runs_of_shared_strings() {
        let strings = "<sst><si><t>plain</t></si><si/><si><r><t xml:space='preserve'>はい </t></r><r><rPr><strike/><sz val='11'/></rPr><t>いい</t></r><r><rPr><strike val='1'/></rPr><t>え_x000D_&amp;</t></r><rPh sb='0' eb='1'><t>ハイ</t></rPh></si></sst>";
        let found = looks(
            strings,
            "<row><c t='s'><v>2</v></c><c t='s' s='1'><v> 2 </v></c><c t='s'><v>0</v></c></row>",
            &["はい いいえ\r&", "はい いいえ\r&", "plain"],
        );
        let struck = |text| Run {
            strike: true,
            ..run(text)
        };
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].runs, [run("はい "), struck("いいえ\r&")]);
        // A run without a font of its own has that of the cell.
        assert_eq!(found[1].runs, [struck("はい いいえ\r&")]);
    }

    #[test]
    fn runs_in_cells() {
        let row = "<row><c t='inlineStr'><is><r><rPr><u/><color rgb='FFFF0000'/></rPr><t> はい</t></r><r><t>いいえ</t></r></is></c><c t='inlineStr'><is><t>x</t></is></c></row>";
        let found = looks("", row, &["はいいいえ", "x"]);
        assert_eq!(found.len(), 1);
        let underlined = Run {
            underline: true,
            colour: Some([255, 0, 0]),
            ..run("はい")
        };
        assert_eq!(found[0].runs, [underlined, run("いいえ")]);
        // Another text than the runs' is not cut by them.
        assert_eq!(looks("", row, &["はい いいえ", "x"]), []);
    }
}
