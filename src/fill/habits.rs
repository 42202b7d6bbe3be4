//! How a table is filled so far: the words and marks that stand there are those that are written.

use std::collections::HashMap;

use crate::answer::{Answer, State};
use crate::disclosure::{Answers, Disclosure, Page, Standing, boxed_words};
use crate::read::grid::CellValue;
use crate::vocabulary::{Mark, Vocabulary};

/// Signs of boxes that are ticked.
const TICKED: [char; 8] = ['■', '☑', '☒', '●', '◉', '✓', '✔', '✅'];

/// The words and marks of a table.
#[derive(Debug, Default)]
pub(super) struct Habits {
    /// The text that most cells with this answer hold.
    words: HashMap<Answer, String>,
    /// The mark that most columns of marks hold, and whether it is a number.
    pub(super) mark: Option<(String, bool)>,
    /// The sign of a ticked box within texts.
    pub(super) ticked: Option<char>,
}

impl Habits {
    /// Looks at a table of a disclosure.
    pub(super) fn of(
        pages: &[Page<'_>],
        disclosure: &Disclosure,
        standing: &Standing,
        table: usize,
    ) -> Self {
        let page = &pages[standing.tables[table].sheet];
        let mut words: HashMap<(Answer, String), usize> = HashMap::new();
        let mut marks: HashMap<(String, bool), usize> = HashMap::new();
        let mut ticked = None;
        for (entry, site) in disclosure.entries.iter().zip(&standing.sites) {
            if site.table != table {
                continue;
            }
            match &site.slot.answers {
                Answers::Word(at) => {
                    let text = page.text(at.0, at.1);
                    let sign = || text.chars().find(|c| TICKED.contains(c));
                    if boxed_words(&text).is_some() {
                        ticked = ticked.or_else(sign);
                    } else if let (Some(answer), State::Answered) = (entry.answer, entry.state)
                        && text.len() <= 60
                    {
                        let word = text.trim().to_owned();
                        *words.entry((answer, word)).or_default() += 1;
                    }
                }
                Answers::Marks(cells) => {
                    for (_, at) in cells {
                        let text = page.text(at.0, at.1);
                        ticked = ticked.or_else(|| {
                            let first = text.chars().next()?;
                            (text.chars().count() > 1 && TICKED.contains(&first)).then_some(first)
                        });
                        let is_one = text.trim() == "1";
                        if Vocabulary::get().mark(&text) == Some(Mark::On) || is_one {
                            let cell = page.cell(at.0, at.1).map(|cell| &cell.value);
                            let number = matches!(cell, Some(CellValue::Number(_)));
                            let mark = (text.trim().to_owned(), number);
                            *marks.entry(mark).or_default() += 1;
                        }
                    }
                }
            }
        }
        let most = |(one, a): &((Answer, String), usize),
                    (other, b): &((Answer, String), usize)| {
            a.cmp(b).then_with(|| other.cmp(one))
        };
        let mut sorted: Vec<((Answer, String), usize)> = words.into_iter().collect();
        sorted.sort_by(|one, other| most(other, one));
        let mut usual = HashMap::new();
        for ((answer, word), _) in sorted {
            usual.entry(answer).or_insert(word);
        }
        let mark = marks
            .into_iter()
            .max_by(|(one, a), (other, b)| a.cmp(b).then_with(|| other.cmp(one)));
        Self {
            words: usual,
            mark: mark.map(|(mark, _)| mark),
            ticked,
        }
    }

    /// The text that stands where this is answered.
    pub(super) fn word(&self, answer: Answer) -> Option<&str> {
        self.words.get(&answer).map(String::as_str)
    }
}
