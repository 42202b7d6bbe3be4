//! The help page of a verb: its own options first, the common ones that it heeds after them, no line
//! wider than the terminal.
//!
//! clap breaks lines at spaces only, which Japanese does not have, and mixes the common options among
//! those of a verb. So the page is written here, from what clap knows of the verb.

use clap::{Arg, Command};
use kaijisho::Language;
use unicode_width::UnicodeWidthStr;

use super::arguments::columns;
use super::message::wrapped_at;

/// The verbs under each heading of the overview; a verb that stands nowhere comes under the last.
const GROUPS: [(&str, &[&str]); 4] = [
    (
        "cli-group-read",
        &[
            "check",
            "diff",
            "compare",
            "changes",
            "report",
            "checklist",
            "system",
            "risk",
            "register",
            "serve",
        ],
    ),
    (
        "cli-group-write",
        &["new", "fill", "migrate", "convert", "export", "request"],
    ),
    ("cli-group-look-up", &["form", "profile", "explain"]),
    ("cli-group-more", &[]),
];

/// Common options that stand with a verb's own: they change what the verb makes.
const NEAR: [&str; 7] = [
    "output", "format", "form", "layout", "date", "fail_on", "force",
];

/// Common options that a verb does not heed, and so does not show. A verb that is not here shows all.
const UNHEEDED: [(&str, &[&str]); 10] = [
    ("convert", &["date", "fail_on"]),
    ("export", &["format", "fail_on", "color"]),
    ("new", &["format", "layout", "jobs"]),
    ("fill", &["date", "fail_on", "jobs"]),
    ("migrate", &["date", "fail_on", "jobs"]),
    ("form", &["form", "layout", "date", "fail_on", "jobs"]),
    (
        "profile",
        &["form", "layout", "date", "fail_on", "jobs", "limit"],
    ),
    (
        "explain",
        &["layout", "date", "fail_on", "jobs", "force", "limit"],
    ),
    ("schema", ALL_BUT_OUTPUT),
    ("completions", ALL_BUT_OUTPUT),
];
const ALL_BUT_OUTPUT: &[&str] = &[
    "format", "form", "layout", "date", "fail_on", "quiet", "verbose", "color", "jobs", "limit",
];

/// Facts of the system that is judged, and the verbs that judge.
const OF_SYSTEM: [&str; 3] = ["system", "fact", "category"];
const JUDGES: [&str; 7] = [
    "diff",
    "compare",
    "changes",
    "report",
    "checklist",
    "request",
    "profile",
];

/// Common options that are rarely needed: only the overview shows them.
const RARE: [&str; 3] = ["color", "jobs", "limit"];

/// Columns before the widest name that still has its text beside it.
const WIDEST_NAME: usize = 26;

/// The page of a verb; `path` is its name with those above it (`kaijisho` alone is the program).
pub(super) fn page(command: &Command, path: &str, common: &[Arg], language: Language) -> String {
    let mut page = Page {
        text: String::new(),
        language,
        width: width(),
    };
    let verb = path.split('-').next().unwrap_or_default();
    let unheeded = UNHEEDED
        .iter()
        .find(|(name, _)| *name == verb)
        .map_or(&[][..], |(_, unheeded)| unheeded);
    if let Some(about) = command.get_about() {
        page.line(&about.to_string(), 0);
    }
    page.usage(command, path);
    page.verbs(command, path);
    let is_common = |arg: &Arg| common.iter().any(|known| known.get_id() == arg.get_id());
    let own = |arg: &&Arg| !is_common(arg) && !closes(arg);
    let (positionals, options): (Vec<&Arg>, Vec<&Arg>) = command
        .get_arguments()
        .filter(own)
        .partition(|arg| arg.is_positional());
    page.arguments("cli-arguments", &positionals, path);
    let heeded = |near: bool| {
        common.iter().filter(move |arg| {
            let id = arg.get_id().as_str();
            let seldom = RARE.contains(&id) && path != "kaijisho";
            // A verb may mean something of its own by one of them, and then says so.
            let own = language
                .known_label(&format!("cli-arg-{id}-{path}"))
                .is_some();
            let judges = JUDGES.contains(&verb) || own;
            let idle = OF_SYSTEM.contains(&id) && path != "kaijisho" && !judges;
            !seldom && !idle && !unheeded.contains(&id) && NEAR.contains(&id) == near
        })
    };
    let top = path == "kaijisho";
    let with_verbs = command.has_subcommands();
    let near: Vec<&Arg> = options
        .into_iter()
        .chain(heeded(true).filter(|_| !with_verbs))
        .collect();
    page.arguments("cli-options", &near, path);
    let closing = command.get_arguments().filter(|arg| closes(arg));
    let far: Vec<&Arg> = heeded(true)
        .filter(|_| top)
        .chain(heeded(false).filter(|_| top || !with_verbs))
        .chain(closing)
        .collect();
    page.arguments("cli-common-options", &far, path);
    page.examples(path);
    page.text
}

/// `--help` and `--version`, which end every list.
fn closes(arg: &Arg) -> bool {
    ["help", "version"].contains(&arg.get_id().as_str())
}

/// Columns to write in: those of the terminal, at most 80, since long lines are hard to read.
fn width() -> usize {
    columns().min(80)
}

struct Page {
    text: String,
    language: Language,
    width: usize,
}

impl Page {
    fn line(&mut self, text: &str, indent: usize) {
        self.text.push_str(&wrapped_at(text, self.width, indent));
    }

    fn heading(&mut self, label: &str) {
        self.text
            .push_str(&format!("\n{}:\n", self.language.label(label)));
    }

    /// How the command line is built: what must be said, in the order in which it is said.
    fn usage(&mut self, command: &Command, path: &str) {
        let name = if path == "kaijisho" {
            path.to_owned()
        } else {
            format!("kaijisho {}", path.replace('-', " "))
        };
        let mut words = vec![name];
        if command.has_subcommands() {
            words.push(format!("<{}>", self.language.label("cli-command")));
        }
        let required = command.get_arguments().filter(|arg| arg.is_required_set());
        words.extend(required.filter(|arg| !arg.is_positional()).map(option));
        words.extend(command.get_positionals().map(positional));
        words.push(format!("[{}]", self.language.label("cli-options")));
        let usage = self.language.label("cli-usage");
        self.text.push('\n');
        self.line(&format!("{usage}: {}", words.join(" ")), 4);
    }

    /// The verbs below this one, under their headings.
    fn verbs(&mut self, command: &Command, path: &str) {
        let verbs: Vec<&Command> = command.get_subcommands().collect();
        let rows = |verbs: Vec<&Command>| -> Vec<(String, String)> {
            let about = |verb: &Command| verb.get_about().map(ToString::to_string);
            verbs
                .into_iter()
                .map(|verb| (verb.get_name().to_owned(), about(verb).unwrap_or_default()))
                .collect()
        };
        if verbs.is_empty() {
            return;
        }
        if path != "kaijisho" {
            self.heading("cli-commands");
            self.rows(&rows(verbs));
            return;
        }
        let grouped = |name: &str| GROUPS.iter().any(|(_, names)| names.contains(&name));
        for (heading, names) in GROUPS {
            let listed = names
                .iter()
                .filter_map(|name| verbs.iter().find(|verb| verb.get_name() == *name));
            let mut chosen: Vec<&Command> = listed.copied().collect();
            if names.is_empty() {
                chosen.extend(verbs.iter().filter(|verb| !grouped(verb.get_name())));
            }
            self.heading(heading);
            self.rows(&rows(chosen));
        }
        let how = self.language.label("cli-help-of-command");
        self.text.push('\n');
        self.line(&how, 0);
    }

    /// Arguments under a heading. What a common option means to this verb goes before what it means to all.
    fn arguments(&mut self, heading: &str, arguments: &[&Arg], path: &str) {
        let language = self.language;
        let help = |arg: &Arg| {
            let id = arg.get_id().as_str().replace('_', "-");
            language
                .known_label(&format!("cli-arg-{id}-{path}"))
                .unwrap_or_else(|| arg.get_help().map(ToString::to_string).unwrap_or_default())
        };
        let rows: Vec<(String, String)> = arguments
            .iter()
            .map(|arg| {
                let name = if arg.is_positional() {
                    positional(arg)
                } else {
                    let short = arg.get_short().map(|short| format!("-{short}, "));
                    short.unwrap_or_else(|| "    ".to_owned()) + &option(arg)
                };
                (name, help(arg))
            })
            .collect();
        if !rows.is_empty() {
            self.heading(heading);
            self.rows(&rows);
        }
    }

    /// Names and what they mean in two columns; a long name has its text below it.
    fn rows(&mut self, rows: &[(String, String)]) {
        let widths = rows.iter().map(|(name, _)| name.width());
        let column = widths.filter(|it| *it <= WIDEST_NAME).max().unwrap_or(0) + 4;
        for (name, text) in rows {
            let mut line = format!("  {name}");
            if line.width() + 2 > column {
                self.text.push_str(&line);
                self.text.push('\n');
                line = String::new();
            }
            let gap = " ".repeat(column.saturating_sub(line.width()));
            self.line(&format!("{line}{gap}{text}"), column);
        }
    }

    /// Command lines to start from, where there are any.
    fn examples(&mut self, path: &str) {
        if let Some(examples) = self.language.known_label(&format!("cli-example-{path}")) {
            self.heading("cli-examples");
            for example in examples.lines() {
                self.line(&format!("  {example}"), 6);
            }
        }
    }
}

/// `--against <PROFILE>`
fn option(arg: &Arg) -> String {
    let name = arg.get_long().unwrap_or_default();
    let values = arg.get_action().takes_values();
    let value = if values {
        value_name(arg)
    } else {
        String::new()
    };
    format!("--{name}{value}")
}

fn value_name(arg: &Arg) -> String {
    let names = arg.get_value_names().unwrap_or_default();
    names.iter().map(|name| format!(" <{name}>")).collect()
}

/// `<FILE>...`, in brackets where it may be left out.
fn positional(arg: &Arg) -> String {
    let name = value_name(arg).trim().to_owned();
    let many = matches!(arg.get_action(), clap::ArgAction::Append);
    let dots = if many { "..." } else { "" };
    if arg.is_required_set() {
        format!("{name}{dots}")
    } else {
        let bare = name.trim_matches(['<', '>']);
        format!("[{bare}]{dots}")
    }
}
