//! Whole packages, made here and read as any file is: that the parts of a workbook find each other.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::limits::Limits;
use crate::read::beside::{CheckBox, ShapeKind};
use crate::read::grid::Workbook;
use crate::read::{Content, read};
use crate::source::Source;

const HEAD: &str = "<?xml version='1.0' encoding='UTF-8'?>";

/// A workbook with a sheet `MDS`, whose relationships are given as kind and target, and any other parts.
pub(super) fn workbook(sheet: &str, related: &[(&str, &str)], parts: &[(&str, &str)]) -> Workbook {
    let relation = |(at, (kind, target)): (usize, &(&str, &str))| {
        format!(
            "<Relationship Id='rId{at}' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}' Target='{target}'/>"
        )
    };
    let relations: String = (1..).zip(related).map(relation).collect();
    let of_book = [
        ("worksheet", "worksheets/sheet1.xml"),
        ("worksheet", "worksheets/sheet2.xml"),
        ("styles", "styles.xml"),
        ("sharedStrings", "sharedStrings.xml"),
    ];
    let of_book: String = (1..).zip(&of_book).map(relation).collect();
    let names = parts.iter().find(|(path, _)| *path == "names");
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |path: &str, text: &str| {
        zip.start_file(path, SimpleFileOptions::default())
            .expect("a member");
        zip.write_all(format!("{HEAD}{text}").as_bytes())
            .expect("its bytes");
    };
    add(
        "xl/worksheets/sheet1.xml",
        &format!(
            "<worksheet xmlns:r='r' xmlns:mc='mc' xmlns:xdr='xdr' xmlns:x14='x14' xmlns:xm='xm'>{sheet}</worksheet>"
        ),
    );
    add(
        "xl/worksheets/_rels/sheet1.xml.rels",
        &format!("<Relationships>{relations}</Relationships>"),
    );
    add(
        "xl/workbook.xml",
        &format!(
            "<workbook xmlns:r='r'><sheets><sheet name='MDS' sheetId='1' r:id='rId1'/><sheet name='一覧 表' sheetId='2' r:id='rId2'/></sheets>{}</workbook>",
            names.map_or("", |(_, text)| text)
        ),
    );
    add(
        "xl/_rels/workbook.xml.rels",
        &format!("<Relationships>{of_book}</Relationships>"),
    );
    add(
        "_rels/.rels",
        "<Relationships><Relationship Id='a' Type='x/relationships/officeDocument' Target='xl/workbook.xml'/></Relationships>",
    );
    add("[Content_Types].xml", "<Types/>");
    add(
        "xl/worksheets/sheet2.xml",
        "<worksheet><sheetData><row r='1'><c r='A1' t='str'><v>はい</v></c><c r='C1' t='str'><v>x</v></c></row><row r='2'><c r='A2' t='str'><v>いいえ</v></c></row><row r='4'><c r='A4'><v>3</v></c></row></sheetData></worksheet>",
    );
    for (path, text) in parts.iter().filter(|(path, _)| *path != "names") {
        add(path, text);
    }
    let bytes = zip.finish().expect("a package").into_inner();
    let reading = read(&Source::new("a.xlsx", bytes), &Limits::default());
    assert_eq!(reading.findings, []);
    match reading.content {
        Content::Grid(workbook) => workbook,
        Content::Tree(_) | Content::Nothing => panic!("no workbook"),
    }
}

fn anchor(from: [u32; 4], to: [u32; 4]) -> String {
    let corner = |name: &str, [column, x, row, y]: [u32; 4]| {
        format!(
            "<{name}><xdr:col>{column}</xdr:col><xdr:colOff>{x}</xdr:colOff><xdr:row>{row}</xdr:row><xdr:rowOff>{y}</xdr:rowOff></{name}>"
        )
    };
    format!(
        "<anchor>{}{}</anchor>",
        corner("from", from),
        corner("to", to)
    )
}

fn at(box_: &CheckBox) -> (&str, (u32, u32), Option<bool>) {
    (&box_.label, box_.middle, box_.ticked)
}

const VML: &str = "<xml xmlns:v='v' xmlns:o='o' xmlns:x='x'>\
    <v:shape id='_x0000_s1025'><v:textbox><div>はい</div></v:textbox><x:ClientData ObjectType='Checkbox'><x:Anchor>2, 2, 4, 2, 2, 40, 5, 0</x:Anchor><x:Checked>1</x:Checked></x:ClientData></v:shape>\
    <v:shape id='_x0000_s1026'><v:textbox><div>いいえ</div></v:textbox><x:ClientData ObjectType='Checkbox'><x:Anchor>2, 70, 4, 2, 3, 40, 5, 0</x:Anchor><x:FmlaLink>MDS!$F$5</x:FmlaLink></x:ClientData></v:shape>\
    <v:shape id='_x0000_s1027'><v:textbox><div>全項目</div></v:textbox><x:ClientData ObjectType='GBox'><x:Anchor>1, 0, 4, 0, 4, 0, 9, 0</x:Anchor></x:ClientData></v:shape></xml>";

#[test]
fn check_boxes_of_old_files() {
    let sheet = "<cols><col min='3' max='3' width='9'/></cols><sheetData><row r='5' ht='15'/></sheetData><legacyDrawing r:id='rId1'/>";
    let book = workbook(
        sheet,
        &[("vmlDrawing", "../drawings/vmlDrawing1.vml")],
        &[("xl/drawings/vmlDrawing1.vml", VML)],
    );
    let beside = &book.sheets[0].beside;
    let told: Vec<_> = beside.boxes.iter().map(at).collect();
    assert_eq!(
        told,
        [
            ("はい", (4, 2), Some(true)),
            ("いいえ", (4, 3), Some(false))
        ]
    );
    assert_eq!(beside.boxes[1].linked, Some((4, 5)));
    assert_eq!(beside.shapes.len(), 1);
    assert_eq!(beside.shapes[0].text, "全項目");
}

#[test]
fn a_check_box_told_in_four_places_is_one() {
    let control = |shape: u32, id: u32, anchor: &str| {
        format!(
            "<mc:AlternateContent><mc:Choice Requires='x14'><control shapeId='{shape}' r:id='rId{id}' name='Check Box {id}'><controlPr>{anchor}</controlPr></control></mc:Choice><mc:Fallback><control shapeId='{shape}' r:id='rId{id}' name='Check Box {id}'/></mc:Fallback></mc:AlternateContent>"
        )
    };
    // Column C is 20 characters or 160 pixels wide: the first box begins 2 pixels before it ends.
    let first = anchor([2, 158 * 9525, 4, 0], [3, 16 * 9525, 5, 0]);
    let second = anchor([2, 10 * 9525, 4, 0], [3, 16 * 9525, 5, 0]);
    let sheet = format!(
        "<sheetFormatPr defaultRowHeight='18' defaultColWidth='9'/><cols><col min='3' max='3' width='20' customWidth='1'/></cols><sheetData/><drawing r:id='rId5'/><legacyDrawing r:id='rId1'/><mc:AlternateContent><mc:Choice Requires='x14'><controls>{}{}{}</controls></mc:Choice></mc:AlternateContent>",
        control(1025, 2, &first),
        control(1026, 3, &second),
        control(1030, 4, &second),
    );
    let twin = "<xdr:wsDr xmlns:xdr='xdr' xmlns:mc='mc' xmlns:a='a' xmlns:a14='a14'><mc:AlternateContent><mc:Choice Requires='a14'><xdr:twoCellAnchor><xdr:from><xdr:col>2</xdr:col></xdr:from><xdr:to><xdr:col>3</xdr:col></xdr:to><xdr:sp><xdr:nvSpPr><xdr:cNvPr id='1025' name='x' hidden='1'><a:extLst><a:ext uri='u'><a14:compatExt spid='_x0000_s1025'/></a:ext></a:extLst></xdr:cNvPr></xdr:nvSpPr></xdr:sp></xdr:twoCellAnchor></mc:Choice></mc:AlternateContent></xdr:wsDr>";
    let book = workbook(
        &sheet,
        &[
            ("vmlDrawing", "../drawings/vmlDrawing1.vml"),
            ("ctrlProp", "../ctrlProps/ctrlProp1.xml"),
            ("ctrlProp", "../ctrlProps/ctrlProp2.xml"),
            ("control", "../activeX/activeX1.xml"),
            ("drawing", "../drawings/drawing1.xml"),
        ],
        &[
            ("xl/drawings/vmlDrawing1.vml", VML),
            ("xl/drawings/drawing1.xml", twin),
            (
                "xl/ctrlProps/ctrlProp1.xml",
                "<formControlPr objectType='CheckBox' checked='Checked' fmlaLink='$F$9'/>",
            ),
            (
                "xl/ctrlProps/ctrlProp2.xml",
                "<formControlPr objectType='CheckBox' checked='Mixed' fmlaLink='&apos;一覧 表&apos;!$F$9'/>",
            ),
            (
                "xl/activeX/activeX1.xml",
                "<ax:ocx ax:classid='{8BD21D40-EC42-11CE-9E0D-00AA006002F3}' xmlns:ax='ax'/>",
            ),
        ],
    );
    let beside = &book.sheets[0].beside;
    let told: Vec<_> = beside.boxes.iter().map(at).collect();
    assert_eq!(
        told,
        [
            ("いいえ", (4, 2), None),
            ("Check Box 4", (4, 2), None),
            ("はい", (4, 3), Some(true)),
        ]
    );
    assert_eq!(beside.boxes[2].linked, Some((8, 5)));
    assert_eq!(beside.boxes[0].linked, None);
    let kinds: Vec<_> = beside.shapes.iter().map(|shape| shape.kind).collect();
    assert_eq!(kinds, [ShapeKind::Text]);
}

#[test]
fn lists_take_their_words_from_cells() {
    let list = |cells: &str, formula: &str| {
        format!(
            "<dataValidation type='list' sqref='{cells}'><formula1>{formula}</formula1></dataValidation>"
        )
    };
    let sheet = format!(
        "<sheetData><row r='1'><c r='H1' t='str'><v>有</v></c></row><row r='2'><c r='H2' t='str'><v>無</v></c></row></sheetData><dataValidations>{}{}{}{}{}{}</dataValidations>",
        list("C1", "$H$1:$H$2"),
        list("C2:C3", "'一覧 表'!$A$1:$A$4"),
        list("C4", "YesNo"),
        list("C5:C6", "H1"),
        list("C7", "INDIRECT(H1)"),
        list("C8", "'一覧 表'!$A:$A"),
    );
    let names = "<definedNames><definedName name='yesno'>'一覧 表'!$A$1:$A$2</definedName><definedName name='YESNO' localSheetId='1'>MDS!$H$1</definedName><definedName name='loop'>loop</definedName></definedNames>";
    let book = workbook(&sheet, &[], &[("names", names)]);
    let told: Vec<_> = book.sheets[0]
        .beside
        .choices
        .iter()
        .map(|choices| (choices.areas[0].first.0 + 1, choices.words.join("|")))
        .collect();
    let expected = [
        (1, "有|無"),
        (2, "はい|いいえ|3"),
        (4, "はい|いいえ"),
        (5, "有"),
        (6, "無"),
        (7, ""),
        (8, "はい|いいえ|3"),
    ];
    assert_eq!(told, expected.map(|(row, words)| (row, words.to_owned())));
}

#[test]
fn looks_and_comments_find_their_cells() {
    let sheet = "<cols><col min='2' max='2' hidden='1' width='9'/></cols><sheetData><row r='1'><c r='A1' s='1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c><c r='C1' s='1'/><c r='D1'><v>4</v></c></row></sheetData>";
    let related = [("comments", "/xl/Comments1.xml")];
    let strings = "<sst><si><t>はい</t></si><si><r><t xml:space='preserve'>はい </t></r><r><rPr><strike/></rPr><t>いいえ</t></r><rPh sb='0' eb='1'><t>x</t></rPh></si></sst>";
    let parts = [
        (
            "xl/comments1.xml",
            "<comments><authors><author>A</author></authors><commentList><comment ref='B1' authorId='0'><text><r><t>A:</t></r><r><t xml:space='preserve'>\n次期で対応</t></r></text></comment></commentList></comments>",
        ),
        ("xl/sharedStrings.xml", strings),
        (
            "xl/styles.xml",
            "<styleSheet><fonts><font/><font><b/></font></fonts><cellXfs><xf/><xf fontId='1'/></cellXfs></styleSheet>",
        ),
    ];
    let book = workbook(sheet, &related, &parts);
    let sheet = &book.sheets[0];
    assert_eq!(sheet.hidden_columns, [(1, 1)]);
    assert_eq!(sheet.beside.comments[0].text, "次期で対応");
    let looks = &sheet.beside.looks;
    assert_eq!(looks.len(), 2);
    assert!(looks[0].runs[0].bold && looks[0].runs[0].text == "はい");
    assert_eq!((looks[1].column, looks[1].runs.len()), (1, 2));
    assert!(!looks[1].runs[0].strike && looks[1].runs[1].strike);
}
