//! The sample sheets. A row reads `requirement | verdict | reason | item | how one gets there`, the reason
//! being the label without `why-`. Where the sheets are absent, the tests say so and pass.

use std::collections::HashMap;
use std::path::PathBuf;

use kaijisho::profile::load;
use kaijisho::{Catalog, Disclosure, Level, Options, Source, Verdict, assess, examine};

use super::{TODAY, judge};

/// File, place among its disclosures, profile, rows.
const SHEETS: [(&str, usize, &str, &str); 14] = [
    (
        "sheets/mds-list.xlsx",
        0,
        "small-hospital",
        "
        backup               | unmet          | other-answer  | 31   | 31 no; yes is asked
        restore              | unmet          | base-missing  | 31.3 | na is not accepted; 31, a good thing, says no
        backup-isolated      | unmet          | base-missing  | 31.2 | as restore; the bundled waiver names another product
        access-log           | unmet          | other-answer  | 49   | 49 no
        role-access          | met            | answered      | 39.6 | yes
        two-factor           | met            | answered      | 39.2 | yes, and no remark that speaks of a plan
        encryption           | unmet          | other-answer  | 35.2 | asked, because 35 says yes; na is not accepted
        account-removal      | unmet          | other-answer  | 40   | no, and only yes and na are accepted
        contact              | unmet          | other-answer  | 51   | no; its remark points nowhere, which changes nothing
        remote-log           | not-applicable | switched-off  | 29.2 | na is not accepted, but the fact 29 says no
        remote-login-control | met            | answered      | 29.1 | yes; that 29 says no is a finding, the answer still counts
        end-of-support       | unmet          | other-answer  | 25   | no; the remark is there but does not help
        sbom                 | met            | answered      | 23   | yes
        mds2-internet        | not-applicable | other-form    | -    | CONN-6 is an item of MDS2
        mds2-sbom            | not-applicable | other-form    | -    | SBOM-1 is an item of MDS2
        remote-maintenance   | met            | answered      | 29   | no is accepted, and remark 12 is there
        exchange             | met            | answered      | 35   | any answer is accepted
        ",
    ),
    (
        "sheets/mds-list.xlsx",
        0,
        "mhlw-checklist-r5",
        "
        r5-2-1           | met   | answered     | 16   | yes
        r5-2-2           | met   | answered     | 29   | a fact; no is accepted
        r5-2-5           | unmet | other-answer | 40   | no
        r5-2-6           | unmet | other-answer | 49   | no
        r5-2-6-review    | unmet | base-missing | 49.1 | na, but only because there is no log at all
        r5-3-1           | unmet | other-answer | 51   | no
        r6-3-2-backup    | unmet | other-answer | 31   | no
        r6-3-2-restore   | unmet | base-missing | 31.3 | na, but only because there is no backup
        r6-3-3           | met   | answered     | 3    | yes
        ",
    ),
    (
        "sheets/mds-list.xlsx",
        0,
        "gl7-outsourced",
        "
        gl7-premise                   | met            | answered      | 7    | yes
        gl7:std.migration             | undecided      | unclear       | 11   | 一部対応 is no answer
        gl7:record.readability        | undecided      | unanswered    | 48   | the cell is empty
        gl7:std.codes                 | met            | answered      | 10   | na; the remark that the form wants is not asked for here
        gl7:risk.disclosure           | unmet          | other-answer  | 8.1  | no, under a yes
        gl7:net.method                | unmet          | other-answer  | 35.4 | no, under a fact that says yes
        gl7:scan.quality              | met            | answered      | 43.1 | na is accepted, which is asked before the fact
        gl7:resp.contract-clauses     | not-applicable | other-subject | -    | asked of services only
        gl7:log.audit                 | not-applicable | other-subject | -    | asked of services only
        gl7:doc.security-guide        | not-applicable | not-asked     | -    | a rule over everything does not want what the form does not ask
        gl7:phys.lock                 | not-applicable | not-asked     | -    | a product control that only MDS2 asks about
        ",
    ),
    (
        "sheets/sds-marks.xlsx",
        0,
        "small-hospital",
        "
        malware              | unmet          | other-answer | 21   | no
        backup-isolated      | met            | answered     | 34.2 | yes
        encryption           | met            | answered     | 40.2 | yes
        lockout              | unmet          | other-answer | 44.4 | no, and only yes and na are accepted
        external-media       | met            | answered     | 18   | na is accepted
        end-of-support       | unmet          | no-remark    | 28   | yes, but without the remark that is required
        remote-maintenance   | unmet          | no-remark    | 32   | yes, but without the remark that is required
        remote-log           | met            | answered     | 32.2 | yes
        mds2-malware         | not-applicable | other-form   | -    | MLDP-2 is an item of MDS2
        ",
    ),
    (
        "sheets/sds-marks.xlsx",
        0,
        "mhlw-checklist-r5",
        "
        r5-2-2               | met            | answered     | 32   | a fact; yes is accepted
        r5-2-5               | met            | answered     | 45   | yes
        r5-3-1               | met            | answered     | 57   | yes
        ",
    ),
    (
        "sheets/sds-marks.xlsx",
        0,
        "gl7-outsourced",
        "
        gl7:phys.peeping         | undecided      | unclear       | 36   | はい and いいえ are both marked
        gl7:maint.data-erasure   | undecided      | unanswered    | 29   | no column is marked
        gl7:equip.port-disable   | not-applicable | other-subject | -    | asked of products only
        gl7:resp.jurisdiction    | met            | answered      | 10   | na is accepted
        gl7:equip.malware-update | met            | answered      | 21.1 | yes; that 21 says no is a finding, the answer still counts
        gl7:sign.certificate     | unmet          | other-answer  | 47.1 | no, under a fact that says yes
        gl7:log.audit            | unmet          | other-answer  | 56   | no
        gl7:auth.fallback        | unmet          | other-answer  | 44.5 | no, under a yes
        ",
    ),
    (
        "sheets/clean-both.xlsx",
        0,
        "small-hospital",
        "
        malware              | unmet          | other-answer | 17   | no
        encryption           | not-applicable | switched-off | 35.2 | the fact 35 is itself not applicable, so not used
        contact              | unmet          | other-answer | 51   | na is not accepted
        remote-log           | not-applicable | switched-off | 29.2 | the fact 29 says no
        remote-login-control | met            | answered     | 29.1 | na is accepted
        backup-isolated      | unmet          | other-answer | 31.2 | no, under a yes
        end-of-support       | unmet          | no-remark    | 25   | yes, but without the remark that is required
        patch                | met            | answered     | 18   | na is accepted
        ",
    ),
    (
        "sheets/clean-both.xlsx",
        0,
        "mhlw-checklist-r5",
        "
        r5-3-1               | unmet          | other-answer | 51   | na; a contact is needed in any case
        r6-3-2-isolated      | unmet          | other-answer | 31.2 | no
        ",
    ),
    (
        "sheets/clean-both.xlsx",
        0,
        "gl7-outsourced",
        "
        gl7:record.finalise          | unmet | other-answer | 45     | no
        gl7:record.tamper-protection | met   | answered     | 45.2   | na is accepted, which is asked before the missing base
        gl7:auth.identification      | unmet | other-answer | 39.1   | no
        gl7:auth.password-reuse      | met   | answered     | 39.3.1 | na is accepted
        ",
    ),
    (
        "sheets/clean-both.xlsx",
        1,
        "small-hospital",
        "
        role-access          | unmet          | base-missing | 44.6 | na is not accepted, and 44, a good thing, is no more there at na than at no
        two-factor           | unmet          | base-missing | 44.2 | as role-access
        lockout              | met            | answered     | 44.4 | na is accepted
        encryption           | not-applicable | switched-off | 40.2 | the fact 40 says no
        end-of-support       | unmet          | other-answer | 28   | na is not accepted
        source-restriction   | unmet          | other-answer | 41   | no
        remote-maintenance   | unmet          | no-remark    | 32   | yes, but without the remark that is required
        ",
    ),
    (
        "sheets/clean-both.xlsx",
        1,
        "gl7-outsourced",
        "
        gl7-two-factor         | met            | answered      | 44.2 | na is accepted here
        gl7:risk.disclosure    | met            | answered      | 12.1 | na is accepted
        gl7:equip.port-disable | not-applicable | other-subject | -    | asked of products only
        gl7:phys.disaster      | met            | answered      | 39   | yes
        ",
    ),
    (
        "corpus/mds2/nema-example-hn1-2019.xlsx",
        0,
        "small-hospital",
        "
        backup               | unmet          | other-answer | DTBK-3     | DTBK-3 and DTBK-4 both no; the first stands for both
        restore              | undecided      | not-asked    | -          | MDS2 has no item for it
        access-log           | unmet          | other-answer | AUDT-2     | no
        remote-log           | not-applicable | switched-off | AUDT-2.8.1 | na under AUDT-2.8 na; and RMOT-1, the fact it refines, says no
        encryption           | unmet          | other-answer | TXCF-2     | no, and the form puts no condition on it
        end-of-support       | met            | answered     | RDMP-3     | yes, with note 8
        mds2-multi-factor    | unmet          | other-answer | PAUT-8     | no
        mds2-internet        | met            | answered     | CONN-6     | no is the wanted answer
        mds2-sbom            | unmet          | other-answer | SBOM-1     | no
        remote-maintenance   | unmet          | no-remark    | RMOT-1     | no is accepted, but __ is no remark
        exchange             | met            | answered     | MPII-3.7   | no is accepted
        ",
    ),
    (
        "corpus/mds2/nema-example-hn1-2019.xlsx",
        0,
        "mhlw-checklist-r5",
        "
        r5-2-2               | met            | answered     | RMOT-1     | no is accepted, no remark is asked for
        r5-2-7               | undecided      | not-asked    | -          | MDS2 asks about patches part by part; none is mapped
        r6-2-9               | met            | answered     | SAHD-9     | yes
        ",
    ),
    (
        "corpus/mds2/nema-example-hn1-2019.xlsx",
        0,
        "gl7-outsourced",
        "
        gl7:doc.configuration-diagram | undecided      | unanswered    | DOC-10     | only the note column is filled
        gl7:soft.update-notice        | met            | answered      | CSUP-7     | na is accepted
        gl7:soft.update-authenticity  | unmet          | base-missing  | SAHD-3.2   | no under SAHD-3 no, a good thing
        gl7:equip.malware-notice      | met            | answered      | MLDP-2.5   | yes; the contradiction to MLDP-2 is a finding
        gl7:auth.credential-storage   | undecided      | base-unclear  | PAUT-14.1  | no under a no of PAUT-14, which has no control: a gap or a fact
        gl7:phys.lock                 | met            | answered      | PLOK-2     | yes; asked, because PLOK-1 says no
        gl7:ops.configuration-backup  | met            | answered      | DTBK-5     | yes
        gl7:log.time                  | met            | answered      | AUDT-4.1.1 | na is accepted
        gl7:vuln.disclosure-program   | unmet          | other-answer  | DOC-8      | no
        gl7:resp.subcontractor        | not-applicable | other-subject | -          | asked of services only
        ",
    ),
];

#[test]
fn the_sample_sheets_by_hand() {
    let mut files: HashMap<&str, Option<Vec<Disclosure>>> = HashMap::new();
    let (mut seen, mut wrong) = (0, Vec::new());
    for (file, at, profile, rows) in SHEETS {
        let Some(disclosures) = files.entry(file).or_insert_with(|| read(file)) else {
            continue;
        };
        let profile = load(profile, &Catalog::bundled()).unwrap();
        for row in rows.lines().map(str::trim).filter(|row| !row.is_empty()) {
            let columns: Vec<&str> = row.split('|').map(str::trim).collect();
            let [requirement, verdict, why, item, _] = columns[..] else {
                panic!("not five columns: {row}");
            };
            let found = judge(&disclosures[at], &profile, requirement, TODAY);
            let wanted = [verdict, why, item].join(" ");
            if found.summary() != wanted {
                wrong.push(format!(
                    "{file} {} {requirement}: {wanted} expected, {}",
                    profile.id,
                    found.summary()
                ));
            }
            seen += 1;
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    // No row may get lost on the way from the table to the comparison.
    if files.values().all(Option::is_some) {
        assert_eq!(seen, 106);
    }
}

/// The switch is `SAHD-6`, which has no control: whether it is a fact or a good thing is not known to the form.
#[test]
fn a_no_under_a_switch_without_a_control_is_undecided() {
    let Some(disclosures) = read("corpus/mds2/nema-example-hn1-2019.xlsx") else {
        return;
    };
    let profile = load("gl7-outsourced", &Catalog::bundled()).unwrap();
    let found = judge(&disclosures[0], &profile, "gl7:auth.least-privilege", TODAY);
    // No account is restricted (SAHD-6 no), so none to least privilege (SAHD-6.2 no): a gap, or a fact about a device
    // without accounts; a person has to say which.
    assert_eq!(found.verdict, Verdict::Undecided);
}

/// Counted from the key, the form and the profile by a script of its own, not by this tool.
#[test]
fn totals_of_a_sheet() {
    let Some(disclosures) = read("sheets/mds-list.xlsx") else {
        return;
    };
    use Level::{Info, Must, Should};
    use Verdict::{Met, NotApplicable, Undecided, Unmet};
    let expected = [
        (
            "gl7-outsourced",
            120,
            vec![
                ((Must, Unmet), 10),
                ((Must, Undecided), 2),
                ((Must, Met), 67),
                ((Must, NotApplicable), 41),
            ],
        ),
        (
            "mhlw-checklist-r5",
            15,
            vec![
                ((Must, Unmet), 5),
                ((Must, Met), 6),
                ((Should, Unmet), 2),
                ((Should, Met), 1),
                ((Info, Met), 1),
            ],
        ),
        (
            "small-hospital",
            26,
            vec![
                ((Must, Unmet), 7),
                ((Must, Met), 5),
                ((Must, NotApplicable), 1),
                ((Should, Unmet), 1),
                ((Should, Met), 6),
                ((Should, NotApplicable), 4),
                ((Info, Met), 2),
            ],
        ),
    ];
    for (name, requirements, counts) in expected {
        let profile = load(name, &Catalog::bundled()).unwrap();
        let assessment = assess(&disclosures[0], &profile, TODAY);
        assert_eq!(assessment.outcomes.len(), requirements, "{name}");
        let found: Vec<_> = assessment.counts().into_iter().collect();
        assert_eq!(found, counts, "{name}");
        assert!(!assessment.is_qualified());
    }
}

/// The disclosures of a shared file, or `None` with a message where it is absent.
fn read(file: &str) -> Option<Vec<Disclosure>> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../shared", file]
        .iter()
        .collect();
    let Ok(bytes) = std::fs::read(&path) else {
        println!("skipped: no corpus");
        return None;
    };
    let examined = examine(&Source::new(file, bytes), &Options::new(TODAY));
    Some(examined.disclosures)
}
