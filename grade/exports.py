"""The record of a lab, in the formats that other programs read.

	junit.xml	JUnit: one test case for each test, by exercise; what Ant's
			schema and the stricter one of Jenkins' xunit both accept
	results.json	Gradescope: one case with points for each exercise
	classroom.json	GitHub Classroom: what its grading reporter takes, in
			base64, from the environment of a step (classroom.env)
	results.tap	TAP 14, which readers of TAP 13 understand

Each is a pure function of the record that grading.record() makes.
"""

import base64
import json
import pathlib
import xml.etree.ElementTree as ET

import screen

# What XML 1.0 cannot hold, even escaped.
NOT_XML = {c: "?" for c in range(32) if c not in (9, 10, 13)}


class Shown:
    """A test of the record, as screen.failure() wants it."""

    def __init__(self, test):
        self.__dict__.update(test)


def lines_of(test):
    return [] if test["kind"] == "PASS" else list(screen.failure(Shown(test)))


def text_of(test):
    return "\n".join(lines_of(test)).translate(NOT_XML)


def tests_of(record, exercise):
    by_id = {t["id"]: t for t in record["tests"]}
    return [by_id[name] for name in exercise["tests"]]


def seconds_of(record, exercise):
    return sum(t["seconds"] for t in tests_of(record, exercise))


def told(record, exercise):
    """For a reader of one exercise: its tests, then what went wrong."""
    tests = tests_of(record, exercise)
    lines = [f"{t['kind']:<5} {t['id']}" for t in tests]
    for t in tests:
        if t["kind"] != "PASS":
            lines += ["", text_of(t)]
    return "\n".join(lines)


def status(exercise):
    """pass, fail or error, over all tests of an exercise."""
    if exercise["passed"] == len(exercise["tests"]):
        return "pass"
    return "error" if set(exercise["verdicts"]) <= {"PASS", "ERROR"} else \
        "fail"


# --- JUnit -------------------------------------------------------------------

def junit_case(suite, test, classname):
    case = ET.SubElement(suite, "testcase", name=test["id"],
                         classname=classname, time=f"{test['seconds']:.3f}")
    if test["kind"] == "PASS":
        return
    kind = "error" if test["kind"] == "ERROR" else "failure"
    told = ET.SubElement(case, kind, type=test["kind"],
                         message=test["why"].translate(NOT_XML))
    told.text = text_of(test)


def junit(record):
    root = ET.Element("testsuites")
    for number, e in enumerate(record["exercises"]):
        tests = tests_of(record, e)
        failed = [t for t in tests if t["kind"] in ("FAIL", "HANG")]
        suite = ET.SubElement(root, "testsuite", {
            "name": e["id"], "package": record["lab"], "id": str(number),
            "timestamp": record["when"], "hostname": record["host"],
            "tests": str(len(tests)), "failures": str(len(failed)),
            "errors": str(e["verdicts"].count("ERROR")),
            "time": f"{seconds_of(record, e):.3f}"})
        properties = ET.SubElement(suite, "properties")
        for name in ("title", "points", "of"):
            ET.SubElement(properties, "property", name=name,
                          value=str(e[name]))
        for t in tests:
            junit_case(suite, t, f"{record['lab']}.{e['id']}")
        ET.SubElement(suite, "system-out")
        ET.SubElement(suite, "system-err")
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


# --- Gradescope --------------------------------------------------------------

def gradescope(record):
    tests = [{
        "name": f"{e['id']} {e['title']}",
        "number": e["id"].rpartition(".")[2],
        "score": e["points"], "max_score": e["of"],
        "status": "passed" if status(e) == "pass" else "failed",
        "output": told(record, e),
        "extra_data": {"exercise": e["id"], "verdicts": e["verdicts"]},
    } for e in record["exercises"]]
    return json.dumps({
        "score": record["points"],
        "execution_time": round(record["seconds"]),
        "output": "\n".join([*filter(None, [record.get("error")]),
                             *screen.table(record)]),
        "output_format": "text", "test_output_format": "text",
        "test_name_format": "text", "stdout_visibility": "hidden",
        "extra_data": {"lab": record["lab"], "complete": record["complete"]},
        "tests": tests,
    }, indent=1) + "\n"


# --- GitHub Classroom --------------------------------------------------------

def classroom(record):
    states = [status(e) for e in record["exercises"]]
    whole = next((s for s in ("fail", "error") if s in states), "pass")
    return json.dumps({
        "version": 1, "status": whole, "max_score": record["of"],
        "tests": [{
            "name": f"{e['id']} {e['title']}", "status": state,
            "score": e["points"], "max_score": e["of"],
            "message": None if state == "pass" else told(record, e),
            "test_code": f"make grade LAB={record['lab']}",
            "filename": "", "line_no": 0,
            "execution_time": f"{seconds_of(record, e):.0f}s",
        } for e, state in zip(record["exercises"], states)],
    }, indent=1) + "\n"


def classroom_env(record):
    """What the step before the reporter's appends to $GITHUB_OUTPUT."""
    text = base64.b64encode(classroom(record).encode()).decode()
    return f"result={text}\n"


# --- TAP ---------------------------------------------------------------------

def tap_escaped(text):
    return text.replace("\\", "\\\\").replace("#", "\\#")


def tap_case(number, test):
    """A test point, and for a failure a block of YAML below it."""
    word = "ok" if test["kind"] == "PASS" else "not ok"
    yield f"{word} {number} - {tap_escaped(test['id'])}"
    if test["kind"] == "PASS":
        return
    yield "  ---"
    for key, value in (("message", test["why"]), ("severity", test["kind"]),
                       ("expected", test["expected"]), ("got", test["came"]),
                       ("promise", test["promise"]), ("hop", test["hop"])):
        if value:
            yield f"  {key}: {json.dumps(value)}"
    yield f"  duration_ms: {test['seconds'] * 1000:.0f}"
    yield "  ..."


def tap(record):
    lines = ["TAP version 14", f"1..{len(record['tests'])}"]
    for number, test in enumerate(record["tests"], 1):
        lines += tap_case(number, test)
    lines += [f"# {e['id']}: {e['points']} of {e['of']} points"
              for e in record["exercises"]]
    return "\n".join(lines) + "\n"


FILES = {"junit.xml": junit, "results.json": gradescope,
         "classroom.json": classroom, "classroom.env": classroom_env,
         "results.tap": tap}


def write_all(record, folder):
    """Write every format into @folder; the files."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in FILES.items():
        (folder / name).write_text(made(record))
        yield folder / name
