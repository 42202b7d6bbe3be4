//! Containers around a part: zip packages whose members are stored, and compound files of one stream.

/// A member of a package: its path and what it holds.
pub type Member<'a> = (&'a str, &'a [u8]);

const fn crc_table() -> [u32; 256] {
    let mut table = [0u32; 256];
    let mut at = 0;
    while at < 256 {
        let mut crc = at as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 {
                0xedb8_8320 ^ (crc >> 1)
            } else {
                crc >> 1
            };
            bit += 1;
        }
        table[at] = crc;
        at += 1;
    }
    table
}

fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = crc_table();
    !bytes.iter().fold(!0, |crc, byte| {
        TABLE[usize::from(crc as u8 ^ byte)] ^ (crc >> 8)
    })
}

/// A zip file of these members, none of them deflated.
pub fn zip(members: &[Member<'_>]) -> Vec<u8> {
    let mut file = Vec::with_capacity(members.iter().map(|(_, part)| part.len() + 256).sum());
    let mut directory = Vec::new();
    for (name, part) in members {
        let start = file.len() as u32;
        let mut head = Vec::with_capacity(26);
        // Version, flags (names in UTF-8), stored, no time.
        for short in [20u16, 0x0800, 0, 0, 0x21] {
            head.extend(short.to_le_bytes());
        }
        for long in [crc32(part), part.len() as u32, part.len() as u32] {
            head.extend(long.to_le_bytes());
        }
        head.extend((name.len() as u16).to_le_bytes());
        head.extend(0u16.to_le_bytes());
        file.extend(b"PK\x03\x04");
        file.extend(&head);
        file.extend(name.as_bytes());
        file.extend(*part);
        directory.extend(b"PK\x01\x02");
        directory.extend(20u16.to_le_bytes());
        directory.extend(&head);
        directory.extend([0; 10]);
        directory.extend(start.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = file.len() as u32;
    let count = members.len() as u16;
    file.extend(&directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(count.to_le_bytes());
    file.extend(count.to_le_bytes());
    file.extend((directory.len() as u32).to_le_bytes());
    file.extend(start.to_le_bytes());
    file.extend([0, 0]);
    file
}

/// A compound file with the stream `Workbook`. Source: MS-CFB.
pub fn compound(stream: &[u8]) -> Vec<u8> {
    const SECTOR: usize = 512;
    const END: u32 = 0xffff_fffe;
    // Shorter streams would have to be kept in small sectors.
    let mut stream = stream.to_vec();
    stream.resize(stream.len().max(4096).next_multiple_of(SECTOR), 0);
    let count = stream.len() / SECTOR;
    assert!(
        count < 120,
        "one sector of table is enough for what is fuzzed"
    );
    let mut table: Vec<u32> = (1..=count as u32).collect();
    table[count - 1] = END;
    table.extend([END, 0xffff_fffd]);
    table.resize(128, u32::MAX);
    let mut file = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    file.extend([0; 16]);
    for short in [0x003e_u16, 3, 0xfffe, 9, 6, 0, 0, 0] {
        file.extend(short.to_le_bytes());
    }
    for long in [
        0,
        1,
        count as u32,
        0,
        4096,
        END,
        0,
        END,
        0,
        count as u32 + 1,
    ] {
        file.extend(long.to_le_bytes());
    }
    file.resize(512, 0xff);
    let size = stream.len() as u32;
    file.extend(stream);
    for (name, kind, child, start, size) in [
        ("Root Entry", 5, 1, END, 0),
        ("Workbook", 2, u32::MAX, 0, size),
        ("", 0, u32::MAX, 0, 0),
        ("", 0, u32::MAX, 0, 0),
    ] {
        file.extend(entry(name, kind, child, start, size));
    }
    file.extend(table.iter().flat_map(|number| number.to_le_bytes()));
    file
}

fn entry(name: &str, kind: u8, child: u32, start: u32, size: u32) -> Vec<u8> {
    let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let length = if name.is_empty() { 0 } else { entry.len() + 2 };
    entry.resize(64, 0);
    entry.extend((length as u16).to_le_bytes());
    entry.extend([kind, 1]);
    for link in [u32::MAX, u32::MAX, child] {
        entry.extend(link.to_le_bytes());
    }
    entry.resize(116, 0);
    entry.extend(start.to_le_bytes());
    entry.extend(size.to_le_bytes());
    entry.resize(128, 0);
    entry
}
