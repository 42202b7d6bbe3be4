//! Drop-down lists: which cells offer which words.
//!
//! A list is written out, or is an area of cells, or a defined name of one. What stands in cells is known when
//! all sheets have been read, so it is kept as written until then.

use std::collections::{BTreeMap, HashMap};

use super::sheet::parse_area;
use super::{Gauge, KEPT, Piece, attribute, walk};
use crate::place::parse_address;
use crate::read::beside::Choices;
use crate::read::grid::{Area, Workbook};

/// How many words of a list are told; nobody answers a question out of more.
const WORDS: usize = 1_000;
/// How many words and how many looked-at cells all lists have together.
pub(in crate::read) const EFFORT: usize = 500_000;
/// How many cells with a list that moves along with them get one of their own.
const MOVED: usize = 1_000;
/// How many areas a list is offered by.
const AREAS: usize = 1_000;
/// How many names lead to each other.
const STEPS: usize = 4;

/// A list as the sheet has it.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::read) struct Listed {
    areas: Vec<Area>,
    formula: String,
}

/// Defined names: the sheet's number where a name is its own, the name in lower case, what it stands for.
pub(in crate::read) type Names = HashMap<(Option<usize>, String), String>;

/// Reads the defined names of a workbook part.
pub(in crate::read) fn names(text: &str) -> Names {
    let mut names = Names::new();
    let mut open: Option<(Option<usize>, String)> = None;
    let mut value = String::new();
    walk(text, |piece| {
        match piece {
            Piece::Open(element) => {
                value.clear();
                open = (element.local_name().as_ref() == "definedName")
                    .then(|| attribute(element, "name"))
                    .flatten()
                    .map(|name| {
                        let sheet = attribute(element, "localSheetId");
                        (sheet.and_then(|id| id.parse().ok()), name.to_lowercase())
                    });
            }
            Piece::Text(text) if open.is_some() => value.push_str(text),
            Piece::Text(_) => {}
            Piece::Close(_) => {
                if let Some(key) = open.take() {
                    names.insert(key, std::mem::take(&mut value));
                }
            }
        }
        names.len() < KEPT
    });
    names
}

/// Collects the lists of a sheet, also those that only newer versions of Excel understand (`x14`).
#[derive(Debug, Default)]
pub(super) struct ListReader {
    pub(super) found: Vec<Listed>,
    open: Option<Listed>,
    /// True within what the cells may hold, the first formula.
    in_formula: bool,
    in_areas: bool,
    written: String,
}

impl ListReader {
    /// Takes what belongs to a list.
    pub(super) fn take(&mut self, piece: &Piece<'_, '_>, gauge: &mut Gauge) {
        match piece {
            Piece::Open(element) => match element.local_name().as_ref() {
                "dataValidation" => {
                    let is_list = attribute(element, "type").as_deref() == Some("list");
                    self.open = is_list.then(|| Listed {
                        areas: areas(&attribute(element, "sqref").unwrap_or_default()),
                        formula: String::new(),
                    });
                }
                "formula1" => self.in_formula = true,
                "sqref" => {
                    self.in_areas = true;
                    self.written.clear();
                }
                _ => {}
            },
            Piece::Text(text) => match &mut self.open {
                Some(open) if self.in_formula => open.formula.push_str(text),
                Some(_) if self.in_areas => self.written.push_str(text),
                Some(_) | None => {}
            },
            Piece::Close("formula1") => self.in_formula = false,
            Piece::Close("sqref") => {
                self.in_areas = false;
                if let Some(open) = &mut self.open {
                    open.areas.extend(areas(&self.written));
                }
            }
            Piece::Close("dataValidation") => {
                if let Some(open) = self.open.take().filter(|open| !open.areas.is_empty()) {
                    let size = open.formula.len() + size_of_val(open.areas.as_slice());
                    if gauge.admits("limit-choices", self.found.len(), size) {
                        self.found.push(open);
                    }
                }
            }
            Piece::Close(_) => {}
        }
    }
}

/// Areas and single cells, separated by blanks.
fn areas(written: &str) -> Vec<Area> {
    let area = |text: &str| {
        parse_area(text).or_else(|| {
            let cell = parse_address(text)?;
            Some(Area {
                first: cell,
                last: cell,
            })
        })
    };
    written
        .split_ascii_whitespace()
        .filter_map(area)
        .take(AREAS)
        .collect()
}

/// The lists of all sheets with their words. `sheets` has the lists of each sheet, in the order of the workbook.
///
/// The words of a list that a formula makes cannot be told and are left empty. True is told with them if some
/// were left out because there are too many.
pub(in crate::read) fn resolve(
    sheets: &[Vec<Listed>],
    names: &Names,
    workbook: &Workbook,
) -> (Vec<Vec<Choices>>, bool) {
    let mut resolver = Resolver {
        names,
        workbook,
        known: BTreeMap::new(),
        effort: 0,
        left_out: false,
    };
    let resolved = sheets
        .iter()
        .enumerate()
        .map(|(sheet, lists)| {
            let mut choices: Vec<Choices> = lists
                .iter()
                .flat_map(|listed| resolver.choices(sheet, listed))
                .collect();
            choices.sort_by_key(|choices| choices.areas.first().map(|area| area.first));
            choices
        })
        .collect();
    (resolved, resolver.left_out || resolver.effort > EFFORT)
}

/// An area of cells that a formula names; a coordinate that is relative moves along with the cell.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Reference {
    sheet: usize,
    area: Area,
    moves: (bool, bool),
}

struct Resolver<'w> {
    names: &'w Names,
    workbook: &'w Workbook,
    known: BTreeMap<(usize, Area), Vec<String>>,
    /// Words made and cells looked at so far.
    effort: usize,
    left_out: bool,
}

impl Resolver<'_> {
    fn choices(&mut self, sheet: usize, listed: &Listed) -> Vec<Choices> {
        let areas = listed.areas.clone();
        if let Some(words) = literal(&listed.formula) {
            let words = self.afford(words);
            return vec![Choices { areas, words }];
        }
        let Some(reference) = self.reference(sheet, &listed.formula, STEPS) else {
            let words = Vec::new();
            return vec![Choices { areas, words }];
        };
        let is_one_cell = matches!(areas.as_slice(), [area] if area.first == area.last);
        if reference.moves == (false, false) || is_one_cell {
            let words = self.words(reference.sheet, reference.area);
            return vec![Choices { areas, words }];
        }
        self.moved(&areas, &reference)
    }

    /// A relative area is that of the first cell; for the others it moves as they lie from it.
    fn moved(&mut self, areas: &[Area], reference: &Reference) -> Vec<Choices> {
        let first = areas
            .iter()
            .map(|area| area.first)
            .reduce(|a, b| (a.0.min(b.0), a.1.min(b.1)))
            .unwrap_or_default();
        let cells = areas.iter().flat_map(|area| {
            (area.first.0..=area.last.0)
                .flat_map(|row| (area.first.1..=area.last.1).map(move |column| (row, column)))
        });
        let mut choices = Vec::new();
        for (count, cell) in cells.enumerate() {
            self.effort += 1;
            if count == MOVED || self.effort > EFFORT {
                self.left_out = true;
                break;
            }
            let down = if reference.moves.0 {
                cell.0 - first.0
            } else {
                0
            };
            let across = if reference.moves.1 {
                cell.1 - first.1
            } else {
                0
            };
            let moved = |(row, column): (u32, u32)| (row + down, column + across);
            let area = Area {
                first: moved(reference.area.first),
                last: moved(reference.area.last),
            };
            let words = self.words(reference.sheet, area);
            let areas = vec![Area {
                first: cell,
                last: cell,
            }];
            choices.push(Choices { areas, words });
        }
        choices
    }

    /// The words in an area, row by row, each cell that holds something.
    fn words(&mut self, sheet: usize, area: Area) -> Vec<String> {
        if self.effort > EFFORT {
            return Vec::new();
        }
        if let Some(words) = self.known.get(&(sheet, area)) {
            let words = words.clone();
            return self.afford(words);
        }
        let cells = self
            .workbook
            .sheets
            .get(sheet)
            .map_or(&[][..], |sheet| sheet.cells.as_slice());
        let start = cells.partition_point(|cell| (cell.row, cell.column) < area.first);
        let rows = cells[start..]
            .iter()
            .take_while(|cell| cell.row <= area.last.0)
            .take(EFFORT);
        let mut words = Vec::new();
        for cell in rows {
            self.effort += 1;
            if (area.first.1..=area.last.1).contains(&cell.column) {
                words.push(cell.value.text().trim().to_owned());
            }
            if words.len() == WORDS {
                break;
            }
        }
        self.known.insert((sheet, area), words.clone());
        words
    }

    /// The words, if they are not too many after all those before.
    fn afford(&mut self, words: Vec<String>) -> Vec<String> {
        self.effort += words.len();
        if self.effort > EFFORT {
            Vec::new()
        } else {
            words
        }
    }

    fn reference(&self, sheet: usize, formula: &str, steps: usize) -> Option<Reference> {
        let formula = formula.trim().trim_start_matches('=').trim();
        if let Some(text) = indirect(formula) {
            // An address in a text stays the same for every cell.
            let found = self.reference(sheet, &text, steps.checked_sub(1)?)?;
            return Some(Reference {
                moves: (false, false),
                ..found
            });
        }
        let (of, address) = match formula.rsplit_once('!') {
            Some((name, address)) => (self.sheet(name)?, address),
            None => (sheet, formula),
        };
        if let Some((area, moves)) = area(address) {
            return Some(Reference {
                sheet: of,
                area,
                moves,
            });
        }
        let name = address.to_lowercase();
        let stands_for = self
            .names
            .get(&(Some(of), name.clone()))
            .or_else(|| self.names.get(&(None, name)))?;
        // What a name stands for counts from the cell with the list; such names are not told apart here.
        let found = self.reference(of, stands_for, steps.checked_sub(1)?)?;
        (found.moves == (false, false)).then_some(found)
    }

    fn sheet(&self, name: &str) -> Option<usize> {
        let name = match name.strip_prefix('\'') {
            Some(quoted) => quoted.strip_suffix('\'')?.replace("''", "'"),
            None => name.to_owned(),
        };
        let name = name.to_lowercase();
        let mut sheets = self.workbook.sheets.iter();
        sheets.position(|sheet| sheet.name.to_lowercase() == name)
    }
}

/// The address or name in `INDIRECT("...")`; where a cell holds it, it is not looked up.
fn indirect(formula: &str) -> Option<String> {
    let (function, rest) = formula.split_once('(')?;
    if !function.trim_end().eq_ignore_ascii_case("INDIRECT") {
        return None;
    }
    let inner = rest.strip_suffix(')')?.trim();
    let text = inner.strip_prefix('"')?.strip_suffix('"')?;
    (!text.contains('"')).then(|| text.to_owned())
}

/// Words written out in the formula: `"はい,いいえ"`.
fn literal(formula: &str) -> Option<Vec<String>> {
    let formula = formula.trim();
    let inner = formula.strip_prefix('"')?.strip_suffix('"')?;
    // A single quotation mark would end the text: then it is a formula of several.
    if inner.replace("\"\"", "").contains('"') {
        return None;
    }
    let words = inner.replace("\"\"", "\"");
    let words = words.split(',').map(str::trim);
    let words = words.filter(|word| !word.is_empty()).take(WORDS);
    Some(words.map(str::to_owned).collect())
}

/// A cell, an area, or whole columns; whether its rows and columns move along.
fn area(address: &str) -> Option<(Area, (bool, bool))> {
    let (first, last) = address.split_once(':').unwrap_or((address, address));
    let moves = |part: &str| {
        let digits = part.find(|c: char| c.is_ascii_digit());
        let column = &part[..digits.unwrap_or(part.len())];
        let row_moves = digits.is_some() && !column.ends_with('$');
        (
            row_moves,
            !column.trim_end_matches('$').is_empty() && !part.starts_with('$'),
        )
    };
    let moving = (moves(first), moves(last));
    let plain = |part: &str| part.replace('$', "");
    let (first, last) = (plain(first), plain(last));
    let (first, last) = match (parse_address(&first), parse_address(&last)) {
        (Some(first), Some(last)) => (first, last),
        _ if address.contains(':') => (
            parse_address(&format!("{first}1"))?,
            parse_address(&format!("{last}1048576"))?,
        ),
        _ => return None,
    };
    let ((a, b), (c, d)) = moving;
    let area = Area {
        first: (first.0.min(last.0), first.1.min(last.1)),
        last: (first.0.max(last.0), first.1.max(last.1)),
    };
    Some((area, (a || c, b || d)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(row: u32, column: u32) -> Area {
        Area {
            first: (row, column),
            last: (row, column),
        }
    }

    #[test]
    fn words_written_out() {
        let words = |formula| literal(formula).map(|words| words.join("|"));
        assert_eq!(
            words("\"はい, いいえ,対象外\"").as_deref(),
            Some("はい|いいえ|対象外")
        );
        assert_eq!(words("\"a\"\"b,\"").as_deref(), Some("a\"b"));
        assert_eq!(words("\"a\"&\"b\""), None);
        assert_eq!(words("\""), None);
        assert_eq!(words("A1:A3"), None);
    }

    #[test]
    fn addresses() {
        let whole = |text| area(text).map(|(area, moves)| (area.first, area.last, moves));
        assert_eq!(whole("$A$1:$B$3"), Some(((0, 0), (2, 1), (false, false))));
        assert_eq!(whole("A1:A3"), Some(((0, 0), (2, 0), (true, true))));
        assert_eq!(whole("$A1"), Some(((0, 0), (0, 0), (true, false))));
        assert_eq!(
            whole("$C:$C"),
            Some(((0, 2), (1_048_575, 2), (false, false)))
        );
        assert_eq!(whole("$B$3:$A$1"), Some(((0, 0), (2, 1), (false, false))));
        for none in ["", ":", "YESNO", "INDIRECT(A1)", "A1:", "$", "A0:A1"] {
            assert_eq!(whole(none), None, "{none}");
        }
    }

    #[test]
    fn an_address_in_a_text() {
        for formula in [
            "INDIRECT(\"リスト!$A$1:$A$3\")",
            "Indirect( \"リスト!$A$1:$A$3\" )",
        ] {
            assert_eq!(indirect(formula).as_deref(), Some("リスト!$A$1:$A$3"));
        }
        for formula in [
            "INDIRECT(A1)",
            "INDIRECT(\"A\"&\"1\")",
            "OFFSET(A1,0,0)",
            "A1",
        ] {
            assert_eq!(indirect(formula), None, "{formula}");
        }
    }

    #[test]
    fn lists_old_and_new() {
        let text = "<dataValidations><dataValidation type='list' sqref='C5:C7 D3'><formula1>&quot;はい,いいえ&quot;</formula1><formula2>9</formula2></dataValidation><dataValidation type='whole' sqref='A1'><formula1>1</formula1></dataValidation><dataValidation type='list' sqref='E1'><formula1>x</formula1></dataValidation></dataValidations>\
            <extLst><ext><x14:dataValidations><x14:dataValidation type='list'><x14:formula1><xm:f>Lists!$A$1:$A$3</xm:f></x14:formula1><xm:sqref>C9</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>";
        let mut reader = ListReader::default();
        let mut gauge = Gauge::default();
        walk(text, |piece| {
            reader.take(&piece, &mut gauge);
            true
        });
        let told: Vec<_> = reader
            .found
            .iter()
            .map(|listed| (listed.areas.len(), listed.formula.as_str()))
            .collect();
        assert_eq!(
            told,
            [(2, "\"はい,いいえ\""), (1, "x"), (1, "Lists!$A$1:$A$3")]
        );
        assert_eq!(reader.found[0].areas[1], cell(2, 3));
        assert_eq!(reader.found[2].areas, [cell(8, 2)]);
    }
}
