//! Packages of workbooks looked into and changed, member by member.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// A member, and what becomes of its text.
pub(crate) type Change<'c> = (&'c str, &'c dyn Fn(&str) -> String);

/// The members of a package by name, and their names in order.
pub(crate) fn members(bytes: &[u8]) -> (BTreeMap<String, Vec<u8>>, Vec<String>) {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let (mut found, mut names) = (BTreeMap::new(), Vec::new());
    for at in 0..archive.len() {
        let mut member = archive.by_index(at).unwrap();
        let name = member.name().unwrap().into_owned();
        let mut content = Vec::new();
        member.read_to_end(&mut content).unwrap();
        names.push(name.clone());
        assert!(
            found.insert(name, content).is_none(),
            "a member stands twice"
        );
    }
    (found, names)
}

pub(crate) fn text(bytes: &[u8], name: &str) -> String {
    String::from_utf8(
        members(bytes)
            .0
            .remove(name)
            .unwrap_or_else(|| panic!("no {name}")),
    )
    .unwrap()
}

/// The package with some members changed or added.
pub(crate) fn with(bytes: &[u8], changes: &[Change<'_>]) -> Vec<u8> {
    let (mut found, mut names) = members(bytes);
    for (name, change) in changes {
        let old = found
            .get(*name)
            .map(|old| String::from_utf8(old.clone()).unwrap());
        if old.is_none() {
            names.push((*name).to_owned());
        }
        let old = old.unwrap_or_default();
        let new = change(&old);
        assert_ne!(old, new, "{name} does not change");
        found.insert((*name).to_owned(), new.into_bytes());
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for name in names {
        zip.start_file(&*name, SimpleFileOptions::default())
            .unwrap();
        zip.write_all(&found[&name]).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The part of each sheet, by its name.
pub(crate) fn sheet_parts(bytes: &[u8]) -> BTreeMap<String, String> {
    let relations = text(bytes, "xl/_rels/workbook.xml.rels");
    let book = text(bytes, "xl/workbook.xml");
    let value = |tag: &str, name: &str| -> String {
        let (_, rest) = tag.split_once(&format!("{name}=\"")).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let targets: BTreeMap<String, String> = relations
        .split("<Relationship ")
        .skip(1)
        .map(|tag| {
            let target = value(tag, "Target");
            let target = target
                .strip_prefix('/')
                .map_or(format!("xl/{target}"), str::to_owned);
            (value(tag, "Id"), target)
        })
        .collect();
    book.split("<sheet ")
        .skip(1)
        .map(|tag| {
            let name = value(tag, "name")
                .replace("&apos;", "'")
                .replace("&amp;", "&");
            (name, targets[&value(tag, "r:id")].clone())
        })
        .collect()
}

/// A sheet's part without what a mark changes in it: formats, cells that hold nothing, the lead to the comments.
pub(crate) fn unmarked(sheet: &str) -> String {
    let mut plain = String::new();
    let mut rest = sheet;
    while let Some(at) = rest.find('<') {
        plain.push_str(&rest[..at]);
        let end = at + rest[at..].find('>').unwrap() + 1;
        let tag = &rest[at..end];
        rest = &rest[end..];
        if tag.starts_with("<legacyDrawing ") {
            continue;
        }
        if tag.starts_with("<c ") {
            let kept = without(tag, "s");
            if !kept.ends_with("/>") {
                plain.push_str(&kept);
            }
        } else if tag.starts_with("<row ") {
            // The cells that a row reaches over are a hint; a row that holds nothing is none.
            let kept = without(tag, "spans");
            plain.push_str(kept.strip_suffix("/>").or(kept.strip_suffix('>')).unwrap());
        } else if tag != "</row>" {
            plain.push_str(tag);
        }
    }
    plain + rest
}

/// A tag without an attribute.
pub(crate) fn without(tag: &str, name: &str) -> String {
    let Some((before, after)) = tag.split_once(&format!(" {name}=\"")) else {
        return tag.to_owned();
    };
    format!("{before}{}", after.split_once('"').unwrap().1)
}

/// The fill of a cell as styles say it.
pub(crate) fn fill(bytes: &[u8], part: &str, cell: &str) -> String {
    fill_in(&text(bytes, part), &text(bytes, "xl/styles.xml"), cell)
}

pub(crate) fn fill_in(sheet: &str, styles: &str, cell: &str) -> String {
    let (_, tag) = sheet
        .split_once(&format!("<c r=\"{cell}\""))
        .unwrap_or_else(|| panic!("no {cell}"));
    let tag = tag.split('>').next().unwrap();
    let style = tag
        .split_once("s=\"")
        .map_or("0", |(_, rest)| rest.split('"').next().unwrap());
    let (_, formats) = styles.split_once("<cellXfs").unwrap();
    let format = formats
        .split("<xf ")
        .nth(style.parse::<usize>().unwrap() + 1)
        .unwrap();
    let (_, number) = format.split_once("fillId=\"").unwrap();
    let number: usize = number.split('"').next().unwrap().parse().unwrap();
    let (_, fills) = styles.split_once("<fills").unwrap();
    let fill = fills.split("<fill>").nth(number + 1).unwrap();
    fill.split("</fill>").next().unwrap().to_owned()
}

/// The workbook with a text in a cell, as somebody who mends it leaves it.
pub(crate) fn mended(bytes: &[u8], part: &str, cells: &[(&str, &str)]) -> Vec<u8> {
    let change = |old: &str| {
        let mut sheet = old.to_owned();
        for (cell, answer) in cells {
            let start = sheet.find(&format!("<c r=\"{cell}\"")).unwrap();
            let tag = start + sheet[start..].find('>').unwrap() + 1;
            let end = match sheet[..tag].ends_with("/>") {
                true => tag,
                false => start + sheet[start..].find("</c>").unwrap() + "</c>".len(),
            };
            let style = sheet[start..tag]
                .split_once("s=\"")
                .unwrap()
                .1
                .split('"')
                .next()
                .unwrap()
                .to_owned();
            let new = format!(
                "<c r=\"{cell}\" s=\"{style}\" t=\"inlineStr\"><is><t>{answer}</t></is></c>"
            );
            sheet.replace_range(start..end, &new);
        }
        sheet
    };
    with(bytes, &[(part, &change)])
}

/// The package as a program writes it that gives every element of a part a prefix.
pub(crate) fn prefixed(bytes: &[u8], part: &str) -> String {
    let text = text(bytes, part);
    let (declaration, body) = text.split_once("?>").unwrap();
    let mut changed = String::new();
    for piece in body.split_inclusive('<') {
        changed.push_str(piece);
        if piece.ends_with('<') {
            changed.push_str("x:");
        }
    }
    let changed = changed
        .replace("<x:/", "</x:")
        .replace(" xmlns=\"", " xmlns:x=\"");
    // What has a prefix already keeps it.
    let changed = changed
        .replace("<x:mc:", "<mc:")
        .replace("</x:mc:", "</mc:");
    format!("{declaration}?>{changed}")
}
