//! The content of an OpenDocument spreadsheet: what stands in its tables, or the whole part.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    kaijisho_fuzz::read::read("book.ods", kaijisho_fuzz::workbook::ods(data));
});
