//! Reading in one pass held against calamine's cell stream: what both read, they tell alike.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

/// What a reading says, with the address of every cell and all that stands beside them.
fn told(reading: &Reading) -> Vec<String> {
    let mut told = vec![format!("{:?}", reading.findings)];
    if let Content::Grid(workbook) = &reading.content {
        for sheet in &workbook.sheets {
            told.push(format!(
                "{:?} {} {}",
                sheet.name, sheet.visible, sheet.has_cells
            ));
            told.extend(sheet.cells.iter().map(|cell| format!("{cell:?}")));
            let lines = (&sheet.hidden_rows, &sheet.hidden_columns, &sheet.merges);
            told.push(format!("{lines:?} {:?}", sheet.beside));
        }
    }
    told
}

/// True if the workbook was read in one pass; then as calamine tells it.
fn alike(name: &str, bytes: &[u8]) -> bool {
    let limits = Limits::default();
    let Ok(package) = package::inspect(bytes, &limits, true) else {
        return false;
    };
    let once = told(&read_so(bytes, &limits, true));
    let by_calamine = told(&read_so(bytes, &limits, false));
    for (once, other) in once.iter().zip(&by_calamine) {
        assert_eq!(once, other, "{name}");
    }
    assert_eq!(once.len(), by_calamine.len(), "{name}");
    package.quick.is_some()
}

/// Files with these endings in a folder and those below it.
fn workbooks(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            workbooks(&path, found);
        } else if matches!(
            path.extension().and_then(|e| e.to_str()),
            Some("xlsx" | "xlsm")
        ) {
            found.push(path);
        }
    }
}

#[test]
fn every_workbook_at_hand() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut examples = Vec::new();
    workbooks(&root.join("examples"), &mut examples);
    assert!(examples.len() > 5);
    for path in &examples {
        let bytes = std::fs::read(path).expect("an example");
        let once = alike(&path.display().to_string(), &bytes);
        // One of them is cut off, as it came by mail.
        let refused = matches!(read(&bytes, &Limits::default()).content, Content::Nothing);
        assert!(once || refused, "{}", path.display());
    }
    // The corpus is no part of the project; small files of it are enough to differ in.
    let mut corpus = Vec::new();
    workbooks(&root.join("../shared/corpus"), &mut corpus);
    for path in corpus {
        let bytes = std::fs::read(&path).expect("a file of the corpus");
        if bytes.len() < 256 * 1024 && !path.to_string_lossy().contains("bombs") {
            let once = alike(&path.display().to_string(), &bytes);
            eprintln!(
                "{} {}",
                if once { "once   " } else { "calamine" },
                path.display()
            );
        }
    }
}

/// A workbook of one sheet.
fn workbook_of(sheet: &str, strings: &str) -> Vec<u8> {
    let relation = |id: u32, kind: &str, target: &str| {
        format!(
            "<Relationship Id='rId{id}' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}' Target='{target}'/>"
        )
    };
    let relations = |inner: String| format!("<Relationships>{inner}</Relationships>");
    let parts = [
        ("_rels/.rels", relations(relation(1, "officeDocument", "xl/workbook.xml"))),
        ("xl/_rels/workbook.xml.rels", relations(relation(1, "worksheet", "worksheets/sheet1.xml"))),
        ("xl/workbook.xml", "<workbook><sheets><sheet name='MDS' sheetId='1' r:id='rId1'/></sheets></workbook>".to_owned()),
        ("xl/styles.xml", "<styleSheet><numFmts><numFmt numFmtId='176' formatCode='[$-411]ggge&quot;年&quot;m&quot;月&quot;d&quot;日&quot;'/></numFmts><cellStyleXfs><xf numFmtId='14'/></cellStyleXfs><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='176'/><xf numFmtId='20'/><xf numFmtId='46'/><xf/></cellXfs><dxfs><dxf><numFmt numFmtId='1' formatCode='d'/></dxf></dxfs></styleSheet>".to_owned()),
        ("xl/sharedStrings.xml", format!("<sst>{strings}</sst>")),
        ("xl/worksheets/sheet1.xml", format!("<worksheet><dimension ref='A1'/>{sheet}<mergeCells><mergeCell ref='A1:B1'/></mergeCells></worksheet>")),
    ];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, text) in parts {
        zip.start_file(path, SimpleFileOptions::default())
            .expect("a member");
        zip.write_all(text.as_bytes()).expect("its bytes");
    }
    zip.finish().expect("a package").into_inner()
}

/// True if a sheet of these rows is read in one pass.
fn once(rows: &str) -> bool {
    let strings = "<si><t>はい</t></si><si><t> &lt;い&#x3048;&gt; </t></si><si><r><t>a </t></r><r><t xml:space='preserve'>b </t></r></si><si><t>_x000D_</t></si>";
    alike(
        rows,
        &workbook_of(&format!("<sheetData>{rows}</sheetData>"), strings),
    )
}

#[test]
fn rows_as_programs_write_them() {
    for rows in [
        "",
        "\n<row/>\r\n<row r='3' hidden='1' ht='0'><c/><c t='s'><v>0</v></c><c r='F3'/><c><v>1.50</v></c></row><row><c><v>2</v></c></row>",
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\" t=\"s\"><v>2</v></c><c r=\"D1\" t=\"s\"><v>3</v></c><c t='s'><v></v></c></row>",
        "<row><c t='inlineStr'><is><t>い &amp; ろ</t></is></c><c t='inlineStr'><is><r><rPr><b/></rPr><t xml:space='preserve'> は</t></r><rPh><t>ハ</t></rPh></is></c><c t='inlineStr'><is/></c><c t='inlineStr'><is><t/></is><v>5</v></c></row>",
        "<row><c t='str'><f>A1&amp;\"x\"</f><v>1 &lt; 2_x000D_&#10;</v></c><c><f t='shared' si='0'/><v>7</v></c><c><v>7</v><f>1+6</f></c><c t='str'><v/></c></row>",
        "<row><c s='1'><v>46295</v></c><c s='2'><v>46295.5</v></c><c s='3'><v>0.5</v></c><c s='4'><v>1.5</v></c><c s='5'><v>46295</v></c><c s='99'><v>46295</v></c><c s=''><v>1</v></c><c s='1'><v>60</v></c><c s='1'><v>-1</v></c></row>",
        "<row><c t='b'><v>1</v></c><c t='b'><v>0</v></c><c t='e'><v>#N/A</v></c><c t='n'><v>-1.5E-3</v></c><c t='n'><v></v></c></row>",
        // Out of order and twice.
        "<row r='5'><c r='B5'><v>1</v></c><c r='A5'><v>2</v></c></row><row r='2'><c r='B5'><v>3</v></c><c><v>4</v></c></row>",
    ] {
        assert!(once(rows), "{rows}");
    }
}

#[test]
fn rows_that_are_left_to_calamine() {
    for rows in [
        "<row><c t='s'><v>4</v></c></row>",
        "<row><c t='s'><v>x</v></c></row>",
        "<row><c t='z'><v>x</v></c></row>",
        "<row><c t='d'><v>2026-09-30</v></c></row>",
        "<row><c t='e'><v>#WRONG</v></c></row>",
        "<row><c t='b'><v>TRUE</v></c></row>",
        "<row><c><v>はい</v></c></row>",
        "<row><c><v>1<!-- 2 --></v></c></row>",
        "<row><c t='str'><v>a&b;</v></c></row>",
        "<row><c t='str'><v>_xD83D__xDE00_</v></c></row>",
        "<row><c t='str'><v><![CDATA[a]]></v></c></row>",
        "<row><c t='inlineStr'><is><t>a<b/></t></is></c></row>",
        "<row><c r='XFE1'><v>1</v></c></row>",
        "<row><c r='A1048577'><v>1</v></c></row>",
        "<row r='0'><c><v>1</v></c></row>",
        "<row><c r='A1' r='B1'<v>1</v></c></row>",
        "<x:row><x:c><x:v>1</x:v></x:c></x:row>",
        "<row><c><v>1</v></c>",
        "<row><c><v>1</v></row>",
        "<row><c a=1><v>1</v></c></row>",
        "<row></row></sheetData><sheetData>",
        "<!-- <row> --><row/>",
        "<row><c><x/></c></row>",
    ] {
        assert!(!once(rows), "{rows}");
    }
}

#[test]
fn more_than_is_allowed_is_told_by_calamine() {
    let row = "<row><c><v>1</v></c><c t='s'><v>0</v></c></row>";
    let bytes = workbook_of(
        &format!("<sheetData>{}</sheetData>", row.repeat(4)),
        "<si><t>はい</t></si>",
    );
    let with = |limits: &Limits| package::inspect(&bytes, limits, true).expect("read").quick;
    let default = Limits::default();
    assert!(
        with(&Limits {
            cells: 8,
            ..default
        })
        .is_some()
    );
    assert!(
        with(&Limits {
            cells: 7,
            ..default
        })
        .is_none()
    );
    assert!(
        with(&Limits {
            text_bytes: 24,
            ..default
        })
        .is_some()
    );
    assert!(
        with(&Limits {
            text_bytes: 23,
            ..default
        })
        .is_none()
    );
    assert!(
        with(&Limits {
            sheets: 0,
            ..default
        })
        .is_none()
    );
    let limits = Limits {
        cells: 7,
        ..default
    };
    let findings = read(&bytes, &limits).findings;
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].place.to_string(), "MDS!B4");
}
