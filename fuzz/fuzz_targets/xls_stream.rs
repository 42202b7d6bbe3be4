//! The stream of records of an old workbook.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if data.len() < 50_000 {
        kaijisho_fuzz::read::read("book.xls", kaijisho_fuzz::workbook::xls(data));
    }
});
