//! Documents of our own and FHIR from end to end: examined, written in a format, read back; the first byte says which.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    use kaijisho::{Language, write::Target};
    const TARGETS: [Target; 7] = [
        Target::Xml,
        Target::Json,
        Target::Toml,
        Target::Csv,
        Target::FhirJson,
        Target::FhirXml,
        Target::Xlsx,
    ];
    let Some((number, rest)) = kaijisho_fuzz::workbook::numbered(data) else {
        return;
    };
    // What a file is shows in its text; its name only tells TOML.
    let (_, found) = kaijisho_fuzz::examined::examined("sheet.toml", rest.to_vec());
    kaijisho_fuzz::documents::round_trip(&found, TARGETS[number % TARGETS.len()], Language::Ja);
});
