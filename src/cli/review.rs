//! Reviewing a learned form at the terminal: which control does each uncertain item answer?

use std::io::{BufRead, Write};

use kaijisho::import::{Draft, Proposal, control_named};
use kaijisho::{Controls, Language, show};

/// Asks about each item that has proposals and no control. `q`, or the end of input, leaves the rest open.
///
/// # Errors
/// What reading or writing says.
pub(super) fn review(
    draft: &mut Draft,
    input: &mut impl BufRead,
    out: &mut impl Write,
    language: Language,
) -> std::io::Result<()> {
    let open: Vec<usize> = draft
        .open()
        .into_iter()
        .filter(|at| !draft.proposals[*at].is_empty())
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    let values = [("count", open.len().to_string())];
    let values: Vec<(&str, &str)> = values
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    writeln!(out, "{}", language.label_with("review-start", &values))?;
    for (done, at) in open.iter().enumerate() {
        ask(draft, *at, (done + 1, open.len()), out, language)?;
        loop {
            write!(out, "{} > ", language.label("review-prompt"))?;
            out.flush()?;
            let mut line = String::new();
            if input.read_line(&mut line)? == 0 {
                writeln!(out)?;
                return Ok(());
            }
            match Reply::of(line.trim(), &draft.proposals[*at]) {
                Reply::Stop => return Ok(()),
                Reply::None => break,
                Reply::Control(control) => {
                    draft.choose(*at, Some(&control));
                    break;
                }
                Reply::Unknown => writeln!(out, "{}", language.label("review-unknown"))?,
            }
        }
    }
    Ok(())
}

fn ask(
    draft: &Draft,
    at: usize,
    (done, all): (usize, usize),
    out: &mut impl Write,
    language: Language,
) -> std::io::Result<()> {
    let item = &draft.form.items[at];
    let section = draft.form.section_of(item).title.text(language);
    writeln!(out, "\n[{done}/{all}] {}", show(section, 100))?;
    writeln!(
        out,
        "{}  {}",
        item.number,
        show(item.title.text(language), 400)
    )?;
    for (place, proposal) in (1..).zip(&draft.proposals[at]) {
        let control = Controls::bundled().get(&proposal.control);
        let title = control.map_or("", |control| control.title.text(language));
        let because = proposal.because.join(" ");
        writeln!(
            out,
            "  {place}  {:.2}  {}  {title}  [{}]",
            proposal.confidence,
            proposal.control,
            show(&because, 60)
        )?;
    }
    Ok(())
}

/// What was typed.
enum Reply {
    Stop,
    None,
    Control(String),
    Unknown,
}

impl Reply {
    fn of(typed: &str, proposals: &[Proposal]) -> Self {
        if typed.eq_ignore_ascii_case("q") {
            return Reply::Stop;
        }
        if typed.is_empty() || typed == "0" {
            return Reply::None;
        }
        if let Ok(number) = typed.parse::<usize>() {
            let chosen = number.checked_sub(1).and_then(|at| proposals.get(at));
            return chosen.map_or(Reply::Unknown, |chosen| {
                Reply::Control(chosen.control.clone())
            });
        }
        // Another control, by its id or title.
        match control_named(typed) {
            Ok(Some(control)) => Reply::Control(control),
            Ok(None) => Reply::None,
            Err(_) => Reply::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kaijisho::import::{Wanted, learn};
    use kaijisho::{Limits, Source};

    /// A form whose first three items may answer one of two controls each, and no other item any.
    fn draft() -> Draft {
        let book = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/examples/02-hospital/minato-karte.xlsx"
        );
        let limits = Limits::default();
        let source = Source::open(book.as_ref(), &limits).expect("the example");
        let mut drafts = learn(&source, &Wanted::default(), &limits).expect("a form");
        let mut draft = drafts.remove(0);
        let proposal = |control: &str| Proposal {
            control: control.to_owned(),
            confidence: 0.4,
            because: vec!["words".to_owned()],
        };
        draft.proposals.fill(Vec::new());
        draft.proposals[..3].fill(vec![proposal("ops.backup"), proposal("net.encryption")]);
        draft
    }

    fn reviewed(typed: &str) -> (Vec<Option<String>>, String) {
        let (mut draft, mut out) = (draft(), Vec::new());
        review(&mut draft, &mut typed.as_bytes(), &mut out, Language::En).expect("no failure");
        let controls = draft.form.items[..3]
            .iter()
            .map(|item| item.control.clone());
        (controls.collect(), String::from_utf8(out).expect("UTF-8"))
    }

    #[test]
    fn numbers_names_and_nothing() {
        let some = |control: &str| Some(control.to_owned());
        let (controls, shown) = reviewed("2\n\nauth.two-factor\n");
        assert_eq!(
            controls,
            [some("net.encryption"), None, some("auth.two-factor")]
        );
        assert!(
            shown.contains("[3/3]") && shown.contains("0.40  ops.backup"),
            "{shown}"
        );
        let (controls, shown) = reviewed("7\nno such thing\n1\nq\n");
        assert_eq!(controls, [some("ops.backup"), None, None]);
        assert_eq!(shown.matches("there is no control").count(), 2, "{shown}");
        assert_eq!(reviewed("").0, [None, None, None]);
    }
}
