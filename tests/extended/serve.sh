# The local page, judged: sourced by `run`, which gives check, skip, have, bin, work and browser.
#
#   Playwright    every path in Chromium at 390 and 1280 points and printed, with the keyboard, without script (PyPI)
#   axe-core      what is shown on each (npm)
#   html-validate the same as HTML (npm)
#   uploads       200 at once, a bomb among them, by Python alone
#   schemathesis  the API against its own description (PyPI)
#
# KAIJISHO_PICTURES=DIR keeps pictures of what was seen.

if have python3; then
  check "serve: 200 uploads at once" python3 tests/extended/serve_load.py "$bin" 200
else
  skip "uploads at once (python3)" 1
fi

seen=${KAIJISHO_PICTURES:-$work/pictures}
if [ -n "${browser:-}" ] && python3 -m venv "$work/venv-serve" && timeout 600 "$work/venv-serve/bin/pip" install --quiet playwright >"$work/pip-serve.log" 2>&1 &&
  npm_get html-validate@10 axe-core@4; then
  check "Playwright: every path of the local page" "$work/venv-serve/bin/python" tests/extended/serve_pages.py "$bin" "$(command -v "$browser")" "$work/npm/node_modules/axe-core/axe.min.js" "$seen"
  check "Playwright: a clerk's day, the register and a sheet filled in" "$work/venv-serve/bin/python" tests/extended/serve_clerk.py "$bin" "$(command -v "$browser")" "$work/npm/node_modules/axe-core/axe.min.js" "$seen"
  # A region that scrolls is no section of the text; an answer in the page has its own title; nothing comes from elsewhere.
  echo '{"root":true,"extends":["html-validate:a11y","html-validate:document"],"rules":{"prefer-native-element":"off","require-sri":"off","heading-level":["error",{"allowMultipleH1":true}]}}' >"$seen/.htmlvalidate.json"
  sound_pages() { (cd "$seen" && "$work/npm/node_modules/.bin/html-validate" --max-warnings 0 ./*.html); }
  check "html-validate: every page that was seen" sound_pages
else
  skip Playwright 3
fi

# schemathesis asks what the description allows and what it does not; no answer may be a fault of ours or undescribed.
fuzzed() {
  local log=$work/serve.log address
  "$bin" serve --listen 127.0.0.1:0 --lang en 2>"$log" &
  local running=$!
  for _ in $(seq 50); do
    address=$(grep -o 'http://[0-9.:]*/' "$log") && break
    sleep 0.2
  done
  timeout 900 "$work/venv-fuzz/bin/schemathesis" run "${address}api/v1/openapi.json" --url "$address" --max-examples 40 --seed 1 \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance
  local outcome=$?
  kill "$running"
  wait "$running"
  return "$outcome"
}
if python3 -m venv "$work/venv-fuzz" && timeout 600 "$work/venv-fuzz/bin/pip" install --quiet schemathesis >"$work/pip-fuzz.log" 2>&1; then
  check "schemathesis: the API is as described" fuzzed
else
  skip schemathesis 1
fi
