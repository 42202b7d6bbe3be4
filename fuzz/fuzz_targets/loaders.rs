//! Facility files, risk registers, layouts, product sources, crosswalks; the first byte says which.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Some((number, rest)) = kaijisho_fuzz::workbook::numbered(data)
        && let Ok(text) = std::str::from_utf8(rest)
    {
        kaijisho_fuzz::loaders::other(number, text);
    }
});
