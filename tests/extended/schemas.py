"""JSON Schemas as python's jsonschema reads them.

schemas.py meta  SCHEMA…         each is a sound schema of draft 2020-12
schemas.py valid SCHEMA FILE…    each JSON or TOML file fits the schema
"""

import datetime
import json
import sys
import tomllib

from jsonschema import Draft202012Validator


def load(path):
    if path.endswith(".toml"):
        with open(path, "rb") as file:
            # A TOML date is a text in JSON.
            text = json.dumps(tomllib.load(file), default=datetime.date.isoformat)
            return json.loads(text)
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def meta(*schemas):
    for path in schemas:
        schema = load(path)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema", path
        Draft202012Validator.check_schema(schema)


def valid(schema, *files):
    assert files, "no files"
    judge = Draft202012Validator(load(schema))
    mistakes = [f"{path}: {error.json_path}: {error.message[:300]}" for path in files for error in judge.iter_errors(load(path))]
    assert not mistakes, "\n".join(mistakes[:20])


if __name__ == "__main__":
    {"meta": meta, "valid": valid}[sys.argv[1]](*sys.argv[2:])
