//! Any part of a workbook; the first byte says which.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Some((number, part)) = kaijisho_fuzz::workbook::numbered(data) {
        kaijisho_fuzz::read::read("book.xlsx", kaijisho_fuzz::workbook::xlsx(number, part));
    }
});
