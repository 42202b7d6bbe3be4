# Reports, judged: sourced by `run`, which gives check, refused, skip, have, apt, kaijisho, judge, work, sheets and browser.
#
#   html-validate   the HTML of every kind of report (npm)
#   axe-core        the same for people who do not see or hear as most do (npm, in Chromium)
#   pdftotext       the report printed by Chromium: its text comes back
#   SARIF schema    the official one, as its authors' package ships it (npm)
#   junitparser     the JUnit report, by a reader that is not ours (PyPI). The formats that call themselves
#                   a JUnit schema all want a time of day, which no report of ours has.

pages=(report report-risks compare changes checklist)
risks=$work/risks.toml
check "report with a risk register" kaijisho report "${sheets[@]}" --against gl7-outsourced --date 2026-10-01 --risks "$risks" -o "$work/report-risks.html" -q
cp "$risks" "$work/risks-once.toml"
check "report with a risk register, again" kaijisho report "${sheets[@]}" --against gl7-outsourced --date 2026-10-02 --risks "$risks" -o "$work/again.html" -q
check "a register that nothing is new to stays as it is" cmp "$risks" "$work/risks-once.toml"
check "compare as HTML" kaijisho compare examples/02-hospital --against small-hospital --date 2026-10-01 -o "$work/compare.html" -q
check "changes as HTML" kaijisho changes examples/12-changes/kawabe-2025.toml examples/12-changes/kawabe-2026.toml -o "$work/changes.html" -q
year=(checklist --year r7 --facility examples/13-checklist/facility.toml examples/13-checklist/received --date 2026-01-20 -q)
check "checklist as HTML" kaijisho "${year[@]}" -o "$work/checklist.html"
check "checklist as Excel, with forms for vendors" kaijisho "${year[@]}" -o "$work/checklist.xlsx" --vendor-forms "$work/vendors"
check "checklist as JSON" kaijisho "${year[@]}" -o "$work/checklist.json"
check "check as SARIF" kaijisho check "${sheets[@]}" --format sarif -o "$work/check.sarif"
check "diff as SARIF" kaijisho diff "${sheets[@]}" --against gl7-outsourced --risks "$risks" --format sarif -o "$work/diff.sarif" -q
check "check as JUnit" kaijisho check "${sheets[@]}" --format junit -o "$work/check.junit.xml"

# npm_get PACKAGE…: into $work/npm, without running what packages bring.
npm_get() {
  have npm || return 1
  mkdir -p "$work/npm"
  [ -e "$work/npm/package.json" ] || echo '{"private":true}' >"$work/npm/package.json"
  (cd "$work/npm" && timeout 600 npm install --ignore-scripts --no-audit --no-fund "$@" >"$work/npm.log" 2>&1)
}

# --- HTML ------------------------------------------------------------------------------------------------

sound_html() { (cd "$work/npm" && npx html-validate --max-warnings 0 "$1"); }
if npm_get html-validate@10 axe-core@4; then
  echo '{"root":true,"extends":["html-validate:standard","html-validate:a11y","html-validate:document"],"rules":{"require-sri":"off"}}' >"$work/npm/.htmlvalidate.json"
  for page in "${pages[@]}"; do
    check "html-validate: $page" sound_html "$work/$page.html"
  done
  sed 's/<caption/<captain/' "$work/report.html" >"$work/unsound.html"
  check "html-validate: an unknown element is noticed" refused sound_html "$work/unsound.html"
else
  skip html-validate $((${#pages[@]} + 1))
fi

# --- axe-core and paper ----------------------------------------------------------------------------------

chromium_does() {
  timeout 180 "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run \
    --host-resolver-rules='MAP * ~NOTFOUND' --user-data-dir="$work/browser" "$@" 2>"$work/log.txt"
}
# accessible PAGE WIDTH: nothing that axe-core finds wrong, with every part of the page open.
accessible() {
  judge axe "$1" "$work/npm/node_modules/axe-core/axe.min.js" "$work/axe.html" || return 1
  chromium_does --window-size="$2,1000" --virtual-time-budget=60000 --dump-dom "file://$work/axe.html" >"$work/axe.txt"
  grep -o 'AXE-DONE.*' "$work/axe.txt" && grep -q 'AXE-DONE [0-9]* passed, nothing else' "$work/axe.txt"
}
printed() { chromium_does --no-pdf-header-footer --print-to-pdf="$2" "file://$1" && [ -s "$2" ]; }
paper() { printed "$work/$1.html" "$work/$1.pdf" && pdftotext -layout "$work/$1.pdf" "$work/$1.txt" && judge paper "$work/$1.html" "$work/$1.txt"; }

if [ -n "$browser" ] && [ -e "$work/npm/node_modules/axe-core/axe.min.js" ]; then
  for page in "${pages[@]}"; do
    for width in 390 1280; do
      check "axe-core: $page, $width pixels wide" accessible "$work/$page.html" "$width"
    done
  done
  sed 's/<html lang="[a-z]*">/<html>/' "$work/report.html" >"$work/unsound.html"
  check "axe-core: a page without a language is noticed" refused accessible "$work/unsound.html" 1280
else
  skip axe-core $((2 * ${#pages[@]} + 1))
fi
if [ -n "$browser" ] && { have pdftotext || { apt poppler-utils && have pdftotext; }; }; then
  for page in "${pages[@]}"; do
    check "Chromium prints $page, and its text comes back" paper "$page"
  done
  check "a page printed without its table is noticed" refused judge paper "$work/report.html" "$work/changes.txt"
else
  skip "printing to PDF" $((${#pages[@]} + 1))
fi

# --- SARIF and JUnit -------------------------------------------------------------------------------------

sarif_schema=$work/npm/node_modules/@microsoft/sarif-multitool-linux/sarif-2.1.0.json
if npm_get @microsoft/sarif-multitool-linux@5 && [ -e "$sarif_schema" ] && "$python" -c 'import jsonschema' 2>/dev/null; then
  for name in check diff; do
    check "SARIF 2.1.0, official schema: $name" judge schema_of "$sarif_schema" "$work/$name.sarif"
  done
  sed 's/"2\.1\.0"/"2.2.0"/' "$work/check.sarif" >"$work/unsound.sarif"
  check "SARIF: another version is noticed" refused judge schema_of "$sarif_schema" "$work/unsound.sarif"
else
  skip "official SARIF schema" 3
fi
reader=$python
if ! "$reader" -c 'import junitparser' 2>/dev/null; then
  { "$python" -m venv "$work/venv-junit" && timeout 300 "$work/venv-junit/bin/pip" install --quiet 'junitparser==5.*' &&
    reader=$work/venv-junit/bin/python; } >"$work/pip-junit.log" 2>&1
fi
if "$reader" -c 'import junitparser' 2>/dev/null; then
  check "junitparser: as many failures as errors" "$reader" tests/extended/junit.py "$work/check.junit.xml" "$work/check.json"
else
  skip junitparser 1
fi
