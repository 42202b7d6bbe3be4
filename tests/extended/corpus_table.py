"""What becomes of every file of a folder: exit code, first finding, time and memory, as a table.

corpus_table.py KAIJISHO FOLDER [MEGABYTES SECONDS]

Fails where a file takes more than 100 MB or more than one second of a processor (what other programs do meanwhile does
not count), ends by a signal, or comes back without a word: exit code 2 without a finding, or no JSON.
"""

import functools
import io
import json
import os
import subprocess
import sys
import tempfile
import time


def measured(command):
    """Runs a command: exit code, output, seconds by the clock, seconds of a processor, peak memory in megabytes."""
    with tempfile.TemporaryFile() as out:
        begun = time.monotonic()
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        took = time.monotonic() - begun
        out.seek(0)
        return child.returncode, out.read(), took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def outcome(output):
    """Disclosures and findings in a JSON report, and the first finding in words."""
    said = json.loads(output)
    documents = said["documents"]
    findings = [finding for document in documents for finding in document["findings"]]
    read = [document["form"]["id"] for document in documents if document.get("form")]
    first = findings[0]["name"] if findings else "-"
    return read, findings, first


def main(kaijisho, folder, megabytes="100", seconds="1"):
    megabytes, seconds = float(megabytes), float(seconds)
    paths = sorted(os.path.join(place, name) for place, _, names in os.walk(folder) for name in names)
    assert paths, f"{folder}: no files"
    wrong = []
    most = {"cpu": 0.0, "memory": 0.0}
    rows = io.StringIO()
    say = functools.partial(print, file=rows)
    say("| file | bytes | exit | read as | findings | first finding | wall s | cpu s | MB |")
    say("|---|--:|--:|---|--:|---|--:|--:|--:|")
    for path in paths:
        code, output, wall, cpu, memory = measured([kaijisho, "check", path, "--format", "json", "--lang", "en"])
        name = os.path.relpath(path, folder)
        try:
            read, findings, first = outcome(output)
        except (ValueError, KeyError) as error:
            read, findings, first = [], [], f"no JSON: {error!r}"
            wrong.append(f"{name}: {first}")
        say(
            f"| {name} | {os.path.getsize(path)} | {code} | {', '.join(read) or '-'} | {len(findings)} | {first} "
            f"| {wall:.2f} | {cpu:.2f} | {memory:.0f} |"
        )
        most = {"cpu": max(most["cpu"], cpu), "memory": max(most["memory"], memory)}
        if code not in (0, 1, 2):
            wrong.append(f"{name}: ended with {code}")
        if code == 2 and not findings:
            wrong.append(f"{name}: not read, and nothing said")
        if code != 2 and not read:
            wrong.append(f"{name}: exit code {code}, but nothing was read")
        if cpu > seconds:
            wrong.append(f"{name}: {cpu:.2f} s of a processor, at most {seconds}")
        if memory > megabytes:
            wrong.append(f"{name}: {memory:.0f} MB, at most {megabytes:.0f}")
    say(f"\n{len(paths)} files; the most: {most['cpu']:.2f} s of a processor, {most['memory']:.0f} MB")
    # What is shown of a check that fails is its beginning, so the table does not bury what is wrong.
    table = rows.getvalue()
    for line in wrong:
        print(line)
    print(table, end="")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
