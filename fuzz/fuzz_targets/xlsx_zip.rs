//! The bytes of a zip package.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    kaijisho_fuzz::read::told("book.xlsx", data.to_vec());
});
