//! Sheets as vendors fill them: three families, six layouts, drawn from a seed.
//!
//! | layout | form | answers | strings |
//! |---|---|---|---|
//! | `mds-reference` | bundled | a word from a drop-down list | shared |
//! | `sds-reference` | bundled | a word from a drop-down list | shared |
//! | `mds2` | bundled, 240 questions | Yes, No, N/A, See Note | shared |
//! | `mds-own` | says itself what it asks, as many rows as wanted | a word from a drop-down list | shared |
//! | `mds-marks` | the same | a circle in one of three columns, remarks by number below the table | shared |
//! | `sds-boxes` | the same | ticked boxes in one cell | in the cells, as scripts write them |

use std::sync::LazyLock;

use kaijisho::{Catalog, Controls, Kind};

use super::random::Random;
use super::words::{MAKERS, NOTES, PREDICATES, PRODUCTS, REMARKS};

/// How a sheet is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    MdsReference,
    SdsReference,
    Mds2,
    MdsOwn,
    MdsMarks,
    SdsBoxes,
}

/// A sheet of a workbook; addresses are zero-based rows and columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    pub(crate) name: &'static str,
    /// In order of rows and columns.
    pub(crate) cells: Vec<Ink>,
    /// First and last row and column.
    pub(crate) merges: Vec<(u32, u32, u32, u32)>,
    /// First and last row, column, words.
    pub(crate) lists: Vec<(u32, u32, u32, &'static str)>,
    pub(crate) hidden_rows: Vec<u32>,
    /// In characters.
    pub(crate) widths: &'static [u32],
    /// True to write texts into the cells, as scripts do.
    pub(crate) inline: bool,
}

/// A cell.
#[derive(Clone, Debug)]
pub(crate) struct Ink {
    pub(crate) row: u32,
    pub(crate) column: u32,
    pub(crate) style: Style,
    /// Empty for a cell that only has a border.
    pub(crate) text: String,
    /// True for a number.
    pub(crate) number: bool,
}

/// The look of a cell: the number of its format in the workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Plain = 0,
    Title = 1,
    Heading = 2,
    Section = 3,
    Boxed = 4,
    Answer = 5,
    Date = 6,
    Red = 7,
}

impl Layout {
    pub(crate) const ALL: [Layout; 6] = [
        Layout::MdsReference,
        Layout::SdsReference,
        Layout::Mds2,
        Layout::MdsOwn,
        Layout::MdsMarks,
        Layout::SdsBoxes,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Layout::MdsReference => "mds-reference",
            Layout::SdsReference => "sds-reference",
            Layout::Mds2 => "mds2",
            Layout::MdsOwn => "mds-own",
            Layout::MdsMarks => "mds-marks",
            Layout::SdsBoxes => "sds-boxes",
        }
    }
}

/// A question and what is said to it.
struct Row {
    number: String,
    question: String,
    /// 0 yes, 1 no, 2 not applicable; nothing where it was forgotten.
    answer: Option<usize>,
    remark: &'static str,
    /// The title of the section that begins here.
    section: Option<String>,
    /// The place of the question it depends on, before it.
    parent: Option<usize>,
}

/// The sheet of a layout. `rows` counts the questions of forms that are not bundled; those have their own number.
pub(crate) fn draw(layout: Layout, seed: u64, rows: usize) -> Page {
    let mut random = Random::new(seed);
    let mut asked = match layout {
        Layout::MdsReference => of_form("mds-reference"),
        Layout::SdsReference => of_form("sds-reference"),
        Layout::Mds2 => of_form("mds2-2019"),
        Layout::MdsOwn | Layout::MdsMarks | Layout::SdsBoxes => own(rows),
    };
    answer(&mut asked, &mut random, layout);
    let mut page = Page::default();
    match layout {
        Layout::Mds2 => mds2(&mut page, &asked, &mut random),
        Layout::MdsReference | Layout::MdsOwn => {
            table(&mut page, &asked, false, Answers::Word, &mut random);
        }
        Layout::SdsReference => table(&mut page, &asked, true, Answers::Word, &mut random),
        Layout::MdsMarks => table(&mut page, &asked, false, Answers::Marks, &mut random),
        Layout::SdsBoxes => {
            table(&mut page, &asked, true, Answers::Boxes, &mut random);
            page.inline = true;
        }
    }
    page
}

fn of_form(id: &str) -> Vec<Row> {
    static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::bundled);
    let form = CATALOG.form(id).expect("a bundled form");
    let mut section = None;
    let items = form.items.iter().map(|item| {
        let title = &form.sections[item.section].title;
        let is_new = section.replace(item.section) != Some(item.section);
        let is_english = id.starts_with("mds2");
        Row {
            number: item.number.to_string(),
            question: (if is_english {
                &item.title.en
            } else {
                &item.title.ja
            })
            .clone(),
            // A text to fill in, or one of the choices.
            answer: (item.kind == Kind::Choice).then_some(0),
            remark: "",
            section: is_new.then(|| (if is_english { &title.en } else { &title.ja }).clone()),
            parent: item
                .parent
                .as_ref()
                .and_then(|parent| form.position(parent)),
        }
    });
    items.collect()
}

/// Questions of nobody's form: every topic is asked about in several ways.
fn own(rows: usize) -> Vec<Row> {
    let topics: Vec<&str> = Controls::bundled()
        .iter()
        .map(|c| c.title.ja.as_str())
        .collect();
    let mut made = Vec::with_capacity(rows);
    let (mut chapter, mut parent, mut child) = (0, 0, 0);
    let mut above = None;
    for at in 0..rows {
        let is_new = at % 20 == 0;
        if is_new {
            (chapter, parent, child) = (chapter + 1, 0, 0);
        }
        let is_child = at % 20 % 4 > 1;
        if is_child {
            child += 1;
        } else {
            (parent, child) = (parent + 1, 0);
            above = Some(at);
        }
        let number = if is_child {
            format!("{chapter}.{parent}.{child}")
        } else {
            format!("{chapter}.{parent}")
        };
        let topic = topics[at % topics.len()];
        let topic = topic.trim_end_matches('か').trim_end_matches("している");
        let way = PREDICATES[(at / topics.len() + at) % PREDICATES.len()];
        made.push(Row {
            number,
            question: format!("{topic}{way}"),
            answer: Some(0),
            remark: "",
            section: is_new.then(|| format!("第{chapter}章 安全管理の区分{chapter}")),
            parent: above.filter(|_| is_child),
        });
    }
    made
}

/// Answers as vendors give them: mostly yes, few forgotten, children of a no not applicable.
fn answer(rows: &mut [Row], random: &mut Random, layout: Layout) {
    let remarks: &[&'static str] = if layout == Layout::Mds2 {
        &NOTES
    } else {
        &REMARKS
    };
    let mut all: Vec<usize> = Vec::with_capacity(rows.len());
    for row in rows {
        let said = match random.below(100) {
            0..70 => 0,
            70..84 => 1,
            _ => 2,
        };
        let asked = row.parent.is_none_or(|parent| all.get(parent) == Some(&0));
        let said = if asked || row.answer.is_none() {
            said
        } else {
            2
        };
        all.push(if row.answer.is_none() { 0 } else { said });
        if row.answer.is_none() {
            continue;
        }
        row.answer = (!random.once_in(120)).then_some(said);
        let has_remark = said == 2 || random.once_in(if said == 1 { 2 } else { 12 });
        if has_remark && !random.once_in(40) {
            row.remark = *random.of(remarks);
        }
    }
}

/// Where answers stand and how.
#[derive(Clone, Copy, PartialEq)]
enum Answers {
    Word,
    Marks,
    Boxes,
}

impl Page {
    fn put(&mut self, row: u32, column: u32, style: Style, text: impl Into<String>) {
        self.cells.push(Ink {
            row,
            column,
            style,
            text: text.into(),
            number: false,
        });
    }

    fn number(&mut self, row: u32, column: u32, style: Style, number: impl ToString) {
        self.put(row, column, style, number.to_string());
        self.cells.last_mut().expect("just put").number = true;
    }

    /// A cell over several columns, each with a border.
    fn wide(&mut self, row: u32, columns: (u32, u32), style: Style, text: &str) {
        self.put(row, columns.0, style, text);
        for column in columns.0 + 1..=columns.1 {
            self.put(row, column, style, "");
        }
        self.merges.push((row, columns.0, row, columns.1));
    }
}

/// A Japanese sheet: title, head, table, and the block of remarks where they have numbers.
fn table(page: &mut Page, rows: &[Row], service: bool, answers: Answers, random: &mut Random) {
    let last = if answers == Answers::Marks { 5 } else { 3 };
    page.name = if service { "SDS" } else { "MDS" };
    page.widths = if answers == Answers::Marks {
        &[9, 60, 7, 7, 7, 30]
    } else {
        &[9, 60, 26, 40]
    };
    let who = if service {
        "サービス事業者"
    } else {
        "製造業者"
    };
    let short = page.name;
    page.wide(
        0,
        (0, last),
        Style::Title,
        &format!("{who}による医療情報セキュリティ開示書（{short}）"),
    );
    let number = random.below(1_000_000);
    let what = if service {
        "サービス名"
    } else {
        "製品名"
    };
    let product = format!("{}{number:06}", random.of(&PRODUCTS));
    let maker = format!(
        "{}株式会社 第{}事業部",
        random.of(&MAKERS),
        random.below(90) + 1
    );
    let head = [
        (who, maker),
        (what, product),
        ("型式", format!("KJ-{number}")),
        (
            "バージョン",
            format!("{}.{}", random.below(9) + 1, random.below(20)),
        ),
    ];
    page.put(2, 0, Style::Heading, "作成日");
    page.number(2, 1, Style::Date, 46_000 + random.below(250));
    for (row, (label, value)) in (3..).zip(head) {
        page.put(row, 0, Style::Heading, label);
        page.put(row, 1, Style::Boxed, value);
    }
    let top = 8;
    for (column, heading) in (0..).zip(match answers {
        Answers::Word | Answers::Boxes => &["項番", "確認事項", "回答", "備考"][..],
        Answers::Marks => &["項番", "確認事項", "はい", "いいえ", "対象外", "備考"][..],
    }) {
        page.put(top, column, Style::Heading, *heading);
    }
    let mut at = top + 1;
    let mut below = Vec::new();
    for row in rows {
        if let Some(section) = &row.section {
            page.wide(at, (0, last), Style::Section, section);
            at += 1;
        }
        page.put(at, 0, Style::Boxed, row.number.as_str());
        page.put(at, 1, Style::Boxed, row.question.as_str());
        said(page, at, row, answers);
        let style = if random.once_in(60) {
            Style::Red
        } else {
            Style::Boxed
        };
        if answers == Answers::Marks && !row.remark.is_empty() {
            below.push(row.remark);
            page.number(at, last, style, below.len());
        } else {
            page.put(at, last, style, row.remark);
        }
        at += 1;
    }
    if answers == Answers::Word {
        page.lists.push((top + 1, at - 1, 2, "はい,いいえ,対象外"));
    }
    if !below.is_empty() {
        page.wide(at + 1, (0, last), Style::Section, "備考記載欄");
        for (row, (number, remark)) in (at + 2..).zip((1..).zip(&below)) {
            page.number(row, 0, Style::Boxed, number);
            page.wide(row, (1, last), Style::Boxed, remark);
        }
    }
}

const WORDS: [&str; 3] = ["はい", "いいえ", "対象外"];

fn said(page: &mut Page, at: u32, row: &Row, answers: Answers) {
    match answers {
        Answers::Word => {
            let word = row.answer.map_or("", |answer| WORDS[answer]);
            page.put(at, 2, Style::Answer, word);
        }
        Answers::Marks => {
            for (column, answer) in (2..).zip(0..3) {
                let mark = if row.answer == Some(answer) {
                    "○"
                } else {
                    ""
                };
                page.put(at, column, Style::Answer, mark);
            }
        }
        Answers::Boxes => {
            let tick = |answer: usize| {
                let mark = if row.answer == Some(answer) {
                    '☑'
                } else {
                    '☐'
                };
                format!("{mark}{}", WORDS[answer])
            };
            page.put(at, 2, Style::Answer, [0, 1, 2].map(tick).join("　"));
        }
    }
}

/// The worksheet of ANSI/NEMA HN 1-2019 as vendors send it, with its columns of references and styled blanks.
fn mds2(page: &mut Page, rows: &[Row], random: &mut Random) {
    page.name = "mds2-form";
    page.widths = &[18, 60, 26, 40, 30, 30, 24, 20, 9, 9];
    page.wide(
        0,
        (0, 4),
        Style::Title,
        "Manufacturer Disclosure Statement for Medical Device Security -- MDS2",
    );
    for column in 5..40 {
        page.put(0, column, Style::Boxed, "");
    }
    let headings = [
        "Question ID",
        "Question",
        "",
        "See note",
        "IEC TR 80001-2-2:2012",
        "NIST SP 800-53 Rev. 4",
        "ISO 27002:2013",
    ];
    let number = random.below(1_000_000);
    let mut at = 2;
    for row in rows {
        if let Some(section) = &row.section {
            at += 1;
            for (column, heading) in (0..).zip(headings) {
                let text = if column == 1 { section } else { heading };
                page.put(at, column, Style::Heading, text);
            }
            at += 1;
        }
        page.put(at, 0, Style::Boxed, row.number.as_str());
        page.put(at, 1, Style::Boxed, row.question.as_str());
        let fact = match row.number.as_str() {
            "DOC-1" => format!(
                "{} Inc. {number}",
                ["Minato", "Aozora", "Kawabe"][number % 3]
            ),
            "DOC-3" => format!("Monitor {number:06}"),
            "DOC-7" => String::new(),
            _ => "See the operator's manual, chapter 4".to_owned(),
        };
        match row.answer {
            _ if row.number == "DOC-7" => {
                page.number(at, 2, Style::Date, 46_000 + random.below(250))
            }
            Some(answer) => page.put(at, 2, Style::Answer, ["Yes", "No", "N/A"][answer]),
            None => page.put(at, 2, Style::Answer, fact),
        }
        page.put(at, 3, Style::Boxed, row.remark);
        for column in 4..7 {
            let reference = ["", "AC-2", "A.9.2.1", "AU-3"][random.below(4)];
            page.put(at, column, Style::Boxed, reference);
        }
        for column in 7..10 {
            page.put(at, column, Style::Plain, "");
        }
        at += 1;
    }
    page.lists.push((2, at - 1, 2, "Yes,No,N/A,See Note"));
    for (row, number) in (at + 1..).zip(1..3) {
        page.put(row, 0, Style::Boxed, format!("Note {number}"));
        page.put(
            row,
            1,
            Style::Boxed,
            "See the installation guide, chapter 4",
        );
    }
}
