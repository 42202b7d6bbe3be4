//! JSON: our own and FHIR.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    kaijisho_fuzz::read::told("sheet.json", data.to_vec());
});
