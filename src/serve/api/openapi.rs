//! The OpenAPI 3.1 description, made of the list of operations and of the types that are answered.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::{Answer, Operation, operations};
use crate::language::Language;
use crate::serve::problem::{Kind, ProblemInfo};
use crate::serve::{Service, Visit, view};

pub(super) fn operation() -> Operation {
    Operation {
        path: "/api/v1/openapi.json",
        name: "openapi",
        files: &[],
        fields: &[],
        answer: Answer::Description,
        methods: || get(answer),
    }
}

async fn answer(
    State(service): State<Arc<Service>>,
    Extension(visit): Extension<Visit>,
) -> Response {
    let profiles = service.setup.profiles.iter();
    let names: Vec<&str> = profiles.map(|(name, _)| name.as_str()).collect();
    view::json(&describe(visit.language, &names), "application/json")
}

/// The description in a language, with the names of the profiles that can be chosen.
///
/// ```
/// let described = kaijisho::serve::openapi::describe(kaijisho::Language::En, &["small-hospital"]);
/// assert_eq!(described["openapi"], "3.1.0");
/// assert!(described["paths"]["/api/v1/check"]["post"].is_object());
/// ```
pub fn describe(language: Language, profiles: &[&str]) -> Value {
    let settings = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into())
        .for_serialize();
    let mut generator = settings.into_generator();
    let problem = generator.subschema_for::<ProblemInfo>().to_value();
    let mut paths = Map::new();
    for operation in operations() {
        let method = if operation.is_post() { "post" } else { "get" };
        let answer = match &operation.answer {
            Answer::Json(schema) => content("application/json", &schema(&mut generator).to_value()),
            Answer::Description => content("application/json", &json!({ "type": "object" })),
            Answer::File(kinds) => {
                let bytes = json!({ "type": "string", "format": "binary" });
                let all = kinds.iter().map(|kind| content(kind, &bytes));
                Value::Object(
                    all.filter_map(|one| one.as_object().cloned())
                        .flatten()
                        .collect(),
                )
            }
        };
        let words = Words { language, profiles };
        let described = described(&operation, answer, &problem, words);
        paths.insert(operation.path.to_owned(), json!({ method: described }));
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "kaijisho",
            "version": env!("CARGO_PKG_VERSION"),
            "description": language.label("api-description"),
            "license": { "name": env!("CARGO_PKG_LICENSE"), "identifier": env!("CARGO_PKG_LICENSE") },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer", "description": language.label("api-token") } },
        },
        "security": [{}, { "token": [] }],
    })
}

/// In which words an operation is described.
#[derive(Clone, Copy)]
struct Words<'w> {
    language: Language,
    profiles: &'w [&'w str],
}

fn described(operation: &Operation, answer: Value, problem: &Value, words: Words<'_>) -> Value {
    let language = words.language;
    let mut responses = Map::new();
    let done = json!({ "description": language.label("api-done"), "content": answer });
    responses.insert("200".to_owned(), done);
    for kind in problems(operation) {
        let told = json!({
            "description": language.label(&format!("problem-{}", kind.name())),
            "content": content("application/problem+json", problem),
        });
        responses.insert(kind.status().as_u16().to_string(), told);
    }
    let mut whole = json!({
        "operationId": operation.name,
        "summary": language.label(&format!("api-{}", operation.name)),
        "parameters": [{
            "name": "lang",
            "in": "query",
            "required": false,
            "description": language.label("api-field-lang"),
            "schema": { "type": "string", "enum": ["ja", "en"] },
        }],
        "responses": responses,
    });
    if operation.is_post() {
        whole["requestBody"] = json!({
            "required": true,
            "content": content("multipart/form-data", &body(operation, words)),
        });
    }
    whole
}

/// What can go wrong with an operation.
fn problems(operation: &Operation) -> Vec<Kind> {
    Kind::ALL
        .into_iter()
        .filter(|kind| match kind {
            // Nobody reads what is said to a client that has gone.
            Kind::Gone | Kind::Token | Kind::NotFound => false,
            Kind::Malformed
            | Kind::Origin
            | Kind::Slow
            | Kind::TooLarge
            | Kind::Invalid
            | Kind::Busy => operation.is_post(),
            Kind::Host | Kind::Unknown | Kind::Method | Kind::Often | Kind::Broken => true,
        })
        .collect()
}

fn body(operation: &Operation, words: Words<'_>) -> Value {
    let language = words.language;
    let mut properties = Map::new();
    let mut required = Vec::new();
    for file in operation.files {
        let one = json!({ "type": "string", "contentMediaType": "application/octet-stream" });
        let mut shape = match file.many {
            true => json!({ "type": "array", "minItems": 1, "items": one }),
            false => one,
        };
        shape["description"] = language.label(&format!("api-file-{}", file.name)).into();
        properties.insert(file.name.to_owned(), shape);
        required.push(file.name);
    }
    for field in operation.fields {
        let mut shape = json!({
            "type": "string",
            "description": language.label(&format!("api-field-{}", field.name)),
        });
        if field.name == "date" {
            shape["format"] = "date".into();
        }
        let choices = match field.name {
            "against" => words.profiles,
            _ => field.choices,
        };
        if !choices.is_empty() {
            shape["enum"] = choices.into();
        }
        properties.insert(field.name.to_owned(), shape);
        if field.is_required {
            required.push(field.name);
        }
    }
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn content(kind: &str, schema: &Value) -> Value {
    json!({ kind: { "schema": schema } })
}
