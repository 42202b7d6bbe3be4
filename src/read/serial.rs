//! Numbers that are dates: what a number format makes of a number.

use jiff::civil::{Date, date};

use super::grid::CellValue;

/// What the format of a cell says about its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    /// A date, or a time of day.
    Date,
    /// A length of time, such as `[h]:mm`.
    Duration,
    /// LibreOffice writes booleans to `.xls` as numbers with a format of words.
    Bool,
}

/// What a built-in format is. Numbers 27 to 36 and 50 to 58 are dates in East Asia (ECMA-376 part 1, 18.8.30).
pub(super) fn built_in(id: u16) -> Kind {
    match id {
        14..=22 | 27..=36 | 45 | 47 | 50..=58 => Kind::Date,
        46 => Kind::Duration,
        _ => Kind::Number,
    }
}

/// What a format of the workbook's own is, by its first section.
pub(super) fn custom(format: &str) -> Kind {
    if format.eq_ignore_ascii_case("\"TRUE\";\"TRUE\";\"FALSE\"") {
        return Kind::Bool;
    }
    let mut characters = format.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            // The next character is itself, a width or a filling.
            '\\' | '_' | '*' => {
                characters.next();
            }
            '"' => {
                characters.by_ref().find(|c| *c == '"');
            }
            '[' => {
                let inner: String = characters.by_ref().take_while(|c| *c != ']').collect();
                let first = inner.chars().next().map(|c| c.to_ascii_lowercase());
                let is_unit = matches!(first, Some('h' | 'm' | 's'))
                    && inner.chars().all(|c| Some(c.to_ascii_lowercase()) == first);
                if is_unit {
                    return Kind::Duration;
                }
            }
            ';' => return Kind::Number,
            'G' | 'g' if is_general(&mut characters) => return Kind::Number,
            'd' | 'm' | 'h' | 'y' | 's' | 'D' | 'M' | 'H' | 'Y' | 'S' => return Kind::Date,
            _ => {}
        }
    }
    Kind::Number
}

/// True behind the first letter of "General", or of 「G/標準」.
fn is_general(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    let next: String = rest.clone().take(6).collect();
    next.starts_with('/') || next.eq_ignore_ascii_case("eneral")
}

/// A number as its format shows it: a date, a boolean, a time of day as text, or itself.
pub(super) fn value(number: f64, kind: Kind, is_1904: bool) -> CellValue {
    match kind {
        Kind::Number | Kind::Duration => CellValue::Number(number),
        Kind::Bool => CellValue::Bool(number != 0.0),
        // A time of day without a day is no date.
        Kind::Date if (0.0..1.0).contains(&number) => CellValue::Text(time_of_day(number).into()),
        Kind::Date => {
            from_serial(number, is_1904).map_or(CellValue::Number(number), CellValue::Date)
        }
    }
}

/// A number in four bytes (RK): a whole number or the upper half of one with a point, perhaps hundredfold.
pub(super) fn packed(bits: u32) -> f64 {
    let number = if bits & 2 != 0 {
        f64::from(bits.cast_signed() >> 2)
    } else {
        f64::from_bits(u64::from(bits & !3) << 32)
    };
    if bits & 1 != 0 {
        number / 100.0
    } else {
        number
    }
}

/// A fraction of a day as hours and minutes.
pub(super) fn time_of_day(fraction: f64) -> String {
    let minutes = (fraction * 1440.0).round() as u32;
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

/// An error value of Excel by its number in binary files.
pub(super) fn error(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        0x2b => "#GETTING_DATA",
        _ => "#N/A",
    }
}

/// An error value as text formats spell it.
pub(super) fn error_named(text: &str) -> Option<&'static str> {
    [
        "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A",
    ]
    .into_iter()
    .find(|name| *name == text)
}

/// The date of an Excel serial number, whole days only.
///
/// NOTE: Excel's 1900 system counts a 29 February 1900 that did not exist; serials below 61 are a day off
/// from the calendar otherwise. Source: ECMA-376 part 1, 18.17.4.1.
pub(super) fn from_serial(serial: f64, is_1904: bool) -> Option<Date> {
    if !(0.0..3_000_000.0).contains(&serial) {
        return None;
    }
    let days = serial.floor() as i64;
    let (epoch, days) = match (is_1904, days) {
        (true, days) => (date(1904, 1, 1), days),
        (false, 60) => return None,
        (false, days) if days > 60 => (date(1899, 12, 30), days),
        (false, days) => (date(1899, 12, 31), days),
    };
    epoch
        .checked_add(jiff::Span::new().try_days(days).ok()?)
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats() {
        for (format, expected) in [
            ("yyyy/mm/dd", Kind::Date),
            ("[$-411]ggge\"年\"m\"月\"d\"日\";@", Kind::Date),
            ("h:mm:ss;@", Kind::Date),
            ("[h]:mm", Kind::Duration),
            ("[Red]0.0", Kind::Number),
            ("General", Kind::Number),
            ("G/標準", Kind::Number),
            ("0.00\"d\"", Kind::Number),
            ("#,##0_m;d", Kind::Number),
            ("@", Kind::Number),
            ("\"TRUE\";\"TRUE\";\"FALSE\"", Kind::Bool),
        ] {
            assert_eq!(custom(format), expected, "{format}");
        }
    }

    #[test]
    fn packed_numbers() {
        assert_eq!(packed(46295 << 2 | 2), 46295.0);
        assert_eq!(packed(350 << 2 | 3), 3.5);
        assert_eq!(packed(0x3ff0_0000), 1.0);
        assert_eq!(packed((-2i32).cast_unsigned() << 2 | 2), -2.0);
    }

    #[test]
    fn values() {
        assert_eq!(
            value(46295.0, Kind::Date, false),
            CellValue::Date(jiff::civil::date(2026, 9, 30))
        );
        assert_eq!(
            value(0.5, Kind::Date, false),
            CellValue::Text("12:00".into())
        );
        assert_eq!(value(1.0, Kind::Bool, false), CellValue::Bool(true));
        assert_eq!(value(1e300, Kind::Date, false), CellValue::Number(1e300));
    }

    #[test]
    fn serials_of_both_systems() {
        assert_eq!(from_serial(46295.0, false), Some(date(2026, 9, 30)));
        assert_eq!(from_serial(46295.0 - 1462.0, true), Some(date(2026, 9, 30)));
        assert_eq!(from_serial(1.0, false), Some(date(1900, 1, 1)));
        assert_eq!(from_serial(60.0, false), None);
        assert_eq!(from_serial(-1.0, false), None);
    }
}
