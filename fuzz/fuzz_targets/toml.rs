//! TOML of our own.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    kaijisho_fuzz::read::told("sheet.toml", data.to_vec());
});
