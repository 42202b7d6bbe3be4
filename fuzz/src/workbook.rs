//! Workbooks around one part that is fuzzed.

use crate::container::{Member, compound, zip};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

const TYPES: &str = include_str!("../parts/content-types.xml");
const RELS: &str = include_str!("../parts/rels.xml");
const BOOK: &str = include_str!("../parts/workbook.xml");
const BOOK_RELS: &str = include_str!("../parts/workbook-rels.xml");
const SHEET_RELS: &str = include_str!("../parts/sheet-rels.xml");
const STYLES: &str = include_str!("../parts/styles.xml");
const SHARED: &str = include_str!("../parts/shared-strings.xml");
const SHEET: &str = include_str!("../parts/sheet.xml");
const COMMENTS: &str = include_str!("../parts/comments.xml");
const DRAWING: &str = include_str!("../parts/drawing.xml");
const VML: &str = include_str!("../parts/vml.xml");
const CONTROL: &str = include_str!("../parts/control.xml");
const THREADS: &str = include_str!("../parts/threads.xml");

/// The members of a workbook, the sheet first, in an order that [`xlsx`] knows.
const MEMBERS: [(&str, &str); 14] = [
    ("xl/worksheets/sheet1.xml", SHEET),
    ("[Content_Types].xml", TYPES),
    ("_rels/.rels", RELS),
    ("xl/workbook.xml", BOOK),
    ("xl/_rels/workbook.xml.rels", BOOK_RELS),
    ("xl/worksheets/_rels/sheet1.xml.rels", SHEET_RELS),
    ("xl/styles.xml", STYLES),
    ("xl/sharedStrings.xml", SHARED),
    ("xl/comments1.xml", COMMENTS),
    ("xl/drawings/drawing1.xml", DRAWING),
    ("xl/drawings/vmlDrawing1.vml", VML),
    ("xl/ctrlProps/ctrlProp1.xml", CONTROL),
    ("xl/threadedComments/threadedComment1.xml", THREADS),
    (
        "xl/theme/theme1.xml",
        "<a:theme xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"/>",
    ),
];

/// How many members [`xlsx`] can replace.
pub const PARTS: usize = MEMBERS.len();

/// A workbook with this part in place of its member of that number.
pub fn xlsx(number: usize, part: &[u8]) -> Vec<u8> {
    let mut members: Vec<Member<'_>> = MEMBERS.map(|(name, part)| (name, part.as_bytes())).to_vec();
    members[number % PARTS].1 = part;
    zip(&members)
}

/// A workbook with a sheet of these rows: what stands between `<worksheet>` and its end.
///
/// An input that begins with a declaration or an element of its own is a part as it is.
pub fn sheet_part(data: &[u8]) -> Vec<u8> {
    if data.starts_with(b"<?xml") || data.starts_with(b"<worksheet") || data.starts_with(b"\xff") {
        return data.to_vec();
    }
    let mut part = format!(
        "<worksheet xmlns=\"{MAIN}\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">"
    )
    .into_bytes();
    part.extend(data);
    part.extend(b"</worksheet>");
    part
}

/// A binary workbook (`.xlsb`) with this part; the number says which, the rest are empty lists.
pub fn xlsb(number: usize, part: &[u8]) -> Vec<u8> {
    // A workbook that lists one sheet: BrtBeginBook, BrtBundleSh, BrtEndBook.
    const BOOK: &[u8] = b"\x83\x01\x00\x8f\x01\x00\x9c\x01\x20\x00\x00\x00\x00\x01\x00\x00\x00\x04\x00\x00\x00r\0I\0d\x001\0\x03\x00\x00\x00M\0D\0S\0\x90\x01\x00\x84\x01\x00";
    const BOOK_RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.bin"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.bin"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.bin"/></Relationships>"#;
    const SHEET: &[u8] = b"\x81\x01\x00\x91\x01\x00\x92\x01\x00\x82\x01\x00";
    let rels = RELS.replace("workbook.xml", "workbook.bin");
    let mut members: [Member<'_>; 6] = [
        ("xl/worksheets/sheet1.bin", SHEET),
        ("xl/workbook.bin", BOOK),
        ("xl/styles.bin", b""),
        ("xl/sharedStrings.bin", b""),
        ("_rels/.rels", rels.as_bytes()),
        ("xl/_rels/workbook.bin.rels", BOOK_RELS.as_bytes()),
    ];
    members[number % 4].1 = part;
    zip(&members)
}

/// An old workbook (`.xls`) of this stream.
pub fn xls(stream: &[u8]) -> Vec<u8> {
    compound(stream)
}

const ODS_SPACES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" xmlns:number=\"urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\" xmlns:form=\"urn:oasis:names:tc:opendocument:xmlns:form:1.0\"";

/// An OpenDocument spreadsheet with this content: a part as it is, or what stands within its tables.
pub fn ods(data: &[u8]) -> Vec<u8> {
    let content = if data.starts_with(b"<?xml") || data.starts_with(b"<office:") {
        data.to_vec()
    } else {
        let mut content = format!(
            "<?xml version=\"1.0\"?><office:document-content {ODS_SPACES}><office:body><office:spreadsheet>"
        )
        .into_bytes();
        content.extend(data);
        content.extend(b"</office:spreadsheet></office:body></office:document-content>");
        content
    };
    zip(&[
        (
            "mimetype",
            b"application/vnd.oasis.opendocument.spreadsheet",
        ),
        ("content.xml", &content),
    ])
}

/// What a fuzzed input says first: a number, and the rest.
pub fn numbered(data: &[u8]) -> Option<(usize, &[u8])> {
    let (first, rest) = data.split_first()?;
    Some((usize::from(first.wrapping_sub(b'0')), rest))
}
