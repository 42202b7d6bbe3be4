"""schema_of.py SCHEMA.json FILE.json: the file is valid by the schema."""

import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8-sig") as file:
    schema = json.load(file)
with open(sys.argv[2], encoding="utf-8") as file:
    value = json.load(file)
validator = jsonschema.validators.validator_for(schema)(schema)
errors = [f"{list(error.absolute_path)}: {error.message[:200]}" for error in validator.iter_errors(value)]
assert value["runs"][0]["results"], "no results to judge"
assert not errors, errors[:5]
