"""Blank workbooks, as openpyxl reads them and as LibreOffice calculates them.

new.py shape BLANK.xlsx                    lists, hints, protection and colours are there
new.py fill  BLANK.xlsx FILLED.xlsx SEED   fills it with answers, some of them odd; the seed chooses them
new.py count FILLED.xlsx CHECK.json        what the calculated sheet counts is what `kaijisho check` finds
"""

import json
import random
import re
import sys

import openpyxl

ODD = ["大体", "はい・いいえ", "はい", "Yes", " いいえ ", "対象外", "N/A", "備考参照", "有", "未対応"]


def items(sheet):
    """The rows of items: those whose hidden column of meanings holds a formula or its result."""
    start = next(row for row in range(1, 60) if str(sheet.cell(row, 1).value).startswith(("No.", "ID")))
    for row in range(start + 1, sheet.max_row + 1):
        if sheet.cell(row, 1).value is not None and sheet.cell(row, 9).value is not None:
            yield row


def validations(sheet):
    """The rule of each cell that has one."""
    found = {}
    for rule in sheet.data_validations.dataValidation:
        for area in rule.sqref.ranges:
            for row, column in area.cells:
                found[row, column] = rule
    return found


def words(sheet, rule):
    """The words that a rule offers."""
    if rule is None or rule.type != "list":
        return []
    if rule.formula1.startswith('"'):
        return rule.formula1.strip('"').split(",")
    return [cell.value for row in sheet[rule.formula1.replace("$", "")] for cell in row]


def shape(path):
    sheet = openpyxl.load_workbook(path).active
    rows = list(items(sheet))
    rules = validations(sheet)
    assert rows, "no items"
    assert sheet.protection.sheet and not sheet.protection.password, "not protected, or with a password"
    for row in rows:
        rule = rules.get((row, 3))
        assert rule is not None and rule.prompt and len(rule.prompt) <= 255, f"row {row}: no hint"
        assert not sheet.cell(row, 3).protection.locked, f"row {row}: the answer is locked"
        assert not sheet.cell(row, 4).protection.locked, f"row {row}: the remark is locked"
        for column in (1, 2, 5, 6, 7, 8, 9):
            assert sheet.cell(row, column).protection.locked, f"row {row}, column {column} is open"
    assert any(words(sheet, rules[row, 3]) for row in rows), "nothing to choose from"
    coloured = {str(area) for format in sheet.conditional_formatting for area in format.sqref.ranges}
    assert any(area.startswith("A") and area.split(":")[1].startswith("E") for area in coloured), coloured
    assert sheet.freeze_panes and sheet.auto_filter.ref and sheet.print_title_rows, "not set up"
    for letter in "FGHIJ":
        dimension = next(d for d in sheet.column_dimensions.values() if d.min <= ord(letter) - 64 <= d.max)
        assert dimension.hidden, letter


def fill(path, to, seed):
    chance = random.Random(int(seed))
    book = openpyxl.load_workbook(path)
    sheet = book.active
    rules = validations(sheet)
    for row in items(sheet):
        offered = words(sheet, rules.get((row, 3)))
        kind = chance.random()
        if kind < 0.15:
            answer = None
        elif rules[row, 3].type == "date":
            # The reader knows more spellings of days than a formula, so that no odd ones are tried.
            answer = "2026-09-30"
        elif kind < 0.3:
            answer = chance.choice(ODD)
        elif rules[row, 3].showErrorMessage or not offered:
            answer = chance.choice(offered or ["2026-09-30", "説明文"])
        else:
            answer = "、".join(chance.sample(offered, chance.randint(1, min(3, len(offered)))))
        sheet.cell(row, 3).value = answer
        if chance.random() < 0.5:
            sheet.cell(row, 4).value = chance.choice(["説明", "なし", "-", "特になし", "2027年度に対応予定\n次の版で"])
    book.save(to)


def count(path, check):
    sheet = openpyxl.load_workbook(path, data_only=True).active
    line = next(cell.value for row in sheet.iter_rows(max_row=12) for cell in row if re.match("回答 \\d|answered \\d", str(cell.value)))
    counted = [int(number) for number in re.findall(r"\d+", line.split("\n")[0])]
    with open(check, encoding="utf-8") as file:
        document = json.load(file)["documents"][0]
    names = [finding["name"] for finding in document["findings"]]
    answered = document["counts"]["answered"]
    care = {finding["item"] for finding in document["findings"] if finding["name"] in (
        "answer-unknown", "answer-conflicting", "answer-outside-choices", "child-contradicts-parent")}
    expected = [answered, answered + names.count("answer-missing"), names.count("remark-missing"), len(care)]
    assert counted == expected, f"{line!r} counts {counted}, the check {expected}"
    missing = {finding["item"] for finding in document["findings"] if finding["name"] == "answer-missing"}
    shown = {str(sheet.cell(row, 1).value) for row in items(sheet) if sheet.cell(row, 9).value == 1}
    assert shown == missing, shown ^ missing


if __name__ == "__main__":
    {"shape": shape, "fill": fill, "count": count}[sys.argv[1]](*sys.argv[2:])
