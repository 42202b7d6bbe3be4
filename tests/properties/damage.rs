//! Damage behind the container: members of packages, documents and old workbooks, changed inside and packed soundly.
//!
//! `tests/hostile_formats.rs` damages whole files, which mostly ends at the check sum of a package. Here the damage
//! reaches what reads the parts. Each file comes back, the same twice, with a disclosure or with a finding.

use kaijisho::write::{Origin, Target, write};
use kaijisho::{Examined, Language};

use crate::draw::Draw;
use crate::order::{members, package};
use crate::support::formats::{self, Format};
use crate::{examined, told};

/// Pieces that are put into XML and other texts.
const PIECES: [&[u8]; 22] = [
    b"<",
    b">",
    b"&",
    b"\"",
    b"&#x0;",
    b"&#xFFFE;",
    b"<a>",
    b"</a>",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"<!DOCTYPE a>",
    b"99999999999999999999",
    b"-1",
    b"XFD1048576",
    b"1e308",
    b"\xff\xfe",
    b"\xe3\x81",
    b"\0",
    b"r=\"A1\"",
    b"= [",
    b"}",
];

/// Changes some bytes: one byte, a piece put in, a stretch taken out or doubled.
fn damage(bytes: &mut Vec<u8>, draw: &mut Draw) {
    for _ in 0..=draw.below(3) {
        let at = draw.below(bytes.len() + 1);
        let end = (at + 1 + draw.below(40)).min(bytes.len());
        match draw.below(4) {
            0 if at < bytes.len() => bytes[at] = u8::try_from(draw.below(256)).unwrap(),
            0 | 1 => {
                let piece = *draw.one(&PIECES);
                bytes.splice(at..at, piece.iter().copied());
            }
            2 => {
                bytes.drain(at..end);
            }
            _ => {
                let stretch = bytes[at..end].to_vec();
                let to = draw.below(bytes.len() + 1);
                bytes.splice(to..to, stretch);
            }
        }
    }
}

/// What must hold of a file, however damaged.
fn comes_back(name: &str, bytes: Vec<u8>, what: &str) -> Examined {
    let found = examined(name, bytes.clone());
    let said = !found.disclosures.is_empty() || found.all_findings().next().is_some();
    assert!(said, "{what}: nothing read, and nothing said");
    for finding in found.all_findings() {
        for language in Language::ALL {
            assert!(
                !finding.message(language).trim().is_empty(),
                "{what}: {}",
                finding.rule
            );
        }
    }
    let again = examined(name, bytes);
    assert!(
        told(&found) == told(&again),
        "{what}: read twice, it differs"
    );
    found
}

#[test]
fn damaged_parts_of_packages_come_back() {
    let mut read = 0;
    for format in [Format::Xlsx, Format::Xlsb, Format::Ods] {
        let mut draw = Draw::new(20_261_123);
        let whole = members(&formats::write(&Draw::new(3).sheet().paper, format));
        for round in 0..90 {
            let mut parts = whole.clone();
            let at = draw.below(parts.len());
            damage(&mut parts[at].1, &mut draw);
            let what = format!("{format:?}, round {round}, {}", parts[at].0);
            read += comes_back(format.file_name(), package(&parts), &what)
                .disclosures
                .len();
        }
    }
    assert!(
        read > 50,
        "{read}: the damage hardly ever gets beyond the container"
    );
}

#[test]
fn damaged_old_workbooks_come_back() {
    let mut draw = Draw::new(20_261_124);
    let whole = formats::write(&Draw::new(4).sheet().paper, Format::Xls);
    for round in 0..120 {
        let mut bytes = whole.clone();
        // Bytes of the stream are only changed: the tables of sectors stay as they are.
        for _ in 0..=draw.below(4) {
            let at = 512 + draw.below(bytes.len() - 2048);
            bytes[at] = u8::try_from(draw.below(256)).unwrap();
        }
        comes_back("a.xls", bytes, &format!("round {round}"));
    }
}

#[test]
fn damaged_documents_come_back() {
    let found = examined(
        "a.xlsx",
        formats::write(&Draw::new(5).sheet().paper, Format::Xlsx),
    );
    let origin = Origin {
        file: "a.xlsx",
        sha256: "",
    };
    for target in [
        Target::Xml,
        Target::Json,
        Target::Toml,
        Target::Csv,
        Target::FhirJson,
        Target::FhirXml,
    ] {
        let mut draw = Draw::new(20_261_125);
        let whole = write(&found.disclosures, &origin, target, Language::Ja).unwrap();
        let mut read = 0;
        for round in 0..60 {
            let mut bytes = whole.clone();
            damage(&mut bytes, &mut draw);
            let what = format!("{target:?}, round {round}");
            let name = format!("a.{}", target.ending());
            read += comes_back(&name, bytes, &what).disclosures.len();
        }
        assert!(read < 60, "{target:?}: the damage is never noticed");
    }
}
