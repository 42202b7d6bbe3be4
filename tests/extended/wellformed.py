"""Whether a text is well-formed XML: what kaijisho says, held against libxml2 (xmllint).

wellformed.py BINARY FOLDER WORK    BINARY prints findings as JSON (tests/extended/cells.rs); every .xml below FOLDER, and
                                    each small one changed in many ways (a fixed seed) into the folder WORK

Namespaces count: a prefix that is not declared is a mistake for both. What differs on purpose stands in `purpose`, for
any file; a difference of another kind must stand in wellformed.toml with its reason, and what stands there must differ.
"""

import json
import os
import random
import re
import subprocess
import sys
import tomllib

HERE = os.path.dirname(os.path.abspath(__file__))
CHANGED = 60

# Pieces that are wrong in some places and right in others.
PIECES = [
    b"<", b">", b"&", b"\"", b"'", b"]]>", b"--", b"<!-- x -- y -->", b"<!-- x -->", b"<!--->", b"<?xml version=\"1.0\"?>", b"<?x y?>", b"<?x?>",
    b"<?xml?>", b"<?1?>", b"<a>", b"</a>", b"<a/>", b"<a b=\"1\" b=\"2\"/>", b"<a b=1/>", b"<a b/>", b"<a b=\"<\"/>", b"<a b=\"&lt;\"/>", b"<1/>",
    b"<-a/>", b"<a:b/>", b"<a:b xmlns:a=\"u\"/>", b"<a xmlns:a=\"\"/>", b"<a xmlns:xml=\"u\"/>", b"<a xmlns:xmlns=\"u\"/>",
    b"<a x:b=\"1\"/>", b"<a b=\"1\"c=\"2\"/>", b"<a xmlns:x=\"u\" xmlns:y=\"u\" x:b=\"1\" y:b=\"2\"/>", b"<a:b:c xmlns:a=\"u\"/>", b"<:a/>", b"<a:/>",
    b"&#0;", b"&#1;", b"&#x1F;", b"&#xD800;", b"&#xFFFE;", b"&#x10FFFF;", b"&#x110000;", b"&#9;", b"&#65;", b"&#x41;", b"&#X41;", b"&#;", b"&#x;",
    b"&amp;", b"&unknown;", b"& ", b"&amp", b"&lt;&gt;&quot;&apos;", b"\x00", b"\x01", b"\x0b", b"\x1f", b"\x7f", b"\xc2\x85", b"\xef\xbf\xbe", b"\xff",
    b"\xed\xa0\x80", b"\xc0\xaf", b"\xef\xbb\xbf", b"\xe3\x81\x82", b"<\xe3\x81\x82/>", b"<![CDATA[x]]>", b"<![CDATA[]]]]>", b"<![CDATA[", b"<!DOCTYPE a>",
    b"<!ENTITY a \"b\">", b"<! x>", b"<!>", b"< a/>", b"<a />", b"<a\n/>", b"<a / >", b"</ a>", b"<a></a >", b"<a></b>", b"\r", b"\r\n", b"\t", b" ", b"x",
    b"<a b='\"'/>", b"<a b=\"\n\"/>", b"<a\tb = \"1\" />", b"<a.b-c_d/>", b"<a\xc2\xb7/>", b"<\xc2\xb7a/>", b"<a b=\"]]>\"/>", b"<a b=\"&#60;\"/>",
]
HEADS = [
    b"<?xml version=\"1.0\"?>", b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>", b"<?xml version=\"1.1\"?>", b"<?xml version=\"2.0\"?>",
    b"<?xml version=\"1.0\" standalone=\"maybe\"?>", b"<?xml encoding=\"UTF-8\"?>", b"<?xml?>", b"<?xml version=\"1.0\" encoding=\"nonsense\"?>",
    b"<?xml version=\"1.0\" encoding=\"UTF-16\"?>", b"<?xml version=\"1.0\" standalone=\"yes\" encoding=\"UTF-8\"?>", b"<?xml version=1.0?>",
    b" <?xml version=\"1.0\"?>", b"<?XML version=\"1.0\"?>", b"<?xml version=\"1.0\" x=\"y\"?>", b"<?xml version=\"1.0\"encoding=\"UTF-8\"?>",
    b"<?xml version=\"1.0\" encoding=\"Shift_JIS\"?>", b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>", b"<?xml-stylesheet href=\"x\"?>", b"",
]


def changed(data, draw):
    """A text changed in one to three places."""
    for _ in range(draw.randint(1, 3)):
        at = draw.randrange(len(data) + 1)
        kind = draw.random()
        if kind < 0.55:
            # At a border of two tokens pieces are more often right.
            borders = [found.end() for found in re.finditer(rb"[>;]|[\w\"'](?=[</ ])", data)]
            at = draw.choice(borders) if borders and draw.random() < 0.7 else at
            data = data[:at] + draw.choice(PIECES) + data[at:]
        elif kind < 0.65:
            data = data[:at] + data[at + draw.randint(1, 12) :]
        elif kind < 0.75:
            end = min(len(data), at + draw.randint(1, 60))
            to = draw.randrange(len(data) + 1)
            data = data[:to] + data[at:end] + data[to:]
        elif kind < 0.85:
            data = data[:at] + bytes([draw.randrange(256)]) + data[at + 1 :]
        elif kind < 0.95:
            data = draw.choice(HEADS) + re.sub(rb"^\s*<\?xml.*?\?>", b"", data, count=1, flags=re.S)
        else:
            data = data[:at]
    return data


def theirs(paths):
    """Paths that libxml2 finds a mistake in, and the first mistake."""
    wrong = {}

    def look(batch):
        run = subprocess.run(["xmllint", "--noout", "--nonet", *batch], capture_output=True)
        text = run.stderr.decode("utf-8", "replace")
        if len(batch) > 1 and ("I/O" in text or "encoder error" in text):
            # Some errors do not name their file.
            for path in batch:
                look([path])
            return
        if len(batch) == 1 and run.returncode != 0:
            wrong[batch[0]] = text.strip()[:120] or f"exit code {run.returncode}"
        for line in text.splitlines():
            found = re.match(r"(.*?):\d+: (.*error : .*)", line)
            if found and found[1] in batch and ("parser error" in found[2] or "namespace error" in found[2]):
                wrong.setdefault(found[1], found[2])

    for start in range(0, len(paths), 50):
        look(paths[start : start + 50])
    return wrong


def ours(binary, paths):
    run = subprocess.run([binary, "-"], input="\n".join(paths), capture_output=True, text=True, check=True)
    wrong = {}
    for line in run.stdout.splitlines():
        read = json.loads(line)
        damaged = [finding for finding in read["findings"] if finding["rule"] in ("file-damaged", "file-too-large")]
        damaged += [finding for finding in read["findings"] if "the file is empty" in finding["message"]]
        if damaged:
            wrong[read["file"]] = damaged[0]["message"]
    return wrong


def purpose(data, mine, other):
    """Why the two differ in this text, if it is one of the ways in which they do on purpose."""
    if mine and not other:
        if "DOCTYPE" in mine:
            return "document type declarations are refused"
        if "over the limit" in mine:
            return "limits"
        if "unknown encoding" in mine:
            return "encodings that no browser knows either are refused (UTF-7)"
        if "U+0000" in mine:
            return "libxml2 takes a text to end at a NUL"
    if other and not mine:
        if "is not a valid URI" in other or re.search("xmlns: .[^ ]*$", other):
            return "the name of a namespace may be any text"
        if re.search(rb"encoding=.(?i:iso-8859-1)", data[:200]) and re.search(rb"[\x80-\x9f]", data):
            return "ISO-8859-1 is read as Windows-1252, as everybody writes it"
    return None


def main(binary, folder, work):
    with open(os.path.join(HERE, "wellformed.toml"), "rb") as file:
        listed = tomllib.load(file)
    os.makedirs(work, exist_ok=True)
    originals = sorted(
        os.path.join(place, name) for place, _, names in os.walk(folder) for name in names if name.endswith(".xml")
    )
    assert originals, "no XML"
    paths = list(originals)
    for path in originals:
        with open(path, "rb") as file:
            data = file.read()
        if len(data) > 8192:
            continue
        draw = random.Random(os.path.basename(path))
        for number in range(CHANGED):
            copy = os.path.join(work, f"{os.path.basename(path)[:-4]}-{number}.xml")
            with open(copy, "wb") as file:
                file.write(changed(data, draw))
            paths.append(copy)
    mine, other = ours(binary, paths), theirs(paths)
    reasons, left, used = {}, [], set()
    for path in paths:
        if (path in mine) == (path in other):
            continue
        with open(path, "rb") as file:
            data = file.read()
        name = os.path.basename(path)
        why = purpose(data, mine.get(path), other.get(path))
        if why is None and name in listed:
            used.add(name)
            why = listed[name]["reason"]
        if why is None:
            left.append(f"{path}: ours {mine.get(path, 'sound')!r}; libxml2 {other.get(path, 'sound')!r}")
        else:
            reasons[why] = reasons.get(why, 0) + 1
    left += [f"{name}: listed, but it does not differ" for name in listed if name not in used]
    print("\n".join(left[:60]))
    print(f"{len(paths)} texts, {len(originals)} of them as they are; {len(paths) - len(other)} sound for libxml2, {len(paths) - len(mine)} for us")
    for why, count in sorted(reasons.items()):
        print(f"  {count} differ: {why}")
    print(f"{len(left)} differences not explained")
    sys.exit(1 if left else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
