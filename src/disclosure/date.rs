//! Dates as sheets write them: ISO, slashes, Japanese years, English months.

use jiff::civil::{Date, date};

use crate::text::fold;

/// Spellings of a date that are understood, for the finding about one that is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateFormat;

impl DateFormat {
    /// The spellings, as examples.
    pub const EXAMPLES: &'static str =
        "2026-09-30, 2026/9/30, 2026年9月30日, 令和8年9月30日, R8.9.30, 30 September 2026";
}

/// Eras: letter, name, first day, last day. Source: 元号法 and the cabinet orders under it; 明治 from its solar calendar on.
const ERAS: [(char, &str, Date, Date); 5] = [
    ('r', "令和", date(2019, 5, 1), date(9999, 12, 31)),
    ('h', "平成", date(1989, 1, 8), date(2019, 4, 30)),
    ('s', "昭和", date(1926, 12, 25), date(1989, 1, 7)),
    ('t', "大正", date(1912, 7, 30), date(1926, 12, 24)),
    ('m', "明治", date(1873, 1, 1), date(1912, 7, 29)),
];

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// Reads a date; `None` where it is not one, does not exist, lies outside its era, or is ambiguous
/// (10/9/2019 may be October or September).
///
/// ```
/// use jiff::civil::date;
/// use kaijisho::parse_date;
/// for text in ["2026-09-30", "2026/9/30", "令和８年９月３０日", "R8.9.30", "September 30, 2026", "2026年9月30日(水)"] {
///     assert_eq!(parse_date(text), Some(date(2026, 9, 30)), "{text}");
/// }
/// assert_eq!(parse_date("令和8年2月30日"), None);
/// assert_eq!(parse_date("10/9/2019"), None);
/// ```
pub fn parse_date(text: &str) -> Option<Date> {
    if text.len() > 100 {
        return None;
    }
    let folded = fold(text);
    // A day of the week in brackets and a time of day say nothing more about the date.
    let folded = folded.split('(').next().unwrap_or(&folded);
    let folded = match folded.find('t') {
        Some(at)
            if at >= 8
                && folded[..at]
                    .bytes()
                    .all(|b| b.is_ascii_digit() || b == b'-') =>
        {
            &folded[..at]
        }
        Some(_) | None => folded,
    };
    japanese(folded)
        .or_else(|| western(folded))
        .or_else(|| english(folded))
}

fn japanese(text: &str) -> Option<Date> {
    let (_, _, first, last, rest) = ERAS.iter().find_map(|(letter, name, first, last)| {
        let rest = text.strip_prefix(name).or_else(|| {
            text.strip_prefix(*letter)
                .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == '元'))
        })?;
        Some((letter, name, first, last, rest))
    })?;
    let rest = rest.replacen('元', "1", 1);
    let [year, month, day] = numbers(&rest)?;
    let year = i16::try_from(year)
        .ok()?
        .checked_add(first.year())?
        .checked_sub(1)?;
    let found = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    (*first <= found && found <= *last).then_some(found)
}

fn western(text: &str) -> Option<Date> {
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return civil(
            text[..4].parse().ok()?,
            text[4..6].parse().ok()?,
            text[6..].parse().ok()?,
        );
    }
    let [a, b, c] = numbers(text)?;
    if a >= 1000 {
        return civil(a, b, c);
    }
    if c < 1000 {
        return None;
    }
    // Day and month in either order: only where one of them can be no month, or both are the same.
    match (a > 12, b > 12) {
        (true, false) => civil(c, b, a),
        (false, true) => civil(c, a, b),
        (false, false) if a == b => civil(c, a, b),
        (false, false) | (true, true) => None,
    }
}

fn english(text: &str) -> Option<Date> {
    let start = text.find(|c: char| c.is_ascii_alphabetic())?;
    let word: String = text[start..]
        .chars()
        .take_while(char::is_ascii_alphabetic)
        .collect();
    let month = MONTHS.iter().position(|name| word.starts_with(name))?;
    let (before, after) = (&text[..start], &text[start + word.len()..]);
    let clean = |part: &str| part.trim_matches(|c: char| !c.is_ascii_digit()).to_owned();
    let (day, year) = if before.is_empty() {
        let after = clean(after);
        // White space is gone: "September 30 2026" has become 302026.
        match after.split_once(|c: char| !c.is_ascii_digit()) {
            Some((day, year)) => (day.to_owned(), clean(year)),
            None if after.len() >= 5 => (
                after[..after.len() - 4].to_owned(),
                after[after.len() - 4..].to_owned(),
            ),
            None => return None,
        }
    } else {
        (clean(before), clean(after))
    };
    if year.len() != 4 {
        return None;
    }
    civil(
        year.parse().ok()?,
        u32::try_from(month + 1).ok()?,
        day.parse().ok()?,
    )
}

/// Three numbers with one separator between each, 日 at the end allowed.
fn numbers(text: &str) -> Option<[u32; 3]> {
    let text = text.strip_suffix('日').unwrap_or(text);
    let mut parts = text.split(['-', '/', '.', '年', '月']);
    let mut next = || {
        parts
            .next()
            .filter(|part| !part.is_empty() && part.len() <= 4)?
            .parse()
            .ok()
    };
    let found = [next()?, next()?, next()?];
    parts.next().is_none().then_some(found)
}

fn civil(year: u32, month: u32, day: u32) -> Option<Date> {
    Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        for (text, expected) in [
            ("2026.9.30", Some(date(2026, 9, 30))),
            ("20260930", Some(date(2026, 9, 30))),
            ("令和元年5月1日", Some(date(2019, 5, 1))),
            ("H31.4.30", Some(date(2019, 4, 30))),
            ("平成31年5月1日", None),
            ("9-Oct-2019", Some(date(2019, 10, 9))),
            ("October 9, 2019", Some(date(2019, 10, 9))),
            ("Oct 9 2019", Some(date(2019, 10, 9))),
            ("31/12/2025", Some(date(2025, 12, 31))),
            ("2026-09-30T00:00:00", Some(date(2026, 9, 30))),
            ("2026年9月", None),
            ("来月", None),
            ("R8", None),
            ("", None),
        ] {
            assert_eq!(parse_date(text), expected, "{text}");
        }
    }
}
