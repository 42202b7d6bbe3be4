//! Rules: one data file each, `schemas/rules/<CODE>.toml`.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::language::Language;

/// How grave a finding is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    #[allow(missing_docs)] // one documented variant would turn the JSON Schema's enum into a oneOf
    Note,
    #[allow(missing_docs)]
    Warning,
    #[allow(missing_docs)]
    Error,
}

impl Severity {
    /// The name in JSON and on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [Severity::Note, Severity::Warning, Severity::Error]
            .into_iter()
            .find(|severity| severity.code() == text)
            .ok_or_else(|| format!("unknown severity {text:?}; use error, warning or note"))
    }
}

/// A rule as its file says it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    #[allow(dead_code)]
    schema: String,
    /// `MDSnnn` or `CFGnnn`, the stem of the file's name.
    pub code: String,
    /// The name in the contract: `answer-missing`.
    pub name: String,
    /// How grave a finding is unless a profile says otherwise.
    pub severity: Severity,
    /// The values a message may show.
    pub params: Vec<String>,
    /// Numbers that tune the check.
    #[serde(default)]
    pub parameters: BTreeMap<String, f64>,
    ja: RuleText,
    en: RuleText,
    /// Where the rule comes from.
    #[serde(default, rename = "reference")]
    pub references: Vec<Reference>,
}

/// The texts of a rule in one language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleText {
    /// A heading.
    pub title: String,
    /// What is wrong with what was found.
    pub message: String,
    /// Why it matters.
    pub why: String,
    /// What to do.
    pub help: String,
    /// A bad and a good example.
    pub example: Option<Example>,
}

/// A bad and a good example.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What the rule finds.
    pub bad: String,
    /// What it accepts.
    pub good: String,
}

/// A document a rule comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The document.
    pub source: String,
    /// The clause, where one is known.
    pub clause: Option<String>,
}

impl Rule {
    /// The texts in one language.
    pub fn text(&self, language: Language) -> &RuleText {
        match language {
            Language::Ja => &self.ja,
            Language::En => &self.en,
        }
    }

    /// A number that tunes the check.
    pub(crate) fn parameter(&self, name: &str) -> f64 {
        *self
            .parameters
            .get(name)
            .expect("a guard test compares parameters with rule files")
    }
}

macro_rules! rules {
    ($($constant:ident = $code:literal $name:literal),* $(,)?) => {
        $(pub(crate) const $constant: &str = $name;)*

        /// Code, name and file of every rule. A guard test compares this list with the folder.
        pub(crate) const FILES: &[(&str, &str, &str)] = &[
            $(($code, $name, include_str!(concat!("../../schemas/rules/", $code, ".toml")))),*
        ];
    };
}

rules! {
    FILE_DAMAGED = "MDS101" "file-damaged",
    FILE_ENCRYPTED = "MDS102" "file-encrypted",
    FILE_TOO_LARGE = "MDS103" "file-too-large",
    FILE_MACRO = "MDS104" "file-macro",
    FILE_EXTERNAL_LINK = "MDS105" "file-external-link",
    FORM_UNRECOGNISED = "MDS201" "form-unrecognised",
    FORM_DERIVED = "MDS202" "form-derived",
    FORM_EDITION_OLD = "MDS203" "form-edition-old",
    SHEET_IGNORED = "MDS204" "sheet-ignored",
    NOTHING_RECOGNISED = "MDS205" "nothing-recognised",
    CONTENT_UNRECOGNISED = "MDS206" "content-unrecognised",
    ROWS_UNMATCHED = "MDS207" "rows-unmatched",
    COLUMN_AMBIGUOUS = "MDS208" "column-ambiguous",
    COLUMN_HIDDEN = "MDS209" "column-hidden",
    MARK_MEANING_ASSUMED = "MDS210" "mark-meaning-assumed",
    TEXT_NOT_READ = "MDS211" "text-not-read",
    FINDING_RETURNED = "MDS212" "finding-returned",
    ITEM_RENUMBERED = "MDS220" "item-renumbered",
    CONTENT_KEPT = "MDS222" "content-kept",
    ITEM_MISSING = "MDS301" "item-missing",
    ITEM_UNKNOWN = "MDS302" "item-unknown",
    ITEM_DUPLICATE = "MDS303" "item-duplicate",
    ITEM_TEXT_CHANGED = "MDS304" "item-text-changed",
    ITEM_NUMBER_AMBIGUOUS = "MDS305" "item-number-ambiguous",
    ROW_HIDDEN = "MDS306" "row-hidden",
    ITEM_ORDER_CHANGED = "MDS309" "item-order-changed",
    HEADER_MISSING = "MDS401" "header-missing",
    HEADER_DATE_UNREADABLE = "MDS402" "header-date-unreadable",
    HEADER_DATE_FUTURE = "MDS403" "header-date-future",
    ANSWER_MISSING = "MDS501" "answer-missing",
    ANSWER_CONFLICTING = "MDS502" "answer-conflicting",
    ANSWER_UNKNOWN = "MDS503" "answer-unknown",
    ANSWER_OUTSIDE_CHOICES = "MDS504" "answer-outside-choices",
    ANSWER_DRAWN = "MDS505" "answer-drawn",
    REMARK_MISSING = "MDS601" "remark-missing",
    REMARK_DANGLING = "MDS602" "remark-dangling",
    REMARK_UNREFERENCED = "MDS603" "remark-unreferenced",
    CHILD_CONTRADICTS_PARENT = "MDS701" "child-contradicts-parent",
    CHILD_ANSWERED_UNDER_NO = "MDS702" "child-answered-under-no",
    PARENT_UNANSWERED = "MDS703" "parent-unanswered",
    PROFILE_UNREADABLE = "CFG001" "profile-unreadable",
    REQUIREMENT_UNKNOWN_CONTROL = "CFG002" "requirement-unknown-control",
    REQUIREMENT_UNKNOWN_ITEM = "CFG003" "requirement-unknown-item",
    REQUIREMENT_DUPLICATE = "CFG004" "requirement-duplicate",
    REQUIREMENT_INVALID = "CFG005" "requirement-invalid",
    EXTENDS_UNKNOWN = "CFG006" "extends-unknown",
    EXTENDS_CYCLE = "CFG007" "extends-cycle",
    SEVERITY_UNKNOWN_RULE = "CFG008" "severity-unknown-rule",
    ANSWER_NOT_A_CHOICE = "CFG009" "answer-not-a-choice",
    WAIVER_UNKNOWN_REQUIREMENT = "CFG010" "waiver-unknown-requirement",
    WAIVER_DATES_REVERSED = "CFG011" "waiver-dates-reversed",
    WAIVER_EXPIRED = "CFG012" "waiver-expired",
    WAIVER_UNUSED = "CFG013" "waiver-unused",
    WAIVER_NOT_YET = "CFG014" "waiver-not-yet",
    METHOD_UNKNOWN = "CFG015" "method-unknown",
    FORM_INVALID = "CFG016" "form-invalid",
    MAPPING_INVALID = "CFG017" "mapping-invalid",
    FORM_DOUBTFUL = "CFG018" "form-doubtful",
    CROSSWALK_INVALID = "CFG019" "crosswalk-invalid",
    LAYOUT_INVALID = "CFG020" "layout-invalid",
    LAYOUT_UNMATCHED = "CFG021" "layout-unmatched",
    PRODUCTS_INVALID = "CFG022" "products-invalid",
    ANSWER_STALE = "CFG023" "answer-stale",
    EDITION_SUPERSEDED = "CFG024" "edition-superseded",
    ANSWER_UNUSED = "CFG025" "answer-unused",
    ANSWER_TWICE = "CFG026" "answer-twice",
    REVIEW_IN_FUTURE = "CFG027" "review-in-future",
    OVERRIDE_INVALID = "CFG030" "override-invalid",
    FACT_INVALID = "CFG031" "fact-invalid",
    FACT_CONTRADICTED = "CFG032" "fact-contradicted",
    FACT_UNKNOWN = "CFG033" "fact-unknown",
    WAIVER_TOO_LONG = "CFG034" "waiver-too-long",
    WAIVER_APPROVER_MISSING = "CFG035" "waiver-approver-missing",
    REQUIREMENT_REPLACED = "CFG036" "requirement-replaced",
    CHECKLIST_FILE_INVALID = "CFG045" "checklist-file-invalid",
    CHECK_DATE_FUTURE = "CFG046" "check-date-future",
    TARGET_PASSED = "CFG047" "target-passed",
    TARGET_OUTSIDE_YEAR = "CFG048" "target-outside-year",
    CHECKLIST_ANSWER_UNUSED = "CFG049" "checklist-answer-unused",
    RISKS_INVALID = "CFG050" "risks-invalid",
    RISK_INCOMPLETE = "CFG051" "risk-incomplete",
    RISK_OVERDUE = "CFG052" "risk-overdue",
    RISK_CLOSED_UNTREATED = "CFG053" "risk-closed-untreated",
    RISK_WORD_UNKNOWN = "CFG054" "risk-word-unknown",
    RISK_NOT_OPENED = "CFG055" "risk-not-opened",
    SYSTEM_NOT_FOUND = "CFG056" "system-not-found",
    SYSTEM_AMBIGUOUS = "CFG057" "system-ambiguous",
    SYSTEM_FACT_UNKNOWN = "CFG058" "system-fact-unknown",
    SYSTEM_FACT_OVERRULED = "CFG059" "system-fact-overruled",
    EXTENDS_TOO_DEEP = "CFG060" "extends-too-deep",
    PROFILE_TOO_LARGE = "CFG061" "profile-too-large",
    WAIVER_OVERLAPS = "CFG062" "waiver-overlaps",
    WAIVERS_LEFT_BEHIND = "CFG063" "waivers-left-behind",
    RISK_TWICE = "CFG064" "risk-twice",
    USERS_INVALID = "CFG075" "users-invalid",
    TOKEN_WEAK = "CFG076" "token-weak",
}

/// All rules.
#[derive(Debug)]
pub struct Rules {
    rules: Vec<LazyLock<Rule, Box<dyn Fn() -> Rule + Send + Sync>>>,
}

static BUNDLED: LazyLock<Rules> = LazyLock::new(|| Rules {
    // Each file is parsed when it is first asked for: a run shows few rules.
    rules: FILES
        .iter()
        .map(|(code, _, text)| {
            let parse: Box<dyn Fn() -> Rule + Send + Sync> = Box::new(move || {
                toml::from_str(text).unwrap_or_else(|error| {
                    panic!("schemas/rules/{code}.toml is checked by tests: {error}")
                })
            });
            LazyLock::new(parse)
        })
        .collect(),
});

impl Rules {
    /// The bundled rules.
    pub fn bundled() -> &'static Rules {
        &BUNDLED
    }

    /// The rule of a name that the code uses; the list of names and files is one.
    pub(crate) fn named(&self, name: &str) -> &Rule {
        self.find(name).expect("names come from the list of rules")
    }

    /// The rule of this code or name.
    pub fn find(&self, code_or_name: &str) -> Option<&Rule> {
        let at = FILES.iter().position(|(code, name, _)| {
            code.eq_ignore_ascii_case(code_or_name) || *name == code_or_name
        })?;
        Some(&self.rules[at])
    }

    /// All rules in the order of their codes within each kind.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().map(|rule| &**rule)
    }
}
