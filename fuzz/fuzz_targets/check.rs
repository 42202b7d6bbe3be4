//! Separated text from end to end: checked, held against a profile, reported on in every format.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let workbook = data.len() % 16 == 0;
    let (_, found) = kaijisho_fuzz::examined::examined("sheet.csv", data.to_vec());
    kaijisho_fuzz::examined::reported(found, workbook);
});
