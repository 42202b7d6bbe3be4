//! A part of a binary workbook; the first byte says which.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Some((number, part)) = kaijisho_fuzz::workbook::numbered(data) {
        kaijisho_fuzz::read::read("book.xlsb", kaijisho_fuzz::workbook::xlsb(number, part));
    }
});
