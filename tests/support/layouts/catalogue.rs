//! The layouts by name.

use super::logic::Logic;
use super::random::Random;
use super::style::*;
use super::{Drawn, Needs, edit, special, whole};

/// A layout.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    pub(crate) name: &'static str,
    pub(crate) needs: Needs,
    pub(crate) draw: fn(&Logic, &mut Random) -> Drawn,
}

fn styled(style: Style, logic: &Logic, random: &mut Random) -> Drawn {
    let mut drawn = Drawn::default();
    let name = if logic.form.family.is_service() {
        "サービス"
    } else {
        "製品"
    };
    whole::sheet(&mut drawn, name, &style, logic, random);
    drawn
}

/// What the style needs of a format.
pub(crate) fn needs(style: &Style) -> Needs {
    Needs {
        sheets: style.head == HeadStyle::Cover || matches!(style.remarks, Remarks::OtherSheet(_)),
        comments: style.answers == Answers::Comment || style.remarks == Remarks::Comment,
        looks: matches!(style.answers, Answers::Pick(_) | Answers::PickColumn(_)),
        drawings: matches!(
            style.answers,
            Answers::Controls | Answers::ControlsInCell | Answers::PickColumn(Chosen::Circled)
        ),
        ..Needs::default()
    }
}

const NOTHING: Needs = Needs {
    sheets: false,
    comments: false,
    looks: false,
    drawings: false,
    merges: false,
    hidden: false,
};
const SHEETS: Needs = Needs {
    sheets: true,
    ..NOTHING
};
const COMMENTS: Needs = Needs {
    comments: true,
    ..NOTHING
};
const LOOKS: Needs = Needs {
    looks: true,
    ..NOTHING
};
const DRAWINGS: Needs = Needs {
    drawings: true,
    ..NOTHING
};

macro_rules! layouts {
    ($($name:literal $needs:ident { $($field:ident: $value:expr),* $(,)? })*) => {
        &[$(Layout {
            name: $name,
            needs: $needs,
            draw: |logic, random| styled(Style { $($field: $value,)* ..Style::plain() }, logic, random),
        }),*]
    };
}

use Column as C;

/// One table on one sheet.
const STYLED: &[Layout] = layouts! {
    "plain list" NOTHING {}
    "remark first, answer before the question" NOTHING { columns: vec![C::Remark, C::Number, C::Answer, C::Question], head: HeadStyle::Pairs, date: DateStyle::Era }
    "no heading" NOTHING { heading: Heading::None, date: DateStyle::Japanese }
    "unusual headings" NOTHING { heading: Heading::Unusual, words: ["有", "無", "対象外"] }
    "heading far below a preface" NOTHING { preface: 19, head: HeadStyle::Merged, date: DateStyle::Cell }
    "marks under a heading in two rows" NOTHING { heading: Heading::Two, answers: Answers::Marks("○", ""), numbers: Numbers::FullWidth, chapter_rows: true }
    "checks in columns" NOTHING { answers: Answers::Marks("✓", ""), head: HeadStyle::Gap }
    "katakana checks in columns" NOTHING { answers: Answers::Marks("レ", ""), numbers: Numbers::Brackets }
    "letters x in columns" NOTHING { answers: Answers::Marks("x", "") }
    "dots and strokes in columns" NOTHING { answers: Answers::Marks("●", "－"), date: DateStyle::EraShort }
    "full and empty boxes in columns" NOTHING { answers: Answers::Marks("■", "□"), below: true }
    "circles and crosses in columns" NOTHING { answers: Answers::Marks("○", "×") }
    "ones in columns" NOTHING { answers: Answers::Ones }
    "marks before anything else" NOTHING { columns: vec![C::Answer, C::Remark, C::Question, C::Number], answers: Answers::Marks("○", "") }
    "boxes in a cell" NOTHING { answers: Answers::Boxes("■", "□", "　"), repeat: Some(20) }
    "boxes in lines" NOTHING { answers: Answers::Boxes("☑", "☐", "\n") }
    "radio buttons in a cell" NOTHING { answers: Answers::Boxes("●", "○", "　") }
    "boxes behind the words" NOTHING { answers: Answers::BoxesBehind("☑", "□") }
    "circles in brackets" NOTHING { answers: Answers::BoxesBracketed("（", "○", "）") }
    "x in square brackets" NOTHING { answers: Answers::BoxesBracketed("[", "x", "]"), words: ENGLISH }
    "chosen word underlined" LOOKS { answers: Answers::Pick(Chosen::Underlined) }
    "chosen word red" LOOKS { answers: Answers::Pick(Chosen::Red) }
    "chosen word bold" LOOKS { answers: Answers::Pick(Chosen::Bold) }
    "other words struck out" LOOKS { answers: Answers::Pick(Chosen::OthersStruck) }
    "chosen cell filled" LOOKS { answers: Answers::PickColumn(Chosen::Filled), decor: true }
    "chosen cell bold" LOOKS { answers: Answers::PickColumn(Chosen::Bold) }
    "other cells struck out" LOOKS { answers: Answers::PickColumn(Chosen::OthersStruck) }
    "chosen cell circled" DRAWINGS { answers: Answers::PickColumn(Chosen::Circled) }
    "other words deleted" NOTHING { answers: Answers::PickColumn(Chosen::OthersDeleted) }
    "marks behind printed words" NOTHING { answers: Answers::MarkBeside("○") }
    "boxes before words in columns" NOTHING { answers: Answers::BoxColumns("☑", "□") }
    "numbered chapters" NOTHING { chapter_numbers: true, date: DateStyle::Spaced, head: HeadStyle::Spaced }
    "last year's answers beside" NOTHING { columns: vec![C::Number, C::Question, C::Previous, C::Answer, C::Remark] }
    "a verdict of the hospital beside" NOTHING { columns: vec![C::Number, C::Question, C::Answer, C::Remark, C::Verdict] }
    "English marks under a heading in two rows" NOTHING { heading: Heading::Two, answers: Answers::Marks("X", ""), words: ENGLISH }
    "words with their codes" NOTHING { words: ["1.はい", "2.いいえ", "3.対象外"] }
    "words behind a circle" NOTHING { words: ["○ はい", "○ いいえ", "○ 対象外"] }
    "words in brackets" NOTHING { words: ["（はい）", "（いいえ）", "（対象外）"] }
    "codes of circle and cross, legend above" NOTHING { answers: Answers::CodesAbove(["○", "×", "－"]) }
    "codes 1 2 3, legend above" NOTHING { answers: Answers::CodesAbove(["1", "2", "3"]), preface: 4 }
    "true and false in columns" NOTHING { answers: Answers::Bools }
    "answer in a comment" COMMENTS { answers: Answers::Comment }
    "check boxes in columns" DRAWINGS { answers: Answers::Controls }
    "check boxes in a cell" DRAWINGS { answers: Answers::ControlsInCell }
    "drop-down lists" NOTHING { answers: Answers::DropDown, example: true, decor: true }
    "codes 1 2 3" NOTHING { answers: Answers::Codes(["1", "2", "3"]) }
    "codes of circle and cross" NOTHING { answers: Answers::Codes(["○", "×", "－"]) }
    "codes of letters" NOTHING { answers: Answers::Codes(["Ａ", "Ｂ", "Ｃ"]) }
    "numbers at their level" NOTHING { numbers: Numbers::Levels }
    "numbers in components" NOTHING { numbers: Numbers::Components }
    "components carried" NOTHING { numbers: Numbers::Carried }
    "components carried and merged" NOTHING { numbers: Numbers::CarriedMerged }
    "numbers behind 問" NOTHING { numbers: Numbers::Before("問"), words: ["実施", "未実施", "非該当"] }
    "numbers behind Q" NOTHING { numbers: Numbers::Before("Q") }
    "numbers behind No." NOTHING { numbers: Numbers::Before("No.") }
    "numbers behind 項目" NOTHING { numbers: Numbers::Before("項目"), columns: vec![C::Running, C::Number, C::Question, C::Answer, C::Remark] }
    "numbers with dashes" NOTHING { numbers: Numbers::Dashes, columns: vec![C::Chapter, C::Number, C::Question, C::Reference, C::Answer, C::Remark] }
    "numbers as numbers" NOTHING { numbers: Numbers::Numeric, columns: vec![C::Number, C::Question, C::Answer, C::Remark, C::Score] }
    "numbers indented" NOTHING { numbers: Numbers::Indented, columns: vec![C::Number, C::Question, C::Reference, C::Answer, C::Remark] }
    "last level circled" NOTHING { numbers: Numbers::Circled }
    "each level by itself" NOTHING { numbers: Numbers::Relative, chapter_numbers: true }
    "number before the question" NOTHING { numbers: Numbers::InQuestion("　"), date: DateStyle::FullWidth }
    "number, dot, question" NOTHING { numbers: Numbers::InQuestion(". ") }
    "remarks by number below" NOTHING { remarks: Remarks::Below("備考"), chapter_rows: true, below: true }
    "remarks by bare number below" NOTHING { remarks: Remarks::Below("") }
    "remarks by mark beside" NOTHING { remarks: Remarks::Beside("※") }
    "remarks on another sheet" SHEETS { remarks: Remarks::OtherSheet("備考") }
    "remarks by item below" NOTHING { remarks: Remarks::ByItem }
    "remarks in comments" COMMENTS { remarks: Remarks::Comment }
    "remarks in the row below" NOTHING { remarks: Remarks::RowUnder }
    "remarks in two columns" NOTHING { remarks: Remarks::TwoCells }
    "head in one cell" NOTHING { head: HeadStyle::AllInOne, date: DateStyle::Weekday }
    "head a cell each" NOTHING { head: HeadStyle::OneCell, date: DateStyle::Slashes }
    "head below its labels" NOTHING { head: HeadStyle::Below, date: DateStyle::Cell }
    "head on a cover" SHEETS { head: HeadStyle::Cover, left: 2 }
    "date in pieces" NOTHING { date: DateStyle::Apart }
    "office form" NOTHING {
        columns: vec![C::Running, C::Chapter, C::Number, C::Question, C::Score, C::Answer, C::Gap, C::Remark, C::Reference],
        chapter_merged: true, preface: 8, example: true, below: true, decor: true, left: 1, head: HeadStyle::Merged,
    }
};

/// More than that.
const SPECIAL: &[Layout] = &[
    Layout {
        name: "a table for each chapter",
        needs: NOTHING,
        draw: |logic, random| special::chapter_tables(logic, random, false),
    },
    Layout {
        name: "a table for each chapter, columns turned",
        needs: NOTHING,
        draw: |logic, random| special::chapter_tables(logic, random, true),
    },
    Layout {
        name: "a sheet for each chapter",
        needs: SHEETS,
        draw: special::chapter_sheets,
    },
    Layout {
        name: "two tables side by side",
        needs: NOTHING,
        draw: special::side_by_side,
    },
    Layout {
        name: "cards",
        needs: NOTHING,
        draw: special::cards,
    },
    Layout {
        name: "two rows for each item",
        needs: NOTHING,
        draw: special::two_rows_each,
    },
    Layout {
        name: "both forms in one workbook",
        needs: SHEETS,
        draw: special::both,
    },
    Layout {
        name: "two products in one workbook",
        needs: SHEETS,
        draw: special::two_products,
    },
    Layout {
        name: "squared paper",
        needs: NOTHING,
        draw: squared_paper,
    },
    Layout {
        name: "squared paper with marks",
        needs: NOTHING,
        draw: squared_marks,
    },
    Layout {
        name: "English",
        needs: NOTHING,
        draw: english,
    },
];

fn squared_paper(logic: &Logic, random: &mut Random) -> Drawn {
    let mut drawn = styled(Style::plain(), logic, random);
    edit::on_squared_paper(&mut drawn, 4, 1);
    drawn
}

fn squared_marks(logic: &Logic, random: &mut Random) -> Drawn {
    let style = Style {
        answers: Answers::Marks("○", ""),
        heading: Heading::Two,
        head: HeadStyle::Pairs,
        ..Style::plain()
    };
    let mut drawn = styled(style, logic, random);
    edit::on_squared_paper(&mut drawn, 3, 2);
    drawn
}

fn english(logic: &Logic, random: &mut Random) -> Drawn {
    let style = Style {
        words: ENGLISH,
        date: DateStyle::English,
        ..Style::plain()
    };
    styled(style, &logic.clone().in_english(), random)
}

/// All of them.
pub(crate) fn all() -> impl Iterator<Item = &'static Layout> {
    STYLED.iter().chain(SPECIAL)
}
