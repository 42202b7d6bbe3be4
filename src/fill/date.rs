//! A day as it is written: as a number where the cell shows days, else in the spelling of the sheet.

use jiff::civil::{Date, date};

use crate::language::Language;
use crate::text::fold;

/// The serial number of a day, as cells hold it; `None` before March 1900, where the numbers are off by one.
///
/// NOTE: a workbook of 1904 counts from its first of January. Source: ECMA-376 part 1, 18.17.4.1.
pub(super) fn serial(day: Date, is_1904: bool) -> Option<f64> {
    let first = match is_1904 {
        true => date(1904, 1, 1),
        false => date(1899, 12, 30),
    };
    let days = day.since(first).ok()?.get_days();
    (days > 60).then(|| f64::from(days))
}

/// True for a text that only waits for a day: `　年　月　日`, `令和　年　月　日`, `yyyy/mm/dd`.
pub(super) fn is_placeholder(text: &str) -> bool {
    let folded = fold(text);
    let waiting = |c: char| "年月日令和西暦()/.-_ymd".contains(c);
    !folded.is_empty() && folded.chars().all(waiting)
}

/// A day in the spellings that suit the sheet, the likeliest first. `like` is what stands there.
pub(super) fn spelled(day: Date, like: &str, language: Language) -> Vec<String> {
    let (year, month, number) = (day.year(), day.month(), day.day());
    let folded = fold(like);
    let western = format!("{year}年{month}月{number}日");
    let usual = match language {
        Language::Ja => western.clone(),
        Language::En => day.to_string(),
    };
    let own = if folded.contains("令和") && day >= date(2019, 5, 1) {
        format!("令和{}年{month}月{number}日", year - 2018)
    } else if folded.starts_with('r') && day >= date(2019, 5, 1) {
        format!("R{}.{month}.{number}", year - 2018)
    } else if folded.contains('年') {
        western
    } else if folded.contains('/') {
        format!("{year}/{month}/{number}")
    } else if folded.contains('-') {
        day.to_string()
    } else {
        usual
    };
    let mut ways = vec![own, day.to_string()];
    ways.dedup();
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_as_numbers() {
        assert_eq!(serial(date(2026, 9, 30), false), Some(46_295.0));
        assert_eq!(serial(date(2026, 9, 30), true), Some(44_833.0));
        assert_eq!(serial(date(1900, 2, 1), false), None);
    }

    #[test]
    fn days_as_texts() {
        let day = date(2026, 9, 30);
        let first = |like: &str| spelled(day, like, Language::Ja).swap_remove(0);
        assert_eq!(first(""), "2026年9月30日");
        assert_eq!(first("令和　年　月　日"), "令和8年9月30日");
        assert_eq!(first("2025/1/2"), "2026/9/30");
        assert_eq!(first("R7.1.2"), "R8.9.30");
        assert_eq!(spelled(day, "", Language::En)[0], "2026-09-30");
        assert!(is_placeholder("　　年　　月　　日") && is_placeholder("YYYY/MM/DD"));
        assert!(!is_placeholder("2026年") && !is_placeholder("") && !is_placeholder("未定"));
    }
}
