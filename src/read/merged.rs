//! The merged areas of a sheet, found by address.
//!
//! A sheet may have a million areas, each over a million rows, and every cell asks which one it lies in. Rows are cut
//! into stretches of 1, 2, 4, 8 … rows; an area is kept with the few stretches that make up its rows, sorted by column.
//! A row lies in one stretch of each length, so a look-up is one search for each length that is in use.

use std::collections::BTreeMap;

use super::grid::Area;

/// The merged areas of a sheet. Of areas that lie over each other, which no program writes, the upper left one counts.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    /// None lies over another.
    areas: Vec<Area>,
    /// The lengths of stretches in use: bit `n` for stretches of `2^n` rows.
    lengths: u32,
    /// Length of the stretch as a power of two, its number, first column, and the position of the area; sorted.
    stretches: Vec<(u8, u32, u32, u32)>,
}

impl Merged {
    /// The areas of a sheet, sorted by their first cell.
    pub(crate) fn of(sorted: &[Area]) -> Self {
        let mut merged = Self {
            areas: apart(sorted),
            ..Self::default()
        };
        for (at, area) in (0u32..).zip(&merged.areas) {
            let (mut first, end) = (area.first.0, area.last.0.saturating_add(1));
            while first < end {
                let fits = (end - first).ilog2();
                let length = fits.min(first.trailing_zeros());
                let stretch = first.checked_shr(length).unwrap_or(0);
                merged.lengths |= 1 << length;
                let length = u8::try_from(length).expect("at most 31");
                merged.stretches.push((length, stretch, area.first.1, at));
                first += 1 << length;
            }
        }
        merged.stretches.sort_unstable();
        merged
    }

    /// Areas of which none lies over another, sorted by their first cell.
    pub(crate) fn areas(&self) -> &[Area] {
        &self.areas
    }

    /// The area around an address.
    pub(crate) fn around(&self, row: u32, column: u32) -> Option<Area> {
        let mut lengths = self.lengths;
        while lengths != 0 {
            let length = u8::try_from(lengths.trailing_zeros()).expect("at most 31");
            lengths &= lengths - 1;
            let stretch = row >> length;
            // The areas of one stretch lie beside each other, so the last one that begins before is the only one.
            let end = self
                .stretches
                .partition_point(|it| (it.0, it.1, it.2) <= (length, stretch, column));
            let found = end.checked_sub(1).map(|at| self.stretches[at]);
            let area = found
                .filter(|it| (it.0, it.1) == (length, stretch))
                .map(|it| self.areas[it.3 as usize]);
            if area.is_some_and(|area| column <= area.last.1) {
                return area;
            }
        }
        None
    }
}

/// The areas that do not lie over one before them.
fn apart(sorted: &[Area]) -> Vec<Area> {
    let mut kept: Vec<Area> = Vec::new();
    // Areas by their last column. They lie beside each other, though some may have ended above.
    let mut open: BTreeMap<u32, Area> = BTreeMap::new();
    for area in sorted {
        let mut is_free = true;
        while let Some((&last, over)) = open.range(area.first.1..).next() {
            if over.first.1 > area.last.1 {
                break;
            }
            if over.last.0 >= area.first.0 {
                is_free = false;
                break;
            }
            open.remove(&last);
        }
        if is_free {
            open.insert(area.last.1, *area);
            kept.push(*area);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(first: (u32, u32), last: (u32, u32)) -> Area {
        Area { first, last }
    }

    #[test]
    fn every_address_of_an_area_and_none_beside_it() {
        let areas = [
            area((0, 0), (0, 3)),
            area((1, 1), (6, 1)),
            area((1, 2), (2, 4)),
            area((3, 3), (1_048_575, 3)),
            area((5, 0), (40, 0)),
        ];
        let merged = Merged::of(&areas);
        assert_eq!(merged.areas(), areas);
        for row in 0..60 {
            for column in 0..6 {
                let by_hand = areas.iter().find(|area| {
                    (area.first.0..=area.last.0).contains(&row)
                        && (area.first.1..=area.last.1).contains(&column)
                });
                let found = merged.around(row, column);
                assert_eq!(found.as_ref(), by_hand, "row {row}, column {column}");
            }
        }
        assert_eq!(merged.around(1_048_575, 3), Some(areas[3]));
        assert_eq!(merged.around(1_048_576, 3), None);
    }

    #[test]
    fn of_areas_over_each_other_the_upper_left_one_counts() {
        let areas = [
            area((0, 0), (4, 4)),
            area((1, 1), (1, 2)),
            area((2, 4), (9, 9)),
            area((5, 4), (6, 9)),
            area((6, 0), (6, 4)),
        ];
        let merged = Merged::of(&areas);
        assert_eq!(merged.areas(), [areas[0], areas[3]]);
        assert_eq!(merged.around(1, 1), Some(areas[0]));
        assert_eq!(merged.around(6, 0), None);
    }

    #[test]
    fn areas_over_the_whole_sheet_keep_to_a_few_stretches() {
        let tall = (0..1000).map(|column| area((1, column), (1_048_575, column)));
        let merged = Merged::of(&tall.collect::<Vec<_>>());
        assert!(merged.stretches.len() <= 1000 * 40);
        assert_eq!(
            merged.around(524_288, 999),
            Some(area((1, 999), (1_048_575, 999)))
        );
    }
}
