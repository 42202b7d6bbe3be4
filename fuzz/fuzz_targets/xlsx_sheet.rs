//! The sheet of a workbook: what stands in `<worksheet>`, or the whole part.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let part = kaijisho_fuzz::workbook::sheet_part(data);
    kaijisho_fuzz::read::read("book.xlsx", kaijisho_fuzz::workbook::xlsx(0, &part));
});
