//! Cases: a small input as text, and every finding it must give, in order.
//!
//! The format is explained in `tests/README.md`. A case is turned into a real file in memory and read
//! by the real reader; nothing is mocked.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use kaijisho::crosswalk::Crosswalk;
use kaijisho::{
    Assessment, Catalog, Disclosure, Error, Examined, Field, Finding, GivenLayouts, HeaderValue,
    ItemNumber, Language, Limits, Options, Source, assess_system, check_form, checklist, examine,
    import, products, profile, profile_findings, risks,
};
use serde::Deserialize;

use super::TODAY;
use super::book::{self, Package, Sheet};

/// A case as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// What the case shows, for whoever reads it.
    pub(crate) about: String,
    /// The day that counts as today, and on which a profile is applied.
    today: Option<toml::value::Datetime>,
    /// The form that can be recognised: `tests/forms/<form>.toml`, or `bundled` for all bundled forms.
    #[serde(default = "small")]
    form: String,
    /// True if the user names the form, as `--form` does.
    #[serde(default)]
    form_given: bool,
    /// Limits that differ from the defaults.
    #[serde(default)]
    limits: BTreeMap<String, usize>,
    /// The sheets of a workbook.
    #[serde(default)]
    sheet: Vec<Sheet>,
    /// What is done to the workbook's file afterwards.
    #[serde(default)]
    package: Package,
    /// A text file instead of a workbook.
    text: Option<Text>,
    /// An OLE compound file with streams of these names instead of a workbook.
    #[serde(default)]
    ole: Vec<String>,
    /// A profile; the file, if there is one, is held against it.
    profile: Option<String>,
    /// Files beside the profile, by name.
    #[serde(default)]
    files: BTreeMap<String, String>,
    /// A form file to check.
    form_file: Option<String>,
    /// A crosswalk file to check, between bundled forms.
    crosswalk_file: Option<String>,
    /// A product source file to check; if it is sound, all that it asks for is made.
    products_file: Option<String>,
    /// A facility file to check; if it is sound, the checklist of fiscal year 2023 is filled from it.
    facility_file: Option<String>,
    /// A risk register to look at; with a sheet and a profile, what the sheet calls for is entered first.
    risks_file: Option<String>,
    /// A file of users of the local web page to check.
    users_file: Option<String>,
    /// A token file of the local web page to check.
    token_file: Option<String>,
    /// A table of items and controls, in CSV, to take in for the form learned from the sheets.
    mapping: Option<String>,
    /// A layout file, as `--layout` takes it; without a sheet it is only checked.
    layout: Option<String>,
    /// What must be read: fields of the head by name, answers by item number.
    #[serde(default)]
    reads: BTreeMap<String, String>,
    /// All that must be found, in order.
    #[serde(default)]
    pub(crate) finding: Vec<Expected>,
}

fn small() -> String {
    "small".to_owned()
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    name: String,
    content: String,
}

/// A finding that a case must give.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    pub(crate) name: String,
    /// `MDS!D13`, the sheet's name, `line:column`, or nothing for the whole file.
    #[serde(default)]
    pub(crate) place: String,
    pub(crate) item: Option<String>,
    /// The message in Japanese, exactly.
    pub(crate) ja: Option<String>,
    /// The message in English, exactly.
    pub(crate) en: Option<String>,
}

/// What came of a case.
pub(crate) struct Outcome {
    /// Every finding, in order.
    pub(crate) findings: Vec<Finding>,
    /// The file examined, if the case has one.
    pub(crate) examined: Option<Examined>,
}

impl Case {
    /// Reads a case; a mistake in it fails the test with the file's name.
    pub(crate) fn parse(text: &str, name: &str) -> Self {
        toml::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Reads the case in a file.
    pub(crate) fn open(path: &Path) -> Self {
        Self::parse(&super::text(path), &path.display().to_string())
    }

    /// Runs the case. `folder` is where files beside a profile may be put.
    pub(crate) fn run(&self, folder: &str) -> Outcome {
        if let Some(text) = &self.form_file {
            return Outcome::of(check_form(text));
        }
        if let Some(text) = &self.crosswalk_file {
            let forms = Catalog::bundled();
            return Outcome::of(findings_of(Crosswalk::parse(
                text,
                "crosswalk.toml",
                &forms,
            )));
        }
        if let Some(text) = &self.products_file {
            return Outcome::of(self.make(text, folder));
        }
        if let (Some(text), None) = (&self.facility_file, &self.profile) {
            return Outcome::of(self.fill(text));
        }
        if let (Some(text), None) = (&self.risks_file, &self.profile) {
            let today = self.options().today;
            return Outcome::of(follow(text, &risks::Look::default(), today));
        }
        if self.users_file.is_some() || self.token_file.is_some() {
            let token = self.token_file.as_deref().map(|text| ("token", text));
            let users = self.users_file.as_deref().map(|text| ("users", text));
            return Outcome::of(findings_of(kaijisho::serve::Access::of(token, users)));
        }
        if let Some(table) = &self.mapping {
            return Outcome::of(findings_of(self.map(table)));
        }
        let mut options = self.options();
        if let Some(text) = &self.layout {
            match GivenLayouts::parse(text, "layout.toml") {
                Ok(layouts) => options.layouts = Some(layouts),
                Err(error) => return Outcome::of(findings_of::<()>(Err(error))),
            }
        }
        let examined = self.source().map(|source| examine(&source, &options));
        let mut findings: Vec<Finding> = examined
            .iter()
            .flat_map(Examined::all_findings)
            .cloned()
            .collect();
        if let Some(text) = &self.profile {
            let folder = self.put_files(folder);
            match profile::parse(text, "profile.toml", &folder, &options.catalog) {
                Ok(profile) => {
                    let disclosures: Vec<&Disclosure> = examined
                        .iter()
                        .flat_map(|examined| &examined.disclosures)
                        .collect();
                    let facility = self.facility_file.as_ref().map(|text| {
                        checklist::Facility::parse_systems(text, "facility.toml")
                            .expect("a sound facility file")
                    });
                    let systems = facility
                        .as_ref()
                        .map(|facility| checklist::Systems::new(facility, &profile.system));
                    let belongings = systems.iter().zip(&examined);
                    let belongings: Vec<checklist::Belonging> = belongings
                        .flat_map(|(systems, examined)| systems.belongings(examined))
                        .collect();
                    let said = |at: usize| match &systems {
                        Some(systems) => systems.said(&belongings[at]),
                        None => &profile.system,
                    };
                    let assessments: Vec<Assessment<'_>> = (0..)
                        .zip(&disclosures)
                        .map(|(at, one)| assess_system(one, &profile, said(at), options.today))
                        .collect();
                    if let (Some(systems), Some(examined)) = (&systems, &examined) {
                        findings.extend(systems.findings(examined, &belongings, &assessments));
                    }
                    findings.extend(profile_findings(
                        &profile,
                        &disclosures,
                        &assessments,
                        options.today,
                    ));
                    if let (Some(text), Some(examined)) = (&self.risks_file, &examined) {
                        let files = std::slice::from_ref(examined);
                        let look = risks::look(files, &[assessments], Language::Ja);
                        findings.extend(follow(text, &look, options.today));
                    }
                }
                Err(error) => findings.extend(findings_of::<()>(Err(error))),
            }
        }
        Outcome { findings, examined }
    }

    /// Makes every disclosure of a product source file; what is found about the source itself.
    fn make(&self, text: &str, folder: &str) -> Vec<Finding> {
        let folder = self.put_files(folder);
        let today = self.options().today;
        let name = "products.toml";
        let products = match products::parse(text, name, &folder, &Catalog::bundled()) {
            Ok(products) => products,
            Err(error) => return findings_of::<()>(Err(error)),
        };
        let planned = products.planned();
        let made: Vec<products::Made> = planned
            .iter()
            .map(|planned| products.make(planned, today))
            .collect();
        let made: Vec<_> = planned.iter().zip(&made).collect();
        products::findings(&products, &made, today)
    }

    /// Fills the checklist of fiscal year 2023 without any disclosure.
    fn fill(&self, text: &str) -> Vec<Finding> {
        let (name, year) = checklist::YEARS[0];
        let year = checklist::Year::parse(year, name).expect("a bundled year");
        match checklist::Facility::parse(text, "facility.toml", &year) {
            Ok(facility) => {
                let today = self.options().today;
                checklist::fill(&year, &facility, &[], today).findings
            }
            Err(error) => findings_of::<()>(Err(error)),
        }
    }

    /// Learns the form of the sheets and takes a table in.
    fn map(&self, table: &str) -> Result<usize, Error> {
        let (source, limits) = (self.source().expect("a sheet"), self.limits());
        let mut drafts = import::learn(&source, &import::Wanted::default(), &limits)?;
        let table = Source::new("table.csv", table.as_bytes().to_vec());
        let rows = import::table::read(&table, &limits)?;
        drafts[0].apply(&rows, "table.csv")
    }

    /// What was read otherwise than the case says, in words.
    pub(crate) fn misread(&self, outcome: &Outcome) -> Vec<String> {
        let found = |name: &str| {
            let disclosure = outcome.disclosure();
            if let Some(field) = Field::from_code(name) {
                return disclosure.field(field).map(HeaderValue::value);
            }
            let entry = disclosure.entry(&ItemNumber::new(name))?;
            Some(match (entry.answer, entry.options.as_slice()) {
                (Some(answer), _) => answer.code().to_owned(),
                (None, []) => entry.state.code().to_owned(),
                (None, methods) => methods.join(" "),
            })
        };
        self.reads
            .iter()
            .map(|(name, wanted)| (name, wanted, found(name).unwrap_or_default()))
            .filter(|(_, wanted, found)| *wanted != found)
            .map(|(name, wanted, found)| {
                format!("reads {name}: expected {wanted:?}, found {found:?}")
            })
            .collect()
    }

    fn options(&self) -> Options {
        let catalog = match self.form.as_str() {
            "bundled" => Catalog::bundled(),
            name => super::form(name),
        };
        let forced = self.form_given.then(|| catalog.clone());
        Options {
            catalog,
            forced,
            layouts: None,
            today: self.today.as_ref().map_or(TODAY, day),
            limits: self.limits(),
        }
    }

    fn limits(&self) -> Limits {
        let mut limits = Limits::default();
        for (name, value) in &self.limits {
            match name.as_str() {
                "file_bytes" => limits.file_bytes = *value as u64,
                "entries" => limits.entries = *value,
                "part_bytes" => limits.part_bytes = *value as u64,
                "total_bytes" => limits.total_bytes = *value as u64,
                "ratio" => limits.ratio = *value as u64,
                "cells" => limits.cells = *value,
                "cell_chars" => limits.cell_chars = *value,
                "text_bytes" => limits.text_bytes = *value,
                "memory" => limits.memory = *value,
                "items" => limits.items = *value,
                "depth" => limits.depth = *value,
                other => panic!("no limit {other:?}"),
            }
        }
        limits
    }

    fn source(&self) -> Option<Source> {
        let inputs = [
            !self.sheet.is_empty(),
            self.text.is_some(),
            !self.ole.is_empty(),
        ];
        assert!(
            inputs.iter().filter(|given| **given).count() <= 1,
            "a case has sheets, a text or ole"
        );
        if let Some(text) = &self.text {
            return Some(Source::new(&text.name, text.content.clone().into_bytes()));
        }
        if !self.ole.is_empty() {
            return Some(Source::new("book.xlsx", compound(&self.ole)));
        }
        (!self.sheet.is_empty())
            .then(|| Source::new("book.xlsx", book::write(&self.sheet, &self.package)))
    }

    /// Puts the files beside the profile into a folder of their own.
    fn put_files(&self, folder: &str) -> PathBuf {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
        std::fs::create_dir_all(&folder).expect("a folder for the case's files");
        for (name, content) in &self.files {
            std::fs::write(folder.join(name), content).expect("a file of the case");
        }
        folder
    }
}

/// What is found in a risk register brought up to date.
fn follow(text: &str, look: &risks::Look, today: Date) -> Vec<Finding> {
    let register = risks::Register::parse(text, "risks.toml");
    match register.and_then(|register| register.update(look, today, Language::Ja)) {
        Ok(updated) => risks::findings(&updated.register, &look.nameless, today),
        Err(error) => findings_of::<()>(Err(error)),
    }
}

impl Outcome {
    fn of(findings: Vec<Finding>) -> Self {
        Self {
            findings,
            examined: None,
        }
    }

    /// The only disclosure of the file.
    pub(crate) fn disclosure(&self) -> &Disclosure {
        match self
            .examined
            .as_ref()
            .map(|examined| examined.disclosures.as_slice())
        {
            Some([disclosure]) => disclosure,
            other => panic!("not one disclosure: {other:?}\n{}", shown(&self.findings)),
        }
    }

    /// What differs from the findings expected, in words; nothing if all is as it should be.
    pub(crate) fn difference(&self, expected: &[Expected]) -> Option<String> {
        let wanted: Vec<String> = expected.iter().map(Expected::key).collect();
        let found: Vec<String> = self.findings.iter().map(key).collect();
        if wanted != found {
            return Some(format!(
                "expected:\n  {}\nfound:\n{}",
                wanted.join("\n  "),
                shown(&self.findings)
            ));
        }
        let mut wrong = Vec::new();
        for (expected, found) in expected.iter().zip(&self.findings) {
            for (language, wanted) in [(Language::Ja, &expected.ja), (Language::En, &expected.en)] {
                let message = found.message(language);
                if wanted.as_ref().is_some_and(|wanted| *wanted != message) {
                    wrong.push(format!("{} {language}: {message}", expected.key()));
                }
            }
        }
        (!wrong.is_empty()).then(|| wrong.join("\n"))
    }
}

impl Expected {
    fn key(&self) -> String {
        let item = self.item.as_deref().unwrap_or_default();
        format!("{} [{}] {item}", self.name, self.place)
    }
}

fn key(finding: &Finding) -> String {
    let item = finding.item.as_ref().map(ToString::to_string);
    format!(
        "{} [{}] {}",
        finding.rule,
        finding.place,
        item.unwrap_or_default()
    )
}

/// Findings in the notation of a case, so that they can be compared and, once looked at, taken over.
pub(crate) fn shown(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        text.push_str(&format!(
            "\n[[finding]]\nname = {:?}\nplace = {:?}\n",
            finding.rule,
            finding.place.to_string()
        ));
        if let Some(item) = &finding.item {
            text.push_str(&format!("item = {:?}\n", item.as_str()));
        }
        for language in Language::ALL {
            let message = toml::Value::from(finding.message(language));
            text.push_str(&format!("{language} = {message}\n"));
        }
    }
    text
}

/// The mistakes of a profile or form file; fails where the error is of another kind.
fn findings_of<T>(result: Result<T, Error>) -> Vec<Finding> {
    match result {
        Ok(_) => Vec::new(),
        Err(Error::Invalid { findings, .. }) => findings,
        Err(other) => panic!("not a mistake in the file: {other}"),
    }
}

/// The mistakes in an error, for a test that fails because of them.
pub(crate) fn mistakes(error: &Error) -> String {
    match error {
        Error::Invalid { findings, .. } => shown(findings),
        other => other.to_string(),
    }
}

fn day(written: &toml::value::Datetime) -> Date {
    written.to_string().parse().expect("a day without a time")
}

/// The start of an OLE compound file, and the names of its streams as its directory holds them.
fn compound(streams: &[String]) -> Vec<u8> {
    let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    bytes.resize(512, 0);
    for stream in streams {
        let mut entry: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry.resize(128, 0);
        bytes.extend(entry);
    }
    bytes
}
