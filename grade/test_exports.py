"""Each export against the published schema of its format.

The schemas are written down here in our own words, from

	JUnit		Ant's, as windyroad's JUnit.xsd has it, and the junit-10.xsd
			of Jenkins' xunit plugin: what both of them ask for
	Gradescope	gradescope-autograders.readthedocs.io, "Specifications"
	Classroom	classroom-resources/autograding-grading-reporter: what its
			main.js and notify-classroom.js read
	TAP		testanything.org, versions 13 and 14
"""

import base64
import copy
import json
import re

import jsonschema
import pytest
from lxml import etree

import exports


def a_test(name, kind, **more):
    return {"id": name, "sentence": "it works.", "kind": kind, "why": "",
            "expected": "", "came": "", "todo": False, "hop": "",
            "promise": "", "race": "", "cpus": 4, "seed": 7, "seconds": 1.25,
            "cpu_seconds": 2.0, "folder": "obj/grade/x", "again": "",
            "evidence": {}, "type_this": []} | more


RECORD = {
    "format": 1, "lab": "toy", "title": "A <toy> & more", "graded": True,
    "points": 40, "of": 100, "complete": False,
    "when": "2026-11-22T23:00:00", "host": "localhost", "seconds": 12.5,
    "exercises": [
        {"id": "toy.1", "title": "First", "tests": ["a-4", "explore:b"],
         "passed": 2, "of": 40, "points": 40, "verdicts": ["PASS", "PASS"],
         "todo": False},
        {"id": "toy.2", "title": "Next & last", "tests": ["c-4", "d-1"],
         "passed": 0, "of": 50, "points": 0, "verdicts": ["FAIL", "HANG"],
         "todo": True},
        {"id": "toy.3", "title": "Host", "tests": ["e-4"], "passed": 0,
         "of": 10, "points": 0, "verdicts": ["ERROR"], "todo": False}],
    "tests": [
        a_test("a-4", "PASS"), a_test("explore:b", "PASS", cpus=0),
        a_test("c-4", "FAIL", why="check `x` did not hold \x01 # \\ <&\">",
               expected="32", came="31", hop="hop 2: it lies there",
               promise="P1: nobody", type_this=[("again", "make run-test")],
               evidence={"console": ["a \x1b[31m line"]}),
        a_test("d-1", "HANG", why="nothing moved"),
        a_test("e-4", "ERROR", why="QEMU: no such machine",
               again="ERROR in e-4: no")]}

WHOLE = copy.deepcopy(RECORD) | {"points": 40, "of": 40, "complete": True}
WHOLE["exercises"] = WHOLE["exercises"][:1]
WHOLE["tests"] = WHOLE["tests"][:2]

# Attributes and children in the order that both schemas accept.
JUNIT = """<grammar xmlns="http://relaxng.org/ns/structure/1.0"
 datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
<start><element name="testsuites"><zeroOrMore><ref name="suite"/>
</zeroOrMore></element></start>
<define name="suite"><element name="testsuite">
 <attribute name="name"><data type="token"><param name="minLength">1</param>
  </data></attribute>
 <attribute name="package"><data type="token"/></attribute>
 <attribute name="id"><data type="int"/></attribute>
 <attribute name="timestamp"><data type="dateTime"><param name="pattern"
  >[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}</param></data>
 </attribute>
 <attribute name="hostname"><data type="token"><param name="minLength">1
  </param></data></attribute>
 <attribute name="tests"><data type="int"/></attribute>
 <attribute name="failures"><data type="int"/></attribute>
 <attribute name="errors"><data type="int"/></attribute>
 <attribute name="time"><data type="decimal"><param name="pattern"
  >[0-9]{1,3}\\.[0-9]*</param></data></attribute>
 <element name="properties"><zeroOrMore><element name="property">
  <attribute name="name"><data type="token"><param name="minLength">1</param>
   </data></attribute>
  <attribute name="value"/></element></zeroOrMore></element>
 <zeroOrMore><element name="testcase">
  <attribute name="name"><data type="token"/></attribute>
  <attribute name="classname"><data type="token"/></attribute>
  <attribute name="time"><data type="decimal"/></attribute>
  <optional><choice><element name="failure"><ref name="told"/></element>
   <element name="error"><ref name="told"/></element></choice></optional>
 </element></zeroOrMore>
 <element name="system-out"><text/></element>
 <element name="system-err"><text/></element>
</element></define>
<define name="told"><attribute name="type"/><attribute name="message"/><text/>
</define></grammar>"""

VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published",
                       "visible"]}
FORMATS = {"enum": ["text", "html", "simple_format", "md", "ansi"]}

GRADESCOPE = {
    "type": "object", "additionalProperties": False,
    "anyOf": [{"required": ["score"]}, {"required": ["tests"]}],
    "properties": {
        "score": {"type": "number"}, "execution_time": {"type": "number"},
        "output": {"type": "string"}, "output_format": FORMATS,
        "test_output_format": FORMATS, "test_name_format": FORMATS,
        "visibility": VISIBILITY, "stdout_visibility": VISIBILITY,
        "extra_data": {"type": "object"},
        "tests": {"type": "array", "items": {
            "type": "object", "additionalProperties": False,
            "properties": {
                "score": {"type": "number"}, "max_score": {"type": "number"},
                "status": {"enum": ["passed", "failed"]},
                "name": {"type": "string"}, "name_format": FORMATS,
                "number": {"type": "string"}, "output": {"type": "string"},
                "output_format": FORMATS,
                "tags": {"type": "array", "items": {"type": "string"}},
                "visibility": VISIBILITY, "extra_data": {"type": "object"},
            }}}}}

STATES = {"enum": ["pass", "fail", "error"]}
CLASSROOM = {
    "type": "object",
    "required": ["version", "status", "max_score", "tests"],
    "properties": {
        "version": {"const": 1}, "status": STATES,
        "max_score": {"type": "number"},
        "tests": {"type": "array", "minItems": 1, "items": {
            "type": "object",
            "required": ["name", "status", "score", "message"],
            "properties": {
                "name": {"type": "string"}, "status": STATES,
                "score": {"type": "number"},
                "message": {"type": ["string", "null"]},
                "test_code": {"type": "string"},
                "filename": {"type": "string"},
                "line_no": {"type": "integer"},
                "execution_time": {"type": "string"}}}}}}

both = pytest.mark.parametrize("record", [RECORD, WHOLE],
                               ids=["failing", "whole"])


@both
def test_junit(record):
    """It is valid, counts what it holds, and loses no character of XML."""
    root = etree.fromstring(exports.junit(record).encode())
    etree.RelaxNG(etree.fromstring(JUNIT)).assertValid(root)
    for suite in root:
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
        assert int(suite.get("failures")) == len(suite.findall("*/failure"))
        assert int(suite.get("errors")) == len(suite.findall("*/error"))


def test_junit_tells():
    """A HANG is a failure of that type, an ERROR an error; both say why."""
    root = etree.fromstring(exports.junit(RECORD).encode())
    assert [(f.get("type"), f.tag) for f in root.iter("failure", "error")] == \
        [("FAIL", "failure"), ("HANG", "failure"), ("ERROR", "error")]
    failure = next(root.iter("failure"))
    assert "expected  32" in failure.text and "<&\">" in failure.get("message")


@both
def test_gradescope(record):
    """It is valid, and its points are the record's."""
    results = json.loads(exports.gradescope(record))
    jsonschema.validate(results, GRADESCOPE)
    assert results["score"] == sum(t["score"] for t in results["tests"])
    assert sum(t["max_score"] for t in results["tests"]) == record["of"]
    assert all((t["status"] == "passed") == (t["score"] == t["max_score"])
               for t in results["tests"])


@both
def test_classroom(record):
    """It is valid, and the reporter's sums come out as the record's."""
    text = exports.classroom_env(record)
    assert text.startswith("result=") and text.count("\n") == 1
    results = json.loads(base64.b64decode(text[7:]))
    jsonschema.validate(results, CLASSROOM)
    assert sum(t["score"] for t in results["tests"]) == record["points"]
    assert results["max_score"] == record["of"]
    assert (results["status"] == "pass") == record["complete"]


def read_tap(text):
    """What a strict reader of TAP 13 and 14 takes from @text: (plan, points
    as (ok, number, description, the keys of its YAML))."""
    lines = text.split("\n")
    assert lines.pop(0) in ("TAP version 13", "TAP version 14")
    plan = int(re.fullmatch(r"1\.\.(\d+)", lines.pop(0))[1])
    points, block = [], None
    for line in lines:
        point = re.fullmatch(r"(not )?ok (\d+) - (.*)", line)
        if block is not None:
            if line == "  ...":
                points[-1] += (block,)
                block = None
            else:
                key, value = re.fullmatch(r"  (\w+): (.*)", line).groups()
                block[key] = json.loads(value)
        elif line == "  ---":
            block = {}
        elif point:
            # An unescaped # would begin a directive.
            assert not re.search(r"(?<!\\)#", point[3])
            points.append((not point[1], int(point[2]), point[3]))
        else:
            assert line == "" or line.startswith("#")
    assert block is None
    return plan, points


@both
def test_tap(record):
    """The plan holds, points are numbered from 1, failures say why."""
    plan, points = read_tap(exports.tap(record))
    assert plan == len(points) == len(record["tests"])
    assert [p[1] for p in points] == list(range(1, plan + 1))
    for point, test in zip(points, record["tests"]):
        assert point[0] == (test["kind"] == "PASS")
        assert point[0] or point[3]["message"] == test["why"]


def test_write_all(tmp_path):
    """One file of each format."""
    files = list(exports.write_all(RECORD, tmp_path / "new"))
    assert [f.name for f in files] == list(exports.FILES)
    assert all(f.stat().st_size for f in files)
