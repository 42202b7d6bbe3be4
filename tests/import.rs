//! Forms learned from workbooks: written as form files, found again, and held against filled sheets.

mod support;

use kaijisho::{Catalog, Form};

/// Everything in which two forms can differ.
fn same(left: &Form, right: &Form) {
    assert_eq!(left.id, right.id);
    assert_eq!(left.family, right.family);
    assert_eq!(left.edition, right.edition);
    assert_eq!(left.superseded_by, right.superseded_by);
    assert_eq!(left.title, right.title);
    assert_eq!(left.provenance, right.provenance);
    assert_eq!(left.compare_text, right.compare_text);
    assert_eq!(left.titles, right.titles);
    assert_eq!(left.free_groups, right.free_groups);
    assert_eq!(left.remarks, right.remarks);
    assert_eq!(left.headers, right.headers);
    assert_eq!(left.sections, right.sections);
    for (left, right) in left.items.iter().zip(&right.items) {
        assert_eq!(left, right);
    }
    assert_eq!(left.items.len(), right.items.len());
}

#[test]
fn a_form_written_and_read_is_the_same_form() {
    let mut forms = Catalog::bundled().forms().to_vec();
    for name in ["full", "kinds", "small", "tens"] {
        forms.push(support::form(name).forms()[0].clone());
    }
    for form in forms {
        let text = form.to_toml(&["# a\u{1b}[31m comment\nover two lines".to_owned()]);
        let again = Catalog::parse(&text, "again.toml")
            .unwrap_or_else(|error| panic!("{}\n{text}", support::case::mistakes(&error)));
        assert_eq!(again.forms().len(), 1);
        same(&again.forms()[0], &form);
        assert_eq!(again.forms()[0].to_toml(&[]), form.to_toml(&[]));
    }
}
