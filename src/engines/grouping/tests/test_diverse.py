"""Groups as diverse as can be: sums are exact, bounds are kept, and the best is found where it is known."""

import gzip
import io
import json
import random
import subprocess
from contextlib import redirect_stdout
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.grouping import Distances, ProblemError, diverse, diversify, pairs
from engines.grouping import layout as at
from engines.grouping.__main__ import main
from engines.grouping.mdgplib import read_mdgplib
from engines.grouping.tests.cast import needs_shared, shared_tool
from engines.grouping.tests.test_compiled import COMMAND, compiled, environment, needs_numba

__all__ = ["compiled"]


def distances(people, bounds, seed=1, farthest=100_000):
    """Some distances by chance, and groups with these bounds."""
    draw = random.Random(seed)
    between = [0] * people**2
    for i in range(people):
        for j in range(i):
            between[i * people + j] = between[j * people + i] = draw.randint(0, farthest)
    return Distances(between, tuple(low for low, _ in bounds), tuple(high for _, high in bounds))


def within(given, places):
    """The sum of distances within groups, added up one by one."""
    people = given.people
    return sum(
        given.between[i * people + j] for i in range(people) for j in range(i) if places[i] == places[j]
    )


def written(given, path):
    """The problem as MDGPLIB writes it, in thousandths."""
    bounds = list(zip(given.minimums, given.maximums, strict=True))
    words = [given.people, len(bounds), "ss" if len(set(bounds)) == 1 else "ds"]
    lines = [" ".join(map(str, (*words, *(size for both in bounds for size in both), "")))]
    for i in range(given.people):
        for j in range(i + 1, given.people):
            lines.append(f"{i} {j} {given.between[i * given.people + j] / 1000:.3f}")
    content = "\n".join(lines).encode() + b"\n"
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_total_is_exact_and_bounds_are_kept(data):
    people = data.draw(st.integers(1, 14))
    sizes = data.draw(st.lists(st.integers(0, 5), min_size=1, max_size=4).filter(any))
    scale = -(-people // sum(sizes))
    bounds = [(0 if k % 2 else min(size, 1), scale * size) for k, size in enumerate(sizes)]
    bounds = [(low if people > len(sizes) else 0, high) for low, high in bounds]
    farthest = data.draw(st.sampled_from([0, 1, 1_000, 2**31 - 1]))
    asked = distances(people, bounds, data.draw(st.integers(0, 99)), farthest)

    found = diversify(asked, seed=data.draw(st.integers(0, 99)), seconds=0.00005)

    assert found.total == within(asked, found.places)
    for g, (low, high) in enumerate(bounds):
        assert low <= found.places.count(g) <= high


def test_best_of_all_is_found():
    asked = distances(9, [(3, 3)] * 3)

    found = diversify(asked, seed=3, seconds=0.002)

    groupings = ([0, *(order)] for order in set(permutations([0, 0, 1, 1, 1, 2, 2, 2])))
    assert found.total == max(within(asked, places) for places in groupings)


def test_people_move_to_where_the_bounds_let_them():
    asked = distances(7, [(0, 7), (0, 7), (2, 2)], farthest=9)

    found = diversify(asked, seconds=0.0003)

    assert sorted(map(found.places.count, range(3))) == [0, 2, 5]


def test_sums_stay_what_they_are_when_added_up_anew():
    ground = diverse._Ground(distances(30, [(4, 9)] * 5), seed=2)
    first, after = ground.t[pairs.AT_SUM], ground.t[pairs.AT_PROMISE]

    made = ground.mingle(8, 60_000.0)

    total, spent = ground.total, ground.spent
    taken = [
        first + h * 45 + g * 9 + k
        for h in range(5)
        for g in range(5)
        for k in range(ground.t[ground.t[at.AT_SIZE] + g])
    ]
    sums = [ground.t[place] for place in taken]
    promises = ground.t[after : after + 25]
    pairs.seat_pairs(ground.t, ground.d)
    assert made > 50
    assert total == ground.total == within(distances(30, [(4, 9)] * 5), ground.places)
    assert sums == [ground.t[place] for place in taken]
    assert ground.spent > spent
    for g in range(5):
        for h in range(5):
            if g != h and promises[g * 5 + h] != pairs.UNKNOWN:
                assert promises[g * 5 + h] == pairs.promise(ground.t, g, h)


def test_same_seed_gives_the_same_and_more_work_no_less():
    asked = distances(24, [(4, 4)] * 6)

    short, again, longer = (diversify(asked, seed=5, seconds=s) for s in (0.0002, 0.0002, 0.004))

    assert short == again
    assert longer.total >= short.total > short.by_chance
    assert longer.looks > short.looks


def test_chance_gives_the_mean_distance_of_as_many_pairs():
    asked = Distances((0, 4, 1, 4, 0, 1, 1, 1, 0), (1, 2), (1, 2))

    found = diversify(asked, seconds=0.0003)

    assert (found.total, found.by_chance, found.places) == (4, 2.0, (1, 1, 0))


def test_one_group_and_nobody_need_no_search():
    alone = diversify(Distances((0,), (0,), (3,)))
    nobody = diversify(Distances((), (0, 0), (1, 1)), seconds=0.0003)

    assert (alone.places, alone.total, alone.looks) == ((0,), 0, 0)
    assert (nobody.places, nobody.total, nobody.by_chance, nobody.looks) == ((), 0, 0.0, 0)


def test_where_all_are_as_far_apart_every_grouping_is_as_good():
    asked = Distances([0 if i == j else 7 for i in range(6) for j in range(6)], (3, 3), (3, 3))

    assert diversify(asked, seconds=0.0003).total == 6 * 7


def test_exchanges_that_change_nothing_keep_no_search_warm():
    far = (2, 5), (5, 2)
    asked = Distances([9 * ((i, j) in far) for i in range(8) for j in range(8)], (4, 4), (4, 4))

    assert diversify(asked, seconds=0.0003).total == 9


@pytest.mark.parametrize(
    ("between", "minimums", "maximums", "complaint"),
    [
        ((0, 1, 1), (1,), (3,), "everybody to everybody"),
        ((0, -1, -1, 0), (1,), (2,), "from 0 to"),
        ((0, 2**31, 2**31, 0), (1,), (2,), "from 0 to"),
        ((0, 1, 2, 0), (1,), (2,), "same both ways"),
        ((1, 1, 1, 0), (1,), (2,), "0 from anybody"),
        ((0, 1, 1, 0), (2,), (1,), "to the maximum"),
        ((0, 1, 1, 0), (-1,), (2,), "to the maximum"),
        ((0, 1, 1, 0), (1, 1), (2,), "a minimum and a maximum"),
        ((0, 1, 1, 0), (3,), (4,), "this many"),
        ((0, 1, 1, 0), (0,), (1,), "this many"),
    ],
)
def test_distances_that_make_no_problem_are_refused(between, minimums, maximums, complaint):
    with pytest.raises(ProblemError, match=complaint):
        Distances(between, minimums, maximums)


@pytest.mark.parametrize("name", ["some.txt", "some.txt.gz"])
def test_file_of_the_public_library_is_read(tmp_path, name):
    asked = distances(5, [(1, 3), (2, 4)])

    found = read_mdgplib(written(asked, tmp_path / name))

    assert found == asked


@pytest.mark.parametrize(
    "text", ["", "2 1 ss 2 2\n", "2 1 ss 2\n0 1 5\n", "2 1 ss 2 2\n0 1 far\n", "2 1 ss 2 2\n0 7 5\n"]
)
def test_file_of_another_shape_is_refused(tmp_path, text):
    path = tmp_path / "other.txt"
    path.write_text(text)

    with pytest.raises(ProblemError):
        read_mdgplib(path)


@pytest.mark.parametrize(
    "content", [b"no archive", gzip.compress(b"2 1 ss 2 2", mtime=0)[:-9]], ids=["plain", "cut"]
)
def test_damaged_archive_is_refused(tmp_path, content):
    path = tmp_path / "other.txt.gz"
    path.write_bytes(content)

    with pytest.raises(ProblemError, match="archive"):
        read_mdgplib(path)


@needs_shared
@pytest.mark.parametrize("bounds", [[(4, 4)] * 5, [(2, 6), (3, 5), (4, 8), (1, 9)]])
def test_command_line_writes_what_the_independent_scorer_counts(tmp_path, capsys, bounds):
    path = written(distances(20, bounds), tmp_path / "some.txt")
    out = tmp_path / "out.csv"

    code = main(["mdgp", str(path), "-o", str(out), "--seconds", "0.091", "--seed", "2"])

    said = json.loads(capsys.readouterr().out)
    with redirect_stdout(io.StringIO()) as judged:
        shared_tool("score_mdgp").main([str(path), str(out)])
    found = json.loads(judged.getvalue())
    assert (code, found["feasible"]) == (0, True)
    assert said["objective"] == found["objective"] > said["by_chance"]


def test_command_line_says_what_it_cannot_read(tmp_path, capsys):
    code = main(["mdgp", str(tmp_path / "absent.txt"), "-o", str(tmp_path / "out.csv")])

    assert code == 4
    assert capsys.readouterr().err.startswith("This problem cannot be read: ")


@needs_numba
@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize("bounds", [[(4, 4)] * 5, [(2, 6), (3, 5), (4, 8), (1, 9)]])
def test_compiled_loops_group_alike(tmp_path, capsys, bounds):
    path = written(distances(20, bounds), tmp_path / "some.txt")
    options = [str(path), "--seconds", "0.091", "--seed", "2", "-o"]

    done = subprocess.run(
        [*COMMAND, "mdgp", *options, str(tmp_path / "native.csv")],
        env=environment(),
        capture_output=True,
        text=True,
    )

    assert main(["mdgp", *options, str(tmp_path / "plain.csv")]) == 0
    assert done.stdout == capsys.readouterr().out
    assert (tmp_path / "native.csv").read_bytes() == (tmp_path / "plain.csv").read_bytes()
