//! Random numbers and texts from a seed: the same on every machine.

/// A generator (xorshift64*), good enough to mix texts.
pub(crate) struct Random(u64);

/// What texts are made of: whatever some format treats in a way of its own.
const PIECES: &[&str] = &[
    "=1+1",
    "+",
    "-",
    "@SUM(A1)",
    "＝1",
    "＋",
    "－",
    "＠",
    "'",
    "''",
    "\t",
    "\n",
    "\r",
    "\r\n",
    "\"",
    "\"\"\"",
    ",",
    ";",
    "|",
    "\\",
    "\\u0041",
    "_x000D_",
    "_x005F_",
    "_x",
    "\u{0}",
    "\u{1}",
    "\u{b}",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{ad}",
    "\u{200b}",
    "\u{200d}",
    "\u{200f}",
    "\u{202e}",
    "\u{2028}",
    "\u{2066}",
    "\u{feff}",
    "\u{fffe}",
    "\u{ffff}",
    "\u{10ffff}",
    "😀",
    "👩‍👩‍👧",
    "𠮷",
    "e\u{301}",
    "㍿",
    "ｶﾞ",
    "１",
    "　",
    " ",
    "  ",
    "<",
    ">",
    "&amp;",
    "]]>",
    "<!--",
    "{",
    "}",
    "[",
    "]",
    "#",
    "4.10",
    "04",
    "1-2",
    "3/4",
    "1e5",
    "TRUE",
    "2026-09-30",
    "令和8年9月30日",
    "9月30日",
    "はい",
    "いいえ",
    "対象外",
    "Yes",
    "N/A",
    "○",
    "×",
    "□",
    "備考1",
    "備考記載欄",
    "その他の記載",
    "Other content",
    "種別",
    "様式ID",
    "Form ID",
    "kaijisho/disclosure/1",
    "No.",
    "回答",
    "備考",
    "項目",
    "製品名",
    "製品名：別",
    "mds-reference",
    "コメント",
    "表の外",
    "見本",
    "text",
    "null",
];

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    /// True once in so many times.
    pub(crate) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub(crate) fn pick<'t, T: ?Sized>(&mut self, from: &[&'t T]) -> &'t T {
        from[self.below(from.len())]
    }

    /// A text that something might trip over.
    pub(crate) fn text(&mut self) -> String {
        if self.one_in(40) {
            // Not the longest: guards and escapes need room, too.
            return self.pick(PIECES).repeat(1_500);
        }
        let count = 1 + self.below(5);
        (0..count).map(|_| self.pick(PIECES)).collect()
    }
}
