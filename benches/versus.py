#!/usr/bin/env python3
"""Us and others over the same sheets in one run, as ratios: the table of benches/README.md.

    benches/versus.py KAIJISHO [FILES] [ROUNDS] [STAGES]

KAIJISHO is the binary (target/release/kaijisho), STAGES that of the bench of this name (cargo bench --no-run says
where it is), which tells calamine's bare cell stream. FILES is a folder of sheets that
`cargo bench --bench generate -- FILES 12` made; without it the sheets of examples/ are taken. Works are done in
turn, and the least time of each counts. Time is the processor's (user and system), so that a busy machine changes
little; with several threads it is the sum of theirs. The cell stream and reading alone are clocked within the bench,
the least of many rounds. What is not installed is left out and said. Times inside python leave out the start of the
interpreter; whole commands have theirs.

The public converter of MDS2 sheets is re-created after what it does, none of its text is here: open the workbook
with openpyxl, walk the rows, take the row where the first column has an id, write id, question, answer and note
as CSV.
"""

import csv
import io
import re
import resource
import subprocess
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")


def openpyxl_cells(file):
    import openpyxl

    count = 0
    for sheet in openpyxl.load_workbook(file):
        for row in sheet.iter_rows():
            for cell in row:
                count += cell.value is not None
    return count


def openpyxl_read_only(file):
    import openpyxl

    book = openpyxl.load_workbook(file, read_only=True)
    count = sum(value is not None for sheet in book for row in sheet.iter_rows(values_only=True) for value in row)
    book.close()
    return count


def pandas_frames(file):
    import pandas

    frames = pandas.read_excel(file, sheet_name=None, header=None)
    return sum(int(frame.notna().sum().sum()) for frame in frames.values())


ID = re.compile(r"^[A-Z]{3,4}-\d+(\.\d+)*$|^\d+(\.\d+)*$")


def converter(file):
    import openpyxl

    out = io.StringIO()
    rows = csv.writer(out)
    for sheet in openpyxl.load_workbook(file, data_only=True):
        for row in sheet.iter_rows(max_col=4, values_only=True):
            if row[0] is not None and ID.match(str(row[0]).strip()):
                rows.writerow("" if value is None else str(value).strip() for value in row)
    return len(out.getvalue())


def command(*words):
    def run(file):
        done = subprocess.run([*words, str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"{words}: exit code {done.returncode}")
        return 1

    return run


def spent():
    """Seconds of the processor, of this process and of those it started and saw end."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def installed(module):
    try:
        __import__(module)
        return True
    except ImportError:
        print(f"{module} is not installed here")
        return False


def main():
    binary = sys.argv[1]
    root = Path(__file__).resolve().parent.parent
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else root / "examples"
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    files = sorted(folder.rglob("*.xlsx"))[:12]
    published = root / "../shared/corpus/mds2/nema-example-hn1-2019.xlsx"
    files += [published] if published.is_file() else []
    works = {
        "kaijisho check, whole command": command(binary, "check", "--fail-on", "never", "--format", "json"),
        "kaijisho diff, whole command": command(
            binary, "diff", "--fail-on", "never", "--against", "small-hospital", "--format", "json"
        ),
        "kaijisho --version": lambda _: command(binary)("--version"),
    }
    if installed("openpyxl"):
        works["openpyxl, every cell"] = openpyxl_cells
        works["openpyxl read only, every cell"] = openpyxl_read_only
        works["converter on openpyxl, to CSV"] = converter
    if installed("pandas"):
        works["pandas, a frame a sheet"] = pandas_frames
    least = {name: [float("inf")] * len(files) for name in works}
    stages = sys.argv[4] if len(sys.argv) > 4 else None
    inside = {"calamine's bare cell stream": [float("inf")] * len(files), "kaijisho, reading alone": [float("inf")] * len(files)}
    for _ in range(rounds):
        if stages:
            told = subprocess.run([stages, "--bare", *files], capture_output=True, text=True, check=True).stdout
            for at, line in enumerate(told.splitlines()):
                for times, ms in zip(inside.values(), line.split()):
                    times[at] = min(times[at], float(ms) / 1e3)
        for at, file in enumerate(files):
            for name, work in works.items():
                start = spent()
                if not work(file):
                    raise RuntimeError(f"{name}: nothing read from {file}")
                least[name][at] = min(least[name][at], spent() - start)
    least |= inside if stages else {}
    totals = {name: sum(times) / len(files) * 1e3 for name, times in least.items()}
    ours = next(iter(totals.values()))
    print(f"{len(files)} sheets, the least of {rounds} rounds, ms a sheet and ratio to the first")
    for name, total in totals.items():
        print(f"{name:<34} {total:9.2f}  {total / ours:7.2f}")
    slowest = max(zip(least["kaijisho diff, whole command"], files))
    print(f"slowest diff {slowest[0] * 1e3:.1f} ms: {slowest[1].name}")


main()
