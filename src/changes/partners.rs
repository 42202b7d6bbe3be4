//! Which disclosures of two files belong together.

use crate::disclosure::Disclosure;
use crate::form::Field;
use crate::text::fold;

/// A disclosure of the old file and one of the new, by position; one of them, where it found no partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partner {
    /// In the old file.
    pub old: Option<usize>,
    /// In the new file.
    pub new: Option<usize>,
}

/// Pairs the disclosures of two files: one with one; of several, those about the same product and of the
/// same family (product or service), then those of the same product, then what is left over of a family.
pub fn partners(old: &[Disclosure], new: &[Disclosure]) -> Vec<Partner> {
    let mut partner: Vec<Option<usize>> = vec![None; old.len()];
    let mut taken = vec![false; new.len()];
    if let ([_], [_]) = (old, new) {
        return vec![Partner {
            old: Some(0),
            new: Some(0),
        }];
    }
    let product = |disclosure: &Disclosure| {
        let value = disclosure.field(Field::Product);
        value.map(|value| fold(&value.value())).unwrap_or_default()
    };
    let subject = |disclosure: &Disclosure| disclosure.form.family.is_service();
    let same_product = |old: &Disclosure, new: &Disclosure| {
        !product(old).is_empty() && product(old) == product(new)
    };
    let belongs = |round: u8, old: &Disclosure, new: &Disclosure| match round {
        0 => same_product(old, new) && old.form.id == new.form.id,
        1 => same_product(old, new) && subject(old) == subject(new),
        _ => subject(old) == subject(new),
    };
    for round in 0..3 {
        for (at, here) in old.iter().enumerate() {
            if partner[at].is_some() {
                continue;
            }
            let mut fits =
                (0..new.len()).filter(|other| !taken[*other] && belongs(round, here, &new[*other]));
            // Where several fit, none is more right than the other.
            if let (Some(only), None) = (fits.next(), fits.next()) {
                let rivals = (0..old.len())
                    .filter(|other| {
                        partner[*other].is_none() && belongs(round, &old[*other], &new[only])
                    })
                    .count();
                if rivals == 1 {
                    taken[only] = true;
                    partner[at] = Some(only);
                }
            }
        }
    }
    let left = (0..new.len()).filter(|at| !taken[*at]).map(|at| Partner {
        old: None,
        new: Some(at),
    });
    let paired = partner.iter().enumerate().map(|(at, new)| Partner {
        old: Some(at),
        new: *new,
    });
    paired.chain(left).collect()
}
