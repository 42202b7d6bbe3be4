"""The workbook of a comparison, recalculated by LibreOffice, says what the tool says.

A weight is changed in the workbook by openpyxl, LibreOffice recalculates it, and scores and ranks have to be those of
a run with that weight in the profile, to the last digit printed. So with all rows and with the differing ones only.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples/15-procurement"
DATE = "2026-10-01"
# Requirement and its other weight: ties break, ranks turn, a must weighs nothing, nothing changes.
CASES = [("restore", 0), ("sbom", 10), ("end-of-support", 10), ("two-factor", 0), ("night", 0), ("ports", 8), ("disposal", 9)]


def run(tool, profile, *more):
    command = [tool, "compare", str(EXAMPLE / "bids"), "--against", str(profile), "--date", DATE, "--lang", "ja", *more]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def with_weight(text, requirement, weight):
    """The profile with another weight of one requirement."""
    head, tail = text.split(f'id = "{requirement}"', 1)
    return head + f'id = "{requirement}"' + re.sub(r"weight = \d+", f"weight = {weight}", tail, count=1)


def expected(bids):
    def rank(bid):
        if bid["rank"] is not None:
            return f"{bid['rank']}位"
        unmet = any(must["verdict"] == "unmet" for must in bid["failed"])
        return "必須を満たさない" if unmet else "必須が要確認"

    return {bid["product"]: (bid["points"], bid["of"], f"{bid['score']:.1f}", rank(bid), len(bid["failed_musts"])) for bid in bids}


def table_of(sheet):
    rows = list(sheet.iter_rows(values_only=True))
    head = next(at for at, row in enumerate(rows) if row[0] == "応札" and row[1] == "順位")
    found = {}
    for row in rows[head + 1 :]:
        if row[0] is None:
            break
        found[row[3]] = (round(row[6], 9), round(row[7], 9), f"{row[2]:.1f}", row[1], row[8])
    return found


def recalculated(book, place):
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{place}/profile", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(place / "out"), str(book)],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return openpyxl.load_workbook(place / "out" / book.name, data_only=True)


def main(tool):
    text = (EXAMPLE / "requirements.toml").read_text()
    place = Path(tempfile.mkdtemp(prefix="kaijisho-procurement-"))
    checked = 0
    for more in ([], ["--differences"]):
        book = place / "bids.xlsx"
        run(tool, EXAMPLE / "requirements.toml", "-o", str(book), "--force", *more)
        for requirement, weight in [(None, None), *CASES]:
            workbook = openpyxl.load_workbook(book)
            rows = {row[0].value: row for row in workbook["比較表"].iter_rows()}
            profile = place / "requirements.toml"
            profile.write_text(text)
            if requirement is not None:
                if requirement not in rows:
                    continue
                rows[requirement][4].value = weight
                profile.write_text(with_weight(text, requirement, weight))
            changed = place / f"changed-{checked}.xlsx"
            workbook.save(changed)
            found = table_of(recalculated(changed, place)["順位"])
            wanted = expected(json.loads(run(tool, profile, "--format", "json"))["bids"])
            assert found == wanted, f"{more} {requirement}={weight}:\n{found}\n{wanted}"
            checked += 1
    shutil.rmtree(place)
    assert checked >= 14, checked
    print(f"procurement: {checked} workbooks recalculated by LibreOffice agree with the tool")


main(sys.argv[1])
