"""Disclosures that must say the same, whatever the format they were read from.

same.py EXPECTED.json FOUND.json…          all but names of files and sheets
same.py --table EXPECTED.json FOUND.json…  also without what separated text cannot hold: further sheets
"""

import json
import sys


def documents(path, is_table):
    with open(path, encoding="utf-8") as file:
        found = json.load(file)["documents"]
    for document in found:
        for key in ("file", "sha256", "sheets", "sheet"):
            document.pop(key, None)
        for item in document["items"]:
            item["place"].pop("sheet", None)
        # Other content names its sheet, too; its cell stays.
        for kept in document.get("kept", []):
            if "origin" in kept:
                kept["origin"] = kept["origin"].rsplit("!", 1)[-1]
    return found[:1] if is_table else found


if __name__ == "__main__":
    paths = [path for path in sys.argv[1:] if path != "--table"]
    is_table = "--table" in sys.argv
    expected = documents(paths[0], is_table)
    assert expected and expected[0]["items"], f"{paths[0]}: nothing read"
    for path in paths[1:]:
        found = documents(path, is_table)
        assert len(found) == len(expected), f"{path}: {len(found)} documents, not {len(expected)}"
        for got, wanted in zip(found, expected):
            for got_item, wanted_item in zip(got["items"], wanted["items"]):
                assert got_item == wanted_item, f"{path}:\n{got_item}\nnot\n{wanted_item}"
            for key in sorted(got.keys() | wanted.keys()):
                assert got.get(key) == wanted.get(key), f"{path}: {got.get(key)} not {wanted.get(key)}"
