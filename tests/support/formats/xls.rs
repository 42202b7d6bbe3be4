//! Excel 97 to 2003 (BIFF8), in a compound file of one stream.

use super::super::paper::{Page, Paper, Written};
use super::looks::Looks;
use super::{joined, rows, serial};

/// Data of one record at most; longer texts go on in a record that continues it.
const MOST: usize = 8224;
/// The first cell format that cells may use; those before it are of styles.
const FIRST_FORMAT: usize = 15;

pub(super) fn write(paper: &Paper) -> Vec<u8> {
    let mut looks = Looks::new();
    let mut strings = Strings::default();
    let sheets: Vec<Vec<u8>> = paper
        .sheets
        .iter()
        .map(|page| sheet(page, &mut looks, &mut strings))
        .collect();
    let mut stream = Vec::new();
    begin(&mut stream, 0x0005);
    record(&mut stream, 0x0042, &[0xb0, 0x04]);
    record(&mut stream, 0x0022, &[0, 0]);
    formats(&mut stream, &looks);
    // Where each sheet begins is known when all before it is written.
    let shared = strings.records();
    let lists: Vec<Vec<u8>> = paper.sheets.iter().map(bound).collect();
    let heads: usize = lists.iter().map(|list| list.len() + 4).sum();
    let mut start = stream.len() + heads + shared.len() + 4;
    for (mut list, sheet) in lists.into_iter().zip(&sheets) {
        let at = u32::try_from(start).expect("a small file");
        list[..4].copy_from_slice(&at.to_le_bytes());
        record(&mut stream, 0x0085, &list);
        start += sheet.len();
    }
    stream.extend(shared);
    record(&mut stream, 0x000a, &[]);
    stream.extend(sheets.concat());
    compound(stream)
}

fn record(stream: &mut Vec<u8>, kind: u16, data: &[u8]) {
    stream.extend(kind.to_le_bytes());
    stream.extend(u16::try_from(data.len()).expect("a record").to_le_bytes());
    stream.extend(data);
}

fn begin(stream: &mut Vec<u8>, kind: u16) {
    let mut data = Vec::new();
    for number in [0x0600, kind, 0x0dbb, 0x07cc, 0x00c1, 0, 0x0006, 0] {
        data.extend(u16::to_le_bytes(number));
    }
    record(stream, 0x0809, &data);
}

/// A row or column as these files number them.
fn short(number: u32) -> [u8; 2] {
    u16::try_from(number)
        .expect("a sheet of 65,536 rows")
        .to_le_bytes()
}

fn formats(stream: &mut Vec<u8>, looks: &Looks) {
    let mut palette = 56u16.to_le_bytes().to_vec();
    let colours: Vec<[u8; 3]> = looks
        .fonts
        .iter()
        .filter_map(|font| font.colour)
        .chain(looks.fills.iter().copied())
        .collect();
    let number = |colour: [u8; 3]| {
        let at = colours.iter().position(|known| *known == colour);
        u16::try_from(at.expect("it is in the list") + 8).expect("few colours")
    };
    // Three more plain fonts, for no font has the number 4 and the first are expected.
    let plain = std::iter::repeat_n(&looks.fonts[0], 4);
    for font in plain.chain(&looks.fonts[1..]) {
        let mut data = Vec::new();
        data.extend(220u16.to_le_bytes());
        data.extend((u16::from(font.strike) << 3).to_le_bytes());
        data.extend(font.colour.map_or(0x7fff, number).to_le_bytes());
        data.extend(if font.bold { 700u16 } else { 400 }.to_le_bytes());
        data.extend([0, 0, u8::from(font.underline), 0, 128, 0]);
        data.extend([5, 0]);
        data.extend(b"Arial");
        record(stream, 0x0031, &data);
    }
    for at in 0..56 {
        let [red, green, blue] = colours.get(at).copied().unwrap_or([0, 0, 0]);
        palette.extend([red, green, blue, 0]);
    }
    for _ in 0..FIRST_FORMAT {
        cell_format(stream, 0, 0, 0xfff5, None);
    }
    for (font, fill, is_date) in &looks.formats {
        let fill = fill.map(|fill| number(looks.fills[fill]));
        let format = if *is_date { 14 } else { 0 };
        cell_format(stream, font_number(*font), format, 1, fill);
    }
    record(stream, 0x0293, &[0, 0x80, 0, 0xff]);
    record(stream, 0x0092, &palette);
}

/// The number of a font in the file: 0, then from 5 on.
fn font_number(font: usize) -> u16 {
    u16::try_from(if font == 0 { 0 } else { font + 4 }).expect("few fonts")
}

fn cell_format(stream: &mut Vec<u8>, font: u16, number: u16, flags: u16, fill: Option<u16>) {
    let mut data = Vec::new();
    for number in [font, number, flags, 0x0020] {
        data.extend(number.to_le_bytes());
    }
    data.extend([0, 0xfc, 0, 0, 0, 0]);
    data.extend((u32::from(fill.is_some()) << 26).to_le_bytes());
    data.extend((fill.unwrap_or(64) | 65 << 7).to_le_bytes());
    record(stream, 0x00e0, &data);
}

fn bound(page: &Page) -> Vec<u8> {
    let units: Vec<u16> = page.name.encode_utf16().collect();
    let mut data = vec![0, 0, 0, 0, u8::from(page.hidden), 0];
    data.push(u8::try_from(units.len()).expect("a sheet's name"));
    data.push(1);
    data.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    data
}

/// Shared texts: the table of them, cut into records.
#[derive(Default)]
struct Strings {
    count: u32,
    parts: Vec<Vec<u8>>,
}

impl Strings {
    fn add(&mut self, text: &str, runs: &[(u16, usize)]) -> u32 {
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut head = u16::try_from(units.len())
            .expect("a short text")
            .to_le_bytes()
            .to_vec();
        head.push(if runs.is_empty() { 1 } else { 9 });
        if !runs.is_empty() {
            head.extend(u16::try_from(runs.len()).expect("few runs").to_le_bytes());
        }
        self.room(head.len()).extend(head);
        for unit in units {
            let before = self.parts.len();
            self.room(2);
            let is_new = self.parts.len() > before;
            let part = self.parts.last_mut().expect("a part");
            if is_new {
                part.push(1);
            }
            part.extend(unit.to_le_bytes());
        }
        for (at, font) in runs {
            let part = self.room(4);
            part.extend(at.to_le_bytes());
            part.extend(font_number(*font).to_le_bytes());
        }
        self.count += 1;
        self.count - 1
    }

    /// The last part, a new one where so many bytes do not fit.
    fn room(&mut self, bytes: usize) -> &mut Vec<u8> {
        let full = |part: &Vec<u8>| part.len() + bytes > MOST - 8;
        if self.parts.last().is_none_or(full) {
            self.parts.push(Vec::new());
        }
        self.parts.last_mut().expect("a part")
    }

    fn records(&self) -> Vec<u8> {
        let mut stream = Vec::new();
        let mut first = [self.count.to_le_bytes(), self.count.to_le_bytes()].concat();
        let mut parts = self.parts.iter();
        first.extend(parts.next().into_iter().flatten());
        record(&mut stream, 0x00fc, &first);
        for part in parts {
            record(&mut stream, 0x003c, part);
        }
        stream
    }
}

fn sheet(page: &Page, looks: &mut Looks, strings: &mut Strings) -> Vec<u8> {
    let mut stream = Vec::new();
    begin(&mut stream, 0x0010);
    for column in &page.hidden_columns {
        let mut data = [short(*column), short(*column)].concat();
        data.extend([0, 8, 15, 0, 1, 0, 0, 0]);
        record(&mut stream, 0x007d, &data);
    }
    let rows = rows(page);
    let height = rows.keys().max().map_or(0, |row| row + 1);
    let width = page
        .cells
        .iter()
        .map(|ink| ink.column + 1)
        .max()
        .unwrap_or(0);
    let mut size = [0u32.to_le_bytes(), height.to_le_bytes()].concat();
    size.extend([0, 0]);
    size.extend(short(width));
    size.extend([0, 0]);
    record(&mut stream, 0x0200, &size);
    for row in &page.hidden_rows {
        let mut data = short(*row).to_vec();
        data.extend([0, 0, 0, 1, 0xff, 0, 0, 0, 0, 0]);
        data.extend((0x0100u32 | 0x20).to_le_bytes());
        record(&mut stream, 0x0208, &data);
    }
    for (row, cells) in rows {
        for (column, value) in cells {
            cell(&mut stream, (row, column), value, looks, strings);
        }
    }
    record(
        &mut stream,
        0x023e,
        &[0xb6, 0x06, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    );
    if !page.merges.is_empty() {
        let count = u32::try_from(page.merges.len()).expect("few areas");
        let mut data = short(count).to_vec();
        for (row, column, last_row, last_column) in &page.merges {
            for number in [row, last_row, column, last_column] {
                data.extend(short(*number));
            }
        }
        record(&mut stream, 0x00e5, &data);
    }
    record(&mut stream, 0x000a, &[]);
    stream
}

fn cell(
    stream: &mut Vec<u8>,
    (row, column): (u32, u32),
    value: &Written,
    looks: &mut Looks,
    strings: &mut Strings,
) {
    let format = u16::try_from(looks.format(value) + FIRST_FORMAT).expect("few formats");
    let mut data = [short(row), short(column), format.to_le_bytes()].concat();
    let text = match value {
        Written::Text(text) => text.clone(),
        Written::Rich(stretches) => joined(stretches),
        Written::Number(number) => {
            data.extend(number.to_le_bytes());
            return record(stream, 0x0203, &data);
        }
        Written::Date(year, month, day) => {
            data.extend(serial(*year, *month, *day).to_le_bytes());
            return record(stream, 0x0203, &data);
        }
        Written::Bool(value) => {
            data.extend([u8::from(*value), 0]);
            return record(stream, 0x0205, &data);
        }
    };
    let number = strings.add(&text, &looks.runs(value));
    data.extend(number.to_le_bytes());
    record(stream, 0x00fd, &data);
}

/// A compound file with the stream `Workbook`. Source: MS-CFB.
fn compound(mut stream: Vec<u8>) -> Vec<u8> {
    const SECTOR: usize = 512;
    const END: u32 = 0xffff_fffe;
    // Shorter streams would have to be kept in small sectors.
    stream.resize(stream.len().max(4096).next_multiple_of(SECTOR), 0);
    let count = stream.len() / SECTOR;
    // One sector of directory, and of table as many as it takes to number all.
    let mut tables = 1;
    while tables * 128 < count + 1 + tables {
        tables += 1;
    }
    let number = |at: usize| u32::try_from(at).expect("a small file");
    let mut table: Vec<u32> = (1..=count).map(number).collect();
    table[count - 1] = END;
    table.push(END);
    table.extend(std::iter::repeat_n(0xffff_fffd, tables));
    table.resize(tables * 128, u32::MAX);
    let mut file = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    file.extend([0; 16]);
    for short in [0x003e, 3, 0xfffe, 9, 6, 0, 0, 0] {
        file.extend(u16::to_le_bytes(short));
    }
    for long in [0, number(tables), number(count), 0, 4096, END, 0, END, 0] {
        file.extend(long.to_le_bytes());
    }
    for at in 0..109 {
        let sector = if at < tables {
            number(count + 1 + at)
        } else {
            u32::MAX
        };
        file.extend(sector.to_le_bytes());
    }
    let size = number(stream.len());
    file.extend(stream);
    file.extend(entry("Root Entry", 5, 1, END, 0));
    file.extend(entry("Workbook", 2, u32::MAX, 0, size));
    file.extend(entry("", 0, u32::MAX, 0, 0));
    file.extend(entry("", 0, u32::MAX, 0, 0));
    file.extend(table.iter().flat_map(|number| number.to_le_bytes()));
    file
}

fn entry(name: &str, kind: u8, child: u32, start: u32, size: u32) -> Vec<u8> {
    let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let length = if name.is_empty() { 0 } else { entry.len() + 2 };
    entry.resize(64, 0);
    entry.extend(u16::try_from(length).expect("a short name").to_le_bytes());
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
