//! Holding the sheets that count against a profile, and keeping what came of it with the profile's text.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::add::require;
use super::decide::name_of;
use super::event::{Assessed, Event, VerdictCount, WaiverSaid};
use super::log::{self, Stamp};
use super::object::{self, Content};
use super::{Register, canonical, standing};
use crate::assess::{Assessment, assess, profile_findings};
use crate::disclosure::Disclosure;
use crate::error::Result;
use crate::examine::{Examined, Options, examine};
use crate::language::Language;
use crate::profile::Profile;
use crate::report::model::{Judged, Kind, build};
use crate::source::{Source, sha256};

/// A disclosure of a system to be held against a profile.
#[derive(Clone, Copy, Debug)]
pub struct Assessable<'a> {
    /// The profile.
    pub profile: &'a Profile,
    /// Its text, kept where it is that of the profile's hash.
    pub text: Option<&'a str>,
    /// The day on which waivers are judged.
    pub date: Date,
}

impl Register {
    /// Holds the sheets of a system that count against a profile, and records what came of each: true where no
    /// must is open. A system without a sheet gives nothing.
    ///
    /// # Errors
    /// [`crate::Error::Register`] if the system is not known or the register cannot be written.
    pub fn assess(
        &mut self,
        system: &str,
        of: Assessable<'_>,
        options: &Options,
        stamp: &Stamp,
    ) -> Result<Vec<(String, bool)>> {
        let path = self.path.clone();
        let files = self.read(|connection| {
            require(&path, connection, system)?;
            let sheets = standing::sheets(connection, system)?;
            let counting = standing::counting(&sheets);
            let counting: Vec<_> = counting
                .product
                .into_iter()
                .chain(counting.service)
                .collect();
            let mut files = Vec::new();
            for sheet in counting {
                let sql = "SELECT sha256 FROM received WHERE log = ?1";
                let hash: String = connection.query_row(sql, [sheet.received], |row| row.get(0))?;
                let bytes = object::bytes(connection, &hash)?.unwrap_or_default();
                let name = name_of(connection, sheet.received)?;
                files.push((sheet.received, sheet.position, Source::new(name, bytes)));
            }
            Ok(files)
        })?;
        let judge = self.profile_of(of.profile, system)?;
        let of = Assessable {
            profile: &judge,
            ..of
        };
        let mut found = Vec::new();
        for (received, position, source) in files {
            let examined = examine(&source, options);
            let at = usize::try_from(position).unwrap_or(usize::MAX);
            if let Some(one) = result(&examined, at, received, system, of)? {
                found.push((source.name, one));
            }
        }
        self.write(|connection, _| {
            let mut done = Vec::new();
            for (name, (event, contents)) in found {
                let qualified = event.qualified;
                log::append(connection, stamp, &Event::Assessed(event), &contents)?;
                done.push((name, qualified));
            }
            standing::refresh(connection, &BTreeSet::from([system.to_owned()]))?;
            Ok(done)
        })
    }
}

fn result(
    examined: &Examined,
    at: usize,
    received: i64,
    system: &str,
    of: Assessable<'_>,
) -> Result<Option<(Assessed, Vec<Content>)>> {
    let (profile, date) = (of.profile, of.date);
    let disclosures = examined.disclosures.iter();
    let assessments: Vec<Assessment<'_>> = disclosures
        .map(|disclosure| assess(disclosure, profile, date))
        .collect();
    let Some(assessment) = assessments.get(at) else {
        return Ok(None);
    };
    let applied: BTreeSet<&str> = assessment
        .outcomes
        .iter()
        .filter_map(|outcome| Some(outcome.waiver?.requirement.as_str()))
        .collect();
    let waivers = profile.waivers.iter().map(|waiver| WaiverSaid {
        requirement: waiver.requirement.clone(),
        manufacturer: waiver.scope.manufacturer.clone(),
        product: waiver.scope.product.clone(),
        reason: waiver.reason.ja.clone(),
        approver: waiver.approver.clone(),
        first_day: waiver.from.to_string(),
        last_day: waiver.until.to_string(),
        applied: applied.contains(waiver.requirement.as_str()),
    });
    let verdicts = assessment.counts().into_iter();
    let verdicts = verdicts.map(|((level, verdict), number)| VerdictCount {
        level: level.code().to_owned(),
        verdict: verdict.code().to_owned(),
        number: number as u64,
    });
    let mut event = Assessed {
        received: u64::try_from(received).unwrap_or(0),
        position: at as u64,
        system: Some(system.to_owned()),
        profile: profile.id.clone(),
        profile_sha256: profile.sha256.clone(),
        profile_text: None,
        day: date.to_string(),
        qualified: assessment.is_qualified(),
        verdicts: verdicts.collect(),
        waivers: waivers.collect(),
        results: String::new(),
    };
    let disclosures: Vec<&Disclosure> = examined.disclosures.iter().collect();
    let findings = profile_findings(profile, &disclosures, &assessments, date);
    let judged = Judged {
        profile,
        date,
        findings,
        assessments: vec![assessments],
    };
    let report = build(
        Kind::Diff,
        std::slice::from_ref(examined),
        Some(&judged),
        Language::Ja,
    );
    let results = Content::text(&canonical::text_of(&report)?, "results", "json");
    event.results.clone_from(&results.object.sha256);
    let mut contents = vec![results];
    if let Some(text) = of
        .text
        .filter(|text| sha256(text.as_bytes()) == profile.sha256)
    {
        let text = Content::text(text, "profile", "toml");
        event.profile_text = Some(text.object.sha256.clone());
        contents.push(text);
    }
    Ok(Some((event, contents)))
}
