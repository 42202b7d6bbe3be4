"""serve_load.py KAIJISHO [UPLOADS]: so many uploads at once, a bomb among them; none fails, memory has a bound.

Says how long answers took and the most memory that the program had.
"""

import io
import pathlib
import re
import subprocess
import sys
import threading
import time
import urllib.request
import zipfile

kaijisho = sys.argv[1]
uploads = int(sys.argv[2]) if len(sys.argv) > 2 else 200
SHEET = pathlib.Path("examples/01-vendor/disclosure.xlsx").read_bytes()
# Memory in MiB that is not to be reached: what one worker may inflate, twice, and what else there is.
MOST = 700


def bomb():
    """A small workbook whose parts are large: 60 MiB of nothing each."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        for name in ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"]:
            book.writestr(name, b" " * (60 * 1024 * 1024))
    return made.getvalue()


def form(name, content):
    edge = b"edge-of-the-load-test"
    head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    return b"--" + edge + b"\r\n" + head + content + b"\r\n--" + edge + b"--\r\n", edge.decode()


def memory(process):
    """The most memory that a process has had, in MiB."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / 1024


def ask(address, name, content, outcomes, start):
    start.wait()
    began = time.monotonic()
    body, edge = form(name, content)
    kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
    request = urllib.request.Request(address + "api/v1/check", body, kind)
    try:
        with urllib.request.urlopen(request, timeout=300) as answer:
            outcomes.append((name, answer.status, time.monotonic() - began, answer.read()))
    except OSError as error:
        outcomes.append((name, str(error), time.monotonic() - began, b""))


command = [kaijisho, "serve", "--listen", "127.0.0.1:0", "--date", "2026-10-01", "--lang", "en"]
running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
faults = []
try:
    address = re.search(r"http://[0-9.]+:[0-9]+/", running.stderr.readline()).group(0)
    outcomes, start = [], threading.Event()
    files = [("sheet.xlsx", SHEET)] * (uploads - 1)
    files.insert(uploads // 4, ("bomb.xlsx", bomb()))
    threads = [threading.Thread(target=ask, args=(address, *one, outcomes, start)) for one in files]
    for thread in threads:
        thread.start()
    start.set()
    for thread in threads:
        thread.join()
    for name, status, _, body in outcomes:
        if status != 200:
            faults.append(f"{name}: {status}")
        elif (name == "bomb.xlsx") != (b"file-too-large" in body):
            faults.append(f"{name}: {body[:300]}")
    if len({body for name, _, _, body in outcomes if name == "sheet.xlsx"}) != 1:
        faults.append("answers differ")
    took = sorted(seconds for _, _, seconds, _ in outcomes)
    # First come, first served: nobody waits for much longer than all of them take together.
    if took[-1] > 4 * took[len(took) // 2] + 5:
        faults.append(f"the slowest took {took[-1]:.2f} s, half of them {took[len(took) // 2]:.2f} s")
    most = memory(running)
    # Where memory is counted otherwise, the figure is told only.
    if most > MOST:
        faults.append(f"memory: {most:.0f} MiB")
    print(f"{len(outcomes)} uploads; median {took[len(took) // 2]:.2f} s, slowest {took[-1]:.2f} s; most memory {most:.0f} MiB")
finally:
    running.terminate()
    running.wait(20)
print("\n".join(faults[:20]))
sys.exit(1 if faults else 0)
