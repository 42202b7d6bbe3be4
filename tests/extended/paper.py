"""paper.py PAGE.html TEXT.txt: every word of the page that is to be printed stands in the text of its PDF."""

import html.parser
import re
import sys
import unicodedata

# What is for the screen only, and what is drawn: pictures have a table or a label beside them.
SCREEN = {"jump", "see", "print-notice", "to-top", "vh", "means"}
VOID = {"meta", "br", "hr", "img", "input", "link", "col", "rect", "path", "line", "circle"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.texts = [], []

    def handle_starttag(self, tag, attributes):
        if tag in VOID:
            return
        classes = set((dict(attributes).get("class") or "").split())
        hidden = tag in {"style", "script", "head", "svg"} or bool(classes & SCREEN)
        self.open.append((tag, hidden))

    def handle_endtag(self, tag):
        while self.open and tag not in VOID:
            if self.open.pop()[0] == tag:
                break

    def handle_data(self, data):
        if data.strip() and not any(hidden for _, hidden in self.open):
            self.texts.append(data)


def plain(text):
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


page = Page()
with open(sys.argv[1], encoding="utf-8") as file:
    page.feed(file.read())
with open(sys.argv[2], encoding="utf-8") as file:
    printed = file.read()
assert "\f" in printed, "not more than one page"
# Cells are broken over lines, beside each other: what is compared is each run of letters between punctuation.
letters, together = {}, plain(printed)
for character in together:
    letters[character] = letters.get(character, 0) + 1
wanted = {}
for text in page.texts:
    for character in plain(text):
        wanted[character] = wanted.get(character, 0) + 1
short = {c: (n, letters.get(c, 0)) for c, n in wanted.items() if letters.get(c, 0) < n}
assert len(page.texts) > 50, f"only {len(page.texts)} texts"
assert not short, f"letters that were not printed as often as they stand in the page (wanted, found): {short}"
words = [plain(text) for text in page.texts if 2 <= len(plain(text)) <= 6]
lost = sorted({word for word in words if word not in together})
assert len(lost) * 20 <= len(set(words)), f"words that are not there in one piece: {lost[:20]}"
