"""junit.py REPORT.xml CHECK.json: a reader of JUnit finds a case for each finding, and a failure for each error."""

import json
import sys

import junitparser

report = junitparser.JUnitXml.fromfile(sys.argv[1])
with open(sys.argv[2], encoding="utf-8") as file:
    documents = json.load(file)["documents"]
findings = [finding for document in documents for finding in document["findings"]]
cases = [case for suite in report for case in suite]
failed = [case for case in cases if any(isinstance(result, junitparser.Failure) for result in case.result)]
errors = [finding for finding in findings if finding["severity"] == "error"]
codes = {case.classname for case in failed}
assert len(failed) == len(errors), (len(failed), len(errors))
assert codes == {finding["code"] for finding in errors}, codes
assert sum(suite.tests for suite in report) == len(cases) >= len(findings)
