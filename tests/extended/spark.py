"""A Spark job over the table of verdicts comes to what `compare` says of every bid, to the last digit.

    spark.py BIN [COUNT] [MASTER]

Makes COUNT disclosures on three forms (default 300), exports them, compares them, and lets Spark reproduce score,
rank, qualification and all counts from the Parquet file alone. Scores stay fractions of whole numbers, as the tool
keeps them: 100 * points / of, and the tenths that are printed are (points * 2000 + of) div (of * 2).
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FORMS = ["mds-reference", "sds-reference", "mds2-2019"]
PROFILE = "small-hospital"
DATE = "2026-10-01"

# What a national collection would run; `verdicts` is the table. One row for each bid.
BIDS = """
SELECT file, document, first(product) AS product,
  sum(CASE WHEN level <> 'info' AND verdict = 'met' THEN weight ELSE 0 END) AS points,
  sum(CASE WHEN level <> 'info' AND verdict <> 'not-applicable' THEN weight ELSE 0 END) AS of,
  count_if(level = 'must' AND verdict IN ('unmet', 'undecided')) = 0 AS qualified,
  count_if(level = 'must' AND verdict IN ('unmet', 'undecided')) AS failed
FROM verdicts GROUP BY file, document
"""
# Fractions are compared by multiplying across; of the scores there are few, so they are set against each other.
RANKS = """
WITH scores AS (SELECT points, of, count(*) AS bids FROM bids WHERE qualified GROUP BY points, of),
above AS (
  SELECT a.points, a.of, 1 + coalesce(sum(b.bids), 0) AS rank
  FROM scores a LEFT JOIN scores b
    ON (CASE WHEN a.of = 0 THEN b.of > 0 ELSE b.of > 0 AND b.points * a.of > a.points * b.of END)
  GROUP BY a.points, a.of)
SELECT bids.*, CASE WHEN qualified THEN above.rank END AS rank,
  CASE WHEN bids.of > 0 THEN (bids.points * 2000 + bids.of) DIV (bids.of * 2) END AS tenths
FROM bids LEFT JOIN above ON bids.points = above.points AND bids.of = above.of
"""
COUNTS = "SELECT file, document, level, verdict, count(*) AS number FROM verdicts GROUP BY file, document, level, verdict"


def make(binary, folder, count):
    """Disclosures with answers by lot; every twentieth vendor is nearly perfect, so that some qualify."""
    forms = {}
    for form in FORMS:
        blank = folder / f"{form}.json"
        subprocess.run([binary, "new", "--form", form, "-o", blank, "-q"], check=True)
        forms[form] = [item["number"] for item in json.loads(blank.read_text())["items"]]
        blank.unlink()
    lot = random.Random(20261001)
    sheets = folder / "sheets"
    for at in range(count):
        form = FORMS[at % 3]
        part = sheets / f"{at // 1000:03}"
        part.mkdir(parents=True, exist_ok=True)
        good = 0.995 if at % 20 < 3 else lot.uniform(0.3, 0.95)
        answers = {False: ["no", "na", "", "see-note"], True: ["yes"]}
        items = [
            {"number": number, "answer": lot.choice(answers[lot.random() < good]), "remark": "備考の文" if lot.random() < 0.1 else ""}
            for number in forms[form]
        ]
        head = {"date": "2026-09-30", "manufacturer": f"見本{at % 97}社", "product": f"見本製品{at}", "version": "1.0"}
        document = {"form": form, "header": head, "items": items}
        (part / f"{at:06}.json").write_text(json.dumps(document, ensure_ascii=False))
    return sheets


def timed(what, command, codes):
    begun = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode in codes, f"{what}: {done.returncode}\n{done.stderr[-2000:]}"
    # Of all programs run so far; the largest comes last.
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{what}: {time.monotonic() - begun:.1f} s, at most {memory} MB")
    return done.stdout


def spark(master, verdicts):
    """What Spark makes of the table: a row for each bid, and the counts."""
    from pyspark.sql import SparkSession

    begun = time.monotonic()
    builder = SparkSession.builder.master(master).appName("kaijisho")
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "4",
        # A number too large is an error, not another number.
        "spark.sql.ansi.enabled": "true",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    engine = builder.getOrCreate()
    engine.sparkContext.setLogLevel("ERROR")
    print(f"Spark {engine.version} on {master}: started in {time.monotonic() - begun:.1f} s")
    begun = time.monotonic()
    engine.read.parquet(str(verdicts)).createOrReplaceTempView("verdicts")
    engine.sql(BIDS).createOrReplaceTempView("bids")
    bids = [row.asDict() for row in engine.sql(RANKS).collect()]
    counts = [row.asDict() for row in engine.sql(COUNTS).collect()]
    print(f"Spark: the job took {time.monotonic() - begun:.1f} s")
    engine.stop()
    return bids, counts


def main():
    binary = str(Path(sys.argv[1]).resolve())
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    master = sys.argv[3] if len(sys.argv) > 3 else "local[2]"
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)
        sheets = make(binary, work, count)
        answers, verdicts, compared = work / "answers.parquet", work / "verdicts.parquet", work / "compare.json"
        held = ["--against", PROFILE, "--date", DATE, "-q"]
        timed("export", [binary, "export", sheets, "-o", answers, "--verdicts", verdicts, *held], [0])
        timed("compare", [binary, "compare", sheets, "--format", "json", "-o", compared, *held], [0, 1])
        print(f"answers {answers.stat().st_size} bytes, verdicts {verdicts.stat().st_size} bytes")
        said = json.loads(compared.read_text())
        bids, counts = spark(master, verdicts)

    found = {bid["file"]: bid for bid in bids}
    levels = {}
    for row in counts:
        levels.setdefault(row["file"], {}).setdefault(row["level"], {})[row["verdict"]] = row["number"]
    assert len(said["bids"]) == len(found) == count, (len(said["bids"]), len(found))
    for bid in said["bids"]:
        row, file = found[bid["file"]], bid["file"]
        for name in ("product", "points", "of", "qualified", "rank"):
            assert row[name] == bid[name], f"{file}, {name}: Spark {row[name]}, compare {bid[name]}"
        tenths = None if bid["score"] is None else round(bid["score"] * 10)
        assert row["tenths"] == tenths, f"{file}, score: Spark {row['tenths']}, compare {bid['score']}"
        assert row["failed"] == len(bid["failed_musts"]), f"{file}: failed musts"
        counted = {level: {verdict: number for verdict, number in by.items() if number} for level, by in bid["verdicts"].items()}
        counted = {level: by for level, by in counted.items() if by}
        assert levels[file] == counted, f"{file}: Spark {levels[file]}, compare {counted}"
    ranked = [bid for bid in said["bids"] if bid["rank"] is not None]
    assert ranked and len(ranked) < count, f"{len(ranked)} of {count} qualify: that proves nothing about ranks"
    different = len({(bid["points"], bid["of"]) for bid in said["bids"]})
    print(f"{count} bids are the same to Spark: {len(ranked)} ranked, {different} different scores")


main()
