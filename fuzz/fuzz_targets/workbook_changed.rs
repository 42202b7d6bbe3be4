//! A workbook with a fuzzed part is filled, sent back, and a form is learned from it.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Some((number, part)) = kaijisho_fuzz::workbook::numbered(data) {
        kaijisho_fuzz::changed::changed(kaijisho_fuzz::workbook::xlsx(number, part));
    }
});
