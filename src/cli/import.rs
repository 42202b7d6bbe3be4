//! `kaijisho form import`: learn a form from the user's own workbook.

use std::fmt::Write as _;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use kaijisho::import::{self, Draft, Wanted, table};
use kaijisho::report::Format;
use kaijisho::{Error, Language, Result, Source, harmless, show};

use super::arguments::{Common, Import, usage};
use super::{form, home, message, output, review};

pub(super) fn run(verb: &Import, common: &Common, language: Language) -> Result<()> {
    let limits = common.limits();
    let source = Source::open(&verb.workbook, &limits)?;
    let wanted = Wanted {
        id: verb.new_id.clone(),
        family: verb.family,
        edition: verb.edition.clone(),
        sheet: verb.sheet.clone(),
    };
    let mut drafts = import::learn(&source, &wanted, &limits)?;
    if drafts.len() > 1 && verb.mapping.is_some() {
        return Err(usage(language.label("import-mapping-several")));
    }
    let targets = targets(&drafts, common, language)?;
    for draft in &mut drafts {
        map(draft, verb, common, language)?;
    }
    let mut tables = Vec::new();
    for (draft, target) in drafts.iter().zip(&targets) {
        tables.push(write_table(
            draft,
            verb,
            drafts.len() > 1,
            common,
            language,
        )?);
        let text = draft.to_toml();
        // What is written must be read again; a form with a strange id or number is refused here, not later.
        kaijisho::Catalog::parse(&text, &draft.form.id)?;
        match target {
            Some(path) => {
                home::make_folder_of(path)?;
                output::file(path, text.as_bytes(), common.force)?;
            }
            None => output::page(&text),
        }
    }
    tell(&drafts, &targets, &tables, common, language)
}

/// Where each form goes: the user's own folder, the folder or file of `-o`, or (`None`) standard output.
fn targets(drafts: &[Draft], common: &Common, language: Language) -> Result<Vec<Option<PathBuf>>> {
    let name = |draft: &Draft| format!("{}.toml", draft.form.id);
    let targets: Vec<Option<PathBuf>> = match common.output.as_deref() {
        Some(path) if path == Path::new("-") => drafts.iter().map(|_| None).collect(),
        Some(folder) if folder.is_dir() => drafts
            .iter()
            .map(|draft| Some(folder.join(name(draft))))
            .collect(),
        Some(file) if drafts.len() == 1 => vec![Some(file.to_owned())],
        Some(_) => return Err(usage(language.label("import-several"))),
        None => {
            let Some(folder) = home::forms() else {
                return Err(usage(language.label("import-no-folder")));
            };
            drafts
                .iter()
                .map(|draft| Some(folder.join(name(draft))))
                .collect()
        }
    };
    for target in &targets {
        output::refuse_existing(target.as_deref(), common.force)?;
    }
    Ok(targets)
}

/// Gives the items their controls: the certain ones, those of an edited table, those said at the terminal.
fn map(draft: &mut Draft, verb: &Import, common: &Common, language: Language) -> Result<()> {
    draft.accept();
    if let Some(path) = &verb.mapping {
        let limits = common.limits();
        let rows = table::read(&Source::open(path, &limits)?, &limits)?;
        draft.apply(&rows, &path.display().to_string())?;
        return Ok(());
    }
    let terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    if verb.review || terminal && !verb.accept && !common.quiet {
        let (mut input, mut out) = (std::io::stdin().lock(), std::io::stderr().lock());
        review::review(draft, &mut input, &mut out, language).map_err(|source| Error::Read {
            path: "-".into(),
            source,
        })?;
    }
    Ok(())
}

/// Writes the table to edit, where one was asked for; with several forms, each has its own.
fn write_table(
    draft: &Draft,
    verb: &Import,
    several: bool,
    common: &Common,
    language: Language,
) -> Result<Option<PathBuf>> {
    let Some(path) = &verb.table else {
        return Ok(None);
    };
    let mut path = path.clone();
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    let ending = ending.unwrap_or_default();
    if several {
        let stem = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        path.set_file_name(format!("{stem}-{}.{ending}", draft.form.family.code()));
    }
    let bytes = match ending.as_str() {
        "csv" => table::csv(draft, language)?,
        "xlsx" => table::xlsx(draft, language)?,
        _ => return Err(usage(language.label("import-table-ending"))),
    };
    output::file(&path, &bytes, common.force)?;
    Ok(Some(path))
}

/// Says what was learned, what is open and what could not be taken over.
fn tell(
    drafts: &[Draft],
    targets: &[Option<PathBuf>],
    tables: &[Option<PathBuf>],
    common: &Common,
    language: Language,
) -> Result<()> {
    let to_stdout = targets.iter().all(Option::is_some);
    if common.format == Some(Format::Json) && to_stdout {
        let text = form::pretty(&summary(drafts, targets, language))?;
        output::page(&text);
        return Ok(());
    }
    if common.quiet {
        return Ok(());
    }
    let mut text = String::new();
    for ((draft, target), table) in drafts.iter().zip(targets).zip(tables) {
        one(&mut text, draft, common.verbose, language);
        for path in [target, table].into_iter().flatten() {
            let path = path.display().to_string();
            let _ = writeln!(
                text,
                "  {}",
                language.label_with("written-line", &[("path", &path)])
            );
        }
        if let Some(target) = target {
            let path = target.display().to_string();
            let next = language.label_with("import-next", &[("path", &path)]);
            let _ = writeln!(text, "  {next}");
        }
    }
    let text = message::wrapped(&text, common.width());
    if to_stdout {
        output::page(&harmless(&text));
    } else {
        output::complain(&text);
    }
    Ok(())
}

fn one(text: &mut String, draft: &Draft, all: bool, language: Language) {
    /// How many things that could not be taken over are told without `-v`.
    const TOLD: usize = 10;
    let form = &draft.form;
    let mapped = form
        .items
        .iter()
        .filter(|item| item.control.is_some())
        .count();
    let open = draft.open();
    let edition = if form.edition.is_empty() {
        language.label("import-no-edition")
    } else {
        form.edition.clone()
    };
    let values = [
        ("id", form.id.clone()),
        ("sheet", draft.sheet.to_string()),
        ("edition", edition),
        ("items", form.items.len().to_string()),
        ("sections", form.sections.len().to_string()),
        ("mapped", mapped.to_string()),
        ("open", open.len().to_string()),
    ];
    let values: Vec<(&str, &str)> = values
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let _ = writeln!(text, "{}", language.label_with("import-line", &values));
    if !open.is_empty() {
        let _ = writeln!(text, "  {}", language.label_with("import-open", &values));
    }
    let told = if all { draft.unsure.len() } else { TOLD };
    for unsure in draft.unsure.iter().take(told) {
        let what = show(unsure.what.text(language), 400);
        let _ = writeln!(text, "  {}: {what}", unsure.place);
    }
    if draft.unsure.len() > told {
        let more = (draft.unsure.len() - told).to_string();
        let _ = writeln!(
            text,
            "  {}",
            language.label_with("import-more", &[("count", &more)])
        );
    }
}

fn summary(drafts: &[Draft], targets: &[Option<PathBuf>], language: Language) -> serde_json::Value {
    let forms: Vec<serde_json::Value> = drafts
        .iter()
        .zip(targets)
        .map(|(draft, target)| {
            let number = |at: usize| draft.form.items[at].number.clone();
            let unsure = |unsure: &import::Unsure| {
                serde_json::json!({ "place": unsure.place.to_string(), "message": unsure.what.text(language) })
            };
            serde_json::json!({
                "id": draft.form.id,
                "family": draft.form.family,
                "edition": draft.form.edition,
                "file": target,
                "sheet": draft.sheet.as_ref(),
                "items": draft.form.items.len(),
                "open": draft.open().into_iter().map(number).collect::<Vec<_>>(),
                "unsure": draft.unsure.iter().map(unsure).collect::<Vec<_>>(),
            })
        })
        .collect();
    serde_json::json!({ "schema": "kaijisho/form-import/1", "forms": forms })
}
