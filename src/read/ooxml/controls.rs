//! Form controls over a sheet: check boxes and option buttons with their state, their label and where they lie.
//!
//! A control is told in up to four places, joined by the number of its shape: the sheet (`control`), its properties
//! (`ctrlProp`, or `activeX`), a VML shape, and a hidden twin in the drawing. Old files have the VML shape alone.

use std::collections::HashSet;

use super::anchor::{Anchor, AnchorReader, Axis, Spot, WHOLE, spot};
use super::{Gauge, Parts, Piece, attribute, drawing, vml, walk};
use crate::place::parse_address;
use crate::read::beside::{BoxSource, CheckBox, Shape, ShapeKind};

/// What a control is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A check box or an option button.
    Box,
    /// A button, a list, a caption: something a person sees, but does not tick.
    Other,
}

impl Kind {
    /// The kind by its name; `None` for what is no control.
    pub(super) fn of(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "checkbox" | "radio" => Some(Kind::Box),
            "button" | "dialog" | "drop" | "edit" | "editbox" | "gbox" | "label" | "list"
            | "scroll" | "spin" => Some(Kind::Other),
            _ => None,
        }
    }
}

/// The state of a control.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct State {
    pub(super) ticked: Option<bool>,
    /// The cell it is linked to, as written.
    pub(super) link: Option<String>,
}

impl Default for State {
    /// A control that says nothing of its state is empty.
    fn default() -> Self {
        Self {
            ticked: Some(false),
            link: None,
        }
    }
}

/// The properties of a control, from a part of its own.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Properties {
    kind: Kind,
    state: State,
    /// What is printed beside it; of an ActiveX control all that is told, if anything.
    label: Option<String>,
}

/// A control as the sheet names it.
#[derive(Debug, Default)]
pub(super) struct Named {
    shape: String,
    relation: String,
    name: String,
    anchor: Option<Anchor>,
}

/// Collects the controls that a sheet names.
#[derive(Debug, Default)]
pub(super) struct ControlReader {
    pub(super) found: Vec<Named>,
    anchor: Option<AnchorReader>,
}

impl ControlReader {
    /// True if the piece belongs to a control.
    pub(super) fn take(&mut self, piece: &Piece<'_, '_>, gauge: &mut Gauge) {
        match piece {
            Piece::Open(element) => match element.local_name().as_ref() {
                "control" => {
                    self.anchor = None;
                    if gauge.admits("limit-boxes", self.found.len(), 0) {
                        self.found.push(Named {
                            shape: attribute(element, "shapeId").unwrap_or_default(),
                            relation: relation(element),
                            name: attribute(element, "name").unwrap_or_default(),
                            anchor: None,
                        });
                    }
                }
                "anchor" => self.anchor = Some(AnchorReader::default()),
                _ => {
                    if let Some(anchor) = &mut self.anchor {
                        anchor.open(element);
                    }
                }
            },
            Piece::Text(text) => {
                if let Some(anchor) = &mut self.anchor {
                    anchor.text(text);
                }
            }
            Piece::Close("anchor") => {
                let anchor = self.anchor.take().and_then(|anchor| anchor.anchor());
                if let Some(control) = self.found.last_mut() {
                    control.anchor = control.anchor.or(anchor);
                }
            }
            Piece::Close(_) => {
                if let Some(anchor) = &mut self.anchor {
                    anchor.close();
                }
            }
        }
    }
}

/// The `r:id` of an element that may have an `id` of its own.
fn relation(element: &quick_xml::events::BytesStart<'_>) -> String {
    let own = element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.as_ref().ends_with(":id"));
    own.map_or_else(String::new, |attribute| attribute.value.into_owned())
}

/// Reads a `ctrlProp` part.
pub(super) fn properties(text: &str) -> Option<Properties> {
    let mut found = None;
    walk(text, |piece| {
        if let Piece::Open(element) = piece
            && element.local_name().as_ref() == "formControlPr"
        {
            let kind = attribute(element, "objectType").unwrap_or_default();
            let ticked = match attribute(element, "checked").as_deref() {
                Some("Checked") => Some(true),
                Some("Mixed") => None,
                Some(_) | None => Some(false),
            };
            found = Kind::of(&kind).map(|kind| Properties {
                kind,
                state: State {
                    ticked,
                    link: attribute(element, "fmlaLink"),
                },
                label: None,
            });
        }
        found.is_none()
    });
    found
}

/// Reads an `activeX` part. The state of such a control stands in bytes that are not read.
pub(super) fn active_x(text: &str) -> Option<Properties> {
    const BOXES: [&str; 2] = [
        "{8BD21D40-EC42-11CE-9E0D-00AA006002F3}",
        "{8BD21D50-EC42-11CE-9E0D-00AA006002F3}",
    ];
    let mut found: Option<Properties> = None;
    walk(text, |piece| {
        if let Piece::Open(element) = piece {
            match (element.local_name().as_ref(), &mut found) {
                ("ocx", None) => {
                    let class = attribute(element, "classid").unwrap_or_default();
                    let class = class.to_ascii_uppercase();
                    let is_box = BOXES.contains(&class.as_str());
                    found = Some(Properties {
                        kind: if is_box { Kind::Box } else { Kind::Other },
                        state: State {
                            ticked: None,
                            link: None,
                        },
                        label: Some(String::new()),
                    });
                }
                ("ocxPr", Some(found))
                    if attribute(element, "name").as_deref() == Some("Caption") =>
                {
                    found.label = attribute(element, "value");
                }
                _ => {}
            }
        }
        true
    });
    found
}

/// What a sheet's controls are, with where they lie.
#[derive(Debug, Default)]
pub(super) struct Controls {
    pub(super) boxes: Vec<(Spot, CheckBox)>,
    pub(super) shapes: Vec<(Spot, Shape)>,
}

/// The sheet whose controls are joined.
pub(super) struct OfSheet<'p> {
    pub(super) parts: &'p Parts,
    /// The path of its part.
    pub(super) part: &'p str,
    /// Its name, as references have it.
    pub(super) name: &'p str,
    pub(super) columns: &'p Axis,
    pub(super) rows: &'p Axis,
}

impl OfSheet<'_> {
    /// Joins what the sheet names with what its parts tell of it.
    pub(super) fn join(&self, named: &[Named]) -> Controls {
        let drawn: Vec<&vml::Control> = self
            .parts
            .targets(self.part, "vmlDrawing")
            .filter_map(|part| self.parts.vml.get(part))
            .flatten()
            .collect();
        let by_shape: std::collections::HashMap<&str, &vml::Control> = drawn
            .iter()
            .filter(|control| !control.shape.is_empty())
            .map(|control| (control.shape.as_str(), *control))
            .collect();
        let twins: Vec<&drawing::Drawing> = self
            .parts
            .targets(self.part, "drawing")
            .filter_map(|part| self.parts.drawings.get(part))
            .collect();
        let twin = |shape: &str| twins.iter().find_map(|drawing| drawing.twins.get(shape));
        let mut controls = Controls::default();
        let mut told: HashSet<&str> = HashSet::new();
        for control in named {
            let vml = by_shape.get(control.shape.as_str()).copied();
            let part = self.parts.target(self.part, &control.relation);
            let properties = part.and_then(|part| self.parts.properties.get(part));
            // Without properties of its own the VML shape tells all there is.
            let Some((kind, state)) = properties
                .map(|found| (found.kind, &found.state))
                .or_else(|| vml.map(|found| (found.kind, &found.state)))
            else {
                continue;
            };
            let is_told = !told.insert(&control.shape) && !control.shape.is_empty();
            if is_told || vml.is_some_and(|vml| vml.is_hidden) {
                continue;
            }
            let twin = twin(&control.shape);
            let caption = properties.and_then(|found| found.label.as_deref());
            let labels = [
                vml.map_or("", |vml| vml.label.as_str()),
                twin.map_or("", |(label, _)| label.as_str()),
                caption.unwrap_or_default(),
                // The name stands in where the caption is in bytes that are not read.
                caption.map_or("", |_| control.name.as_str()),
            ];
            let label = labels.into_iter().find(|label| !label.is_empty());
            let label = label.unwrap_or_default();
            let anchor = control
                .anchor
                .or_else(|| vml.and_then(|vml| vml.anchor))
                .or_else(|| twin.map(|(_, anchor)| *anchor));
            // The state of an ActiveX control stands in bytes that are not written either.
            let source = caption.is_none().then(|| BoxSource {
                properties: part.filter(|_| properties.is_some()).map(str::to_owned),
                shape: control.shape.clone(),
            });
            self.add(&mut controls, kind, (state, source), label, anchor);
        }
        for control in drawn {
            let is_told = !control.shape.is_empty() && told.contains(control.shape.as_str());
            if !is_told && !control.is_hidden {
                let twin = twin(&control.shape);
                let label = match (control.label.as_str(), twin) {
                    ("", Some((label, _))) => label,
                    (label, _) => label,
                };
                let anchor = control.anchor.or(twin.map(|(_, anchor)| *anchor));
                let source = Some(BoxSource {
                    properties: None,
                    shape: control.shape.clone(),
                });
                let state = (&control.state, source);
                self.add(&mut controls, control.kind, state, label, anchor);
            }
        }
        controls
    }

    fn add(
        &self,
        controls: &mut Controls,
        kind: Kind,
        (state, source): (&State, Option<BoxSource>),
        label: &str,
        anchor: Option<Anchor>,
    ) {
        let Some(anchor) = anchor else {
            return;
        };
        let spot = spot(&anchor, &WHOLE, self.columns, self.rows);
        let (area, middle) = (spot.area, spot.middle);
        let label = label.trim().to_owned();
        match kind {
            Kind::Box => controls.boxes.push((
                spot,
                CheckBox {
                    area,
                    middle,
                    label,
                    ticked: state.ticked,
                    linked: state.link.as_deref().and_then(|link| self.linked(link)),
                    source,
                },
            )),
            Kind::Other => {
                let kind = if label.is_empty() {
                    ShapeKind::Other
                } else {
                    ShapeKind::Text
                };
                let shape = Shape {
                    kind,
                    area,
                    middle,
                    text: label,
                };
                controls.shapes.push((spot, shape));
            }
        }
    }

    /// The cell of this sheet that a link names.
    fn linked(&self, link: &str) -> Option<(u32, u32)> {
        let link = link.trim().trim_start_matches('=');
        let address = match link.rsplit_once('!') {
            Some((sheet, address)) => {
                let sheet = match sheet.strip_prefix('\'') {
                    Some(quoted) => quoted.strip_suffix('\'')?.replace("''", "'"),
                    None => sheet.to_owned(),
                };
                (sheet.to_lowercase() == self.name.to_lowercase()).then_some(address)?
            }
            None => link,
        };
        parse_address(&address.replace('$', ""))
    }
}
