//! What is known: forms and profiles, as `form list` and `profile list` write them.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Answer, Operation};
use crate::form::{Family, Form, FormSource};
use crate::language::Language;
use crate::profile::Profile;
use crate::serve::{Service, Visit, view};

/// A form that is known.
#[derive(Serialize, JsonSchema)]
struct FormKnown {
    /// Its id.
    id: String,
    /// Whom it is about.
    family: Family,
    /// Its edition.
    edition: String,
    /// How it became known.
    source: FormSource,
    /// Its title.
    title: String,
    /// Where it comes from, and what it is not.
    provenance: String,
    /// How many items it has.
    items: usize,
}

/// A profile that can be named in `against`.
#[derive(Serialize, JsonSchema)]
struct ProfileKnown {
    /// Its name.
    id: String,
    /// Its title.
    title: String,
    /// Where its requirements come from.
    provenance: String,
    /// SHA-256 of its text.
    sha256: String,
    /// How many requirements it has.
    requirements: usize,
    /// How many waivers it has.
    waivers: usize,
}

pub(super) fn operations() -> [Operation; 2] {
    [
        Operation {
            path: "/api/v1/forms",
            name: "forms",
            files: &[],
            fields: &[],
            answer: Answer::Json(|generator| generator.subschema_for::<Vec<FormKnown>>()),
            methods: || get(forms),
        },
        Operation {
            path: "/api/v1/profiles",
            name: "profiles",
            files: &[],
            fields: &[],
            answer: Answer::Json(|generator| generator.subschema_for::<Vec<ProfileKnown>>()),
            methods: || get(profiles),
        },
    ]
}

async fn forms(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
) -> Response {
    let forms = service.setup.options.catalog.forms().iter();
    let forms: Vec<FormKnown> = forms.map(|form| form_known(form, visit.language)).collect();
    view::json(&forms, "application/json")
}

fn form_known(form: &Form, language: Language) -> FormKnown {
    FormKnown {
        id: form.id.clone(),
        family: form.family,
        edition: form.edition.clone(),
        source: form.source,
        title: form.title.text(language).to_owned(),
        provenance: form.provenance.text(language).to_owned(),
        items: form.items.len(),
    }
}

async fn profiles(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
) -> Response {
    let profiles = service.setup.profiles.iter();
    let profiles: Vec<ProfileKnown> = profiles
        .map(|(name, profile)| profile_known(name, profile, visit.language))
        .collect();
    view::json(&profiles, "application/json")
}

fn profile_known(name: &str, profile: &Profile, language: Language) -> ProfileKnown {
    ProfileKnown {
        id: name.to_owned(),
        title: profile.title.text(language).to_owned(),
        provenance: profile.provenance.text(language).to_owned(),
        sha256: profile.sha256.clone(),
        requirements: profile.requirements.len(),
        waivers: profile.waivers.len(),
    }
}
