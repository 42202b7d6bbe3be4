"""Writes seeds for every fuzz target into a folder: small files of the project, and of the corpus beside it.

seeds.py FOLDER [MOST]    MOST is the largest seed in bytes, default 4096

Parts of packages are taken out of them, with the number of the part before (fuzz/src/workbook.rs). Rows of large sheets
are cut to the first ones, so that each seed is small. No seed is kept in the project.
"""

import hashlib
import os
import re
import struct
import sys
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SHARED = os.path.join(ROOT, "..", "shared")
PARTS = [
    r"worksheets/sheet\d+\.xml$", r"^\[Content_Types\]", r"^_rels/\.rels$", r"workbook\.xml$", r"workbook\.xml\.rels$", r"worksheets/_rels/",
    r"styles\.xml$", r"sharedStrings\.xml$", r"comments\d*\.xml$", r"drawings/drawing\d+\.xml$", r"\.vml$", r"ctrlProps/", r"threadedComments/", r"theme/",
]
BINARY = [r"worksheets/sheet\d+\.bin$", r"workbook\.bin$", r"styles\.bin$", r"sharedStrings\.bin$"]


def files(*folders):
    for folder in folders:
        for place, inner, names in os.walk(os.path.join(ROOT, folder)):
            inner[:] = sorted(name for name in inner if name not in ("target", ".git"))
            yield from (os.path.join(place, name) for name in sorted(names))


def cut(part, most):
    """An XML part with as many rows, strings or other entries as fit."""
    if len(part) <= most:
        return [part]
    opened = re.search(rb"<(?:\w+:)?(?:sheetData|cellXfs|sst|table:table|Table)\b[^>]*>", part)
    entry = re.compile(rb"</(?:\w+:)?(?:row|si|xf|table-row|Row)>")
    ends = [found.end() for found in entry.finditer(part)]
    if opened and ends:
        last = next((end for end in reversed(ends) if end < most * 3 // 4), ends[0])
        tail = part[ends[-1]:]
        return [whole for whole in (part[:last] + tail[-most // 4 :] if len(tail) > most // 4 else part[:last] + tail,) if len(whole) <= most]
    return []


def stream(path):
    """The stream of an old workbook that our own tests wrote: it begins at the first sector."""
    with open(path, "rb") as file:
        book = file.read()
    end = book.find("Root Entry".encode("utf-16-le"))
    return book[512:end].rstrip(b"\0") if end > 0 else b""


def main(folder, most=4096):
    most = int(most)
    counts = {}

    def put(target, data):
        if not data or len(data) > most:
            return
        os.makedirs(os.path.join(folder, target), exist_ok=True)
        with open(os.path.join(folder, target, hashlib.sha1(data).hexdigest()[:16]), "wb") as file:
            file.write(data)
        counts[target] = counts.get(target, 0) + 1

    def package(path):
        try:
            members = zipfile.ZipFile(path)
            names = members.namelist()
        except Exception:
            return
        for name in names:
            try:
                if members.getinfo(name).file_size > 4 << 20:
                    continue
                part = members.read(name)
            except Exception:
                continue
            for number, pattern in enumerate(PARTS):
                if re.search(pattern, name):
                    for small in cut(part, most - 1):
                        put("xlsx_part", bytes([48 + number]) + small)
                        put("workbook_changed", bytes([48 + number]) + small)
                        if number == 0:
                            put("xlsx_sheet", small)
                            inner = re.search(rb"<(?:\w+:)?worksheet\b[^>]*>(.*)</(?:\w+:)?worksheet>", small, re.S)
                            put("xlsx_sheet", inner[1] if inner else b"")
            for number, pattern in enumerate(BINARY):
                if re.search(pattern, name):
                    put("xlsb_part", bytes([48 + number]) + part)
            if name == "content.xml":
                for small in cut(part, most):
                    put("ods_part", small)
                tables = re.search(rb"<table:table\b.*</table:table>", part, re.S)
                put("ods_part", tables[0] if tables else b"")
        with open(path, "rb") as file:
            put("xlsx_zip", file.read())

    given = os.environ.get("KAIJISHO_FORMATS")
    for path in files("fuzz/parts", "examples", "tests", "schemas", "templates", *([SHARED] if os.path.isdir(SHARED) else []), *([given] if given else [])):
        name = os.path.basename(path)
        ending = name.rsplit(".", 1)[-1]
        if ending in ("xlsx", "xlsm", "xlsb", "ods"):
            package(path)
            continue
        if os.path.getsize(path) > 2 << 20:
            continue
        with open(path, "rb") as file:
            data = file.read()
        text = data.decode("utf-8", "ignore")
        if ending == "xls" and data.startswith(b"\xd0\xcf"):
            put("xls_stream", stream(path)[:most])
        elif ending in ("xml", "xls", "fods", "vml"):
            sheet = b"urn:schemas-microsoft-com:office:spreadsheet" in data or b":opendocument:" in data
            for small in cut(data, most):
                put("spreadsheetml" if sheet else "xml", small)
                put("documents", b"0" + small)
        elif ending == "json":
            put("json", data)
            put("documents", b"1" + data)
        elif ending in ("csv", "tsv", "txt"):
            put("csv", data)
            put("check", data)
        elif ending == "toml":
            # A case of a rule holds a file of another kind as text.
            texts = [text] + re.findall(r'^\w+ = """\n?(.*?)"""', text, re.M | re.S) + re.findall(r"^\w+ = '''\n?(.*?)'''", text, re.M | re.S)
            for one in texts:
                small = one if len(one.encode()) <= most else "\n\n".join(one.split("\n\n")[:12])
                small = small.encode()
                for schema, target, before in [
                    ("profile", "profile", b""), ("form", "form", b""), ("facility", "loaders", b"0"), ("risks", "loaders", b"1"),
                    ("layout", "loaders", b"2"), ("products", "loaders", b"3"), ("crosswalk", "loaders", b"4"), ("disclosure", "toml", b""),
                ]:
                    if f"kaijisho/{schema}/" in one:
                        put(target, before + small)
                if re.search(r"^form = ", one, re.M) or "[[items]]" in one:
                    put("toml", small)
                    put("documents", b"2" + small)
                # Rows of a sheet as text become a table.
                rows = re.findall(r'^    \[(".*")\],$', one, re.M)
                if rows:
                    put("check", "\n".join(rows).replace('", "', '","').encode())
                    put("csv", "\n".join(rows).replace('", "', '\t').replace('"', "").encode("cp932", "replace"))
    for kind in ("clean", "mark"):
        head = "製造業者による医療情報セキュリティ開示書（MDS）\n作成日,2026-09-30\n製造業者,見本\n製品名,見本カルテ\n"
        rows = "No.,項目,回答,備考\n1,利用者を認証するか,はい,備考1\n1.1,二要素で認証するか,いいえ,\n2,データを暗号化するか,対象外,理由\n備考1,別紙のとおり\n"
        marks = "No.,項目,はい,いいえ,対象外,備考\n1,利用者を認証するか,○,,,\n2,保守で遠隔接続するか,,○,,\n3,記録を残すか,,,○,理由\n"
        put("check", (head + (rows if kind == "clean" else marks)).encode())
        put("csv", (head + (rows if kind == "clean" else marks)).encode("utf-16"))
    # The record of a binary sheet: a row, and a cell with a text of its own.
    text = "はい".encode("utf-16-le")
    cell = struct.pack("<II", 2, 0) + struct.pack("<I", 2) + text
    row = struct.pack("<II", 0, 0) + bytes(17)
    put("xlsb_part", b"0\x81\x01\x00\x91\x01\x00\x00" + bytes([len(row)]) + row + b"\x06" + bytes([len(cell)]) + cell + b"\x92\x01\x00\x82\x01\x00")
    for target, count in sorted(counts.items()):
        print(f"{target}: {count} seeds")


if __name__ == "__main__":
    main(*sys.argv[1:])
