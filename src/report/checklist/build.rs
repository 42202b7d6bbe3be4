//! From a filled checklist to the published shape.

use jiff::civil::Date;

use super::model::{
    CellInfo, ChecklistReport, ConcernInfo, ConfirmedInfo, EvidenceInfo, EvidenceKind,
    FacilityInfo, ItemLine, Kind, ReceivedInfo, StatusCounts, SystemInfo, Todo, TodoKind,
    VendorInfo, YearInfo,
};
use crate::answer::Answer;
use crate::checklist::{
    Cell, Confirmed, Facility, Fact, Filled, Line, Said, Sheet, Status, Why, Year, fill,
};
use crate::control::Controls;
use crate::examine::Examined;
use crate::language::Language;
use crate::report::model::{Document, Tool, documents, finding_info, place_info};
use crate::text::show;

/// Pieces of evidence listed for one cell at most.
const EVIDENCE: usize = 60;

/// Fills a year's checklist from the facility file and the files received, on a day.
pub fn report(
    year: &Year,
    facility: &Facility,
    files: &[Examined],
    today: Date,
    language: Language,
) -> ChecklistReport {
    let mut sheets: Vec<Sheet<'_>> = Vec::new();
    let mut all: Vec<Document> = Vec::new();
    // The document of each sheet: a file without a disclosure has an entry, too.
    let mut document_of: Vec<usize> = Vec::new();
    for file in files {
        for (at, disclosure) in file.disclosures.iter().enumerate() {
            document_of.push(all.len() + at);
            sheets.push(Sheet {
                file,
                at,
                disclosure,
            });
        }
        all.extend(documents(file, language));
    }
    let filled = fill(year, facility, &sheets, today);
    let builder = Builder {
        year,
        facility,
        filled: &filled,
        document_of: &document_of,
        documents: &all,
        language,
    };
    let items: Vec<ItemLine> = filled.lines.iter().map(|line| builder.item(line)).collect();
    let mut summary = StatusCounts::default();
    for item in items.iter().filter(|item| !item.reference_only) {
        summary.add(item.whole.status);
    }
    ChecklistReport {
        schema: Kind::Checklist,
        tool: Tool::this(),
        language,
        year: YearInfo {
            id: year.id.clone(),
            title: year.title.text(language).to_owned(),
            provenance: year.provenance.text(language).trim().to_owned(),
            first_day: year.first_day.to_string(),
            last_day: year.last_day.to_string(),
        },
        date: today.to_string(),
        facility: FacilityInfo {
            file: facility.file.clone(),
            sha256: facility.sha256.clone(),
            name: facility.name.clone(),
            kind: facility.kind.clone(),
            safety_manager: facility.safety_manager.clone(),
            filled_by: facility.filled_by.clone(),
        },
        notes: builder.notes(today),
        summary,
        systems: builder.systems(&items),
        vendors: builder.vendors(),
        todo: builder.todo(),
        unmatched: filled
            .unmatched
            .iter()
            .map(|sheet| document_of[*sheet])
            .collect(),
        findings: filled
            .findings
            .iter()
            .map(|finding| finding_info(finding, language))
            .collect(),
        items,
        documents: all,
    }
}

struct Builder<'b> {
    year: &'b Year,
    facility: &'b Facility,
    filled: &'b Filled<'b>,
    document_of: &'b [usize],
    documents: &'b [Document],
    language: Language,
}

impl Builder<'_> {
    fn label(&self, key: &str) -> String {
        self.language.label(key)
    }

    fn notes(&self, today: Date) -> Vec<String> {
        let mut notes = Vec::new();
        if !self.year.holds(today) {
            let (date, first, last) = (
                today.to_string(),
                self.year.first_day.to_string(),
                self.year.last_day.to_string(),
            );
            let values = [("date", &*date), ("first", &*first), ("last", &*last)];
            notes.push(self.language.label_with("checklist-note-outside", &values));
        }
        notes.push(self.label("checklist-note-evidence"));
        if self.year.items.iter().any(|item| !item.confirmed) {
            notes.push(self.label("checklist-note-unconfirmed"));
        }
        notes
    }

    fn item(&self, line: &Line<'_>) -> ItemLine {
        let item = line.item;
        let text = |text: &crate::language::Localised| text.text(self.language).to_owned();
        ItemLine {
            id: item.id.clone(),
            number: item.number.clone(),
            title: text(&item.title),
            vendor: item.vendor.as_ref().map(text),
            area: item.area,
            subject: item.subject,
            per: item.per,
            gate: item.gate,
            reference_only: item.reference_only,
            confirmed: item.confirmed,
            whole: self.cell(line, &line.whole, None),
            systems: line
                .systems
                .iter()
                .enumerate()
                .map(|(at, cell)| self.cell(line, cell, Some(at)))
                .collect(),
        }
    }

    fn cell(&self, line: &Line<'_>, cell: &Cell<'_>, system: Option<usize>) -> CellInfo {
        let mut evidence = self.evidence(line, cell, system);
        let evidence_omitted = evidence.len().saturating_sub(EVIDENCE);
        evidence.truncate(EVIDENCE);
        CellInfo {
            system,
            status: cell.status,
            why: cell.why.code().to_owned(),
            reason: self.reason(line, cell),
            first: cell.first.map(confirmed),
            target: cell.target.map(|target| target.to_string()),
            second: cell.second.map(confirmed),
            by: cell.own.and_then(|own| own.by.clone()),
            disputed: cell.disputed,
            evidence,
            evidence_omitted,
        }
    }

    fn reason(&self, line: &Line<'_>, cell: &Cell<'_>) -> String {
        if cell.why != Why::Systems {
            return self.label(&format!("checklist-why-{}", cell.why.code()));
        }
        let counts: Vec<String> = Status::ALL
            .into_iter()
            .filter_map(|status| {
                let count = line
                    .systems
                    .iter()
                    .filter(|cell| cell.status == status)
                    .count();
                let word = self.label(&format!("status-{}", status.code()));
                (count > 0).then(|| format!("{word} {count}"))
            })
            .collect();
        let counts = counts.join(match self.language {
            Language::Ja => "・",
            Language::En => ", ",
        });
        self.language
            .label_with("checklist-why-systems", &[("counts", &counts)])
    }

    fn evidence(
        &self,
        line: &Line<'_>,
        cell: &Cell<'_>,
        system: Option<usize>,
    ) -> Vec<EvidenceInfo> {
        let plain = |kind, text| EvidenceInfo {
            kind,
            text,
            document: None,
            system,
            control: None,
            item: None,
            answer: None,
            remark: None,
            place: None,
        };
        let mut evidence: Vec<EvidenceInfo> = cell
            .facts
            .iter()
            .map(|(key, values)| {
                let values: Vec<(&str, &str)> = values
                    .iter()
                    .map(|(name, value)| (*name, value.as_str()))
                    .collect();
                plain(EvidenceKind::Fact, self.language.label_with(key, &values))
            })
            .collect();
        let documents = cell.own.iter().flat_map(|own| &own.evidence);
        evidence.extend(documents.map(|text| plain(EvidenceKind::Document, text.clone())));
        if line.item.has(Fact::Disclosure)
            && let Some(system) = system
        {
            let current = self.filled.received[system]
                .iter()
                .filter(|one| one.current);
            evidence.extend(current.map(|received| {
                let document = self.document_of[received.matched.sheet];
                EvidenceInfo {
                    document: Some(document),
                    ..plain(EvidenceKind::Disclosure, self.sheet_name(document))
                }
            }));
        }
        evidence.extend(cell.said.iter().map(|said| self.said(said)));
        evidence
    }

    fn said(&self, said: &Said<'_>) -> EvidenceInfo {
        let control = Controls::bundled().get(said.control);
        let title = control.map_or(said.control, |control| control.title.text(self.language));
        EvidenceInfo {
            kind: EvidenceKind::Disclosure,
            text: title.to_owned(),
            document: Some(self.document_of[said.sheet]),
            system: Some(said.system),
            control: Some(said.control.to_owned()),
            item: Some(said.entry.number.to_string()),
            answer: said.entry.answer,
            remark: said.entry.remark.text.clone(),
            place: place_info(&said.entry.place),
        }
    }

    fn sheet_name(&self, document: usize) -> String {
        let document = &self.documents[document];
        match &document.sheet {
            Some(sheet) => format!("{} [{sheet}]", document.file),
            None => document.file.clone(),
        }
    }

    fn systems(&self, items: &[ItemLine]) -> Vec<SystemInfo> {
        let systems = self.facility.systems.iter().enumerate();
        systems
            .map(|(at, system)| {
                let mut counts = StatusCounts::default();
                for item in items.iter().filter(|item| !item.reference_only) {
                    if let Some(cell) = item.systems.get(at) {
                        counts.add(cell.status);
                    }
                }
                SystemInfo {
                    id: system.id.clone(),
                    name: system.name.clone(),
                    category: system.category.clone(),
                    vendor: system.vendor,
                    product: system.product.clone(),
                    version: system.version.clone(),
                    contract: system.contract,
                    received: self.received(at),
                    counts,
                }
            })
            .collect()
    }

    fn received(&self, system: usize) -> Vec<ReceivedInfo> {
        let received = self.filled.received[system].iter();
        received
            .map(|received| ReceivedInfo {
                document: self.document_of[received.matched.sheet],
                current: received.current,
                doubt: received
                    .matched
                    .doubt
                    .map(|doubt| self.label(&format!("doubt-{}", doubt.code()))),
                concerns: received
                    .concerns
                    .iter()
                    .map(|concern| ConcernInfo {
                        kind: concern.code().to_owned(),
                        text: concern.text(self.language),
                    })
                    .collect(),
            })
            .collect()
    }

    fn vendors(&self) -> Vec<VendorInfo> {
        let vendors = self.facility.vendors.iter().enumerate();
        vendors
            .map(|(at, vendor)| {
                let systems: Vec<usize> = (0..self.facility.systems.len())
                    .filter(|system| self.facility.systems[*system].vendor == Some(at))
                    .collect();
                let not_sent = systems.iter().copied().filter(|system| {
                    self.facility.systems[*system].contract && !self.filled.has_disclosure(*system)
                });
                VendorInfo {
                    id: vendor.id.clone(),
                    name: vendor.name.clone(),
                    contact: vendor.contact.clone(),
                    not_sent: not_sent.collect(),
                    systems,
                }
            })
            .collect()
    }

    fn todo(&self) -> Vec<Todo> {
        let mut todo = Vec::new();
        for (at, system) in self.facility.systems.iter().enumerate() {
            let mut add = |kind: TodoKind, text: String| {
                todo.push(Todo {
                    kind,
                    vendor: system.vendor,
                    system: Some(at),
                    item: None,
                    text,
                });
            };
            let received = &self.filled.received[at];
            if system.contract && !self.filled.has_disclosure(at) && received.is_empty() {
                add(TodoKind::NotSent, self.not_sent(system.disclosures.first()));
            }
            let uncertain = !self.filled.has_disclosure(at);
            for one in received {
                let name = self.sheet_name(self.document_of[one.matched.sheet]);
                if let Some(doubt) = one.matched.doubt.filter(|_| uncertain) {
                    let doubt = self.label(&format!("doubt-{}", doubt.code()));
                    add(TodoKind::Uncertain, format!("{name}: {doubt}"));
                }
                for concern in &one.concerns {
                    let text = concern.text(self.language);
                    add(TodoKind::Concern, format!("{name}: {text}"));
                }
            }
        }
        // It may be the very sheet that a system waits for.
        for document in self.documents.iter().filter(|one| one.form.is_none()) {
            let values = [("file", &*show(&document.file, 120))];
            todo.push(Todo {
                kind: TodoKind::Unread,
                vendor: None,
                system: None,
                item: None,
                text: self.language.label_with("checklist-todo-unread", &values),
            });
        }
        for line in self
            .filled
            .lines
            .iter()
            .filter(|line| !line.item.reference_only)
        {
            let cells = line.systems.iter().enumerate();
            let cells = cells.map(|(at, cell)| (Some(at), cell));
            let whole = line.systems.is_empty().then_some((None, &line.whole));
            for (system, cell) in cells.chain(whole) {
                self.todo_of(line, system, cell, &mut todo);
            }
        }
        todo.sort_by_key(|todo| todo.kind);
        todo
    }

    /// A file that the facility file names for a system and that is not among those received is named.
    fn not_sent(&self, named: Option<&String>) -> String {
        match named {
            Some(file) => {
                let values = [("file", &*show(file, 80))];
                self.language
                    .label_with("checklist-todo-not-there", &values)
            }
            None => self.label("checklist-why-not-arrived"),
        }
    }

    fn todo_of(
        &self,
        line: &Line<'_>,
        system: Option<usize>,
        cell: &Cell<'_>,
        todo: &mut Vec<Todo>,
    ) {
        let mut add = |kind: TodoKind, key: &str| {
            todo.push(Todo {
                kind,
                vendor: system.and_then(|at| self.facility.systems[at].vendor),
                system,
                item: Some(line.item.id.clone()),
                text: format!(
                    "{}: {}",
                    line.item.title.text(self.language),
                    self.label(key)
                ),
            });
        };
        if cell.disputed {
            add(TodoKind::Disputed, "checklist-todo-disputed");
        }
        if cell.status == Status::No && cell.target.is_none() {
            add(TodoKind::TargetMissing, "checklist-todo-target");
        }
    }
}

fn confirmed(confirmed: Confirmed) -> ConfirmedInfo {
    ConfirmedInfo {
        answer: if confirmed.yes {
            Answer::Yes
        } else {
            Answer::No
        },
        date: confirmed.date.to_string(),
    }
}
