"""Workbooks of `checklist`, by openpyxl and by what LibreOffice makes of them.

checklist.py book BOOK.xlsx REPORT.json     sheets, filters, and every item of the report in its row
checklist.py saved BOOK.xlsx REPORT.json    the same of what LibreOffice saved, which keeps no frozen heads of sheets not looked at
checklist.py told FOLDER REPORT.json        the same items in the CSV files that LibreOffice wrote of the sheets
checklist.py vendor BOOK.xlsx REPORT.json   a vendor's form: its questions, and no folder of the facility
"""

import csv
import glob
import json
import sys

import openpyxl

STATUS = {"yes": "はい", "no": "いいえ", "check": "要確認", "open": "未確認", "not-needed": "記入不要"}


def wanted(report):
    """Title and status of each item, and of each of its systems by the system's name."""
    whole = [(item["title"], STATUS[item["whole"]["status"]]) for item in report["items"]]
    systems = [
        (item["title"], report["systems"][cell["system"]]["name"], STATUS[cell["status"]])
        for item in report["items"]
        for cell in item["systems"]
    ]
    return whole, systems


def holds(rows, parts):
    """True if a row begins a cell with each of the parts, as marks stand behind titles and signs before words."""
    return any(all(any(part in cell for cell in row) for part in parts) for row in rows)


def all_there(sheets, report):
    whole, systems = wanted(report)
    for parts in whole:
        assert holds(sheets[0], parts), f"{parts} is not in the first sheet"
    for parts in systems:
        assert holds(sheets[1], parts), f"{parts} is not in the second sheet"
    for system in report["systems"]:
        assert holds(sheets[2], [system["name"]]), f"{system['name']} is not among what was received"


def texts(sheet):
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def book(path, report, saved=False):
    found = openpyxl.load_workbook(path)
    names = ["チェックリスト", "システム別の根拠", "開示書の受領", "事業者", "残った作業"]
    assert found.sheetnames[: len(names)] == names, found.sheetnames
    for sheet in found.worksheets[1:]:
        assert sheet.auto_filter.ref == sheet.dimensions, f"{sheet.title}: filter {sheet.auto_filter.ref}, table {sheet.dimensions}"
        assert saved or sheet.freeze_panes, f"{sheet.title}: its heads scroll away"
        assert sheet.print_title_rows, f"{sheet.title}: its heads stand on the first page only"
    for sheet in found.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", f"{sheet.title}!{cell.coordinate} is a formula"
    all_there([texts(sheet) for sheet in found.worksheets], report)


def saved(path, report):
    book(path, report, saved=True)


def told(folder, report):
    sheets = []
    for name in ["チェックリスト", "システム別の根拠", "開示書の受領"]:
        files = glob.glob(f"{folder}/*-{name}.csv")
        assert len(files) == 1, f"{name}: {files}"
        with open(files[0], encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        # A cell that a program cannot show is told in these words.
        assert not any(cell.startswith(("#REF", "#NAME", "#VALUE", "Err:")) for row in rows for cell in row), name
        sheets.append(rows)
    all_there(sheets, report)


def vendor(path, report):
    found = openpyxl.load_workbook(path)
    cells = [cell for sheet in found.worksheets for row in texts(sheet) for cell in row]
    assert any(report["facility"]["name"] in cell for cell in cells), "the facility is not named"
    folders = {document["file"].rsplit("/", 1)[0] for document in report["documents"] if "/" in document["file"]}
    for folder in folders:
        assert not any(folder in cell for cell in cells), f"the facility's folder {folder} goes to a vendor"


with open(sys.argv[3], encoding="utf-8") as file:
    {"book": book, "saved": saved, "told": told, "vendor": vendor}[sys.argv[1]](sys.argv[2], json.load(file))
