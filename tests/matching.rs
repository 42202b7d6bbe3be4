//! Questions of unknown forms are matched to controls: rarely wrongly, and mostly.

#[path = "matching/measure.rs"]
mod measure;

use kaijisho::{Catalog, Language};
use measure::{Figures, Labelled, measure, wordings};

/// The least precision and coverage on the part kept for measuring.
const FLOOR: (f64, f64) = (0.97, 0.85);

#[allow(clippy::print_stdout)] // shown on failure, and with --nocapture while the terms are worked on
fn tell(figures: &Figures) {
    println!("sure but wrong:\n  {}", figures.confusions.join("\n  "));
    println!("not sure:\n  {}", figures.missed.join("\n  "));
    println!(
        "precision {:.3}  coverage {:.3}  sure {}  askable {}  turned {}  first {}",
        figures.precision(),
        figures.coverage(),
        figures.sure,
        figures.askable,
        figures.turned,
        figures.first,
    );
}

/// The floor for wordings that the terms were written with: lower means that a change took something away.
fn is_good(figures: &Figures) {
    let (precision, coverage) = (figures.precision(), figures.coverage());
    assert!(precision >= 0.97, "precision {precision:.3}");
    assert!(coverage >= 0.95, "coverage {coverage:.3}");
    // A turned question that is sure counts as wrong; few may be.
    assert!(
        figures.turned * 40 <= figures.sure,
        "{} turned questions are sure",
        figures.turned
    );
}

#[test]
fn the_wordings_to_develop_with_are_matched() {
    for part in ["seen", "further", "seen-a", "seen-b"] {
        let figures = measure(&wordings(part));
        tell(&figures);
        is_good(&figures);
    }
}

/// Titles of the bundled forms, as questions with the control that the form names.
fn titles(form: &str, language: Language) -> Vec<Labelled> {
    let form = Catalog::bundled().form(form).expect("a bundled form");
    let labelled = |item: &kaijisho::Item| {
        Some(Labelled {
            text: item.title.text(language).to_owned(),
            control: item.control.clone()?,
            section: form.section_of(item).title.text(language).to_owned(),
            reversed: false,
            also: Vec::new(),
        })
    };
    form.items.iter().filter_map(labelled).collect()
}

#[test]
fn the_titles_of_bundled_forms_are_matched() {
    let mut labelled = titles("mds-reference", Language::Ja);
    labelled.extend(titles("mds-reference", Language::En));
    labelled.extend(titles("sds-reference", Language::Ja));
    labelled.extend(titles("sds-reference", Language::En));
    labelled.extend(titles("mds2-2019", Language::En));
    labelled.extend(titles("mds2-2019", Language::Ja));
    let figures = measure(&labelled);
    tell(&figures);
    is_good(&figures);
}

/// Only sums are looked at here: whoever reads single results of this part can no longer measure with it.
#[test]
fn wordings_that_nobody_tuned_for_are_matched() {
    let wordings = wordings("unseen");
    if wordings.is_empty() {
        return;
    }
    let figures = measure(&wordings);
    let (precision, coverage) = (figures.precision(), figures.coverage());
    assert!(precision >= FLOOR.0, "precision {precision:.3}");
    assert!(coverage >= FLOOR.1, "coverage {coverage:.3}");
}
