"""Small problems for the tests, a generator of any problem, and the independent scorer from ../shared."""

import csv
import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import strategies as st

from engines.grouping import Group, Person, Problem, problem_of

SHARED = Path(__file__).resolve().parents[5] / "shared"
DATA = SHARED / "data"

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not beside this checkout")


def scorer() -> ModuleType:
    """The independent scorer of communities of practice."""
    return shared_tool("score_cop")


def shared_tool(name: str) -> ModuleType:
    """A module of ../shared/tools/grouping."""
    place = importlib.util.spec_from_file_location(name, SHARED / "tools" / "grouping" / f"{name}.py")
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return module


def read(directory: Path) -> Problem:
    """The problem in a directory of ../shared/data/grouping."""
    with (directory / "participants.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    return problem_of(json.loads((directory / "spec.json").read_text()), rows)


def write(directory: Path, spec: dict, rows: list[dict]) -> None:
    """A problem in the public format."""
    with (directory / "participants.csv").open("w", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (directory / "spec.json").write_text(json.dumps(spec))


def write_grouping(path: Path, assignment: dict[str, str]) -> Path:
    """A grouping as id,group."""
    path.write_text("id,group\n" + "".join(f"{person},{group}\n" for person, group in assignment.items()))
    return path


def people(count: int, **answers) -> tuple[Person, ...]:
    """p0, p1 … all with the same answers."""
    return tuple(Person(f"p{i}", **answers) for i in range(count))


def groups(count: int, minimum: int, maximum: int, **more) -> tuple[Group, ...]:
    """g0, g1 … of one size."""
    return tuple(Group(f"g{g}", minimum, maximum, **more) for g in range(count))


AREAS, TOPICS, SLOTS = ["north", "south", "east", ""], ["t0", "t1", "t2"], 5


@st.composite
def published(draw) -> tuple[dict, list[dict], dict[str, str]]:
    """A specification, participants, and any grouping of some of them, in the public format."""
    count = draw(st.integers(1, 14))
    ids = [f"p{i:02d}" for i in range(count)]
    rows = [_row(draw, name) for name in ids]
    number = draw(st.integers(1, 4))
    names = [f"g{g}" for g in range(number)]
    spec = {
        "slots": SLOTS,
        "expert_level": 3,
        "groups": [
            {
                "id": name,
                "topic": draw(st.sampled_from(TOPICS)),
                "min": draw(st.integers(0, 4)),
                "max": draw(st.integers(4, 9)),
                "optional": draw(st.booleans()),
            }
            for name in names
        ],
        "hard": _hard(draw, ids, names),
        "criteria": _criteria(draw),
    }
    assignment = {name: draw(st.sampled_from(names)) for name in ids if draw(st.integers(0, 9))}
    return spec, rows, assignment


def _row(draw, name: str) -> dict:
    topics = st.lists(st.sampled_from(TOPICS), unique=True, max_size=3).map(";".join)
    return {
        "id": name,
        "area": draw(st.sampled_from(AREAS)),
        "years": draw(st.sampled_from(["0", "2.5", "7", "-3", "1e3"])),
        "needs": draw(topics),
        "prefs": draw(topics),
        "avail": "".join(draw(st.lists(st.sampled_from("01"), min_size=SLOTS, max_size=SLOTS))),
        "prev_group": draw(st.sampled_from(["", "g0", "g1", "gone"])),
        **{f"exp_{topic}": draw(st.integers(0, 4)) for topic in TOPICS},
    }


def _hard(draw, ids: list[str], names: list[str]) -> dict:
    some = st.lists(st.sampled_from(ids), unique=True, min_size=2, max_size=3)
    several = len(ids) > 2
    return {
        "keep_apart": [draw(some)[:2] for _ in range(draw(st.integers(0, 2)) * several)],
        "keep_together": [draw(some) for _ in range(draw(st.integers(0, 2)) * several)],
        "locked": [
            {"id": name, "group": draw(st.sampled_from(names))} for name in ids[: draw(st.integers(0, 2))]
        ],
        "allowed": {ids[-1]: draw(st.lists(st.sampled_from(names), min_size=1, unique=True))},
        "max_same": [{"attr": "area", "max": draw(st.integers(1, 5))}] * draw(st.integers(0, 1)),
        "min_count": [{"attr": "area", "value": "north", "count": 1}] * draw(st.integers(0, 1)),
    }


def _criteria(draw) -> list[dict]:
    area, years = {"attr": "area"}, {"attr": "years"}
    quorum = draw(st.sampled_from([0.3, 0.5, 0.7, 1.0]))
    kinds = [
        {"type": "similar_cat", **area},
        {"type": "diverse_cat", **area},
        {"type": "similar_num", **years},
        {"type": "diverse_num", **years},
        {"type": "balance_num", **years},
        {"type": "no_isolate", **area, "values": ["north", "east"], "atleast": draw(st.integers(2, 3))},
        {"type": "min_count", **area, "value": "south", "count": draw(st.integers(1, 3))},
        {"type": "topic_need"},
        {"type": "common_need"},
        {"type": "coverage"},
        {"type": "availability", "quorum": quorum, "target": draw(st.integers(1, 4))},
        {"type": "preference", "utilities": [1.0, 0.6]},
        {"type": "stability"},
        {"type": "size", "target": 4.5},
    ]
    chosen = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=6))
    return [{"id": f"c{k}", "weight": draw(st.integers(1, 5)), **kind} for k, kind in enumerate(chosen)]
