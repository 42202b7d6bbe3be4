//! Prints the cells that are read from files, one line of JSON a file: judged by `cells.py` against openpyxl.
//!
//! `cells FILE…`, or `cells -` with one path a line on standard input. Addresses are Excel's; rows and columns
//! hidden are numbers from 0.

#![allow(clippy::print_stdout)]

use std::io::BufRead;
use std::path::Path;

use kaijisho::{CellSheet, Language, Limits, ReadValue, Source, cells};
use serde_json::{Value, json};

fn main() {
    let named: Vec<String> = std::env::args().skip(1).collect();
    if named == ["-"] {
        for line in std::io::stdin().lock().lines() {
            println!("{}", file(&line.expect("paths are texts")));
        }
    }
    for path in named.iter().filter(|path| *path != "-") {
        println!("{}", file(path));
    }
}

fn file(path: &str) -> Value {
    let limits = Limits::default();
    let source = match Source::open(Path::new(path), &limits) {
        Ok(source) => source,
        Err(error) => return json!({ "file": path, "error": error.to_string() }),
    };
    let read = cells(&source, &limits);
    let findings = read.findings.iter().map(|finding| {
        json!({
            "rule": finding.rule,
            "place": finding.place.to_string(),
            "message": finding.message(Language::En),
        })
    });
    json!({
        "file": path,
        "findings": findings.collect::<Vec<_>>(),
        "sheets": read.sheets.iter().map(sheet).collect::<Vec<_>>(),
    })
}

fn sheet(sheet: &CellSheet) -> Value {
    let cells = sheet.cells.iter().map(|cell| {
        let (kind, value) = match &cell.value {
            ReadValue::Text(text) => ("text", json!(text)),
            ReadValue::Number(number) => ("number", json!(number)),
            ReadValue::Bool(value) => ("bool", json!(value)),
            ReadValue::Date(date) => ("date", json!(date.to_string())),
            ReadValue::Error(error) => ("error", json!(error)),
        };
        json!([cell.address(), kind, value])
    });
    json!({
        "name": &*sheet.name,
        "visible": sheet.visible,
        "has_cells": sheet.has_cells,
        "cells": cells.collect::<Vec<_>>(),
        "merges": sheet.merges,
        "hidden_rows": sheet.hidden_rows,
        "hidden_columns": sheet.hidden_columns,
        "comments": sheet.comments.iter().map(|(place, text)| json!([place.cell(), text])).collect::<Vec<_>>(),
    })
}
