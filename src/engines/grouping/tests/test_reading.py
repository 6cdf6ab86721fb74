"""Whatever stands in the files: an answer, or one sentence that says where what is wrong."""

import io
import json
import math
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.grouping import Problem, problem_of, to_plain
from engines.grouping.__main__ import main
from engines.grouping.tests.cast import groups, people, published, write

ROWS = [
    {"id": f"p{i}", "area": "north", "years": str(i), "needs": "t1", "avail": "10", "exp_t1": "3"}
    for i in range(4)
]
SPEC = {
    "slots": 2,
    "groups": [{"id": "g0", "min": 1, "max": 2, "topic": "t1"}, {"id": "g1", "min": 2, "max": 3}],
    "hard": {"locked": [{"id": "p0", "group": "g0"}], "max_same": [{"attr": "area", "max": 3}]},
    "criteria": [
        {"id": "years", "type": "balance_num", "attr": "years", "weight": 2},
        {"id": "knowing", "type": "coverage"},
        {"id": "meeting", "type": "availability", "target": 1},
    ],
}
NOBODY = "participants.csv has nobody in it: a row for each person would do"
NO_ID = "participants.csv: somebody has no id; a column id with one for everybody would do"
UTF8 = "cannot be read; saved as UTF-8 it would do"
NO_NAME = "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"

AREA, FREE = {"attr": "area"}, "area or years would do"


def refused(folder: Path, capsys, *command: str) -> str:
    """What is said, in one line, of a problem that cannot be read."""
    code = main([*(command or ("solve",)), str(folder)])

    said = capsys.readouterr()
    assert (code, said.out, said.err.count("\n")) == (4, "", 1)
    return said.err.removeprefix("This problem cannot be read: ").strip()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"hard": {"keep_aparts": []}},
            "spec.json, hard.keep_aparts: this name is unknown; keep_apart, keep_together, locked, allowed, "
            "max_same or min_count would do",
        ),
        ({"hard": []}, "spec.json, hard: [] stands there; an object {…} would do"),
        ({"hard": {"allowed": []}}, "spec.json, hard.allowed: [] stands there; an object {…} would do"),
        (
            {"hard": {"keep_apart": [["p0", "p1", "p2"]]}},
            'spec.json, hard.keep_apart[0]: ["p0", "p1", "p2"] stands there; a list of two people\'s ids '
            "would do",
        ),
        (
            {"hard": {"max_same": [{"attr": "colour", "max": 1}]}},
            f"spec.json, hard.max_same[0].attr: participants.csv has no such column as colour; {FREE}",
        ),
        (
            {"hard": {"min_count": [{"attr": "needs", "value": "t1", "count": 1}]}},
            f"spec.json, hard.min_count[0].attr: participants.csv has no such column as needs; {FREE}",
        ),
        (
            {"hard": {"min_count": [{**AREA, "value": 1, "count": 1}]}},
            "spec.json, hard.min_count[0].value: 1 stands there; a text in quotation marks would do",
        ),
        ({"hards": {}}, "spec.json, hards: this name is unknown; hard would do"),
        ({"groups": None}, "spec.json, groups: null stands there; a list […] would do"),
        ({"groups": [{"id": "g0", "min": 1}]}, "spec.json, groups[0]: max is lacking"),
        (
            {"groups": [{"id": 0, "min": 1, "max": 4}]},
            "spec.json, groups[0].id: 0 stands there; a text in quotation marks would do",
        ),
        (
            {"groups": [{"id": "", "min": 1, "max": 4}]},
            'spec.json, groups[0].id: "" stands there; a name in quotation marks would do',
        ),
        (
            {"groups": [{"id": "g0", "min": 9.5, "max": 10}]},
            "spec.json, groups[0].min: 9.5 stands there; a whole number from 0 would do",
        ),
        (
            {"groups": [{"id": "g0", "min": 1, "max": math.inf}]},
            "spec.json, groups[0].max: Infinity stands there; a whole number from 0 would do",
        ),
        (
            {"groups": [{"id": "g0", "min": 1, "max": 4, "optional": "no"}]},
            'spec.json, groups[0].optional: "no" stands there; true or false would do',
        ),
        (
            {"expert_level": "3"},
            'spec.json, expert_level: "3" stands there; a whole number from 0 would do',
        ),
        ({"slots": 10**6}, "spec.json, slots: 1000000 stands there; a number up to 10000 would do"),
        (
            {"criteria": [{"type": ["size"]}]},
            'spec.json, criteria[0].type: ["size"] stands there; a text in quotation marks would do',
        ),
        ({"criteria": [{"id": "a"}]}, "spec.json, criteria[0]: type is lacking"),
        ({"criteria": [{"type": "stability"}]}, "spec.json, criteria[0]: id is lacking"),
        (
            {"criteria": [{"type": "stability", "id": "a"}]},
            "spec.json, criteria[0]: participants.csv has no column prev_group, which this reads",
        ),
        (
            {"criteria": [{"id": "a", "type": "similar_cat", "attr": "colour"}]},
            f"spec.json, criteria[0].attr: participants.csv has no such column as colour; {FREE}",
        ),
        (
            {"criteria": [{"id": "a", "type": "size", "target": 3, "wait": 2}]},
            "spec.json, criteria[0].wait: this name is unknown; type, id, target or weight would do",
        ),
        (
            {"criteria": [{"id": "a", "type": "size", "target": 3, "weight": "3"}]},
            'spec.json, criteria[0].weight: "3" stands there; a number would do',
        ),
        (
            {"criteria": [{"id": "a", "type": "size", "target": 3, "weight": math.nan}]},
            "spec.json, criteria[0].weight: NaN stands there; a number would do",
        ),
        (
            {"criteria": [{"id": "a", "type": "size", "target": 3, "weight": 1e308}]},
            "spec.json, criteria[0].weight: 1e+308 stands there; a number would do",
        ),
        (
            {"criteria": [{"id": "a", "type": "size", "target": 3, "weight": True}]},
            "spec.json, criteria[0].weight: true stands there; a number would do",
        ),
        (
            {"criteria": [{"id": "a", "type": "size", "target": 3, "weight": -3}]},
            "aim a: a weight of -3",
        ),
        (
            {"criteria": [{"id": "\ud800" * 40, "type": "stability"}]},
            "spec.json, criteria[0]: participants.csv has no column prev_group, which this reads",
        ),
        (
            {"groups": [{"id": "\ud800" * 40, "min": 1, "max": 4}]},
            f'spec.json, groups[0].id: "{"\\ud800" * 10}'[:-1]
            + "… stands there; a text in quotation marks would do",
        ),
    ],
)
def test_sentence_says_what_stands_where_and_what_would_do(change, sentence, tmp_path, capsys):
    write(tmp_path, {**SPEC, **change}, ROWS)

    assert refused(tmp_path, capsys) == sentence


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"id": ""}, NO_ID),
        ({"id": "p1"}, "person p1 appears twice"),
        (
            {"years": "1e308"},
            'participants.csv, years of p0: "1e308" stands there; a number up to 1e+15 would do',
        ),
        (
            {"avail": "1"},
            'participants.csv, avail of p0: "1" stands there; nothing, or a 0 or 1 for each of the 2 slots, '
            "would do",
        ),
        ({"exp_t1": "lots"}, 'participants.csv, exp_t1 of p0: "lots" stands there; a whole number would do'),
        (
            {"exp_t1": "1" * 9},
            'participants.csv, exp_t1 of p0: "111111111" stands there; a smaller number would do',
        ),
        (
            {"needs": "t1;t9"},
            "participants.csv, needs of p0: there is no column exp_t9, in which coverage looks for who knows "
            "it",
        ),
    ],
)
def test_sentence_names_the_person_and_the_column(change, sentence, tmp_path, capsys):
    write(tmp_path, SPEC, [ROWS[0] | change, *ROWS[1:]])

    assert refused(tmp_path, capsys) == sentence


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("participants.csv", b"", NOBODY),
        ("participants.csv", b"id,area\n", NOBODY),
        ("participants.csv", b"id,id\n", "participants.csv has two columns called id"),
        ("participants.csv", b"name\nana\n", NO_ID),
        ("participants.csv", b"id,area\n\np0,north,x\n",
         "participants.csv, line 3: cells that stand there: 3; 2 would do, "
         "one under each head"),
        ("participants.csv", b"id,area\np0\n",
         "participants.csv, line 2: cells that stand there: 1; 2 would do, "
         "one under each head"),
        ("participants.csv", b"id\n\xe9\n", f"participants.csv is not in UTF-8: byte 3 {UTF8}"),
        ("participants.csv", b"id\n" + b"x" * 200_000, "participants.csv, line 2: "
         "field larger than field limit (131072)"),
        ("spec.json", b"{", f"spec.json is not JSON: {NO_NAME}"),
        ("spec.json", b"[" * 100_000, "spec.json is not JSON: maximum recursion depth exceeded "
         "while decoding a JSON array from a unicode string"),
        ("spec.json", b"[]", "spec.json: [] stands there; an object {…} would do"),
        ("spec.json", b"{}", "spec.json: groups is lacking"),
        ("spec.json", b'{"groups": [], "groups": []}', "spec.json: 'groups' stands twice in one object"),
        ("spec.json", b"\xff", f"spec.json is not in UTF-8: byte 0 {UTF8}"),
    ],
)  # fmt: skip
def test_sentence_names_the_file_that_is_not_as_it_should_be(name, content, sentence, tmp_path, capsys):
    write(tmp_path, {"groups": []}, ROWS)
    (tmp_path / name).write_bytes(content)

    assert refused(tmp_path, capsys) == sentence


def test_table_without_attributes_offers_none(tmp_path, capsys):
    write(tmp_path, {"groups": [], "hard": {"max_same": [{**AREA, "max": 1}]}}, [{"id": "p0"}])

    said = refused(tmp_path, capsys)

    assert said.endswith("participants.csv has no such column as area; it has none with people's attributes")


def test_what_is_not_there_is_named(tmp_path, capsys):
    assert refused(tmp_path, capsys) == f"{tmp_path}/spec.json: No such file or directory"

    write(tmp_path, SPEC, ROWS)
    (tmp_path / "participants.csv").unlink()

    assert refused(tmp_path, capsys) == f"{tmp_path}/participants.csv: No such file or directory"


@pytest.mark.parametrize("command", ["solve", "diagnose", "choose"])
def test_nothing_is_begun_when_the_answer_has_no_folder_to_go_to(command, tmp_path, capsys):
    write(tmp_path, SPEC, ROWS)
    nowhere = tmp_path / "nowhere"

    code = main([command, str(tmp_path), "-o", str(nowhere / "out.csv")])

    said = f"The answer cannot be written: there is no folder {nowhere}\n"
    assert (code, capsys.readouterr().err) == (4, said)


def test_place_where_nothing_can_be_written_is_named(tmp_path, capsys):
    write(tmp_path, SPEC, ROWS)

    code = main(["diagnose", str(tmp_path), "-o", str(tmp_path)])

    assert (code, capsys.readouterr().err) == (
        4,
        f"The answer cannot be written: {tmp_path}: Is a directory\n",
    )


def test_marks_of_the_order_of_bytes_empty_cells_and_whole_floats_are_read(tmp_path, capsys):
    rows = [{**row, "exp_t1": "", "avail": "", "years": "", "needs": ""} for row in ROWS]
    spec = {
        **SPEC,
        "note": "ours",
        "groups": [{"id": "g0", "min": 4.0, "max": 4, "topic": None}],
        "hard": None,
    }
    write(tmp_path, spec | {"hard": {}}, rows)
    for name in ("spec.json", "participants.csv"):
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + (tmp_path / name).read_bytes())

    code = main(["solve", str(tmp_path), "--trials", "10"])

    assert code == 0
    assert json.loads(capsys.readouterr().out)["score"]["aims"]["years"]["mean"] == 1


@pytest.mark.parametrize(
    ("option", "value"), [("--seconds", "nan"), ("--seconds", "-1"), ("--trials", "-1"), ("--until", "few")]
)
def test_options_that_make_no_sense_end_with_the_code_of_what_cannot_be_read(option, value, capsys):
    with pytest.raises(SystemExit) as left:
        main(["solve", "somewhere", option, value])

    assert left.value.code == 4
    assert f"argument {option}: invalid" in capsys.readouterr().err


PLAIN = to_plain(Problem(people(2), groups(1, 2, 2)))


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("{", f"standard input is not JSON: {NO_NAME}"),
        (json.dumps(PLAIN | {"start": ["p0"]}), 'start: ["p0"] stands there; an object {…} would do'),
        (json.dumps(PLAIN | {"start": {"p0": 3}}),
         "start, p0: 3 stands there; a text in quotation marks would do"),
        (json.dumps(PLAIN | {"people": [{"id": "\ud800"}]}), "the id '\\ud800' holds half a character"),
        (json.dumps(PLAIN | {"people": [{"id": "p0", "numbers": {"years": 1e308}}]}),
         "person p0: years of 1e+308"),
        (json.dumps(PLAIN | {"groups": [{"id": "g", "minimum": 1, "maximum": 10**30}]}),
         f"group: maximum of {10**30}"),
        (json.dumps(PLAIN | {"aims": [{"kind": "wishes", "name": "w", "utilities": [math.inf]}]}),
         "wishes: utilities of inf"),
        (json.dumps(PLAIN | {"slots": 10**9}), f"{10**9} slots"),
    ],
)  # fmt: skip
def test_problems_on_standard_input_are_refused_in_one_sentence_too(asked, sentence, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO(asked))

    code = main(["solve", "--json"])

    said = capsys.readouterr()
    assert (code, said.out, said.err) == (4, "", f"This problem cannot be read: {sentence}\n")


def test_standard_input_in_another_code_is_refused(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff"), encoding="utf-8"))

    assert main(["solve", "--json"]) == 4
    assert "standard input is not in UTF-8" in capsys.readouterr().err


def test_any_columns_do_where_rows_come_from_elsewhere():
    spec = {
        "groups": SPEC["groups"],
        "criteria": [{"id": "a", "type": "similar_cat", "attr": "colour"}],
        "slots": 2,
    }

    assert problem_of(spec, ROWS).aims[0].attribute == "colour"


ODD = st.sampled_from(
    [
        *("null", "true", "0", "1", "-1", "3.5", "9.0", "1e308", "NaN", "Infinity", "1" + 30 * "0"),
        *('""', '"p00"', '"g0"', '"area"', '"1"', '"\\u0000"', '"\\ud800"'),
        *("[]", "{}", "[1]", '["p00"]', '{"a": 1}', '["p00", "p01"]'),
    ]
).map(json.loads)


@st.composite
def spoiled(draw) -> tuple[dict, list[dict], bytes, bytes]:
    """A problem in which something is other than it should be; and bytes to put into each file."""
    spec, rows, _ = draw(published())
    for _ in range(draw(st.integers(0, 2))):
        _spoil(draw, spec)
    for _ in range(draw(st.integers(0, 2))):
        row, column = draw(st.sampled_from(rows)), draw(st.sampled_from(list(rows[0])))
        row[column] = draw(st.sampled_from(["", "x", "1e308", "-1", "nan", "t0;t9", "0" * 5, "\x00", "p00"]))
    if draw(st.integers(0, 5)) == 0:
        gone = draw(st.sampled_from(list(rows[0])))
        for row in rows:
            del row[gone]
    more = st.sampled_from([b""] * 20 + [b"\xff", b"\x00", b',"', b"\r", b"x,y\n", b"}"])
    return spec, rows, draw(more), draw(more)


def _spoil(draw, whole: dict | list) -> None:
    """Put something odd into an object or list, or take something out of it, at any depth."""
    place = (
        draw(st.sampled_from(list(whole) if isinstance(whole, dict) else range(len(whole)))) if whole else 0
    )
    inner = whole[place] if whole else None
    if isinstance(inner, dict | list) and inner and draw(st.integers(0, 3)):
        _spoil(draw, inner)
    elif not whole or draw(st.integers(0, 3)) == 0:
        whole.update(odd=draw(ODD)) if isinstance(whole, dict) else whole.append(draw(ODD))
    elif draw(st.booleans()):
        whole[place] = draw(ODD)
    else:
        del whole[place]


@settings(max_examples=250, deadline=None, derandomize=True)
@given(spoiled(), st.sampled_from(["solve", "diagnose", "choose", "bound"]))
def test_no_problem_however_spoiled_ends_in_a_traceback(case, command):
    spec, rows, in_spec, in_rows = case
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), spec, rows if rows[0] else [{"id": "p00"}])
        for name, more in (("spec.json", in_spec), ("participants.csv", in_rows)):
            with (Path(folder) / name).open("ab") as file:
                file.write(more)

        code = main([command, folder, *(["--trials", "20"] if command == "solve" else [])])

    assert code in (0, 2, 3, 4)
