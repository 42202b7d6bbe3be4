"""Another program that writes and reads disclosures, made from schemas/disclosure.md alone.

another.py read  XML JSON   what it reads from the XML is what the JSON says
another.py write XML        writes a disclosure with texts that are hard to write
another.py same  JSON       the JSON, made from that XML, has every text of it
"""

import json
import re
import sys
import xml.etree.ElementTree as ElementTree

SPACE = "{urn:kaijisho:disclosure:1}"
FIELDS = ("date", "manufacturer", "product", "model", "version")

# 5.6: characters that XML cannot hold, white space at the ends, what looks like an escape, markup.
HARD = [
    " 前後の空白 ",
    "一行目\n二行目\r\n三行目\r",
    "\x00\x0b\x1b[31m\ufffe",
    "_x000B_ と _x005F_ と _x12_",
    "<b>&amp; ]]> \"引用\" 'a'",
    "=1+1",
    "\u202e右から\u200b\U0001f9d1\u200d\u2695\ufe0f",
    "備考 1 ではない文",
]


def unescape(text):
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda code: chr(int(code[1], 16)), text or "")


def escape(text):
    def is_xml(char):
        return char in "\t\n\r" or " " <= char <= "\ud7ff" or "\ue000" <= char <= "\ufffd" or char >= "\U00010000"

    text = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    return "".join(char if is_xml(char) else f"_x{ord(char):04X}_" for char in text)


def read(path):
    root = ElementTree.parse(path).getroot()
    assert root.tag == SPACE + "kaijisho", root.tag
    return [disclosure(node) for node in root.findall(SPACE + "disclosure")]


def disclosure(node):
    header = node.find(SPACE + "header")
    said = {field: header.find(SPACE + field) for field in FIELDS} if header is not None else {}
    return {
        "form": node.get("form"),
        # 5.5: an empty field says as much as one that is not there.
        "header": {field: None if said.get(field) is None else unescape(said[field].text) or None for field in FIELDS},
        "items": [item(each) for each in node.findall(SPACE + "item")],
        "remarks": [
            {"key": int(note.get("key")), "text": unescape(note.text)} for note in node.findall(SPACE + "note")
        ],
    }


def item(node):
    def text(name):
        found = node.find(SPACE + name)
        return None if found is None else unescape(found.text)

    remark = node.find(SPACE + "remark")
    reference = None if remark is None else remark.get("reference")
    return {
        "number": node.get("number"),
        "text": text("text"),
        "answer": text("answer"),
        "options": [unescape(each.text) for each in node.findall(SPACE + "option")],
        "state": node.get("state"),
        "written": text("written"),
        # A reference that no note answers has no text.
        "remark": text("remark") or None,
        "remark_reference": None if reference is None else unescape(reference),
    }


def told(path):
    with open(path, encoding="utf-8") as file:
        documents = json.load(file)["documents"]
    keys = ("number", "text", "answer", "options", "state", "written", "remark", "remark_reference")
    return [
        {
            "form": document["form"]["id"],
            "header": document["header"],
            "items": [{key: item.get(key) or ([] if key == "options" else None) for key in keys} for item in document["items"]],
            "remarks": [{"key": note["key"], "text": note["text"]} for note in document.get("remarks", [])],
        }
        for document in documents
    ]


def compare(xml, from_json):
    one, other = read(xml), told(from_json)
    assert len(one) == len(other) > 0, (len(one), len(other))
    for left, right in zip(one, other):
        assert left == right, f"{xml}: {left}\n{from_json}: {right}"


def write(path):
    ElementTree.register_namespace("", SPACE[1:-1])
    root = ElementTree.Element(SPACE + "kaijisho")
    node = ElementTree.SubElement(root, SPACE + "disclosure", form="derived-mds")
    header = ElementTree.SubElement(node, SPACE + "header")
    ElementTree.SubElement(header, SPACE + "date").text = "2026-09-30"
    for at, hard in enumerate(HARD, 1):
        item = ElementTree.SubElement(node, SPACE + "item", number=str(at))
        ElementTree.SubElement(item, SPACE + "text").text = escape(hard)
        ElementTree.SubElement(item, SPACE + "answer").text = "yes"
        ElementTree.SubElement(item, SPACE + "remark").text = escape(hard)
    # A line feed is one of a text, but a carriage return only survives as a reference.
    text = ElementTree.tostring(root, encoding="unicode").replace("\r", "&#13;")
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)


def same(from_json):
    items = told(from_json)[0]["items"]
    assert [item["text"] for item in items] == HARD, items
    assert [item["remark"] for item in items] == HARD, items
    assert all(item["answer"] == "yes" and item["state"] == "answered" for item in items), items


if __name__ == "__main__":
    {"read": compare, "write": write, "same": same}[sys.argv[1]](*sys.argv[2:])
