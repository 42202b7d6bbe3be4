//! What the facility file and the disclosures received settle without anybody's answer.

use super::answer::About;
use super::year::{Fact, Item};
use super::{Said, Status, Why};
use crate::answer::Answer;

/// What a fact comes to.
#[derive(Clone, Debug)]
pub(super) struct Settled {
    /// What it makes of the item: yes, no, or to be checked.
    pub(super) status: Status,
    /// Why.
    pub(super) why: Why,
    /// In words, as a label's key and values.
    pub(super) text: Option<(&'static str, Vec<(&'static str, String)>)>,
    /// True if an answer of the facility's own takes its place.
    pub(super) gives_way: bool,
}

impl Settled {
    fn of(status: Status, why: Why) -> Self {
        Self {
            status,
            why,
            text: None,
            gives_way: false,
        }
    }
}

/// What the facts of an item settle, for one system or for the facility.
pub(super) fn settled(
    about: &About<'_, '_>,
    item: &Item,
    system: Option<usize>,
    said: &[Said<'_>],
) -> Option<Settled> {
    item.facts.iter().find_map(|fact| match (fact, system) {
        (Fact::InUse, _) => in_use(about),
        (Fact::SafetyManager, _) => safety_manager(about),
        (Fact::Inventory, _) => inventory(about),
        (Fact::Contacts, _) => contacts(about),
        (Fact::RemoteMaintenance, Some(system)) => remote_maintenance(about, system, said),
        (Fact::Disclosure, Some(system)) => Some(disclosure(about, system)),
        // Facts about a system; the facility as a whole comes to what its systems come to.
        (Fact::RemoteMaintenance | Fact::Disclosure, None) => None,
    })
}

fn in_use(about: &About<'_, '_>) -> Option<Settled> {
    let count = about.facility.systems.len();
    (count > 0).then(|| Settled {
        text: Some(("checklist-fact-systems", vec![("count", count.to_string())])),
        ..Settled::of(Status::Yes, Why::Fact)
    })
}

fn safety_manager(about: &About<'_, '_>) -> Option<Settled> {
    let name = about.facility.safety_manager.as_ref()?;
    Some(Settled {
        text: Some(("checklist-fact-manager", vec![("name", name.clone())])),
        ..Settled::of(Status::Yes, Why::Fact)
    })
}

/// Numbers of devices are what an inventory is made of, but no inventory.
fn inventory(about: &About<'_, '_>) -> Option<Settled> {
    let systems = &about.facility.systems;
    let counted = systems.iter().filter(|system| {
        system.servers.is_some() && system.pcs.is_some() && system.network_devices.is_some()
    });
    let counted = counted.count();
    (counted > 0).then(|| Settled {
        text: Some((
            "checklist-fact-counted",
            vec![
                ("count", counted.to_string()),
                ("of", systems.len().to_string()),
            ],
        )),
        gives_way: true,
        ..Settled::of(Status::Check, Why::FactOnly)
    })
}

/// Contacts are what a chart is made of, but no chart.
fn contacts(about: &About<'_, '_>) -> Option<Settled> {
    let vendors = &about.facility.vendors;
    let there = vendors.iter().filter(|vendor| vendor.contact.is_some());
    let there = there.count();
    (there > 0).then(|| Settled {
        text: Some((
            "checklist-fact-contacts",
            vec![
                ("count", there.to_string()),
                ("of", vendors.len().to_string()),
            ],
        )),
        gives_way: true,
        ..Settled::of(Status::Check, Why::FactOnly)
    })
}

fn remote_maintenance(about: &About<'_, '_>, system: usize, said: &[Said<'_>]) -> Option<Settled> {
    let known = about.facility.systems[system].remote_maintenance;
    let yes = said
        .iter()
        .any(|said| said.entry.answer == Some(Answer::Yes));
    let no = said
        .iter()
        .any(|said| said.entry.answer == Some(Answer::No));
    let told = match (yes, no) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        (true, true) | (false, false) => None,
    };
    let text = known.map(|known| {
        let key = if known {
            "checklist-fact-remote"
        } else {
            "checklist-fact-no-remote"
        };
        (key, Vec::new())
    });
    match (known, told) {
        (Some(known), Some(told)) if known == told => Some(Settled {
            text,
            gives_way: true,
            ..Settled::of(Status::Yes, Why::Agreed)
        }),
        (Some(_), Some(_)) => Some(Settled {
            text,
            ..Settled::of(Status::Check, Why::Disagreed)
        }),
        (Some(_), None) => Some(Settled {
            text,
            gives_way: true,
            ..Settled::of(Status::Check, Why::FactOnly)
        }),
        (None, _) => None,
    }
}

fn disclosure(about: &About<'_, '_>, system: usize) -> Settled {
    let received = &about.received[system];
    if received.iter().any(|received| received.current) {
        Settled::of(Status::Yes, Why::Arrived)
    } else if received.is_empty() {
        Settled::of(Status::No, Why::NotArrived)
    } else {
        Settled::of(Status::Check, Why::PerhapsArrived)
    }
}
