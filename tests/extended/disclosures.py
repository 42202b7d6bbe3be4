"""What a converted disclosure says, from the JSON that `kaijisho convert` writes."""

import json


def documents(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)["documents"]


def rows(document):
    """Number, question, answer and remark of each item, as they stand on a plain sheet."""
    return [
        (
            item["number"],
            item["text"] or "",
            item["written"] or "",
            item.get("remark_reference") or item["remark"] or "",
        )
        for item in document["items"]
    ]
