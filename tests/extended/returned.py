"""Return sheets as openpyxl reads them.

returned.py BEFORE.xlsx AFTER.xlsx   the sender's workbook, and the same sent back
"""

import sys

import openpyxl

MEND, ASK = "FFFFD7A3", "FFBDE3F7"


def values(sheet):
    return {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None}


def listed(sheet):
    """Code, sheet, cell and item of each row of the list, with where its link leads."""
    rows = list(sheet.iter_rows())
    heads = [at for at, row in enumerate(rows) if {"指摘コード", "Code"} & {cell.value for cell in row}]
    assert len(heads) == 1, f"headings in rows {heads}"
    names = [cell.value for cell in rows[heads[0]]]
    at = {key: next(names.index(name) for name in pair if name in names)
          for key, pair in {"code": ("指摘コード", "Code"), "sheet": ("シート", "Sheet"), "cell": ("セル", "Cell")}.items()}
    found = []
    for row in rows[heads[0] + 1 :]:
        code = row[at["code"]].value
        if code and str(code).startswith("MDS"):
            link = row[at["cell"]].hyperlink or row[at["sheet"]].hyperlink
            found.append((code, row[at["sheet"]].value, row[at["cell"]].value, link.location if link else None))
    return found


def main(before, after):
    before, after = openpyxl.load_workbook(before), openpyxl.load_workbook(after)
    assert after.sheetnames[1:] == before.sheetnames, after.sheetnames
    for sheet in before.worksheets:
        sent = after[sheet.title]
        assert values(sheet) == values(sent), f"{sheet.title}: values differ"
        assert sheet.merged_cells.ranges == sent.merged_cells.ranges, sheet.title
        assert [str(v.sqref) for v in sheet.data_validations.dataValidation] == [
            str(v.sqref) for v in sent.data_validations.dataValidation
        ], sheet.title
        assert sheet.print_title_rows == sent.print_title_rows, sheet.title
        for row in sheet.iter_rows():
            for cell in row:
                other = sent[cell.coordinate]
                assert repr(cell.border) == repr(other.border) and repr(cell.font) == repr(other.font), f"{sheet.title}!{cell.coordinate}"
                assert cell.number_format == other.number_format, f"{sheet.title}!{cell.coordinate}"
    first = after.worksheets[0]
    for row in first.iter_rows():
        for cell in row:
            assert cell.data_type != "f", f"{cell.coordinate} is a formula"
    found = listed(first)
    assert found, "nothing is listed"
    marked = 0
    for code, sheet, address, link in found:
        if address in (None, "–"):
            continue
        assert link == f"'{sheet}'!{address}", f"{code}: {link}"
        cell = after[sheet][address]
        assert cell.fill.fgColor.rgb == MEND, f"{sheet}!{address}: {cell.fill.fgColor.rgb}"
        assert cell.comment and "【kaijisho】" in cell.comment.text, f"{sheet}!{address} has no comment"
        marked += 1
    assert marked, "no cell is marked"
    assert first.freeze_panes and first.auto_filter.ref and first.print_title_rows, "the list is no table"
    assert first.page_setup.orientation == "landscape" and str(first.page_setup.paperSize) == "9"


main(*sys.argv[1:])
