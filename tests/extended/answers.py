"""answers.py DISCLOSURE.json FOLDER: every item stands in a row of some CSV of the folder, with its answer."""

import csv
import pathlib
import sys

from disclosures import documents, rows

disclosure, folder = sys.argv[1:]
found = []
for path in sorted(pathlib.Path(folder).glob("*.csv")):
    with open(path, encoding="utf-8", newline="") as file:
        found.extend(csv.reader(file))
assert found, f"{folder}: no rows"
for document in documents(disclosure):
    for number, _, written, _ in rows(document):
        hits = [row for row in found if number in row and (not written or any(written in text for text in row))]
        assert hits, f"item {number} with {written!r} is in no row"
