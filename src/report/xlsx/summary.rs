//! The first sheet: one look for a director, what to do first, and the counts.
//!
//! Twelve columns of one width, merged into cells as wide as their text needs. Excel does not fit the
//! height of merged rows, so heights are reckoned here from the widths of the texts.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use super::figures::{self, Tile, counted, verdicts};
use super::look::{self, Look, Tone};
use super::tab;
use crate::assess::Verdict;
use crate::language::Language;
use crate::profile::Level;
use crate::report::model::{Report, fixes};
use crate::report::words;
use crate::text::harmless;

/// Columns of the sheet.
const COLUMNS: u16 = 12;
/// Width of each, in half-width characters.
const WIDTH: usize = 12;
/// Rows of "what to do first" at most; the sheet of findings has all.
const TO_DO: usize = 60;
/// Places named in one row of "what to do first".
const PLACES: usize = 8;

pub(super) fn write(sheet: &mut Worksheet, report: &Report, look: &Look) -> Result<(), XlsxError> {
    let name = tab("summary", report.language);
    sheet.set_name(&name)?;
    sheet.set_tab_color(Color::RGB(look::BRAND));
    look::printed(sheet, &name);
    sheet.set_print_center_horizontally(true);
    for column in 0..COLUMNS {
        sheet.set_column_width(column, WIDTH as f64)?;
    }
    let mut page = Page {
        sheet,
        look,
        language: report.language,
        row: 0,
    };
    page.title(report)?;
    page.tiles(report)?;
    page.documents(report)?;
    page.verdicts(report)?;
    page.what_first(report)?;
    page.counts(report)?;
    page.end(report)?;
    let rows = page.row;
    look::numbers_as_text(sheet, rows, COLUMNS - 1)
}

struct Page<'s> {
    sheet: &'s mut Worksheet,
    look: &'s Look,
    language: Language,
    row: u32,
}

/// A cell over several columns.
struct Block {
    columns: u16,
    text: String,
    format: Format,
}

impl Page<'_> {
    fn label(&self, key: &str) -> String {
        self.language.label(key)
    }

    /// A sentence, ended as the language ends it.
    fn sentence(&self, key: &str) -> String {
        let stop = match self.language {
            Language::Ja => "。",
            Language::En => ".",
        };
        self.label(key) + stop
    }

    /// Writes one row of blocks, high enough for the longest.
    fn blocks(&mut self, blocks: &[Block], least_lines: usize) -> Result<(), XlsxError> {
        let mut first = 0;
        let mut lines = least_lines;
        for block in blocks {
            let text = look::fitting(&block.text, self.language);
            let last = first + block.columns - 1;
            if block.columns == 1 {
                self.sheet
                    .write_string_with_format(self.row, first, &text, &block.format)?;
            } else {
                self.sheet
                    .merge_range(self.row, first, self.row, last, &text, &block.format)?;
            }
            let width = usize::from(block.columns) * WIDTH;
            lines = lines.max(look::lines(&text, width));
            first = last + 1;
        }
        self.sheet.set_row_height(self.row, look::height(lines))?;
        self.row += 1;
        Ok(())
    }

    fn line(&mut self, text: String, format: Format) -> Result<(), XlsxError> {
        let block = Block {
            columns: COLUMNS,
            text,
            format,
        };
        self.blocks(&[block], 1)
    }

    fn gap(&mut self, points: f64) -> Result<(), XlsxError> {
        self.sheet.set_row_height(self.row, points)?;
        self.row += 1;
        Ok(())
    }

    fn heading(&mut self, text: String) -> Result<(), XlsxError> {
        self.gap(12.0)?;
        let format = look::plain()
            .set_font_size(13)
            .set_bold()
            .set_font_color(Color::RGB(look::BRAND))
            .set_align(FormatAlign::VerticalCenter)
            .set_border_bottom(FormatBorder::Medium)
            .set_border_bottom_color(Color::RGB(look::BRAND));
        self.line(text, format)
    }

    fn title(&mut self, report: &Report) -> Result<(), XlsxError> {
        let title = look::plain()
            .set_font_size(18)
            .set_bold()
            .set_font_color(Color::RGB(look::BRAND))
            .set_align(FormatAlign::VerticalCenter);
        let block = Block {
            columns: COLUMNS,
            text: self.label("title-report"),
            format: title,
        };
        self.blocks(&[block], 2)?;
        let lead = match &report.profile {
            Some(_) => "lead-profile",
            None => "lead-check",
        };
        self.line(self.sentence(lead), soft())?;
        if let Some(facility) = report.facility_name() {
            let line = format!("{}: {}", self.label("cover-facility"), harmless(facility));
            self.line(line, look::plain().set_bold().set_text_wrap())?;
        }
        if let Some(profile) = &report.profile {
            let line = format!("{}: {}", self.label("profile"), profile.title);
            self.line(line, look::plain().set_bold().set_text_wrap())?;
        }
        if let Some(date) = &report.date {
            self.line(format!("{}: {date}", self.label("date")), look::plain())?;
        }
        Ok(())
    }

    fn tiles(&mut self, report: &Report) -> Result<(), XlsxError> {
        self.heading(self.label("overview"))?;
        self.gap(6.0)?;
        let tiles = figures::tiles(report);
        // Rows of four at most, as even as can be.
        let in_row = tiles.len().div_ceil(tiles.len().div_ceil(4));
        let columns = COLUMNS / u16::try_from(in_row).expect("four at most");
        for row in tiles.chunks(in_row) {
            let label = |tile: &Tile| Block {
                columns,
                text: tile.label.clone(),
                format: tile_format(tile).set_font_size(10).set_text_wrap(),
            };
            let value = |tile: &Tile| Block {
                columns,
                text: tile.value.clone(),
                format: tile_format(tile).set_font_size(20).set_bold(),
            };
            self.blocks(&row.iter().map(label).collect::<Vec<_>>(), 1)?;
            self.blocks(&row.iter().map(value).collect::<Vec<_>>(), 2)?;
            self.gap(6.0)?;
        }
        Ok(())
    }

    fn documents(&mut self, report: &Report) -> Result<(), XlsxError> {
        self.heading(self.label("documents-head"))?;
        self.gap(4.0)?;
        let judged = report.profile.is_some();
        let (wide, narrow) = if judged { (3, 2) } else { (4, 3) };
        let mut head = vec![
            (1, "No.".to_owned()),
            (wide, self.label("field-product")),
            (narrow, self.label("field-manufacturer")),
            (2, self.label("form")),
            (2, self.label("soundness")),
        ];
        if judged {
            head.push((2, self.label("musts")));
        }
        self.head(head)?;
        for (at, document) in report.documents.iter().enumerate() {
            let header = document.header.as_ref();
            let form = document.form.as_ref();
            let (tone, soundness) = figures::soundness(document, self.language);
            let mut name = words::name(document);
            if let Some(version) = header.and_then(|header| header.version.as_ref()) {
                name.push_str(&format!("  {version}"));
            }
            if header.is_some_and(|header| header.product.is_some()) {
                name.push_str(&format!("\n{}", words::file_and_sheet(document)));
            }
            if let Some(system) = report.system_of(document) {
                name.push_str(&format!(
                    "\n{}: {}",
                    self.label("system-in-use"),
                    harmless(&system)
                ));
            }
            let maker = header.and_then(|header| header.manufacturer.as_deref());
            let form = form.map_or("－".to_owned(), |form| match form.edition.as_str() {
                "" => form.title.clone(),
                edition => format!("{}\n{} {edition}", form.title, self.label("edition")),
            });
            let text = |columns, text| Block {
                columns,
                text,
                format: self.look.text.clone(),
            };
            let word = |columns, tone, text| Block {
                columns,
                text,
                format: self.look.tone(tone).clone(),
            };
            let mut blocks = vec![
                text(1, (at + 1).to_string()),
                text(wide, name),
                text(narrow, maker.unwrap_or("－").to_owned()),
                text(2, form),
                word(2, tone, soundness),
            ];
            if judged {
                let (tone, musts) = figures::musts(document, self.language);
                blocks.push(word(2, tone, musts));
            }
            self.blocks(&blocks, 1)?;
        }
        Ok(())
    }

    /// Verdicts of all documents, by level.
    fn verdicts(&mut self, report: &Report) -> Result<(), XlsxError> {
        if report.profile.is_none() {
            return Ok(());
        }
        self.heading(self.label("chart-verdicts"))?;
        self.gap(4.0)?;
        let mut head = vec![(2, self.label("level"))];
        head.extend(Verdict::ALL.map(|verdict| (2, words::verdict(verdict, self.language))));
        self.head(head)?;
        for level in Level::ALL {
            let mut blocks = vec![Block {
                columns: 2,
                text: words::level(level, self.language),
                format: self.look.text.clone().set_bold(),
            }];
            for verdict in Verdict::ALL {
                let count: usize = report
                    .documents
                    .iter()
                    .map(|document| verdicts(document, level, verdict))
                    .sum();
                blocks.push(if count == 0 {
                    Block {
                        columns: 2,
                        text: "0".to_owned(),
                        format: self
                            .look
                            .number
                            .clone()
                            .set_font_color(Color::RGB(look::SOFT)),
                    }
                } else {
                    let tone = self.look.tone(Tone::of_verdict(verdict));
                    Block {
                        columns: 2,
                        text: format!("{} {count}", words::verdict_sign(verdict)),
                        format: tone.clone().set_align(FormatAlign::Right),
                    }
                });
            }
            self.blocks(&blocks, 1)?;
        }
        Ok(())
    }

    fn what_first(&mut self, report: &Report) -> Result<(), XlsxError> {
        if report
            .documents
            .iter()
            .all(|document| document.findings.is_none())
        {
            return Ok(());
        }
        self.heading(self.label("todo-vendor"))?;
        self.gap(4.0)?;
        let all: Vec<_> = report
            .documents
            .iter()
            .enumerate()
            .flat_map(|(at, document)| {
                let findings = document.findings.as_deref().unwrap_or_default();
                fixes(findings)
                    .into_iter()
                    .map(move |fix| (at, document, fix))
            })
            .collect();
        if all.is_empty() {
            let text = format!("○ {}", self.label("todo-none"));
            return self.line(text, self.look.tone(Tone::Good).clone());
        }
        self.head(vec![
            (1, self.label("severity")),
            (2, self.label("disclosure")),
            (3, self.label("finding")),
            (4, self.label("help")),
            (2, self.label("place")),
        ])?;
        for (at, document, (finding, places)) in all.iter().take(TO_DO) {
            let mut message = finding.message.clone();
            if places.len() > 1 {
                message.push_str(&format!(
                    "\n({})",
                    counted(self.language, "same-findings", places.len())
                ));
            }
            let named: Vec<&str> = places
                .iter()
                .map(String::as_str)
                .filter(|place| !place.is_empty())
                .collect();
            let mut place = named
                .iter()
                .take(PLACES)
                .copied()
                .collect::<Vec<_>>()
                .join(", ");
            if named.len() > PLACES {
                place.push_str(&format!(
                    " {}",
                    counted(self.language, "more-places", named.len() - PLACES)
                ));
            }
            let sign = words::severity_sign(finding.severity);
            let word = words::severity(finding.severity, self.language);
            let text = |columns, text| Block {
                columns,
                text,
                format: self.look.text.clone(),
            };
            let blocks = [
                Block {
                    columns: 1,
                    text: format!("{sign} {word}"),
                    format: self.look.tone(Tone::of_severity(finding.severity)).clone(),
                },
                text(2, format!("{}. {}", at + 1, words::name(document))),
                text(3, message),
                text(4, finding.help.clone()),
                text(2, place),
            ];
            self.blocks(&blocks, 1)?;
        }
        if all.len() > TO_DO {
            let more = self.language.label_with(
                "more-rows",
                &[
                    ("count", &(all.len() - TO_DO).to_string()),
                    ("sheet", &tab("findings", self.language)),
                ],
            );
            self.line(more, soft())?;
        }
        Ok(())
    }

    fn counts(&mut self, report: &Report) -> Result<(), XlsxError> {
        if report
            .documents
            .iter()
            .all(|document| document.counts.is_none())
        {
            return Ok(());
        }
        // With several disclosures the page is full, and a heading would stand alone at its foot.
        if report.documents.len() > 1 {
            self.sheet.set_page_breaks(&[self.row])?;
        }
        self.heading(self.label("counts"))?;
        self.gap(4.0)?;
        let keys = [
            "count-items",
            "state-answered",
            "state-unanswered",
            "state-unclear",
            "state-missing",
            "answer-yes",
            "answer-no",
            "answer-na",
            "answer-see-note",
        ];
        let mut head = vec![(3, self.label("disclosure"))];
        head.extend(keys.map(|key| (1, self.label(key))));
        self.head(head)?;
        for (at, document) in report.documents.iter().enumerate() {
            let Some(counts) = &document.counts else {
                continue;
            };
            let name = Block {
                columns: 3,
                text: format!("{}. {}", at + 1, words::name(document)),
                format: self.look.text.clone(),
            };
            let row = self.row;
            self.blocks(&[name], 1)?;
            let gaps = [
                counts.unanswered,
                counts.conflicting + counts.unknown,
                counts.missing,
            ];
            let numbers = [counts.items, counts.answered]
                .into_iter()
                .chain(gaps)
                .chain([counts.yes, counts.no, counts.na, counts.see_note]);
            for (column, number) in (3..).zip(numbers) {
                let is_gap = (5..8).contains(&column) && number > 0;
                let format = if is_gap {
                    self.look
                        .tone(Tone::Bad)
                        .clone()
                        .set_align(FormatAlign::Right)
                } else {
                    self.look.number.clone()
                };
                self.sheet
                    .write_number_with_format(row, column, number as f64, &format)?;
            }
        }
        self.line(self.sentence("chart-answers-note"), soft())
    }

    fn end(&mut self, report: &Report) -> Result<(), XlsxError> {
        self.gap(12.0)?;
        if let Some(profile) = &report.profile {
            let text = format!(
                "{}: {}",
                self.label("profile-provenance"),
                profile.provenance
            );
            self.line(text, soft())?;
            let text = format!("{}: {}", self.label("profile-sha256"), profile.sha256);
            self.line(text, soft())?;
        }
        let declaration = look::plain()
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter)
            .set_border_left(FormatBorder::Thick)
            .set_border_left_color(Color::RGB(look::BRAND));
        self.line(self.sentence("self-declaration"), declaration)?;
        let tool = &report.tool;
        let text = format!("{}: {} {}", self.label("tool"), tool.name, tool.version);
        self.line(text, soft())
    }

    fn head(&mut self, columns: Vec<(u16, String)>) -> Result<(), XlsxError> {
        let blocks: Vec<Block> = columns
            .into_iter()
            .map(|(columns, text)| Block {
                columns,
                text,
                format: self.look.head.clone(),
            })
            .collect();
        self.blocks(&blocks, 1)
    }
}

fn soft() -> Format {
    look::plain()
        .set_font_size(9)
        .set_font_color(Color::RGB(look::SOFT))
        .set_align(FormatAlign::Top)
        .set_text_wrap()
}

fn tile_format(tile: &Tile) -> Format {
    let (ink, ground) = tile
        .tone
        .map_or((look::INK, 0xF4_F6_F8), |tone| tone.colours());
    look::bordered(look::plain())
        .set_font_color(Color::RGB(ink))
        .set_background_color(Color::RGB(ground))
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
}
