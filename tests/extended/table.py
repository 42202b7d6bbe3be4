"""Holds the table of answers against what `convert --format json` says, cell by cell, as pyarrow, pandas and DuckDB
read it.

    table.py TABLE.parquet BIN FILE…
"""

import datetime
import json
import subprocess
import sys

import duckdb
import pandas
import pyarrow.parquet


def place(of):
    """A place of the JSON as the table writes it."""
    if of is None:
        return None
    if "line" in of:
        return f"{of['line']}:{of['column']}"
    return of["sheet"] if of.get("cell") is None else f"{of['sheet']}!{of['cell']}"


def date(text):
    try:
        return datetime.date.fromisoformat(text or "")
    except ValueError:
        return None


def expected(binary, files):
    """The rows that the table has to have, from the JSON of each file."""
    for file in files:
        told = subprocess.run([binary, "convert", file, "--format", "json", "-q"], capture_output=True, check=True)
        for at, document in enumerate(json.loads(told.stdout)["documents"], 1):
            form, header = document["form"], document["header"]
            for position, item in enumerate(document["items"], 1):
                yield {
                    "disclosure": f"{document['sha256']}#{at}",
                    "file": document["file"],
                    "sha256": document["sha256"],
                    "document": at,
                    "sheet": document.get("sheet"),
                    "family": form["family"],
                    "form": form["id"],
                    "edition": form["edition"],
                    "form_source": form["source"],
                    "manufacturer": header["manufacturer"],
                    "product": header["product"],
                    "model": header["model"],
                    "version": header["version"],
                    "disclosed_on": date(header["date"]),
                    "position": position,
                    "item": item["number"],
                    "control": item["control"],
                    "text": item["text"],
                    "answer": item["answer"],
                    "options": item["options"],
                    "state": item["state"],
                    "written": item["written"],
                    "remark": item["remark"],
                    "remark_reference": item.get("remark_reference"),
                    "place": place(item["place"]),
                }


def plain(value):
    """A value without the types that an engine puts around it."""
    if isinstance(value, (datetime.datetime, pandas.Timestamp)):
        return value.date()
    if hasattr(value, "tolist"):
        value = value.tolist()
    if value is None or value is pandas.NaT or value is pandas.NA or isinstance(value, float) and value != value:
        return None
    return value


def readings(table):
    """The rows of the table by each reader."""
    yield "pyarrow", pyarrow.parquet.read_table(table).to_pylist()
    frame = pandas.read_parquet(table, engine="pyarrow")
    yield "pandas", frame.to_dict("records")
    cursor = duckdb.connect().execute("SELECT * FROM read_parquet(?) ORDER BY file, document, position", [table])
    names = [column[0] for column in cursor.description]
    yield "DuckDB", [dict(zip(names, row)) for row in cursor.fetchall()]


def main():
    table, binary, *files = sys.argv[1:]
    wanted = list(expected(binary, files))
    for reader, rows in readings(table):
        if reader == "DuckDB":
            wanted.sort(key=lambda row: (row["file"].encode(), row["document"], row["position"]))
        assert len(rows) == len(wanted), f"{reader}: {len(rows)} rows, {len(wanted)} wanted"
        for at, (row, want) in enumerate(zip(rows, wanted)):
            beside = set(row) - set(want)
            assert beside == {"confidence", "disclosed_on_written"}, f"{reader}: columns {beside}"
            for column, value in want.items():
                found = plain(row[column])
                assert found == value, f"{reader}, row {at}, {column}: {found!r}, not {value!r}"
    print(f"{len(wanted)} rows are the same to pyarrow, pandas and DuckDB")


main()
