//! What a requirement comes to, and why.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a requirement comes to.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    #[allow(missing_docs)] // one documented variant would turn the JSON Schema's enum into a oneOf
    Unmet,
    #[allow(missing_docs)]
    Undecided,
    #[allow(missing_docs)]
    Waived,
    #[allow(missing_docs)]
    Met,
    #[allow(missing_docs)]
    NotApplicable,
}

impl Verdict {
    /// All verdicts, what needs work first.
    pub const ALL: [Verdict; 5] = [
        Verdict::Unmet,
        Verdict::Undecided,
        Verdict::Waived,
        Verdict::Met,
        Verdict::NotApplicable,
    ];

    /// The name in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Verdict::Unmet => "unmet",
            Verdict::Undecided => "undecided",
            Verdict::Waived => "waived",
            Verdict::Met => "met",
            Verdict::NotApplicable => "not-applicable",
        }
    }
}

/// Why a verdict is what it is; the words are labels `why-…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// The answer is among those required.
    Answered,
    /// The remark says it is planned.
    Planned,
    /// The remark speaks of a plan and denies it.
    PlanDoubtful,
    /// The answer is not among those required.
    OtherAnswer,
    /// A remark is required and there is none.
    NoRemark,
    /// The remark names nothing that can be looked up.
    NoEvidence,
    /// None of the methods required is ticked.
    NoMethod,
    /// Nothing is answered.
    Unanswered,
    /// The answer is unclear.
    Unclear,
    /// The sheet asks something else than the form.
    Reworded,
    /// The answer only points to a note.
    SeeNote,
    /// The sheet does not have the item.
    ItemMissing,
    /// The form has no item for the control.
    NotAsked,
    /// The sheet describes itself, so no item is known to answer the control.
    Derived,
    /// A question looks like the control, but not so surely that a verdict could rest on it.
    Uncertain,
    /// Several questions were recognised by their words as asking the control, and their answers disagree.
    Disputed,
    /// The control is asked of the other subject.
    OtherSubject,
    /// The item belongs to another form.
    OtherForm,
    /// What it refines is not used.
    SwitchedOff,
    /// What it builds on is missing.
    BaseMissing,
    /// What switches it off says no, and it is not known whether that is good or bad.
    BaseUnclear,
    /// By what is known of the system the requirement is not meant for it.
    NotForSystem,
    /// A profile has set the requirement aside.
    SetAside,
    /// The sheet does not carry the question.
    NotPut,
}

impl Why {
    /// Every reason, for the test that each has a label.
    pub const ALL: [Why; 24] = [
        Why::Answered,
        Why::Planned,
        Why::PlanDoubtful,
        Why::OtherAnswer,
        Why::NoRemark,
        Why::NoEvidence,
        Why::NoMethod,
        Why::Unanswered,
        Why::Unclear,
        Why::Reworded,
        Why::SeeNote,
        Why::ItemMissing,
        Why::NotAsked,
        Why::Derived,
        Why::Uncertain,
        Why::Disputed,
        Why::OtherSubject,
        Why::OtherForm,
        Why::SwitchedOff,
        Why::BaseMissing,
        Why::BaseUnclear,
        Why::NotForSystem,
        Why::SetAside,
        Why::NotPut,
    ];

    /// The key of its label.
    pub fn label(self) -> &'static str {
        match self {
            Why::Answered => "why-answered",
            Why::Planned => "why-planned",
            Why::PlanDoubtful => "why-plan-doubtful",
            Why::OtherAnswer => "why-other-answer",
            Why::NoRemark => "why-no-remark",
            Why::NoEvidence => "why-no-evidence",
            Why::NoMethod => "why-no-method",
            Why::Unanswered => "why-unanswered",
            Why::Unclear => "why-unclear",
            Why::Reworded => "why-reworded",
            Why::SeeNote => "why-see-note",
            Why::ItemMissing => "why-item-missing",
            Why::NotAsked => "why-not-asked",
            Why::Derived => "why-derived",
            Why::Uncertain => "why-uncertain",
            Why::Disputed => "why-disputed",
            Why::OtherSubject => "why-other-subject",
            Why::OtherForm => "why-other-form",
            Why::SwitchedOff => "why-switched-off",
            Why::BaseMissing => "why-base-missing",
            Why::BaseUnclear => "why-base-unclear",
            Why::NotForSystem => "why-not-for-system",
            Why::SetAside => "why-set-aside",
            Why::NotPut => "why-not-put",
        }
    }
}
