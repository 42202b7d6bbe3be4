//! Objects: bytes kept once, by their hash. Texts are deflated; files as received are kept as they are.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use rusqlite::{Connection, OptionalExtension, params};

use super::event::Object;
use super::rows::number;
use crate::error::{Error, Result};
use crate::source::sha256;

/// Bytes that an object has at most, unpacked: a register may come from anywhere.
pub(super) const MOST: u64 = 256 << 20;

/// An object with its bytes, before it is written.
#[derive(Clone, Debug)]
pub(super) struct Content {
    pub(super) object: Object,
    packed: bool,
    kept: Vec<u8>,
}

impl Content {
    /// A file as it was received.
    pub(super) fn original(bytes: &[u8], ending: &str) -> Self {
        Self {
            object: named(bytes, "original", ending),
            packed: false,
            kept: bytes.to_vec(),
        }
    }

    /// A text of a kind.
    pub(super) fn text(text: &str, kind: &str, ending: &str) -> Self {
        Self {
            object: named(text.as_bytes(), kind, ending),
            packed: true,
            kept: pack(text.as_bytes()),
        }
    }

    /// An object as a folder names it.
    pub(super) fn of(object: Object, bytes: Vec<u8>) -> Self {
        let packed = object.kind != "original";
        Self {
            object,
            packed,
            kept: if packed { pack(&bytes) } else { bytes },
        }
    }
}

fn named(bytes: &[u8], kind: &str, ending: &str) -> Object {
    Object {
        sha256: sha256(bytes),
        kind: kind.to_owned(),
        ending: ending.to_owned(),
        size: bytes.len() as u64,
    }
}

fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    let packed = encoder.write_all(bytes).and_then(|()| encoder.finish());
    packed.expect("writing into memory cannot fail")
}

/// Writes an object where it is not there yet; `log` is the entry that brings it.
pub(super) fn put(connection: &Connection, log: u64, content: &Content) -> Result<()> {
    let known = "SELECT 1 FROM object WHERE sha256 = ?1";
    let hash = &content.object.sha256;
    if connection.prepare_cached(known)?.exists([hash])? {
        return Ok(());
    }
    let sql = "INSERT INTO object (sha256, log, kind, ending, size, packed, bytes) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    connection.prepare_cached(sql)?.execute(params![
        hash,
        number(log),
        content.object.kind,
        content.object.ending,
        number(content.object.size),
        content.packed,
        content.kept
    ])?;
    Ok(())
}

/// The bytes of an object as they were given; `None` if there is none of this hash.
///
/// # Errors
/// [`Error::Format`] if it does not unpack.
pub(super) fn bytes(connection: &Connection, hash: &str) -> Result<Option<Vec<u8>>> {
    let sql = "SELECT packed, bytes FROM object WHERE sha256 = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement
        .query_row([hash], |row| {
            Ok((row.get::<_, bool>(0)?, row.get::<_, Vec<u8>>(1)?))
        })
        .optional()?;
    let Some((packed, kept)) = found else {
        return Ok(None);
    };
    if !packed {
        return Ok(Some(kept));
    }
    let mut bytes = Vec::new();
    let decoder = ZlibDecoder::new(kept.as_slice());
    match decoder.take(MOST + 1).read_to_end(&mut bytes) {
        Ok(read) if read as u64 <= MOST => Ok(Some(bytes)),
        Ok(_) => Err(Error::Format(format!("{hash}: more than {MOST} bytes"))),
        Err(error) => Err(Error::Format(format!("{hash}: {error}"))),
    }
}

/// The text of an object.
///
/// # Errors
/// [`Error::Format`] if it is not there or no text.
pub(super) fn text(connection: &Connection, hash: &str) -> Result<String> {
    let bytes = bytes(connection, hash)?
        .ok_or_else(|| Error::Format(format!("{hash}: not in the register")))?;
    String::from_utf8(bytes).map_err(|error| Error::Format(format!("{hash}: {error}")))
}
