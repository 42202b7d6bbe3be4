//! What each item comes to, for each system and for the facility.

use jiff::civil::Date;

use super::facility::{Facility, Own};
use super::facts::{Settled, settled};
use super::year::{Fact, Item, ItemSubject, Per, Year};
use super::{Cell, Confirmed, Line, Received, Said, Sheet, Status, Why};
use crate::answer::Answer;

/// All that an item is judged by.
pub(super) struct About<'a, 'x> {
    pub(super) year: &'a Year,
    pub(super) facility: &'a Facility,
    pub(super) sheets: &'x [Sheet<'a>],
    pub(super) received: &'x [Vec<Received>],
    pub(super) today: Date,
}

impl<'a> About<'a, '_> {
    pub(super) fn line(&self, item: &'a Item) -> Line<'a> {
        match item.per {
            Per::Facility => Line {
                item,
                whole: self.cell(item, None),
                systems: Vec::new(),
            },
            Per::System => {
                let systems: Vec<Cell<'a>> = (0..self.facility.systems.len())
                    .map(|system| self.cell(item, Some(system)))
                    .collect();
                let whole = match systems.as_slice() {
                    [] => self.cell(item, None),
                    systems => whole(systems),
                };
                Line {
                    item,
                    whole,
                    systems,
                }
            }
        }
    }

    fn cell(&self, item: &'a Item, system: Option<usize>) -> Cell<'a> {
        if let Some(why) = self.not_needed(item, system) {
            return Cell {
                status: Status::NotNeeded,
                why,
                ..nothing()
            };
        }
        let said = self.said(item, system);
        let fact = settled(self, item, system, &said);
        let own = self.facility.own(&item.id, system, self.year);
        // A confirmation that is still to come is none; a finding tells it.
        let own = own.filter(|own| own.checked <= self.today);
        let mut cell = match own {
            Some(own) if self.year.holds(own.checked) => self.answered(item, own, fact.as_ref()),
            Some(_) | None => self.unanswered(own.is_some(), fact.as_ref(), &said),
        };
        cell.own = own;
        cell.facts = fact.and_then(|fact| fact.text).into_iter().collect();
        // Either answer about a fact is fine; elsewhere a disclosed no speaks against a yes.
        cell.disputed = cell.status == Status::Yes
            && !item.has(Fact::RemoteMaintenance)
            && said
                .iter()
                .any(|said| said.entry.answer == Some(Answer::No));
        cell.said = said;
        cell
    }

    fn not_needed(&self, item: &Item, system: Option<usize>) -> Option<Why> {
        if !item.gate && self.nothing_in_use() {
            return Some(Why::NotInUse);
        }
        let about = &self.facility.systems[system?];
        if item.not_needed_without_contract && !about.contract {
            return Some(Why::NoContract);
        }
        let devices = match item.subject {
            ItemSubject::Server => about.servers,
            ItemSubject::Pc => about.pcs,
            ItemSubject::Network => about.network_devices,
            ItemSubject::Organisation | ItemSubject::Systems | ItemSubject::Devices => None,
        };
        (devices == Some(0)).then_some(Why::NoDevice)
    }

    /// True if the facility says that it uses no system, and its file lists none.
    fn nothing_in_use(&self) -> bool {
        let gate = self.year.items.iter().find(|item| item.gate);
        let own = gate.and_then(|gate| self.facility.own(&gate.id, None, self.year));
        let said_no = own.is_some_and(|own| {
            self.year.holds(own.checked) && own.checked <= self.today && !self.now(own).yes
        });
        said_no && self.facility.systems.is_empty()
    }

    /// What the disclosures that count say to the controls of an item.
    fn said(&self, item: &'a Item, system: Option<usize>) -> Vec<Said<'a>> {
        let systems = match system {
            Some(system) => system..system + 1,
            None => 0..self.received.len(),
        };
        let mut said = Vec::new();
        for system in systems {
            for received in self.received[system].iter().filter(|one| one.current) {
                let sheet = received.matched.sheet;
                let disclosure = self.sheets[sheet].disclosure;
                for control in &item.controls {
                    let positions = disclosure.form.items.iter().enumerate();
                    let entries = positions
                        .filter(|(_, item)| item.control() == Some(control))
                        .filter_map(|(at, _)| disclosure.entry_at(at));
                    said.extend(entries.map(|entry| Said {
                        sheet,
                        system,
                        control,
                        entry,
                    }));
                }
            }
        }
        said
    }

    /// The answer that holds today: the second look where it has taken place.
    fn now(&self, own: &Own) -> Confirmed {
        self.second(own).unwrap_or(Confirmed {
            yes: own.yes,
            date: own.checked,
        })
    }

    fn second(&self, own: &Own) -> Option<Confirmed> {
        let second = own.second.filter(|second| second.date <= self.today)?;
        Some(Confirmed {
            yes: second.yes,
            date: second.date,
        })
    }

    /// An item with an answer of the facility's own in the year.
    fn answered(&self, item: &Item, own: &'a Own, fact: Option<&Settled>) -> Cell<'a> {
        let first = Confirmed {
            yes: own.yes,
            date: own.checked,
        };
        let mut cell = Cell {
            status: of(self.now(own).yes),
            why: Why::Own,
            first: Some(first),
            target: own.target,
            second: self.second(own),
            ..nothing()
        };
        let Some(fact) = fact.filter(|fact| !fact.gives_way) else {
            return cell;
        };
        match (cell.status, fact.status) {
            (own, fact) if own == fact => {}
            // The sheet came after the facility had said that it was not there.
            (Status::No, Status::Yes) if item.has(Fact::Disclosure) && cell.second.is_none() => {
                cell.status = Status::Yes;
                cell.second = Some(Confirmed {
                    yes: true,
                    date: self.today,
                });
            }
            (Status::No, Status::Check) => return cell,
            _ => {
                cell.status = Status::Check;
                cell.why = Why::AgainstFact;
                return cell;
            }
        }
        cell.why = fact.why;
        cell
    }

    /// An item without one.
    fn unanswered(
        &self,
        in_other_year: bool,
        fact: Option<&Settled>,
        said: &[Said<'a>],
    ) -> Cell<'a> {
        let cell = |status, why| Cell {
            status,
            why,
            ..nothing()
        };
        if let Some(fact) = fact
            && matches!(fact.status, Status::Yes | Status::No)
        {
            let first = Confirmed {
                yes: fact.status == Status::Yes,
                date: self.today,
            };
            return Cell {
                first: Some(first),
                ..cell(fact.status, fact.why)
            };
        }
        if in_other_year {
            return cell(Status::Check, Why::OtherYear);
        }
        if let Some(fact) = fact {
            return cell(fact.status, fact.why);
        }
        let count = |answer| {
            said.iter()
                .filter(|said| said.entry.answer == answer)
                .count()
        };
        let (yes, no) = (count(Some(Answer::Yes)), count(Some(Answer::No)));
        if said.is_empty() || count(None) == said.len() {
            cell(Status::Open, Why::Nothing)
        } else if yes == said.len() {
            cell(Status::Check, Why::SaysYes)
        } else if no == said.len() {
            cell(Status::Check, Why::SaysNo)
        } else {
            cell(Status::Check, Why::SaysMixed)
        }
    }
}

fn of(yes: bool) -> Status {
    if yes { Status::Yes } else { Status::No }
}

fn nothing<'a>() -> Cell<'a> {
    Cell {
        status: Status::Open,
        why: Why::Nothing,
        first: None,
        target: None,
        second: None,
        own: None,
        facts: Vec::new(),
        said: Vec::new(),
        disputed: false,
    }
}

/// What the systems come to together: no, open, to be checked, and yes only if all are.
fn whole<'a>(systems: &[Cell<'a>]) -> Cell<'a> {
    let needed: Vec<&Cell<'a>> = systems
        .iter()
        .filter(|cell| cell.status != Status::NotNeeded)
        .collect();
    let Some(any) = needed.first() else {
        let why = systems.first().map_or(Why::Nothing, |cell| cell.why);
        let same = systems.iter().all(|cell| cell.why == why);
        return Cell {
            status: Status::NotNeeded,
            why: if same { why } else { Why::Systems },
            ..nothing()
        };
    };
    let has = |status| needed.iter().any(|cell| cell.status == status);
    let worst = [Status::No, Status::Open, Status::Check].into_iter();
    let status = worst.into_iter().find(|status| has(*status));
    let same = needed.iter().all(|cell| cell.why == any.why);
    // Confirmed as a whole on the day on which the last system was.
    let firsts: Option<Vec<Confirmed>> = needed.iter().map(|cell| cell.first).collect();
    let all = |confirmed: &[Confirmed]| {
        let date = confirmed.iter().map(|one| one.date).max()?;
        let yes = confirmed.iter().all(|one| one.yes);
        Some(Confirmed { yes, date })
    };
    let first = firsts.as_deref().and_then(all);
    let noes = || {
        needed
            .iter()
            .filter(|cell| cell.first.is_some_and(|first| !first.yes))
    };
    let targets: Option<Vec<Date>> = noes().map(|cell| cell.target).collect();
    let seconds: Option<Vec<Confirmed>> = noes().map(|cell| cell.second).collect();
    Cell {
        status: status.unwrap_or(Status::Yes),
        why: if same { any.why } else { Why::Systems },
        first,
        target: targets.and_then(|targets| targets.into_iter().max()),
        second: seconds.as_deref().and_then(all),
        disputed: needed.iter().any(|cell| cell.disputed),
        ..nothing()
    }
}
