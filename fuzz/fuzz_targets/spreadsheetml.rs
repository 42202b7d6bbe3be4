//! XML Spreadsheet 2003 and flat OpenDocument.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    kaijisho_fuzz::read::told("sheet.xls", data.to_vec());
});
