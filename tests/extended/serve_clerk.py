"""serve_clerk.py KAIJISHO CHROMIUM AXE.js PICTURES: a clerk's day in a browser, as `examples/16-clerk` tells it.

At 390 and 1280 points, printed, with the keyboard, and without script. Anything that axe-core finds, anything on the
console, any request to elsewhere and anything wider than the window is a fault. With KAIJISHO_UPDATE=1 the pictures of
the walk-through are taken anew.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

from playwright.sync_api import sync_playwright

kaijisho, chromium, axe, pictures = sys.argv[1:5]
kaijisho = str(pathlib.Path(kaijisho).resolve())
axe = pathlib.Path(axe).read_text(encoding="utf-8")
pictures = pathlib.Path(pictures)
pictures.mkdir(parents=True, exist_ok=True)

EXAMPLE = pathlib.Path("examples/16-clerk")
FACILITY = "examples/13-checklist/facility.toml"
RECEIVED = [f"examples/13-checklist/received/{name}.toml" for name in ("minato-karte", "kawabe-pacs", "hikari-kensa")]
CORRECTED = "examples/12-changes/kawabe-2026.toml"
SHEET = "examples/01-vendor/disclosure.xlsx"
JUDGE = """async () => {
  const found = await axe.run(document, {resultTypes: ['violations']});
  return found.violations.map(v => v.id + ' ' + v.nodes.length + ': ' + v.nodes[0].html.slice(0, 160) + ' | ' + v.nodes[0].failureSummary);
}"""

faults = []


def started(folder):
    command = [kaijisho, "serve", "--listen", "127.0.0.1:0", "--date", "2026-10-01", "--lang", "ja", "--register", f"{folder}/register.db"]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    line = running.stderr.readline()
    address = re.search(r"http://[0-9.]+:[0-9]+/", line)
    assert address, line
    return running, address.group(0)


def keep(page, name, height=900):
    """A small picture for the walk-through: few colours, and smaller than the window."""
    if os.environ.get("KAIJISHO_UPDATE") != "1":
        return
    from PIL import Image

    path = pictures / f"walk-{name}.png"
    page.set_viewport_size({"width": 1280, "height": height})
    page.screenshot(path=str(path))
    page.set_viewport_size({"width": 1280, "height": 900})
    image = Image.open(path).convert("RGB")
    image = image.resize((image.width * 7 // 10, image.height * 7 // 10), Image.LANCZOS)
    image.quantize(128, kmeans=3).save(EXAMPLE / f"{name}.png", optimize=True)


class Clerk:
    def __init__(self, browser, address, width):
        self.address, self.width = address, width
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="ja-JP", accept_downloads=True)
        self.context, self.page = context, context.new_page()
        self.page.on("console", lambda said: said.type in ("error", "warning") and self.fault("console", said.text))
        self.page.on("pageerror", lambda error: self.fault("script", str(error)))
        self.page.on("request", lambda asked: asked.url.startswith((address, "data:", "blob:")) or self.fault("request", asked.url))
        self.page.on("dialog", lambda dialog: dialog.accept())

    def fault(self, kind, what):
        faults.append(f"{kind} at {self.width}: {what}")

    def go(self, path):
        self.page.goto(self.address + path)

    def look(self, name):
        self.page.evaluate(axe)
        self.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        for violation in self.page.evaluate(JUDGE):
            self.fault(f"axe {name}", violation)
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            self.fault(f"width {name}", f"{wide} points too wide")
        self.page.screenshot(path=str(pictures / f"clerk-{name}-{self.width}.png"), full_page=True)
        if self.width == 1280:
            (pictures / f"clerk-{name}.html").write_text(self.page.content(), encoding="utf-8")

    def has(self, *words):
        text = self.page.inner_text("main")
        for word in words:
            if word not in text:
                self.fault("text", f"{word} is not on {self.page.url}")

    def record(self, form, button, by="町田"):
        """Opens what is folded, names who records it, and presses the button."""
        place = self.page.locator(f"form[action$='{form}']").first
        place.evaluate("form => { const fold = form.closest('details'); if (fold) fold.open = true; }")
        place.locator("input[name=by]").fill(by)
        place.get_by_role("button", name=button).click()
        self.page.wait_for_load_state()


def day(browser, address, width):
    clerk = Clerk(browser, address, width)
    page = clerk.page
    clerk.go("register")
    clerk.has("まだ施設ファイルが記録されていません")
    clerk.look("empty")
    page.set_input_files("#facility", FACILITY)
    clerk.record("/register/facility", "登録")
    clerk.has("電子カルテ", "未依頼")
    page.get_by_role("link", name="画像").click()
    page.wait_for_load_state()
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.fill("#request-due", "2026-09-15")
    clerk.record("/request", "依頼を記録")
    clerk.has("期限超過")
    clerk.go("register")
    page.set_input_files("#file", RECEIVED)
    clerk.record("/register/add", "台帳に記録")
    clerk.has("kensa のものかもしれません")
    clerk.look("added")
    clerk.record("/register/assign", "割り当てる")
    clerk.has("検体検査", "hikari-kensa.toml")
    clerk.go("register/system/pacs")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.fill("#return-why", "製品の版が古い")
    page.fill("#return-due", "2026-10-15")
    clerk.record("/return", "差し戻しを記録")
    clerk.has("差し戻し中")
    clerk.go("register")
    clerk.look("register")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = false)")
    if width > 1000:
        keep(page, "register")
    page.emulate_media(media="print")
    page.pdf(path=str(pictures / f"clerk-register-{width}.pdf"), format="A4")
    page.emulate_media(media="screen")
    clerk.go("register/system/pacs")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.set_input_files("#file", CORRECTED)
    clerk.record("/register/add", "台帳に記録")
    clerk.go("register/system/pacs")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.select_option("#against", "small-hospital")
    clerk.record("/assess", "照合して記録")
    clerk.has("照合済み", "前の開示書から変わった所")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.fill("#accept-why", "次の更新までに補う")
    page.fill("#except", "項目32")
    clerk.record("/accept", "承認を記録", "港")
    clerk.has("条件付き承認", "項目32")
    if width > 1000:
        keep(page, "system", 1800)
    clerk.look("system")
    page.emulate_media(media="print")
    page.pdf(path=str(pictures / f"clerk-system-{width}.pdf"), format="A4")
    page.emulate_media(media="screen")
    with page.expect_download() as waited:
        page.get_by_role("link", name="元のファイルを保存").first.click()
    if pathlib.Path(waited.value.path()).read_bytes() != pathlib.Path(CORRECTED).read_bytes():
        clerk.fault("original", "not as it came")
    clerk.go("register/files?status=unassigned")
    clerk.look("files")
    clerk.go("register/checklist?year=r7")
    clerk.has("みなと町病院")
    clerk.look("checklist")
    fill(clerk)
    clerk.go("register?lang=en")
    clerk.has("accepted with exceptions")
    clerk.look("register-en")
    clerk.context.close()


def fill(clerk):
    page = clerk.page
    clerk.go("fill")
    clerk.look("fill-start")
    page.get_by_role("button", name="MDS）参考様式").click()
    page.wait_for_selector("#sheet")
    page.fill("#head-product", "物品管理")
    page.check("input[name='a-1'][value=na]")
    # What is to be said stands beside the item without a button.
    page.wait_for_selector("[data-item='1'] .said li.m-warning")
    if page.locator("[data-item='2'] .said li").count():
        clerk.fault("fill", "an item that nobody has been at is blamed")
    if clerk.width > 1000:
        page.locator("#section-1").scroll_into_view_if_needed()
        page.evaluate("window.scrollTo(0, document.querySelector('nav.sections').offsetTop - 200)")
        keep(page, "fill")
    page.fill("textarea[name='r-1']", "院内の台帳にあるため")
    page.wait_for_selector("[data-item='1'] .said:empty", state="attached")
    page.locator("#sheet button.first").first.click()
    page.wait_for_selector("[data-item='2'] .said li.m-error")
    clerk.look("fill")
    with page.expect_download() as waited:
        page.locator("button[value=toml]").first.click()
    draft = waited.value.path()
    name = waited.value.suggested_filename
    if name != "物品管理.toml":
        clerk.fault("draft", name)
    clerk.go("fill")
    page.set_input_files("#file", {"name": name, "mimeType": "text/plain", "buffer": pathlib.Path(draft).read_bytes()})
    page.get_by_role("button", name="開いて続きを記入").click()
    page.wait_for_selector("#sheet")
    if not page.is_checked("input[name='a-1'][value=na]") or page.input_value("#head-product") != "物品管理":
        clerk.fault("draft", "it does not go on where it was left")


def check_picture(browser, address):
    clerk = Clerk(browser, address, 1280)
    clerk.go("")
    clerk.page.set_input_files("#file", [SHEET])
    clerk.page.click("button[formaction='/check']")
    clerk.page.wait_for_selector("#result:not([hidden])")
    clerk.page.wait_for_timeout(300)
    clerk.page.locator("#result").scroll_into_view_if_needed()
    keep(clerk.page, "check")
    clerk.context.close()


def with_the_keyboard(browser, address):
    """A sheet is answered without a mouse."""
    clerk = Clerk(browser, address, 1280)
    page = clerk.page
    clerk.go("fill?form=mds-reference")
    page.focus("#head-version")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "a-1":
            break
    else:
        clerk.fault("keyboard", "the first item cannot be reached")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector(\"input[name='a-1']:checked\").value !== ''")
    clerk.context.close()


def without_script(browser, address):
    context = browser.new_context(java_script_enabled=False, accept_downloads=True)
    page = context.new_page()
    page.goto(address + "fill?form=mds-reference")
    page.check("input[name='a-1'][value=na]")
    page.locator("#sheet button.first").first.click()
    page.wait_for_selector("[data-item='1'] .said li.m-warning")
    if not page.is_checked("input[name='a-1'][value=na]"):
        faults.append("without script: the answer is gone")
    page.goto(address + "register")
    page.fill("#q", "画像")
    page.get_by_role("button", name="検索").click()
    page.wait_for_selector("text=1件のシステム")
    context.close()


with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
    browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
    for width in (1280, 390):
        place = pathlib.Path(folder) / str(width)
        place.mkdir()
        running, address = started(place)
        try:
            day(browser, address, width)
            if width == 1280:
                check_picture(browser, address)
                with_the_keyboard(browser, address)
                without_script(browser, address)
        finally:
            running.terminate()
            running.wait(20)
    browser.close()

for fault in faults:
    print(fault)
print(f"{len(faults)} faults")
sys.exit(1 if faults else 0)
