//! XML: our own, FHIR, and any other.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    kaijisho_fuzz::read::told("sheet.xml", data.to_vec());
});
