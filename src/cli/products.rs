//! `kaijisho new --from`: disclosures from a product source file, one or all of them in one run.

mod page;

use std::path::{Path, PathBuf};

use clap::Args;
use kaijisho::products::run::{Assembly, MadeInfo, Outcome, Run, made_info};
use kaijisho::products::{self, Made, Planned, Products, TEMPLATE};
use kaijisho::report::Format;
use kaijisho::write::{Origin, Target, write};
use kaijisho::{Catalog, Error, Language, Result};

use super::arguments::{Common, FailOn, usage};
use super::{Ended, message, output};

#[derive(Debug, Args)]
pub(super) struct Making {
    /// Write out a commented product source file to start from
    #[arg(long, conflicts_with = "from")]
    products: bool,
    /// Make disclosures from a product source file (.toml)
    #[arg(long, value_name = "PRODUCTS.toml")]
    from: Option<PathBuf>,
    /// All disclosures of the product source file; -o names a folder
    #[arg(long, requires = "from")]
    all: bool,
    /// Only the disclosures of this product
    #[arg(long, requires = "from", value_name = "ID")]
    product: Option<String>,
    /// Only those of this version
    #[arg(long = "version", requires = "from", value_name = "VERSION")]
    product_version: Option<String>,
    /// The format of the files in a folder: xlsx (default), toml, xml or json
    #[arg(long = "to", requires = "from", value_name = "FORMAT", value_parser = target)]
    folder_format: Option<Target>,
    /// Only check the product source file and what would be made from it
    #[arg(long, requires = "from")]
    check: bool,
}

fn target(text: &str) -> std::result::Result<Target, String> {
    Target::of_name(&format!(".{text}")).ok_or_else(|| "xlsx, toml, xml, json".to_owned())
}

impl Making {
    /// True if this is asked for, and not a blank sheet.
    pub(super) fn is_asked_for(&self) -> bool {
        self.products || self.from.is_some()
    }
}

pub(super) fn run(verb: &Making, common: &Common, language: Language) -> Result<Ended> {
    let Some(from) = &verb.from else {
        output::write(TEMPLATE.as_bytes(), common)?;
        return Ok(Ended::Clean);
    };
    let products = match products::load(from, &catalog(common)?) {
        Ok(products) => products,
        // Mistakes are what a check is asked for.
        Err(Error::Invalid { name, findings }) if verb.check => {
            let run = Assembly::new(&name, "", common.today(), language).finish(&findings);
            tell(&run, common, language)?;
            return Ok(Ended::Findings);
        }
        Err(error) => return Err(error),
    };
    let planned = selected(verb, &products, common, language)?;
    let place = Destination::find(verb, common, planned.len(), language)?;
    let maker = Maker {
        products: &products,
        place,
        common,
        language,
    };
    let mut assembly = Assembly::new(&products.file, &products.sha256, common.today(), language);
    let mut made = Vec::new();
    for planned in &planned {
        let one = products.make(planned, common.today());
        assembly.add(maker.finish(planned, &one));
        made.push(one);
    }
    let made: Vec<(&Planned<'_>, &Made)> = planned.iter().zip(&made).collect();
    let run = assembly.finish(&products::findings(&products, &made, common.today()));
    tell(&run, common, language)?;
    Ok(ended(&run, common))
}

/// The forms that a source may name: those known, and the one given as a file.
fn catalog(common: &Common) -> Result<Catalog> {
    let known = common.catalog();
    Ok(match &common.form {
        Some(name) if name.ends_with(".toml") => known.with(&common.form_catalog(name)?),
        Some(_) | None => known,
    })
}

/// The disclosures asked for.
fn selected<'p>(
    verb: &Making,
    products: &'p Products,
    common: &Common,
    language: Language,
) -> Result<Vec<Planned<'p>>> {
    let form = match &common.form {
        Some(name) => Some(common.form_catalog(name)?),
        None => None,
    };
    let form = form.as_ref().and_then(|forms| forms.forms().first());
    let agrees = |wanted: &Option<String>, found: &str| {
        wanted.as_ref().is_none_or(|wanted| wanted.trim() == found)
    };
    let narrowed = verb.product.is_some() || verb.product_version.is_some() || form.is_some();
    if !verb.check && !verb.all && !narrowed {
        return Err(usage(language.label("error-products-which")));
    }
    let planned: Vec<Planned<'p>> = products
        .planned()
        .into_iter()
        .filter(|planned| {
            agrees(&verb.product, &planned.product.id)
                && agrees(&verb.product_version, &planned.version.version)
                && form.is_none_or(|form| {
                    (&form.id, &form.edition) == (&planned.form.id, &planned.form.edition)
                })
        })
        .collect();
    if planned.is_empty() {
        let known: Vec<String> = products
            .products
            .iter()
            .take(8)
            .map(|product| {
                let versions = product.versions.iter().take(8);
                let versions: Vec<&str> = versions.map(|v| v.version.as_str()).collect();
                format!("{} ({})", product.id, versions.join(", "))
            })
            .collect();
        let values = [("known", known.join(", "))];
        let values = [("known", values[0].1.as_str())];
        return Err(usage(language.label_with("error-products-none", &values)));
    }
    Ok(planned)
}

/// Where the disclosures go.
enum Destination {
    Nowhere,
    File(PathBuf, Target),
    Folder(PathBuf, Target),
}

impl Destination {
    fn find(verb: &Making, common: &Common, count: usize, language: Language) -> Result<Self> {
        if verb.check {
            return Ok(Destination::Nowhere);
        }
        let Some(path) = &common.output else {
            return Err(usage(language.label("error-products-output")));
        };
        let of_name = Target::of_name(&path.to_string_lossy()).filter(|_| !path.is_dir());
        match of_name {
            Some(target) if !verb.all && count == 1 => Ok(Destination::File(
                path.clone(),
                verb.folder_format.unwrap_or(target),
            )),
            Some(_) => {
                let (path, count) = (path.display().to_string(), count.to_string());
                let values = [("path", path.as_str()), ("count", count.as_str())];
                Err(usage(language.label_with("error-products-folder", &values)))
            }
            None => {
                let target = verb.folder_format.unwrap_or(Target::Xlsx);
                Ok(Destination::Folder(path.clone(), target))
            }
        }
    }
}

struct Maker<'r> {
    products: &'r Products,
    place: Destination,
    common: &'r Common,
    language: Language,
}

impl Maker<'_> {
    /// Writes a disclosure that was made, and says what became of it.
    fn finish(&self, planned: &Planned<'_>, made: &Made) -> MadeInfo {
        let today = self.common.today();
        let mut info = made_info(self.products, planned, made, today, self.language);
        let (path, target) = match &self.place {
            Destination::Nowhere => return info,
            Destination::File(path, target) => (path.clone(), *target),
            Destination::Folder(folder, target) => {
                let name = format!("{}.{}", planned.file, target.ending());
                (folder.join(name), *target)
            }
        };
        info.file = path.display().to_string();
        match self.write(&path, target, made) {
            Ok(outcome) => info.outcome = outcome,
            Err(error) => {
                info.outcome = Outcome::Failed;
                info.reason = Some(message::told(&error, self.language));
            }
        }
        info
    }

    fn write(&self, path: &Path, target: Target, made: &Made) -> Result<Outcome> {
        let origin = Origin {
            file: &self.products.file,
            sha256: &self.products.sha256,
        };
        let disclosures = std::slice::from_ref(&made.disclosure);
        let bytes = write(disclosures, &origin, target, self.language)?;
        if holds(path, &bytes) {
            return Ok(Outcome::Unchanged);
        }
        if path.exists() && !self.common.force {
            return Ok(Outcome::Kept);
        }
        super::home::make_folder_of(path)?;
        output::file(path, &bytes, self.common.force)?;
        Ok(Outcome::Written)
    }
}

/// True if a file holds these bytes already.
fn holds(path: &Path, bytes: &[u8]) -> bool {
    let size = path.metadata().map(|about| about.len());
    // The size first: nobody knows how large a file stands there.
    size.is_ok_and(|size| size == bytes.len() as u64)
        && std::fs::read(path).is_ok_and(|there| there == bytes)
}

fn tell(run: &Run, common: &Common, language: Language) -> Result<()> {
    let checked = run
        .disclosures
        .iter()
        .all(|made| made.outcome == Outcome::Checked);
    let bytes = if common.format == Some(Format::Json) {
        kaijisho::write::json_text(run)?
    } else if common.quiet {
        return Ok(());
    } else {
        page::page(run, common.width(), common.verbose, language)
    };
    if checked {
        // Nothing else is to go into the file named.
        output::write(bytes.as_bytes(), common)
    } else {
        output::page(&bytes);
        Ok(())
    }
}

fn ended(run: &Run, common: &Common) -> Ended {
    let summary = &run.summary;
    if summary.kept + summary.failed > 0 {
        return Ended::Impossible;
    }
    let severities = [
        (summary.errors, kaijisho::Severity::Error),
        (summary.warnings, kaijisho::Severity::Warning),
        (summary.notes, kaijisho::Severity::Note),
    ];
    let reached = severities
        .iter()
        .any(|(count, severity)| *count > 0 && common.fail_on.reaches(*severity));
    let to_do = summary.open + summary.stale > 0 && common.fail_on != FailOn::Never;
    Ended::findings(reached || to_do)
}
