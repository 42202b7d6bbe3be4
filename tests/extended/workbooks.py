"""Workbooks as openpyxl reads them.

workbooks.py converted BOOK.xlsx DISCLOSURE.json   the plain workbook of `convert`, cell by cell
workbooks.py report    BOOK.xlsx DISCLOSURE.json   the workbook of `report`
"""

import re
import sys

import openpyxl

from disclosures import documents, rows


def cells(sheet, columns=None):
    """The rows of a sheet, empty cells as empty texts; no cell may hold a formula but the line of the progress."""
    found = []
    for row in sheet.iter_rows(max_col=columns):
        for cell in row:
            if columns and cell.coordinate == "D3":
                continue
            assert cell.data_type != "f", f"{sheet.title}!{cell.coordinate} is a formula: {cell.value!r}"
        found.append(["" if cell.value is None else str(cell.value) for cell in row])
    return found


def as_read(text):
    """What openpyxl makes of a text: it leaves Excel's spelling of control characters as it stands."""
    return re.sub(r"[\x00-\x08\x0b-\x1f]", lambda found: f"_x{ord(found.group()):04X}_", text)


def day(value):
    """A text of a cell; a day as it stands in the JSON."""
    return re.sub(r"^(\d{4}-\d\d-\d\d) 00:00:00$", r"\1", value)


def converted(book, disclosures):
    assert len(book.sheetnames) == len(disclosures), book.sheetnames
    for sheet, document in zip(book.worksheets, disclosures):
        # The state of each item and what is hidden to find it out are formulas of our own; all else is text.
        table = cells(sheet, 4)
        expected = rows(document)
        heads = [at for at, row in enumerate(table) if row[:4] in (["No.", "項目", "回答", "備考"], ["ID", "Question", "Answer", "Remark"])]
        assert len(heads) == 1, f"{sheet.title}: headings in rows {heads}"
        below = table[heads[0] + 1 :]
        # The title of a section stands alone in its row, and no item does: its question or its answer is there.
        numbers = {row[0] for row in expected}
        items = [tuple(row[:4]) for row in below if row[0] in numbers][: len(expected)]
        for got, wanted in zip(items, expected):
            wanted = tuple(as_read(text) for text in wanted)
            assert got == wanted, f"{sheet.title}: {got!r}, not {wanted!r}"
        assert len(items) == len(expected), f"{sheet.title}: {len(items)} items, not {len(expected)}"
        values = {day(text) for row in table[: heads[0]] for text in (row[1], row[3])}
        assert document["form"]["id"] in values, values
        for value in filter(None, document["header"].values()):
            in_items = any(value in row for row in items)
            assert value.strip() in values or in_items, f"{sheet.title}: {value!r} is not in the head"
        notes = [(as_read(note["label"]), as_read(note["text"])) for note in document.get("remarks", [])]
        pairs = [tuple(row[:2]) for row in below]
        for note in notes:
            assert note in pairs, f"{sheet.title}: remark {note!r} is not below the items"


def report(book, disclosures):
    found = [row for sheet in book.worksheets for row in cells(sheet)]
    assert len(book.sheetnames) > 1, book.sheetnames
    for document in disclosures:
        for number, _, written, _ in rows(document):
            hits = [row for row in found if number in row and (not written or any(written in text for text in row))]
            assert hits, f"item {number} with {written!r} is in no row"


if __name__ == "__main__":
    kind, book, disclosures = sys.argv[1:]
    {"converted": converted, "report": report}[kind](openpyxl.load_workbook(book), documents(disclosures))
