//! Questions of unknown forms are matched to controls: rarely wrongly, and mostly.

#[path = "matching/measure.rs"]
mod measure;

use measure::{Figures, measure, wordings};

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

#[test]
fn the_wordings_to_develop_with_are_matched() {
    let figures = measure(&wordings("seen"));
    tell(&figures);
    assert!(
        figures.precision() >= 0.97,
        "precision {:.3}",
        figures.precision()
    );
    assert!(
        figures.coverage() >= 0.85,
        "coverage {:.3}",
        figures.coverage()
    );
}
