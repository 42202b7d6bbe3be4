//! TOML: the shape of the JSON, for people to edit.
//!
//! What follows from something else is left out, so that an answer is changed in one place: `written`
//! where the answer's word is the form's own, `state` always, a remark's text where a number points to it.

use super::texts::Texts;
use super::{Origin, guide};
use crate::answer::Answer;
use crate::disclosure::{Disclosure, Entry, in_words, methods_in_words};
use crate::error::Result;
use crate::escaped::{is_hidden, quoted};
use crate::form::{Field, Item, Kind};
use crate::language::Language;

/// Writes the disclosures of a file as TOML.
pub(super) fn write(
    disclosures: &[Disclosure],
    origin: &Origin<'_>,
    language: Language,
) -> Result<Vec<u8>> {
    write_with(disclosures, origin, language, None)
}

/// The same, with comments in some languages for who fills it. One disclosure then needs no list of documents.
pub(super) fn write_with(
    disclosures: &[Disclosure],
    origin: &Origin<'_>,
    language: Language,
    guide: Option<Texts>,
) -> Result<Vec<u8>> {
    let mut out = Lines::default();
    let languages = guide.unwrap_or(Texts::One(language)).languages();
    for language in languages {
        for line in preface(*language, guide.is_some()) {
            out.comment(line);
        }
        out.line("");
    }
    out.value("schema", "kaijisho/disclosure/1");
    out.value("language", language.code());
    let alone = guide.is_some() && disclosures.len() == 1;
    for disclosure in disclosures {
        document(&mut out, disclosure, origin, guide, alone);
    }
    Ok(out.text.into_bytes())
}

/// What the file is and how it is edited.
fn preface(language: Language, to_fill: bool) -> &'static [&'static str] {
    match (language, to_fill) {
        (Language::Ja, true) => &[
            "医療情報セキュリティ開示書（記入用）",
            "",
            "answer = \"\" の \"\" の中に、各項目の上に書いてある言葉を書きます。例: answer = \"yes\"",
            "はい、いいえ、対象外、Yes、No のような言葉や、文章・日付で答える項目の文も書けます。",
            "options は選ぶ項目だけにあります。例: options = [\"a\", \"b\"]",
            "remark は備考です。何行にもなるときは \"\"\" と \"\"\" で囲みます。",
            "記入したら kaijisho check で点検できます。項目番号（number）と設問（text）は変えないでください。",
        ],
        (Language::En, true) => &[
            "Security disclosure of a medical information product or service, to be filled",
            "",
            "Write between the quotes of answer = \"\" one of the words that stand above each item, such as answer = \"yes\".",
            "Words such as はい or Yes are read too, and so is the text or date of an item that asks for one.",
            "options is there only where methods are to be chosen, such as options = [\"a\", \"b\"].",
            "remark is the remark; over several lines it stands between \"\"\" and \"\"\".",
            "Then run kaijisho check on the file. Leave number and text as they are.",
        ],
        (Language::Ja, false) => &[
            "医療情報セキュリティ開示書（kaijisho が書き出したファイルです。エディタで直せます）",
            "",
            "answer  回答です。\"yes\"（はい）、\"no\"（いいえ）、\"na\"（対象外）、\"see-note\"（備考参照）のどれかを書きます。",
            "        はい、Yes のような言葉や、文章・日付で答える項目の文もここに書けます。未回答は \"\" です。",
            "options 選んだ方式です（選ぶ項目だけ）。",
            "written 元のシートに書かれていた言葉です。answer や options を直すときは、この行を消してください。",
            "remark  備考です。remark_reference は、下の [[documents.remarks]] の番号（例: \"備考1\"）です。",
            "kept    様式にない記載です。元のファイルに書かれていたまま残しています。",
            "",
            "番号は文字列で書きます（4.10 と 4.1 は別の項目です）。",
        ],
        (Language::En, false) => &[
            "Security disclosure of a medical information product or service, written by kaijisho; it can be edited",
            "",
            "answer  The answer: \"yes\", \"no\", \"na\" (not applicable) or \"see-note\" (see the remark).",
            "        Words such as はい or Yes are read too, and so is the text of an item that asks for one. \"\" is unanswered.",
            "options The methods ticked, for items that ask for methods.",
            "written The words of the sheet; remove this line when you change answer or options.",
            "remark  The remark. remark_reference is a number of [[documents.remarks]] below, such as \"備考1\" or \"Note 1\".",
            "kept    What no form asks for, kept as the file said it.",
            "",
            "Numbers are texts: 4.10 and 4.1 are two items.",
        ],
    }
}

fn document(
    out: &mut Lines,
    disclosure: &Disclosure,
    origin: &Origin<'_>,
    guide: Option<Texts>,
    alone: bool,
) {
    let form = &disclosure.form;
    let under = if alone { "" } else { "documents." };
    if !alone {
        out.line("");
        out.line("[[documents]]");
    }
    if guide.is_none() {
        out.value("file", origin.file);
        out.value("sha256", origin.sha256);
    }
    let source = match guide {
        Some(_) => String::new(),
        None => format!(", source = {}", quoted(form.source.code())),
    };
    out.line(&format!(
        "form = {{ id = {}, edition = {}{source} }}",
        quoted(&form.id),
        quoted(&form.edition),
    ));
    if let Some(texts) = guide {
        out.comment(&texts.say(&form.title));
        out.comment(&texts.say(&form.provenance));
    }
    if let Some(sheet) = &disclosure.sheet {
        out.value("sheet", sheet);
    }
    out.line("");
    out.line(&format!("[{under}header]"));
    header(out, disclosure, guide);
    let mut section = None;
    for entry in &disclosure.entries {
        let item = entry.item.map(|at| &form.items[at]);
        out.line("");
        if let (Some(texts), Some(item)) = (guide, item)
            && section != Some(item.section)
        {
            section = Some(item.section);
            out.comment(&format!("──── {} ────", guide::section(form, item, texts)));
            out.line("");
        }
        out.line(&format!("[[{under}items]]"));
        self::item(out, disclosure, entry, guide);
    }
    for note in &disclosure.notes {
        out.line("");
        out.line(&format!("[[{under}remarks]]"));
        out.line(&format!("key = {}", note.key));
        out.value("label", &note.label);
        out.value("text", &note.text);
    }
    for kept in &disclosure.kept {
        out.line("");
        out.line(&format!("[[{under}kept]]"));
        out.value("kind", kept.kind.code());
        if let Some(item) = &kept.item {
            out.value("item", item.as_str());
        }
        for (key, text) in [
            ("label", kept.label.as_str()),
            ("text", &kept.text),
            ("origin", &kept.origin()),
        ] {
            if !text.is_empty() {
                out.value(key, text);
            }
        }
    }
}

fn header(out: &mut Lines, disclosure: &Disclosure, guide: Option<Texts>) {
    for field in Field::ALL {
        let Some(value) = disclosure.field(field) else {
            continue;
        };
        let asked = disclosure.form.headers.iter();
        let asked = asked.clone().find(|asked| asked.field == field);
        if let Some(texts) = guide {
            if asked.is_some_and(|asked| asked.item.is_some()) {
                // It stands among the items; here it would be written twice.
                continue;
            }
            let key = match (field, asked.is_some_and(|asked| asked.required)) {
                (Field::Date, _) => "new-field-date",
                (_, true) => "new-field-required",
                (_, false) => "new-field",
            };
            for language in texts.languages() {
                let name = language.label(&format!("field-{}", field.code()));
                out.comment(&language.label_with(key, &[("field", &name)]));
            }
        }
        out.value(field.code(), &value.value());
    }
}

fn item(out: &mut Lines, disclosure: &Disclosure, entry: &Entry, guide: Option<Texts>) {
    let form = &disclosure.form;
    let item = entry.item.map(|at| &form.items[at]);
    out.value("number", entry.number.as_str());
    if let Some(control) = item.and_then(Item::control).filter(|_| guide.is_none()) {
        out.value("control", control);
    }
    if let Some(text) = &entry.text {
        out.value("text", &text.text);
    }
    if let (Some(texts), Some(item)) = (guide, item) {
        for line in guide::comment(form, item, texts) {
            out.comment(&line);
        }
    }
    let has_methods = item.is_some_and(|item| item.kind == Kind::Multiple);
    let implied = match entry.answer.map(Answer::code) {
        Some(code) => {
            out.value("answer", code);
            in_words(form, item, code)
        }
        None if entry.options.is_empty() => {
            if guide.is_some() && has_methods && entry.written.is_empty() {
                out.line("options = []");
            }
            out.value("answer", &entry.written);
            entry.written.clone()
        }
        None => {
            let options: Vec<String> = entry.options.iter().map(|id| quoted(id)).collect();
            out.line(&format!("options = [{}]", options.join(", ")));
            methods_in_words(form, item, &entry.options)
        }
    };
    if implied != entry.written {
        out.value("written", &entry.written);
    }
    match (&entry.remark.reference, &entry.remark.text) {
        (Some(reference), _) => out.value("remark_reference", reference),
        (None, Some(text)) => out.value("remark", text),
        (None, None) if guide.is_some() => out.value("remark", ""),
        (None, None) => {}
    }
}

#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// A comment, each line of the text on one of its own.
    fn comment(&mut self, text: &str) {
        for line in text.split(['\n', '\r']) {
            // A control character, which a form file may hold, has no place in a comment.
            let seen: String = line.chars().filter(|c| !is_hidden(*c)).collect();
            self.line(&format!("# {seen}"));
        }
    }

    fn value(&mut self, key: &str, value: &str) {
        self.line(&format!("{key} = {}", quoted(value)));
    }
}
