"""The cells that kaijisho reads from workbooks, held against those that openpyxl reads.

cells.py BINARY PATH…   BINARY prints cells as JSON (tests/extended/cells.rs); PATH is a workbook or a folder of them
cells.py BINARY --written FOLDER   also workbooks that openpyxl writes there from a fixed seed, with all that is hard to read

Cells, merged areas, hidden rows and columns, hidden sheets. What differs must stand in cells.toml with its reason, and
what stands there must differ.
"""

import datetime
import json
import os
import random
import re
import subprocess
import sys
import tomllib
import warnings

import openpyxl
from openpyxl.cell.rich_text import CellRichText
from openpyxl.utils import range_boundaries

# openpyxl prints and warns about what it leaves out; that is no difference of cells.
warnings.simplefilter("ignore")
LIST = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cells.toml")


def workbooks(paths):
    for path in paths:
        if os.path.isdir(path):
            for folder, inner, names in os.walk(path):
                inner.sort()
                yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith((".xlsx", ".xlsm")))
        else:
            yield path


def ours(binary, paths):
    run = subprocess.run([binary, "-"], input="\n".join(paths), capture_output=True, text=True, check=True)
    for line in run.stdout.splitlines():
        yield json.loads(line)


def plain(value, kind):
    """A value of openpyxl in the words of the JSON: kind and value."""
    if kind == "e":
        return ["error", str(value)]
    if isinstance(value, bool):
        return ["bool", value]
    if isinstance(value, (int, float)):
        return ["number", float(value)]
    if isinstance(value, datetime.datetime):
        return ["date", value.date().isoformat()]
    if isinstance(value, datetime.date):
        return ["date", value.isoformat()]
    if isinstance(value, datetime.time):
        # A time of day alone is a text of hours and minutes for us.
        minutes = round((value.hour * 3600 + value.minute * 60 + value.second) / 60)
        return ["text", f"{minutes // 60}:{minutes % 60:02}"]
    if isinstance(value, datetime.timedelta):
        return ["number", value.total_seconds() / 86400]
    return ["text", str(value)]


def theirs(path):
    """Sheets by name: what openpyxl reads, or why it does not."""
    try:
        book = openpyxl.load_workbook(path, data_only=True)
    except Exception as error:  # whatever it is, it is told
        return f"{type(error).__name__}: {error}"
    sheets = {}
    for name in book.sheetnames:
        sheet = book[name]
        if not hasattr(sheet, "iter_rows"):
            sheets[name] = {"cells": {}, "merges": [], "rows": [], "columns": [], "visible": sheet.sheet_state == "visible"}
            continue
        # The cells that are there, and not the rectangle around them: a cell may stand in the far corner.
        cells = {}
        for (row, column), cell in sorted(sheet._cells.items()):
            if cell.value is not None and cell.value != "":
                cells[cell.coordinate] = plain(cell.value, cell.data_type)
        merges = [range_boundaries(str(area)) for area in sheet.merged_cells.ranges]
        sheets[name] = {
            "cells": cells,
            "merges": sorted(str(area) for area, size in zip(sheet.merged_cells.ranges, merges) if size[:2] != size[2:]),
            "rows": sorted(number - 1 for number, row in sheet.row_dimensions.items() if row.hidden),
            "columns": sorted((column.min - 1, column.max - 1) for column in sheet.column_dimensions.values() if column.hidden),
            "visible": sheet.sheet_state == "visible",
        }
    return sheets


def same(one, other):
    if one[0] == other[0] == "number":
        return abs(one[1] - other[1]) <= 1e-9 * max(1.0, abs(one[1]))
    return one == other


def unescaped(text):
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda code: chr(int(code[1], 16)), text)


def convention(one, other):
    """The names of what the two readers do differently in every workbook, and each on purpose; None for anything else."""
    if one is None or other is None:
        return None
    if one[0] == other[0] == "text" and one[1] == unescaped(other[1]):
        # Excel writes a carriage return as _x000D_ and shows it as one; openpyxl gives the spelling.
        return "escapes undone"
    if one[0] == "number" and other == ["error", "#VALUE!"]:
        # A number that is no day of any calendar, in a format of dates: we keep the number, openpyxl gives an error.
        return "no day of a calendar"
    if one[0] == "number" and other[0] == "date" and one[1] < 0:
        # Excel has no days before the epoch and shows ####; openpyxl counts back.
        return "a day before the epoch"
    if one == ["number", 60.0] and other[0] == "date":
        # Excel's 29 February 1900, which never was: we keep the number, openpyxl gives the day before.
        return "a day that never was"
    if one[0] == other[0] == "number" and abs(one[1] - other[1]) < 1e-3 / 86400:
        # A duration: openpyxl rounds it to whole milliseconds.
        return "durations rounded"
    return None


def stretches(columns):
    """Neighbouring stretches joined, so that it does not matter how they are cut."""
    joined = []
    for first, last in sorted(columns):
        if joined and first <= joined[-1][1] + 1:
            joined[-1][1] = max(joined[-1][1], last)
        else:
            joined.append([first, last])
    return joined


def differences(read):
    """What differs, as short texts: the first word says what kind of difference it is."""
    refused = not read.get("sheets")
    if refused and any(finding["rule"] == "file-too-large" for finding in read["findings"]):
        # openpyxl has no limits and is not asked: it takes gigabytes.
        return ["limit " + read["findings"][0]["message"][:120]]
    book = theirs(read["file"])
    if isinstance(book, str):
        return [] if refused else [f"only-ours {book[:120]}"]
    if refused:
        said = "; ".join(finding["rule"] + ": " + finding["message"] for finding in read.get("findings", []))
        return [f"only-theirs {said[:160]}"]
    found = []
    here = {sheet["name"]: sheet for sheet in read["sheets"]}
    if list(here) != list(book):
        found.append(f"sheets ours {list(here)} theirs {list(book)}")
    for name in [name for name in book if name in here]:
        one, other = here[name], book[name]
        if one["visible"] != other["visible"]:
            found.append(f"visible {name}: ours {one['visible']}")
        mine = {at: [kind, value] for at, kind, value in one["cells"]}
        for at in sorted(mine.keys() | other["cells"].keys()):
            left, right = mine.get(at), other["cells"].get(at)
            if left is None or right is None or not (same(left, right) or convention(left, right)):
                found.append(f"cell {name}!{at}: ours {str(left)[:60]} theirs {str(right)[:60]}")
        if sorted(one["merges"]) != other["merges"]:
            odd = sorted(set(one["merges"]) ^ set(other["merges"]))
            found.append(f"merges {name}: {odd[:6]}")
        if one["hidden_rows"] != other["rows"]:
            odd = sorted(set(one["hidden_rows"]) ^ set(other["rows"]))
            found.append(f"hidden-rows {name}: {odd[:6]}")
        if stretches(one["hidden_columns"]) != stretches(other["columns"]):
            found.append(f"hidden-columns {name}: ours {one['hidden_columns'][:4]} theirs {other['columns'][:4]}")
    for finding in read.get("findings", []):
        if finding["rule"] in ("file-damaged", "file-too-large"):
            found.append(f"told {finding['rule']} {finding['place']}: {finding['message'][:100]}")
    return found


def explained(found, entries):
    """The differences that no entry explains, and the entries that explain nothing."""
    left = []
    used = set()
    for difference in found:
        match = next((at for at, entry in enumerate(entries) if all(word in difference for word in entry["says"])), None)
        if match is None:
            left.append(difference)
        else:
            used.add(match)
    stale = [entry for at, entry in enumerate(entries) if at not in used]
    return left, stale


def judge(binary, paths, listed):
    paths = list(workbooks(paths))
    wrong = checked = told = 0
    for path, read in zip(paths, ours(binary, paths), strict=True):
        assert read["file"] == path, (read["file"], path)
        name = os.path.basename(path)
        found = differences(read)
        left, stale = explained(found, listed.get(name, []))
        checked += sum(len(sheet["cells"]) for sheet in read.get("sheets", []))
        told += len(found) - len(left)
        for difference in left[:12]:
            print(f"{name}: {difference}")
        if len(left) > 12:
            print(f"{name}: and {len(left) - 12} more")
        for entry in stale:
            print(f"{name}: listed, but it does not differ: {entry['says']}")
        wrong += len(left) + len(stale)
    assert paths, "no workbooks"
    print(f"{len(paths)} workbooks, {checked} cells, {told} differences explained, {wrong} not")
    return wrong == 0


TEXTS = [
    "はい", " 前後 ", "一行目\n二行目", "tab\there", "=1+1", "+81", "_x000D_", "_x005F_x000D_", "a & b < c > d \"e\" 'f'",
    "𠮷野家", "e\u0301", "㈱", "１２３", "\u200b", "]]>", "備考1", "#N/A だが文字", "true", "2026-09-30", "0", "4.10", "x" * 3000,
]
FORMATS = ["General", "0.00", "yyyy-mm-dd", "h:mm", "[h]:mm", "0.0%", "yyyy\"年\"m\"月\"d\"日\"", "@", "ge.m.d", "d-mmm", "#,##0;[Red]-#,##0"]


def write(folder):
    """Workbooks with all that is hard to read; the same ones in every run."""
    os.makedirs(folder, exist_ok=True)
    for seed in range(40):
        draw = random.Random(seed)
        book = openpyxl.Workbook()
        book.epoch = draw.choice([openpyxl.utils.datetime.WINDOWS_EPOCH, openpyxl.utils.datetime.MAC_EPOCH])
        for number in range(draw.randint(1, 3)):
            sheet = book.active if number == 0 else book.create_sheet(f"表{number} & <{seed}>")
            for _ in range(draw.randint(1, 120)):
                cell = sheet.cell(draw.randint(1, 60), draw.randint(1, 12))
                kind = draw.random()
                if kind < 0.45:
                    cell.value = draw.choice(TEXTS)
                    if cell.data_type != "s":
                        cell.data_type = "s"
                elif kind < 0.6:
                    cell.value = draw.choice([0, 1, -1, 0.1, 1e-7, 1e21, 123456789.125, 45000, 45000.75, 60, 59, 61, 2958465])
                    cell.number_format = draw.choice(FORMATS)
                elif kind < 0.7:
                    cell.value = draw.random() < 0.5
                elif kind < 0.8:
                    cell.value = datetime.date(draw.randint(1930, 2060), draw.randint(1, 12), draw.randint(1, 28))
                elif kind < 0.85:
                    cell.value = datetime.time(draw.randint(0, 23), draw.randint(0, 59))
                elif kind < 0.9:
                    cell.value = draw.choice(["#N/A", "#DIV/0!", "#REF!", "#NAME?", "#NULL!", "#NUM!", "#VALUE!"])
                elif kind < 0.95:
                    cell.value = CellRichText("地の文", openpyxl.cell.rich_text.TextBlock(openpyxl.cell.text.InlineFont(b=True), " 太字 "), "終")
                else:
                    cell.number_format = "yyyy-mm-dd"
            for _ in range(draw.randint(0, 3)):
                row, column = draw.randint(70, 90), draw.randint(1, 12)
                sheet.merge_cells(start_row=row, start_column=column, end_row=row + draw.randint(0, 3), end_column=column + draw.randint(0, 3))
            for _ in range(draw.randint(0, 4)):
                sheet.row_dimensions[draw.randint(1, 60)].hidden = True
            if draw.random() < 0.5:
                sheet.column_dimensions.group("C", "E", hidden=draw.random() < 0.7)
            if number:
                sheet.sheet_state = draw.choice(["visible", "hidden", "veryHidden"])
        book.save(os.path.join(folder, f"written-{seed}.xlsx"))


def main(binary, *rest):
    with open(LIST, "rb") as file:
        listed = tomllib.load(file)
    if rest[0] == "--written":
        write(rest[1])
        rest = rest[1:]
    sys.exit(0 if judge(binary, rest, listed) else 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
