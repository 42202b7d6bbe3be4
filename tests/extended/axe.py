"""axe.py PAGE.html AXE.js OUT.html: the page as one in which axe-core judges it and leaves its verdict as text."""

import re
import sys

page = open(sys.argv[1], encoding="utf-8").read()
axe = open(sys.argv[2], encoding="utf-8").read()
# The page's own policy forbids every script, ours included.
page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
page = page.replace("<details", "<details open")
judge = """
axe.run(document, {resultTypes: ['violations']}).then(r => {
  const out = document.createElement('pre'); out.id = 'axe';
  out.textContent = 'AXE-DONE ' + r.passes.length + ' passed, ' + (r.violations.length ? '' : 'nothing else') + r.violations.map(v => v.id + ': ' + v.nodes.length + ' ' + v.nodes[0].html.slice(0, 120) + ' | ' + v.nodes[0].failureSummary).join('\\n');
  document.body.replaceChildren(out);
});"""
scripts = "<script>" + axe.replace("</script", "<\\/script") + "</script><script>" + judge + "</script>"
with open(sys.argv[3], "w", encoding="utf-8") as out:
    out.write(page.replace("</body>", scripts + "</body>"))
