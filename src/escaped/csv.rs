//! Cells of separated text that no spreadsheet takes for a formula.

/// The same cell, with an apostrophe before what could be taken for a formula.
pub(crate) fn guarded(cell: &str) -> String {
    let unseen = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
    };
    let starts_strangely = cell.starts_with(['\t', '\r', '\n']);
    let starts_a_formula = cell
        .trim_start_matches(unseen)
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if starts_strangely || starts_a_formula {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_guarded() {
        for formula in [
            "=1",
            "+1",
            "-1",
            "@a",
            "＝1",
            "＋1",
            "－1",
            "＠a",
            "\tx",
            "\rx",
            " \u{a0}=1",
            "\u{200b}=1",
            "　=1",
        ] {
            assert_eq!(guarded(formula), format!("'{formula}"));
        }
        for text in ["", "はい", "1-2", "a=b", "'=1", "－".trim_matches('－')] {
            assert_eq!(guarded(text), text);
        }
    }
}
