//! Cells written into parts of every shape that programs write.

use super::*;

fn patched(text: &str, edit: impl FnOnce(&mut SheetPatch<'_>)) -> String {
    let mut patch = SheetPatch::new(text).expect("sound");
    edit(&mut patch);
    let patched = patch.apply().expect("sound");
    String::from_utf8(patched.bytes).expect("UTF-8")
}

const TEXT: &str = "t=\"inlineStr\"><is><t xml:space=\"preserve\">";

#[test]
fn only_the_cell_changes() {
    let text = "<?xml version=\"1.0\"?>\n<worksheet><dimension ref=\"A1:C3\"/><sheetData>\n <row r='1' ht=\"20\"><c r='A1' s='3' t=\"s\"><v>0</v></c> <c r=\"B1\" s=\"4\"/><!-- x --></row></sheetData><tail a=\"&#10;\"/></worksheet>";
    assert_eq!(patched(text, |_| ()), text);
    let changed = patched(text, |it| it.set_text(0, 1, "=1+1 <&> \"").expect("free"));
    let expected = text.replace(
        "<c r=\"B1\" s=\"4\"/>",
        &format!("<c r=\"B1\" s=\"4\" {TEXT}=1+1 &lt;&amp;&gt; &quot;</t></is></c>"),
    );
    assert_eq!(changed, expected);
    let changed = patched(text, |it| it.set_number(0, 0, 46_266.0).expect("free"));
    let cell = "<c r='A1' s='3' t=\"s\"><v>0</v></c>";
    assert_eq!(
        changed,
        text.replace(cell, "<c r='A1' s='3'><v>46266</v></c>")
    );
    let changed = patched(text, |it| it.clear(0, 0).expect("free"));
    assert_eq!(changed, text.replace(cell, "<c r='A1' s='3'/>"));
    let changed = patched(text, |it| it.set_style(0, 0, 9).expect("free"));
    assert_eq!(changed, text.replace("s='3'", "s='9'"));
}

#[test]
fn cells_and_rows_that_were_not_there() {
    let text = "<worksheet><dimension ref=\"B2\"/><cols><col min=\"5\" max=\"6\" style=\"7\"/></cols><sheetData><row r=\"2\" spans=\"2:2\"><c r=\"B2\"/></row><row r=\"4\" s=\"8\" customFormat=\"1\"/></sheetData></worksheet>";
    let changed = patched(text, |it| {
        for (row, column) in [(0, 0), (1, 0), (1, 4), (2, 1), (3, 3), (9, 0), (9, 1)] {
            it.set_number(row, column, 1.0).expect("free");
        }
    });
    assert_eq!(
        changed,
        "<worksheet><dimension ref=\"A1:E10\"/><cols><col min=\"5\" max=\"6\" style=\"7\"/></cols><sheetData>\
         <row r=\"1\"><c r=\"A1\"><v>1</v></c></row>\
         <row r=\"2\" spans=\"1:5\"><c r=\"A2\"><v>1</v></c><c r=\"B2\"/><c r=\"E2\" s=\"7\"><v>1</v></c></row>\
         <row r=\"3\"><c r=\"B3\"><v>1</v></c></row>\
         <row r=\"4\" s=\"8\" customFormat=\"1\"><c r=\"D4\" s=\"8\"><v>1</v></c></row>\
         <row r=\"10\"><c r=\"A10\"><v>1</v></c><c r=\"B10\"><v>1</v></c></row></sheetData></worksheet>"
    );
}

#[test]
fn empty_tables_and_prefixes() {
    let text = "<x:worksheet xmlns:x=\"u\"><x:sheetData/></x:worksheet>";
    let changed = patched(text, |it| {
        it.set_text(1, 1, "あ").expect("free");
        it.set_text(0, 0, "い").expect("free");
    });
    assert_eq!(
        changed,
        "<x:worksheet xmlns:x=\"u\"><x:sheetData>\
         <x:row r=\"1\"><x:c r=\"A1\" t=\"inlineStr\"><x:is><x:t xml:space=\"preserve\">い</x:t></x:is></x:c></x:row>\
         <x:row r=\"2\"><x:c r=\"B2\" t=\"inlineStr\"><x:is><x:t xml:space=\"preserve\">あ</x:t></x:is></x:c></x:row>\
         </x:sheetData></x:worksheet>"
    );
    let text = "<worksheet><sheetData></sheetData></worksheet>";
    let changed = patched(text, |it| it.set_number(0, 0, 2.5).expect("free"));
    assert!(
        changed.contains("<sheetData><row r=\"1\"><c r=\"A1\"><v>2.5</v></c></row></sheetData>")
    );
    assert!(SheetPatch::new("<chartsheet/>").is_err());
}

#[test]
fn rows_and_cells_without_an_address() {
    let text = "<worksheet><sheetData><row><c/><c t=\"s\"><v>1</v></c></row><row><c/></row></sheetData></worksheet>";
    let changed = patched(text, |it| {
        it.set_number(0, 1, 5.0).expect("free");
        it.set_number(0, 2, 6.0).expect("free");
        it.set_number(1, 0, 7.0).expect("free");
        it.set_number(2, 0, 8.0).expect("free");
    });
    assert_eq!(
        changed,
        "<worksheet><sheetData><row><c/><c><v>5</v></c><c r=\"C1\"><v>6</v></c></row>\
         <row><c><v>7</v></c></row><row r=\"3\"><c r=\"A3\"><v>8</v></c></row></sheetData></worksheet>"
    );
}

#[test]
fn characters_that_xml_cannot_hold() {
    let text = "<worksheet><sheetData/></worksheet>";
    let changed = patched(text, |it| {
        it.set_text(0, 0, "a\r\n\u{b}_x000D_ ").expect("free");
    });
    assert!(
        changed.contains(">a_x000D_\n_x000B__x005F_x000D_ </t>"),
        "{changed}"
    );
}

#[test]
fn merged_cells_are_written_at_their_first() {
    let text = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"/><c r=\"B1\"/></row></sheetData><mergeCells><mergeCell ref=\"A1:B2\"/></mergeCells></worksheet>";
    let changed = patched(text, |it| it.set_number(1, 1, 1.0).expect("free"));
    assert_eq!(
        changed,
        text.replace("<c r=\"A1\"/>", "<c r=\"A1\"><v>1</v></c>")
    );
}

#[test]
fn formulas() {
    let text = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><f>B1</f><v>1</v></c><c r=\"B1\"><f t=\"shared\" ref=\"B1:B2\" si=\"0\">C1</f></c><c r=\"C1\" cm=\"1\"><f t=\"array\" ref=\"C1:C2\">D1:D2</f></c><c r=\"D1\" cm=\"1\"><f t=\"array\" ref=\"D1\">E1</f></c></row><row r=\"2\"><c r=\"B2\"><f t=\"shared\" si=\"0\"/></c><c r=\"C2\"><v>1</v></c></row></sheetData></worksheet>";
    let mut patch = SheetPatch::new(text).expect("sound");
    assert!(patch.has_formula(0, 0) && !patch.has_formula(1, 2));
    for (row, column, free) in [
        (0, 0, true),
        (0, 1, false),
        (0, 2, false),
        (0, 3, true),
        (1, 1, true),
        (1, 2, false),
    ] {
        assert_eq!(
            patch.set_text(row, column, "x").is_ok(),
            free,
            "{row} {column}"
        );
    }
    let patched = patch.apply().expect("sound");
    assert_eq!(patched.formulas_removed, [(0, 0), (0, 3), (1, 1)]);
    let text = String::from_utf8(patched.bytes).expect("UTF-8");
    assert!(
        text.contains(&format!("<c r=\"A1\" {TEXT}x</t></is></c>")),
        "{text}"
    );
    assert!(text.contains(&format!("<c r=\"D1\" {TEXT}x")), "{text}");
}
