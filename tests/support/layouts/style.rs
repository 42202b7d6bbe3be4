//! The choices of whoever draws a sheet: how numbers, answers and remarks are written, and what stands around them.

use super::random::Random;

/// How a table and what is around it are drawn.
#[derive(Clone, Debug)]
pub(crate) struct Style {
    pub(crate) columns: Vec<Column>,
    pub(crate) heading: Heading,
    pub(crate) numbers: Numbers,
    pub(crate) answers: Answers,
    pub(crate) words: Words,
    pub(crate) remarks: Remarks,
    pub(crate) head: HeadStyle,
    pub(crate) date: DateStyle,
    /// Rows that name the chapters, merged over the table.
    pub(crate) chapter_rows: bool,
    /// The chapter's number and name as a row like those of the items, in a form whose numbers begin with it.
    pub(crate) chapter_numbers: bool,
    /// The chapter's name in its column only where it begins, merged down.
    pub(crate) chapter_merged: bool,
    /// Lines of instructions above the table.
    pub(crate) preface: usize,
    /// A filled example above the first item.
    pub(crate) example: bool,
    /// Names, stamps and sums below the table.
    pub(crate) below: bool,
    /// The heading again after so many items.
    pub(crate) repeat: Option<usize>,
    /// Fills that mean nothing: the heading, every second row, the cells to fill in.
    pub(crate) decor: bool,
    /// Empty columns to the left.
    pub(crate) left: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// 1, 2, 3 … whatever the item.
    Running,
    Chapter,
    Number,
    Question,
    Answer,
    Remark,
    /// Dotted numbers of a guideline.
    Reference,
    /// A weight from 1 to 3.
    Score,
    /// A column of nothing.
    Gap,
    /// What was answered last year.
    Previous,
    /// What the hospital makes of the answer.
    Verdict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heading {
    None,
    One,
    /// 回答 over はい, いいえ, 対象外; the other headings merged over both rows.
    Two,
    /// Words that no list of headings has.
    Unusual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numbers {
    Plain,
    FullWidth,
    Brackets,
    /// 問4.1, Q4.1, No.4.1, 項目4.1.
    Before(&'static str),
    Dashes,
    TrailingDot,
    Indented,
    /// A number cell wherever it can be one.
    Numeric,
    /// 39.3① for 39.3.1.
    Circled,
    /// 39, (3), ①: each level by itself.
    Relative,
    /// Number and question in one cell, with this between.
    InQuestion(&'static str),
    /// Three columns, the whole number in that of its level.
    Levels,
    /// Three columns of components: 39 | 3 | 1.
    Components,
    /// The same, what did not change left blank.
    Carried,
    /// The same, what did not change merged down.
    CarriedMerged,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answers {
    Word,
    /// The same as a drop-down list.
    DropDown,
    /// Mark for the chosen column, and for the others.
    Marks(&'static str, &'static str),
    /// The number 1 in the chosen column.
    Ones,
    /// Marks before the words in one cell, and what stands between.
    Boxes(&'static str, &'static str, &'static str),
    /// はい☑　いいえ□
    BoxesBehind(&'static str, &'static str),
    /// （○）はい　（　）いいえ
    BoxesBracketed(&'static str, &'static str, &'static str),
    /// Words printed in one cell, the chosen one looks different.
    Pick(Chosen),
    /// Words printed in three columns.
    PickColumn(Chosen),
    /// A mark in the cell behind each printed word.
    MarkBeside(&'static str),
    /// Boxes before the words, each in a column of its own.
    BoxColumns(&'static str, &'static str),
    /// A comment on an empty cell.
    Comment,
    /// Check boxes over three columns.
    Controls,
    /// Check boxes with the words as labels over one cell.
    ControlsInCell,
    /// Codes that the heading explains.
    Codes([&'static str; 3]),
    /// Codes that a line above the table explains.
    CodesAbove([&'static str; 3]),
    /// TRUE and FALSE in three columns, as linked check boxes leave them.
    Bools,
}

/// How a printed word is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chosen {
    Underlined,
    Red,
    Bold,
    Filled,
    OthersStruck,
    OthersDeleted,
    Circled,
}

/// The words of yes, no and not applicable.
pub(crate) type Words = [&'static str; 3];

pub(crate) const USUAL: Words = ["はい", "いいえ", "対象外"];
pub(crate) const ENGLISH: Words = ["Yes", "No", "N/A"];
const SPELLINGS: [Words; 12] = [
    USUAL,
    USUAL,
    USUAL,
    ["有", "無", "対象外"],
    ["対応", "未対応", "対象外"],
    ["実施", "未実施", "非該当"],
    ["可", "不可", "該当なし"],
    ["ﾊｲ", "ｲｲｴ", "対象外"],
    ["はい ", "いいえ　", " 対象外"],
    ["1.はい", "2.いいえ", "3.対象外"],
    ["○ はい", "○ いいえ", "○ 対象外"],
    ["（はい）", "（いいえ）", "（対象外）"],
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remarks {
    Cell,
    TwoCells,
    /// A number in the row, the text below the table; what stands before the number.
    Below(&'static str),
    Beside(&'static str),
    OtherSheet(&'static str),
    /// Below, by the number of the item.
    ByItem,
    /// A comment on the cell of the answer.
    Comment,
    /// A row of its own under the item.
    RowUnder,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeadStyle {
    /// Label, value.
    Right,
    /// Label, nothing, value.
    Gap,
    /// 製品名：見本カルテ
    OneCell,
    /// All fields in one cell, a line each.
    AllInOne,
    /// Labels and values merged over some columns.
    Merged,
    /// A row of labels, the values below.
    Below,
    /// Two pairs in a row.
    Pairs,
    /// 製　品　名
    Spaced,
    /// On a sheet before.
    Cover,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateStyle {
    Cell,
    Iso,
    Slashes,
    Japanese,
    Era,
    EraShort,
    FullWidth,
    Weekday,
    English,
    /// 2026 年 9 月 30 日
    Spaced,
    /// 2026 | 年 | 9 | 月 | 30 | 日
    Apart,
}

impl Numbers {
    /// How many columns they take.
    pub(crate) fn width(self) -> u32 {
        match self {
            Numbers::InQuestion(_) => 0,
            Numbers::Levels | Numbers::Components | Numbers::Carried | Numbers::CarriedMerged => 3,
            _ => 1,
        }
    }
}

impl Answers {
    pub(crate) fn width(self) -> u32 {
        match self {
            Answers::Marks(..)
            | Answers::Ones
            | Answers::Bools
            | Answers::PickColumn(_)
            | Answers::BoxColumns(..)
            | Answers::Controls => 3,
            Answers::MarkBeside(_) => 6,
            _ => 1,
        }
    }

    /// True where はい, いいえ, 対象外 head the columns.
    pub(crate) fn has_choices_in_heading(self) -> bool {
        matches!(self, Answers::Marks(..) | Answers::Ones | Answers::Controls)
    }
}

impl Remarks {
    pub(crate) fn width(self) -> u32 {
        match self {
            Remarks::Cell | Remarks::Below(_) | Remarks::Beside(_) | Remarks::OtherSheet(_) => 1,
            Remarks::TwoCells => 2,
            Remarks::ByItem | Remarks::Comment | Remarks::RowUnder => 0,
        }
    }
}

impl Style {
    /// The plainest list: number, question, answer, remark.
    pub(crate) fn plain() -> Self {
        Self {
            columns: vec![
                Column::Number,
                Column::Question,
                Column::Answer,
                Column::Remark,
            ],
            heading: Heading::One,
            numbers: Numbers::Plain,
            answers: Answers::Word,
            words: USUAL,
            remarks: Remarks::Cell,
            head: HeadStyle::Right,
            date: DateStyle::Iso,
            chapter_rows: false,
            chapter_numbers: false,
            chapter_merged: false,
            preface: 0,
            example: false,
            below: false,
            repeat: None,
            decor: false,
            left: 0,
        }
    }

    /// Any of them.
    pub(crate) fn random(random: &mut Random) -> Self {
        use Numbers as N;
        let numbers = *random.of(&[
            N::Plain,
            N::Plain,
            N::FullWidth,
            N::Brackets,
            N::Before("問"),
            N::Before("Q"),
            N::Before("No."),
            N::Before("項目"),
            N::Dashes,
            N::TrailingDot,
            N::Indented,
            N::Numeric,
            N::Circled,
            N::InQuestion("　"),
            N::InQuestion(". "),
            N::InQuestion(" "),
            N::Levels,
            N::Components,
            N::Carried,
            N::CarriedMerged,
        ]);
        let answers = Self::random_answers(random);
        let remarks = *random.of(&[
            Remarks::Cell,
            Remarks::Cell,
            Remarks::Cell,
            Remarks::TwoCells,
            Remarks::Below("備考"),
            Remarks::Below("※"),
            Remarks::Below(""),
            Remarks::Beside("備考"),
            Remarks::OtherSheet("備考"),
            Remarks::ByItem,
            Remarks::Comment,
            Remarks::RowUnder,
        ]);
        let remarks = if answers == Answers::Comment && remarks == Remarks::Comment {
            Remarks::Cell
        } else {
            remarks
        };
        let heading = match random.below(8) {
            // Codes and bare marks mean nothing without their heading.
            0 if !answers.has_choices_in_heading()
                && !matches!(
                    answers,
                    Answers::Codes(_) | Answers::CodesAbove(_) | Answers::Bools
                ) =>
            {
                Heading::None
            }
            1 if !answers.has_choices_in_heading()
                && !matches!(
                    answers,
                    Answers::Codes(_) | Answers::CodesAbove(_) | Answers::Bools
                ) =>
            {
                Heading::Unusual
            }
            2 | 3 if answers.has_choices_in_heading() => Heading::Two,
            _ => Heading::One,
        };
        let mut columns = vec![
            Column::Number,
            Column::Question,
            Column::Answer,
            Column::Remark,
        ];
        if random.once_in(3) {
            random.shuffle(&mut columns);
        }
        for extra in [
            Column::Running,
            Column::Chapter,
            Column::Reference,
            Column::Score,
            Column::Gap,
            Column::Previous,
            Column::Verdict,
        ] {
            let means_nothing =
                extra == Column::Previous && matches!(heading, Heading::None | Heading::Unusual);
            if random.once_in(6) && !means_nothing {
                columns.insert(random.below(columns.len() + 1), extra);
            }
        }
        Self {
            columns,
            heading,
            numbers,
            answers,
            words: *random.of(&SPELLINGS),
            remarks,
            head: *random.of(&[
                HeadStyle::Right,
                HeadStyle::Right,
                HeadStyle::Gap,
                HeadStyle::OneCell,
                HeadStyle::AllInOne,
                HeadStyle::Merged,
                HeadStyle::Below,
                HeadStyle::Pairs,
                HeadStyle::Spaced,
                HeadStyle::Cover,
            ]),
            date: *random.of(&[
                DateStyle::Cell,
                DateStyle::Cell,
                DateStyle::Iso,
                DateStyle::Slashes,
                DateStyle::Japanese,
                DateStyle::Era,
                DateStyle::EraShort,
                DateStyle::FullWidth,
                DateStyle::Weekday,
                DateStyle::English,
                DateStyle::Spaced,
            ]),
            chapter_rows: random.once_in(3),
            chapter_numbers: random.once_in(3),
            chapter_merged: random.once_in(2),
            preface: if random.once_in(3) {
                3 + random.below(18)
            } else {
                0
            },
            example: random.once_in(5),
            below: random.once_in(3),
            repeat: random.once_in(5).then(|| 12 + random.below(20)),
            decor: random.once_in(4),
            left: u32::try_from(random.below(3)).expect("small"),
        }
    }

    fn random_answers(random: &mut Random) -> Answers {
        use Answers as A;
        *random.of(&[
            A::Word,
            A::Word,
            A::Word,
            A::DropDown,
            A::Marks("○", ""),
            A::Marks("✓", ""),
            A::Marks("レ", ""),
            A::Marks("x", ""),
            A::Marks("●", ""),
            A::Marks("○", "－"),
            A::Marks("■", "□"),
            A::Ones,
            A::Boxes("■", "□", "　"),
            A::Boxes("☑", "☐", " "),
            A::Boxes("☑", "□", "\n"),
            A::Boxes("●", "○", "　"),
            A::BoxesBehind("☑", "□"),
            A::BoxesBracketed("（", "○", "）"),
            A::BoxesBracketed("[", "x", "]"),
            A::Pick(Chosen::Underlined),
            A::Pick(Chosen::Red),
            A::Pick(Chosen::Bold),
            A::Pick(Chosen::OthersStruck),
            A::PickColumn(Chosen::Filled),
            A::PickColumn(Chosen::Bold),
            A::PickColumn(Chosen::Red),
            A::PickColumn(Chosen::OthersStruck),
            A::PickColumn(Chosen::Circled),
            A::PickColumn(Chosen::OthersDeleted),
            A::MarkBeside("○"),
            A::BoxColumns("☑", "□"),
            A::Comment,
            A::Controls,
            A::ControlsInCell,
            A::Codes(["1", "2", "3"]),
            A::Codes(["○", "×", "－"]),
            A::Codes(["Ａ", "Ｂ", "Ｃ"]),
            A::Codes(["イ", "ロ", "ハ"]),
            A::CodesAbove(["○", "×", "－"]),
            A::CodesAbove(["1", "2", "3"]),
            A::Bools,
        ])
    }
}
