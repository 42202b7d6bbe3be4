"""Workbooks that were filled, beside the templates they were made from.

fill.py kept TEMPLATE.xlsx FILLED.xlsx FILL.json   openpyxl: answers stand where the report says, all else is as it was
fill.py told FILL.json FOLDER                      LibreOffice: its CSV holds every answer and remark
"""

import json
import pathlib
import sys
import zipfile

import openpyxl


def placed(report):
    """The cells that were written, each with what was to stand there."""
    for document in report["documents"]:
        for outcome in document["outcomes"]:
            if outcome["fate"] == "placed":
                yield outcome


def kept(template, filled, report):
    before, after = zipfile.ZipFile(template), zipfile.ZipFile(filled)
    assert before.namelist() == after.namelist(), "parts came or went"
    changed = [name for name in before.namelist() if before.read(name) != after.read(name)]
    allowed = ("xl/worksheets/sheet", "xl/workbook.xml", "xl/calcChain.xml", "xl/ctrlProps/", "xl/drawings/vmlDrawing")
    assert changed and all(name.startswith(allowed) for name in changed), changed
    before, after = openpyxl.load_workbook(template), openpyxl.load_workbook(filled)
    assert before.sheetnames == after.sheetnames
    written = set()
    for outcome in placed(report):
        place = outcome["place"]
        value = after[place["sheet"]][place["cell"]].value
        assert value not in (None, ""), f"{place} is empty"
        written.add((place["sheet"], place["cell"]))
    assert len(written) > 10, written
    different = 0
    for sheet in before:
        other = after[sheet.title]
        assert sheet.merged_cells.ranges == other.merged_cells.ranges
        assert len(sheet.data_validations.dataValidation) == len(other.data_validations.dataValidation)
        assert str(sheet.conditional_formatting) != "" and len(sheet.conditional_formatting) == len(other.conditional_formatting)
        for row in sheet.iter_rows():
            for cell in row:
                now = other[cell.coordinate]
                assert cell.style_id == now.style_id, f"{cell.coordinate}: another style"
                if cell.data_type == "f":
                    assert now.value == cell.value, f"{cell.coordinate}: the formula is gone"
                if cell.value != now.value:
                    assert now.data_type != "f", f"{cell.coordinate} is a formula: {now.value!r}"
                    different += 1
    assert different >= len(written), f"{different} cells differ, {len(written)} were written"


def told(report, folder):
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(pathlib.Path(folder).glob("*.csv")))
    missing = [
        outcome["wanted"]
        for outcome in placed(report)
        if outcome["what"] == "remark" and outcome["wanted"].split("\n")[0].replace('"', '""') not in text
    ]
    assert not missing, missing
    assert sum(1 for _ in placed(report)) > 10


if __name__ == "__main__":
    kind, *files = sys.argv[1:]
    if kind == "kept":
        template, filled, report = files
        kept(template, filled, json.load(open(report, encoding="utf-8")))
    else:
        report, folder = files
        told(json.load(open(report, encoding="utf-8")), folder)
