//! The command line.
#![allow(clippy::print_stdout)]
use kaijisho::report::{Format, Style, model};
fn main() {
    let options = kaijisho::Options::new(jiff::civil::date(2026, 11, 22));
    let files: Vec<_> = std::env::args()
        .skip(1)
        .map(|name| {
            let source =
                kaijisho::Source::open(std::path::Path::new(&name), &options.limits).expect("file");
            kaijisho::examine(&source, &options)
        })
        .collect();
    let report = model::build(model::Kind::Report, &files, None, kaijisho::Language::Ja);
    print!(
        "{}",
        String::from_utf8(
            kaijisho::report::render(&report, Format::Json, &Style::default()).expect("json")
        )
        .expect("utf8")
    );
}
