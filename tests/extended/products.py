"""products.py DOM.html DISCLOSURE.json…: the product of every disclosure is in the text of the page."""

import html
import re
import sys

from disclosures import documents

with open(sys.argv[1], encoding="utf-8") as file:
    dom = file.read()
text = html.unescape(re.sub(r"<[^>]*>", " ", dom))
products = [document["header"]["product"] for path in sys.argv[2:] for document in documents(path)]
assert all(products) and products, products
missing = [product for product in products if product not in text]
assert not missing, missing
assert "default-src 'none'" in html.unescape(dom), "no Content-Security-Policy"
