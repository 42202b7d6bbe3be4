"""FHIR bundles, judged by the models of fhir.resources (R4B, which for these resources is R4).

resources.py valid FILE…           every bundle is one, in JSON and XML, with the elements in the order of the schema
resources.py same FILE.json FILE.xml  both say the same
resources.py answers BUNDLE.json DISCLOSURE.json  the coded answers are those of our own JSON
"""

import json
import sys
from xml.etree import ElementTree

from fhir.resources.R4B import get_fhir_model_class
from fhir.resources.R4B.bundle import Bundle

FHIR = "{http://hl7.org/fhir}"


def load(path):
    with open(path, "rb") as file:
        data = file.read()
    if path.endswith(".xml"):
        return Bundle.model_validate_xml(data)
    return Bundle.model_validate_json(data)


def check_order(element, path):
    """The models read XML in any order; the schema does not. They know the order, by the name of the type."""
    names = {
        "Questionnaire": "Questionnaire",
        "QuestionnaireResponse": "QuestionnaireResponse",
        "Bundle": "Bundle",
    }
    inner = {
        ("Questionnaire", "item"): "QuestionnaireItem",
        ("QuestionnaireItem", "item"): "QuestionnaireItem",
        ("QuestionnaireItem", "enableWhen"): "QuestionnaireItemEnableWhen",
        ("QuestionnaireItem", "answerOption"): "QuestionnaireItemAnswerOption",
        ("QuestionnaireResponse", "item"): "QuestionnaireResponseItem",
        ("QuestionnaireResponseItem", "item"): "QuestionnaireResponseItem",
        ("QuestionnaireResponseItem", "answer"): "QuestionnaireResponseItemAnswer",
        ("QuestionnaireResponseItemAnswer", "item"): "QuestionnaireResponseItem",
        ("Bundle", "entry"): "BundleEntry",
    }

    def walk(node, kind):
        order = list(get_fhir_model_class(kind).elements_sequence()) if kind else []
        last = -1
        for child in node:
            name = child.tag.removeprefix(FHIR)
            if kind and name in order:
                at = order.index(name)
                assert at >= last, f"{path}: {name} stands too late in {kind}"
                last = at
            # Extensions stand before all that a type adds.
            if kind and name == "extension":
                assert last <= 0 or order[last] in ("id", "language", "extension"), f"{path}: extension in {kind}"
            walk(child, names.get(name) or inner.get((kind, name)))

    walk(element, names[element.tag.removeprefix(FHIR)])


def coded(items, found):
    for item in items or []:
        for answer in item.get("answer", []):
            coding = answer.get("valueCoding", {})
            if coding.get("system") == "urn:kaijisho:answer":
                found[item["linkId"]] = coding["code"]
            coded(answer.get("item"), found)
        coded(item.get("item"), found)


def main():
    verb, *paths = sys.argv[1:]
    if verb == "valid":
        for path in paths:
            bundle = load(path)
            assert bundle.entry, f"{path}: nothing in it"
            if path.endswith(".xml"):
                check_order(ElementTree.parse(path).getroot(), path)
    elif verb == "same":
        one, other = (json.loads(load(path).model_dump_json()) for path in paths)
        assert one == other, f"{paths}: do not say the same"
    elif verb == "answers":
        with open(paths[0], encoding="utf-8") as file:
            responses = [
                entry["resource"]
                for entry in json.load(file)["entry"]
                if entry["resource"]["resourceType"] == "QuestionnaireResponse"
            ]
        with open(paths[1], encoding="utf-8") as file:
            documents = json.load(file)["documents"]
        assert len(responses) == len(documents), f"{len(responses)} responses, {len(documents)} documents"
        for response, document in zip(responses, documents):
            found = {}
            coded(response.get("item"), found)
            wanted = {item["number"]: item["answer"] for item in document["items"] if item["answer"]}
            assert wanted and found == wanted, f"{set(found.items()) ^ set(wanted.items())}"
    else:
        raise SystemExit(f"{verb}: unknown")


if __name__ == "__main__":
    main()
