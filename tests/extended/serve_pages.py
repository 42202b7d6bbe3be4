"""serve_pages.py KAIJISHO CHROMIUM AXE.js PICTURES: every path of the local page, as a person goes it.

In a browser, at 390 and 1280 points and printed, in both languages, with the keyboard alone and without script.
Anything that axe-core finds, anything on the console and any request to elsewhere is a fault. Pictures of what was
seen are left in the folder PICTURES.
"""

import pathlib
import re
import subprocess
import sys

from playwright.sync_api import sync_playwright

kaijisho, chromium, axe, pictures = sys.argv[1:5]
axe = pathlib.Path(axe).read_text(encoding="utf-8")
pictures = pathlib.Path(pictures)
pictures.mkdir(parents=True, exist_ok=True)

SHEET = "examples/01-vendor/disclosure.xlsx"
BIDS = sorted(str(path) for path in pathlib.Path("examples/15-procurement/bids").glob("*.xlsx"))
PAIR = ["examples/12-changes/kawabe-2025.toml", "examples/12-changes/kawabe-2026.toml"]
JUDGE = """async () => {
  const found = await axe.run(document, {resultTypes: ['violations']});
  return found.violations.map(v => v.id + ' ' + v.nodes.length + ': ' + v.nodes[0].html.slice(0, 160) + ' | ' + v.nodes[0].failureSummary);
}"""

faults = []


def started(*more):
    """A page on a port that is free, and its address."""
    command = [kaijisho, "serve", "--listen", "127.0.0.1:0", "--date", "2026-10-01", "--lang", "ja", *more]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    line = running.stderr.readline()
    address = re.search(r"http://[0-9.]+:[0-9]+/", line)
    assert address, line
    return running, address.group(0)


class Watched:
    """A page of the browser at which everything that goes wrong is written down."""

    def __init__(self, context, address, width):
        self.address = address
        self.width = width
        self.page = context.new_page()
        self.page.on("console", lambda said: said.type in ("error", "warning") and self.fault("console", said.text))
        self.page.on("pageerror", lambda error: self.fault("script", str(error)))
        self.page.on("request", lambda asked: self.watch(asked.url))

    def watch(self, url):
        if not url.startswith((self.address, "data:", "blob:")):
            self.fault("request", url)

    def fault(self, kind, what):
        faults.append(f"{kind} at {self.width}: {what}")

    def look(self, name):
        """What is shown is sound, and fits the window."""
        self.page.evaluate(axe)
        self.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        for violation in self.page.evaluate(JUDGE):
            self.fault(f"axe {name}", violation)
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            self.fault(f"width {name}", f"{wide} points too wide")
        if self.width == 1280:
            (pictures / f"{name}.html").write_text(self.page.content(), encoding="utf-8")
        self.page.screenshot(path=str(pictures / f"{name}-{self.width}.png"), full_page=True)

    def shown(self, name, wait="#result:not([hidden])"):
        self.page.wait_for_selector(wait)
        # The policy of the page lets no text be run as script, so it is asked by selectors.
        self.page.wait_for_selector("body:not(:has(form[aria-busy]))")
        self.look(name)


def saved(page, wish, ending):
    page.select_option("#to", wish)
    with page.expect_download() as waited:
        page.click("button[formaction='/download']")
    name = waited.value.suggested_filename
    if not name.endswith(ending) or not pathlib.Path(waited.value.path()).stat().st_size:
        faults.append(f"download {wish}: {name}")


def whole_way(browser, address, width):
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="ja-JP", accept_downloads=True)
    watched = Watched(context, address, width)
    page = watched.page
    page.goto(address)
    watched.look("start")
    # Compare without requirements: the page says what is missing and stays.
    page.set_input_files("#file", BIDS)
    page.click("button[formaction='/gaps']")
    assert page.evaluate("document.activeElement.id") == "against"
    page.set_input_files("#file", [SHEET])
    page.click("button[formaction='/check']")
    watched.shown("check")
    marks = page.locator(".grid .m-error").count()
    assert marks > 0, "no cell is marked"
    page.locator(".found a").first.click()
    assert "#f1-s" in page.url, page.url
    # The files are still chosen: the next question needs no second choice.
    page.select_option("#against", "small-hospital")
    page.click("button[formaction='/gaps']")
    page.wait_for_selector("#result .report")
    watched.shown("gaps")
    for wish, ending in [("report-html", ".html"), ("report-xlsx", ".xlsx"), ("return", "_返送.xlsx"), ("fhir", ".json")]:
        saved(page, wish, ending)
    page.set_input_files("#file", BIDS)
    page.click("button[formaction='/compare']")
    page.wait_for_selector("#result .matrix")
    watched.shown("compare")
    page.set_input_files("#old", PAIR[0])
    page.set_input_files("#new", PAIR[1])
    page.click("#differ button")
    page.wait_for_selector("#result :text('kawabe-2026')")
    watched.shown("changes")
    page.emulate_media(media="print")
    page.pdf(path=str(pictures / f"changes-{width}.pdf"), format="A4")
    page.emulate_media(media="screen")
    page.goto(address + "about")
    watched.look("about")
    page.goto(address)
    page.click("text=English")
    page.wait_for_selector("html[lang=en]")
    watched.look("start-en")
    page.set_input_files("#file", [SHEET])
    page.click("button[formaction='/check']")
    watched.shown("check-en")
    page.emulate_media(media="print")
    page.pdf(path=str(pictures / f"check-en-{width}.pdf"), format="A4")
    context.close()


def with_the_keyboard(browser, address):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    watched = Watched(context, address, "keyboard")
    page = watched.page
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip", "the first stop leads to the content"
    page.keyboard.press("Enter")
    stops = []
    for _ in range(12):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.id || document.activeElement.getAttribute('formaction') || ''"))
    for wanted in ["file", "against", "/check", "/gaps", "/compare", "to", "/download", "old", "new"]:
        assert wanted in stops, f"{wanted} cannot be reached: {stops}"
    page.set_input_files("#file", [SHEET])
    page.focus("button[formaction='/check']")
    page.keyboard.press("Enter")
    page.wait_for_selector("#result:not([hidden])")
    page.wait_for_selector("#result:focus")
    context.close()


def without_script(browser, address):
    context = browser.new_context(java_script_enabled=False, accept_downloads=True)
    page = context.new_page()
    page.goto(address)
    page.set_input_files("#file", [SHEET])
    page.click("button[formaction='/check']")
    page.wait_for_selector(".grid .m-error")
    page.goto(address)
    page.set_input_files("#file", [SHEET])
    page.select_option("#against", "small-hospital")
    page.click("button[formaction='/gaps']")
    page.wait_for_selector(".report")
    context.close()


def who_logs_in(browser):
    token = pictures / "token"
    token.write_text("0123456789abcdef0123456789abcdef\n")
    running, address = started("--token-file", str(token))
    try:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        watched = Watched(context, address, 1280)
        page = watched.page
        page.goto(address)
        page.wait_for_selector("#password")
        watched.look("login")
        page.fill("#password", "0123456789abcdef0123456789abcdef")
        page.click("main button")
        page.wait_for_selector("#file")
        page.set_input_files("#file", [SHEET])
        page.click("button[formaction='/check']")
        watched.shown("inside")
        page.click("button.link")
        page.wait_for_selector("#password")
        context.close()
    finally:
        running.terminate()
        running.wait(20)


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
    running, address = started()
    try:
        for width in (390, 1280):
            whole_way(browser, address, width)
        with_the_keyboard(browser, address)
        without_script(browser, address)
        who_logs_in(browser)
    finally:
        running.terminate()
        ended = running.wait(20)
        browser.close()
    if ended != 0:
        faults.append(f"it ended with {ended}")

print("\n".join(faults[:40]) or "every path, nothing found")
sys.exit(1 if faults else 0)
