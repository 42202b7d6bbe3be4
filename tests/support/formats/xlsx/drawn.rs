//! What a package gets afterwards: ellipses where text boxes stand, check boxes where buttons stand.
//!
//! A check box of Excel stands in three places: in the sheet's `controls` with its anchor, in a member of
//! `ctrlProps` with its state, and in the VML drawing with its label.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Cursor, Read, Write as _};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

pub(super) const ELLIPSE: &str = "drawn-ellipse";
pub(super) const TICKED: &str = "box-ticked";
pub(super) const EMPTY: &str = "box-empty";

const PROPERTIES: &str = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main";
const RELATION: &str =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/ctrlProp";

/// A check box as its button was placed: shape, anchor in columns, rows and pixels, state.
struct Box {
    shape: String,
    anchor: Vec<u32>,
    ticked: bool,
}

/// Makes the package say what the paper means.
pub(super) fn mend(bytes: Vec<u8>) -> Vec<u8> {
    let mut members = unpack(bytes);
    let mut boxes: BTreeMap<String, Vec<Box>> = BTreeMap::new();
    for (name, content) in &mut members {
        if name.starts_with("xl/drawings/drawing") {
            *content = ellipses(content);
        } else if name.starts_with("xl/drawings/vmlDrawing") {
            let (mended, found) = check_boxes(content);
            *content = mended;
            let file = name.rsplit('/').next().expect("a name").to_owned();
            boxes.insert(file, found);
        }
    }
    let mut count = 0;
    for (drawing, boxes) in boxes.iter().filter(|(_, boxes)| !boxes.is_empty()) {
        let relations = members
            .iter()
            .find(|(name, text)| name.starts_with("xl/worksheets/_rels/") && text.contains(drawing))
            .map(|(name, _)| name.clone())
            .expect("the drawing belongs to a sheet");
        let sheet = relations
            .replace("_rels/", "")
            .trim_end_matches(".rels")
            .to_owned();
        let first = count + 1;
        for check_box in boxes {
            count += 1;
            members.push((
                format!("xl/ctrlProps/ctrlProp{count}.xml"),
                properties(check_box.ticked),
            ));
        }
        let mut tags = String::new();
        for number in first..=count {
            write!(
                tags,
                "<Relationship Id=\"box{number}\" Type=\"{RELATION}\" \
                 Target=\"../ctrlProps/ctrlProp{number}.xml\"/>"
            )
            .expect("text");
        }
        before(&mut members, &relations, "</Relationships>", &tags);
        before(
            &mut members,
            &sheet,
            "</worksheet>",
            &controls(boxes, first),
        );
    }
    let mut types = String::new();
    for number in 1..=count {
        write!(
            types,
            "<Override PartName=\"/xl/ctrlProps/ctrlProp{number}.xml\" \
             ContentType=\"application/vnd.ms-excel.controlproperties+xml\"/>"
        )
        .expect("text");
    }
    before(&mut members, "[Content_Types].xml", "</Types>", &types);
    pack(&members)
}

fn unpack(bytes: Vec<u8>) -> Vec<(String, String)> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).expect("the workbook is a zip");
    (0..zip.len())
        .map(|at| {
            let mut member = zip.by_index(at).expect("a member");
            let name = member.name().expect("a name").to_string();
            let mut text = String::new();
            member.read_to_string(&mut text).expect("members are text");
            (name, text)
        })
        .collect()
}

fn pack(members: &[(String, String)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        zip.start_file(name, SimpleFileOptions::default())
            .expect("a member can be written");
        zip.write_all(content.as_bytes())
            .expect("a member can be written");
    }
    zip.finish().expect("the zip can be finished").into_inner()
}

/// Puts a text before an end tag of a member.
fn before(members: &mut [(String, String)], member: &str, tag: &str, text: &str) {
    let (_, content) = members
        .iter_mut()
        .find(|(name, _)| name == member)
        .expect("the member is there");
    let at = content.rfind(tag).expect("the end tag is there");
    content.insert_str(at, text);
}

fn ellipses(drawing: &str) -> String {
    let anchors: Vec<String> = drawing
        .split("<xdr:twoCellAnchor")
        .map(|anchor| {
            if !anchor.contains(ELLIPSE) {
                return anchor.to_owned();
            }
            let fill = "<a:solidFill><a:schemeClr val=\"lt1\"/></a:solidFill>";
            anchor
                .replace("prst=\"rect\"", "prst=\"ellipse\"")
                .replace("name=\"TextBox", "name=\"Oval")
                .replace(&format!(" descr=\"{ELLIPSE}\""), "")
                .replace(" txBox=\"1\"", "")
                .replacen(fill, "<a:noFill/>", 1)
        })
        .collect();
    anchors.join("<xdr:twoCellAnchor")
}

/// The drawing with check boxes where it has buttons, and the check boxes.
fn check_boxes(drawing: &str) -> (String, Vec<Box>) {
    let mut boxes = Vec::new();
    let shapes: Vec<String> = drawing
        .split("<v:shape ")
        .map(|shape| {
            if !shape.contains("ObjectType=\"Button\"") {
                return shape.to_owned();
            }
            let ticked = shape.contains(TICKED);
            let anchor = between(shape, "<x:Anchor>", "</x:Anchor>");
            boxes.push(Box {
                shape: between(shape, "id=\"_x0000_s", "\"").to_owned(),
                anchor: anchor
                    .split(", ")
                    .map(|number| number.parse().expect("a number"))
                    .collect(),
                ticked,
            });
            let (head, rest) = shape.split_once("<x:ClientData").expect("its data");
            let (_, tail) = rest.split_once("</x:ClientData>").expect("its data");
            let state = if ticked {
                "<x:Checked>1</x:Checked>"
            } else {
                ""
            };
            let head = head
                .replace(" alt=\"box-ticked\"", "")
                .replace(" alt=\"box-empty\"", "")
                .replace(" o:button=\"t\"", " filled=\"f\" stroked=\"f\"");
            format!(
                "{head}<x:ClientData ObjectType=\"Checkbox\"><x:SizeWithCells/>\
                 <x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>\
                 <x:AutoLine>False</x:AutoLine><x:TextVAlign>Center</x:TextVAlign>{state}\
                 <x:NoThreeD/></x:ClientData>{tail}"
            )
        })
        .collect();
    (shapes.join("<v:shape "), boxes)
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let (_, rest) = text.split_once(start).expect("the start is there");
    rest.split_once(end).expect("the end is there").0
}

fn properties(ticked: bool) -> String {
    let state = if ticked { " checked=\"Checked\"" } else { "" };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <formControlPr xmlns=\"{PROPERTIES}\" objectType=\"CheckBox\"{state} lockText=\"1\" noThreeD=\"1\"/>"
    )
}

fn controls(boxes: &[Box], first: usize) -> String {
    let mut text = "<mc:AlternateContent \
         xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" \
         xmlns:x14=\"http://schemas.microsoft.com/office/spreadsheetml/2009/9/main\" \
         xmlns:xdr=\"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing\">\
         <mc:Choice Requires=\"x14\"><controls>"
        .to_owned();
    // Pixels to the units of drawings: 914,400 of them are an inch of 96 pixels.
    let corner = |at: &[u32]| {
        format!(
            "<xdr:col>{}</xdr:col><xdr:colOff>{}</xdr:colOff>\
             <xdr:row>{}</xdr:row><xdr:rowOff>{}</xdr:rowOff>",
            at[0],
            at[1] * 9525,
            at[2],
            at[3] * 9525
        )
    };
    for (number, check_box) in (first..).zip(boxes) {
        write!(
            text,
            "<mc:AlternateContent><mc:Choice Requires=\"x14\">\
             <control shapeId=\"{}\" r:id=\"box{number}\" name=\"Check Box {number}\">\
             <controlPr defaultSize=\"0\" autoFill=\"0\" autoLine=\"0\" autoPict=\"0\">\
             <anchor moveWithCells=\"1\"><from>{}</from><to>{}</to></anchor>\
             </controlPr></control></mc:Choice></mc:AlternateContent>",
            check_box.shape,
            corner(&check_box.anchor[..4]),
            corner(&check_box.anchor[4..])
        )
        .expect("text");
    }
    text.push_str("</controls></mc:Choice></mc:AlternateContent>");
    text
}
