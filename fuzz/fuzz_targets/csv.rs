//! Separated text in any encoding.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    kaijisho_fuzz::read::told("sheet.csv", data.to_vec());
});
