//! Where floating things lie: anchors of cells and offsets, measured with the sizes of columns and rows.
//!
//! Lengths are in EMU, 914,400 an inch and 9,525 a pixel.

use crate::read::grid::Area;

/// EMU in a pixel, at the 96 a inch that Excel counts with.
pub(super) const PIXEL: i64 = 9_525;
/// EMU in a point.
const POINT: f64 = 12_700.0;
/// Nothing on a sheet lies further than this: a sheet of the highest rows is about 430 km high.
const FAR: i64 = 1 << 50;

/// The sizes of the columns or of the rows of a sheet.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    /// Size of those that say nothing of themselves.
    default: i64,
    /// How many there are.
    count: u32,
    /// First, last and size of those that do, sorted, none twice.
    sizes: Vec<(u32, u32, i64)>,
    /// How much more than the default those before each have, summed up.
    more: Vec<i64>,
}

impl Axis {
    /// Columns; widths are in characters whose digits are `digit` pixels wide, `width` is the default.
    pub(super) fn columns(digit: f64, width: Option<f64>, stretches: &[(u32, u32, f64)]) -> Self {
        let size = |width| characters(width, digit);
        let stretches = stretches.iter().map(|(f, l, w)| (*f, *l, size(*w)));
        // Without a word on it a column has eight digits and a margin, and a multiple of 8 pixels.
        let plain = ((8.0 * digit + 5.0) / 8.0).ceil() as i64 * 8 * PIXEL;
        Self::new(width.map_or(plain, size), 16_384, stretches.collect())
    }

    /// Rows; `height` is the default height in points.
    pub(super) fn rows(height: Option<f64>, rows: &[(u32, f64)]) -> Self {
        let rows = rows
            .iter()
            .map(|(row, height)| (*row, *row, points(*height)));
        Self::new(points(height.unwrap_or(15.0)), 1_048_576, rows.collect())
    }

    fn new(default: i64, count: u32, mut sizes: Vec<(u32, u32, i64)>) -> Self {
        sizes.sort_by_key(|(first, _, _)| *first);
        let mut free = 0;
        sizes.retain(|(first, last, _)| {
            let fits = *first >= free && first <= last && *last < count;
            if fits {
                free = last + 1;
            }
            fits
        });
        let mut sum = 0;
        let more = sizes
            .iter()
            .map(|(first, last, size)| {
                let before = sum;
                sum += (size - default) * i64::from(last - first + 1);
                before
            })
            .collect();
        Self {
            default,
            count,
            sizes,
            more,
        }
    }

    /// The distance of a cell's near edge from that of the first.
    pub(super) fn start(&self, index: u32) -> i64 {
        let index = index.min(self.count);
        let plain = i64::from(index) * self.default;
        let at = self.sizes.partition_point(|(first, _, _)| *first < index);
        let Some(at) = at.checked_sub(1) else {
            return plain;
        };
        let (first, last, size) = self.sizes[at];
        let within = i64::from(index.min(last + 1) - first);
        plain + self.more[at] + within * (size - self.default)
    }

    /// The distance of a point in a cell; a point cannot lie beyond its cell's far edge.
    pub(super) fn point(&self, index: u32, offset: i64) -> i64 {
        let index = index.min(self.count - 1);
        let size = self.start(index + 1) - self.start(index);
        self.start(index) + offset.clamp(0, size)
    }

    /// The cell over which a point lies; on an edge the cell that begins there.
    pub(super) fn at(&self, point: i64) -> u32 {
        let (mut low, mut high) = (0, self.count - 1);
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            if self.start(middle) <= point {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        low
    }
}

/// A digit of the fonts that forms are written in: Yu Gothic and MS PGothic of 11 points.
pub(super) const DIGIT: f64 = 8.0;

/// A column's width in a file, in characters with the margin, as Excel makes pixels of it.
fn characters(width: f64, digit: f64) -> i64 {
    let pixels = (width.clamp(0.0, 255.0) * digit + 0.5).floor();
    pixels as i64 * PIXEL
}

fn points(height: f64) -> i64 {
    (height.clamp(0.0, 409.5) * POINT).round() as i64
}

/// A corner: column, offset in it, row, offset in it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Corner {
    pub(super) column: u32,
    pub(super) x: i64,
    pub(super) row: u32,
    pub(super) y: i64,
}

/// How something is tied to a sheet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Anchor {
    /// By two corners.
    Corners(Corner, Corner),
    /// By its upper left corner, with its width and height.
    Corner(Corner, (i64, i64)),
    /// By the distance of its upper left corner from the sheet's, with its width and height.
    Free((i64, i64), (i64, i64)),
}

/// A part of what an anchor spans: left, top, right and bottom, where 0 to 1 is the whole.
pub(super) type Part = [f64; 4];

/// The whole of what an anchor spans.
pub(super) const WHOLE: Part = [0.0, 0.0, 1.0, 1.0];

/// Where something lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spot {
    /// The cells it lies over.
    pub(super) area: Area,
    /// The cell under its middle.
    pub(super) middle: (u32, u32),
    /// Its left and upper edge; what lies over one cell is told from left to right.
    corner: (i64, i64),
}

impl Spot {
    /// The order in which a person reads things: by the cell under their middle, then from left to right.
    pub(super) fn order(&self) -> ((u32, u32), (i64, i64)) {
        (self.middle, self.corner)
    }
}

/// The cells that something lies over, and the one under its middle.
pub(super) fn spot(anchor: &Anchor, part: &Part, columns: &Axis, rows: &Axis) -> Spot {
    let point = |corner: &Corner| {
        let x = columns.point(corner.column, corner.x);
        (x, rows.point(corner.row, corner.y))
    };
    let ((left, top), (right, bottom)) = match anchor {
        Anchor::Corners(from, to) => (point(from), point(to)),
        Anchor::Corner(from, size) => (point(from), added(point(from), *size)),
        Anchor::Free(from, size) => (*from, added(*from, *size)),
    };
    let (right, bottom) = (right.max(left), bottom.max(top));
    let across = |share: f64| left + ((right - left) as f64 * share).round() as i64;
    let down = |share: f64| top + ((bottom - top) as f64 * share).round() as i64;
    let (left, right) = (across(part[0]), across(part[2]));
    let (top, bottom) = (down(part[1]), down(part[3]));
    let first = (rows.at(top), columns.at(left));
    // What ends at the edge of a cell does not lie over it.
    let last = (
        rows.at((bottom - 1).max(top)).max(first.0),
        columns.at((right - 1).max(left)).max(first.1),
    );
    let middle = |axis: &Axis, near: i64, far: i64| axis.at(near + (far - near) / 2);
    let (row, column) = (middle(rows, top, bottom), middle(columns, left, right));
    Spot {
        area: Area { first, last },
        middle: (row.clamp(first.0, last.0), column.clamp(first.1, last.1)),
        corner: (left, top),
    }
}

fn added(from: (i64, i64), size: (i64, i64)) -> (i64, i64) {
    (from.0 + size.0.clamp(0, FAR), from.1 + size.1.clamp(0, FAR))
}

/// Collects the corners and sizes of an anchor from its elements.
#[derive(Debug, Default)]
pub(super) struct AnchorReader {
    from: Option<Corner>,
    to: Option<Corner>,
    position: Option<(i64, i64)>,
    size: Option<(i64, i64)>,
    in_to: bool,
    field: Option<Field>,
    number: String,
}

#[derive(Clone, Copy, Debug)]
enum Field {
    Column,
    X,
    Row,
    Y,
}

impl AnchorReader {
    /// An element begins.
    pub(super) fn open(&mut self, element: &quick_xml::events::BytesStart<'_>) {
        let pair = |a: &str, b: &str| {
            let number = |name| super::attribute(element, name).and_then(|n| n.parse::<i64>().ok());
            Some((number(a)?.clamp(0, FAR), number(b)?.clamp(0, FAR)))
        };
        self.number.clear();
        self.field = None;
        match element.local_name().as_ref() {
            "from" => {
                self.in_to = false;
                self.from = Some(Corner::default());
            }
            "to" => {
                self.in_to = true;
                self.to = Some(Corner::default());
            }
            "col" => self.field = Some(Field::Column),
            "colOff" => self.field = Some(Field::X),
            "row" => self.field = Some(Field::Row),
            "rowOff" => self.field = Some(Field::Y),
            "pos" if self.position.is_none() => self.position = pair("x", "y"),
            // The first is the anchor's; shapes have sizes of their own further in.
            "ext" if self.size.is_none() => self.size = pair("cx", "cy"),
            _ => {}
        }
    }

    /// A text stands here.
    pub(super) fn text(&mut self, text: &str) {
        if self.field.is_some() && self.number.len() < 32 {
            self.number.push_str(text);
        }
    }

    /// An element ends.
    pub(super) fn close(&mut self) {
        let corner = if self.in_to {
            &mut self.to
        } else {
            &mut self.from
        };
        let number = self.number.trim().parse::<i64>().ok();
        if let (Some(field), Some(corner), Some(number)) = (self.field.take(), corner, number) {
            let number = number.clamp(0, FAR);
            match field {
                Field::Column => corner.column = number as u32,
                Field::X => corner.x = number,
                Field::Row => corner.row = number as u32,
                Field::Y => corner.y = number,
            }
        }
    }

    /// The anchor, when all of it has been seen.
    pub(super) fn anchor(&self) -> Option<Anchor> {
        match (self.from, self.to, self.position, self.size) {
            (Some(from), Some(to), _, _) => Some(Anchor::Corners(from, to)),
            (Some(from), None, _, size) => Some(Anchor::Corner(from, size.unwrap_or_default())),
            (None, _, Some(position), size) => {
                Some(Anchor::Free(position, size.unwrap_or_default()))
            }
            (None, _, None, _) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corner(column: u32, x: i64, row: u32, y: i64) -> Corner {
        Corner {
            column,
            x: x * PIXEL,
            row,
            y: y * PIXEL,
        }
    }

    fn middle(anchor: Anchor, columns: &Axis, rows: &Axis) -> (u32, u32) {
        spot(&anchor, &WHOLE, columns, rows).middle
    }

    #[test]
    fn a_box_that_starts_in_the_cell_before() {
        let columns = Axis::columns(DIGIT, None, &[(1, 1, 20.0), (2, 2, 5.0)]);
        let rows = Axis::rows(Some(18.0), &[]);
        // Column B is 160 pixels wide; the box begins 2 pixels before its end.
        let anchor = Anchor::Corners(corner(1, 158, 4, 22), corner(2, 16, 5, 18));
        assert_eq!(middle(anchor, &columns, &rows), (5, 2));
        let Spot { area, .. } = spot(&anchor, &WHOLE, &columns, &rows);
        assert_eq!((area.first, area.last), ((4, 1), (5, 2)));
        // An offset beyond the cell is its edge.
        let anchor = Anchor::Corners(corner(1, 999, 4, 0), corner(2, 16, 4, 18));
        assert_eq!(middle(anchor, &columns, &rows), (4, 2));
    }

    #[test]
    fn the_middle_of_wide_and_hidden_columns() {
        // A narrow, wide, hidden and narrow column: the middle is in the wide one.
        let columns = Axis::columns(DIGIT, Some(9.0), &[(0, 0, 3.0), (1, 1, 60.0), (2, 2, 0.0)]);
        let rows = Axis::rows(None, &[(0, 100.0), (1, 15.0)]);
        let anchor = Anchor::Corners(corner(0, 4, 0, 10), corner(3, 60, 3, 2));
        assert_eq!(middle(anchor, &columns, &rows), (0, 1));
        let anchor = Anchor::Corners(corner(2, 0, 1, 0), corner(3, 20, 1, 20));
        let Spot { area, middle, .. } = spot(&anchor, &WHOLE, &columns, &rows);
        assert_eq!((area.first, area.last, middle), ((1, 3), (1, 3), (1, 3)));
    }

    #[test]
    fn anchors_with_sizes() {
        let (columns, rows) = (
            Axis::columns(DIGIT, Some(10.0), &[]),
            Axis::rows(Some(15.0), &[]),
        );
        let anchor = Anchor::Corner(corner(1, 0, 1, 0), (80 * PIXEL, 20 * PIXEL));
        let Spot { area, middle, .. } = spot(&anchor, &WHOLE, &columns, &rows);
        assert_eq!((area.first, area.last, middle), ((1, 1), (1, 1), (1, 1)));
        let anchor = Anchor::Free((85 * PIXEL, 45 * PIXEL), (90 * PIXEL, 10 * PIXEL));
        let Spot { area, middle, .. } = spot(&anchor, &WHOLE, &columns, &rows);
        assert_eq!((area.first, area.last, middle), ((2, 1), (2, 2), (2, 1)));
        let Spot { area, .. } = spot(&anchor, &[0.9, 0.0, 1.0, 1.0], &columns, &rows);
        assert_eq!((area.first, area.last), ((2, 2), (2, 2)));
    }

    #[test]
    fn the_ends_of_the_sheet() {
        let columns = Axis::columns(DIGIT, Some(0.0), &[(5, 3, 1.0), (4, 9, 255.0), (6, 6, 1.0)]);
        let rows = Axis::rows(None, &[(1_048_575, 409.5), (9_999_999, 1.0)]);
        let far = corner(u32::MAX, FAR / PIXEL, u32::MAX, FAR / PIXEL);
        let Spot { area, .. } = spot(&Anchor::Corners(far, far), &WHOLE, &columns, &rows);
        assert_eq!(area.last.0, 1_048_575);
        assert!(area.last.1 < 16_384);
        let free = Anchor::Free((FAR, FAR), (FAR, FAR));
        assert_eq!(spot(&free, &WHOLE, &columns, &rows).middle.0, 1_048_575);
    }
}
