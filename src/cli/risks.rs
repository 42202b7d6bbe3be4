//! `--risks FILE`: the risk register that `diff` and `report` bring up to date.
//!
//! Read before the work starts, so that a mistake in it stops the run; written once the report is made.

use std::path::{Path, PathBuf};

use kaijisho::report::model::{Report, RiskRegister};
use kaijisho::risks::{Look, Register, Updated};
use kaijisho::{Language, Result};

use super::arguments::Common;
use super::{Ended, output};

/// The register as it was read.
#[derive(Debug)]
pub(super) struct Before {
    path: PathBuf,
    existed: bool,
    register: Register,
}

/// The register as it is to be written.
#[derive(Debug)]
pub(super) struct After {
    before: Before,
    updated: Updated,
}

impl Before {
    /// Reads the register.
    pub(super) fn read(path: &Path) -> Result<Self> {
        Ok(Self {
            path: path.to_owned(),
            existed: path.exists(),
            register: Register::load(path)?,
        })
    }

    /// Brings it up to date, and puts it into the report.
    pub(super) fn follow(
        self,
        look: &Look,
        report: Report,
        common: &Common,
        language: Language,
    ) -> Result<(Report, Ended, After)> {
        let date = common.today();
        let updated = self.register.update(look, date, language)?;
        let shown = RiskRegister::of(&updated, &look.nameless, date, language);
        let reached = shown
            .gravest()
            .is_some_and(|severity| common.fail_on.reaches(severity));
        let after = After {
            before: self,
            updated,
        };
        Ok((
            report.with_risk_register(shown),
            Ended::findings(reached),
            after,
        ))
    }
}

impl After {
    /// Writes the register, if anything changed in it and nobody else changed it meanwhile.
    pub(super) fn write(&self, common: &Common, language: Language) -> Result<()> {
        let Before {
            path,
            existed,
            register,
        } = &self.before;
        let text = &self.updated.register.text;
        if *text != register.text {
            let old = existed.then_some(register.text.as_bytes());
            output::edited(path, old, text.as_bytes(), language)?;
        }
        if !common.quiet {
            let path = path.display().to_string();
            let (opened, gone) = (
                self.updated.opened.to_string(),
                self.updated.gone.to_string(),
            );
            let back = self.updated.back.to_string();
            let values = [
                ("path", &*path),
                ("opened", &*opened),
                ("gone", &*gone),
                ("back", &*back),
            ];
            output::complain(&format!(
                "{}\n",
                language.label_with("risks-written", &values)
            ));
        }
        Ok(())
    }
}
