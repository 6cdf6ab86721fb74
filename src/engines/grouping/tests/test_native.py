"""Native code: how it is made, linked, kept and read, and what happens when it cannot be."""

import platform
import struct
from array import array
from importlib.util import find_spec

import pytest

from engines.grouping import compiled, is_prepared, linking, native, prepared
from engines.grouping.compiled import Real, Whole
from engines.grouping.linking import LinkingError, image_of

needs_numba = pytest.mark.skipif(find_spec("numba") is None, reason="numba has no wheel for this platform")
needs_image = pytest.mark.skipif(platform.machine() != "x86_64", reason="images are of x86 only")


def half(number: float) -> float:
    return number / 2 if number > 1 else 0.25


def sum_of_halves(t: Whole, r: Real, count: int) -> float:
    total = 0.0
    for k in range(count):
        total += half(r[t[k]])
    return total


def clear(t: Whole, count: int) -> None:
    for k in range(count):
        t[k] = 0


@pytest.fixture(scope="module")
def made():
    """Two small entries made into native code."""
    import numba

    from engines.grouping.making import made_of

    before, numba.config.DISABLE_JIT = numba.config.DISABLE_JIT, 0
    yield made_of([half], {"sum_of_halves": sum_of_halves, "clear": clear})
    numba.config.DISABLE_JIT = before


@pytest.fixture(autouse=True)
def anew():
    """Nothing read is remembered from test to test."""
    native.native_loops.cache_clear()
    yield
    native.native_loops.cache_clear()


@pytest.fixture
def on(monkeypatch, tmp_path):
    """Loops are to be compiled, and kept in an empty folder."""
    monkeypatch.setattr(native, "is_compiled", lambda: True)
    monkeypatch.setattr(prepared, "is_compiled", lambda: True)
    place = tmp_path / "new" / "loops.native"
    monkeypatch.setattr(prepared, "_places", lambda: [place])
    return place


def ran(loops):
    """What the two entries make of three numbers, and of the places where they stand."""
    t, r = array("q", [2, 0, 1]), array("d", [0.5, 3.0, 4.0])
    total = loops["sum_of_halves"](t, r, 3)
    loops["clear"](t, 2)
    return total, t.tolist()


@needs_numba
@needs_image
def test_native_code_runs_from_an_image(made):
    assert made.startswith(b'{"kind": "image"')
    assert ran(native.read(made)) == (0.25 + 1.5 + 2.0, [0, 0, 1])


@needs_numba
def test_native_code_is_linked_by_llvm_where_no_image_can_be_made(made, monkeypatch):
    def fail(code, names):
        raise LinkingError

    monkeypatch.setattr("engines.grouping.making.image_of", fail)
    from engines.grouping.making import made_of

    content = made_of([half], {"sum_of_halves": sum_of_halves, "clear": clear})

    assert content.startswith(b'{"kind": "object"')
    assert ran(native.read(content)) == (0.25 + 1.5 + 2.0, [0, 0, 1])


@needs_numba
def test_what_cannot_be_compiled_is_said(made):
    from engines.grouping.making import MakingError, made_of

    def unknown(t: Whole) -> int:
        return t.no_such_thing

    with pytest.raises(MakingError, match="no_such_thing"):
        made_of([], {"unknown": unknown})


@needs_numba
def test_damaged_code_is_not_run(made):
    with pytest.raises(ValueError, match="damaged"):
        native.read(made[:-1])


@needs_numba
@needs_image
def test_code_that_may_not_be_run_is_said(made, monkeypatch):
    monkeypatch.setattr(native.mmap, "PROT_EXEC", 1 << 20)

    with pytest.raises(OSError, match="runs no code"):
        native.read(made)


@needs_numba
def test_kept_code_is_read(made, on):
    on.parent.mkdir()
    on.write_bytes(made)

    assert set(native.native_loops()) == {"sum_of_halves", "clear"}
    assert is_prepared()


@needs_numba
def test_damaged_code_is_made_anew_and_kept(made, on, monkeypatch):
    on.parent.mkdir()
    on.write_bytes(made[:-1])
    monkeypatch.setattr("engines.grouping.making.made_of", lambda functions, entries: made)

    assert ran(native.native_loops()) == (3.75, [0, 0, 1])
    assert on.read_bytes() == made
    assert [path.name for path in on.parent.iterdir()] == [on.name]


@needs_numba
def test_loops_are_compiled_once(on, monkeypatch):
    times = []
    monkeypatch.setattr("engines.grouping.making.made_of", lambda *_: times.append(1) or b"code")
    before = is_prepared()

    prepared.prepare()
    prepared.prepare()

    assert (before, is_prepared(), times) == (False, True, [1])


@needs_numba
def test_nothing_is_kept_where_nothing_can_be_written(on, monkeypatch):
    monkeypatch.setattr("engines.grouping.making.made_of", lambda *_: b"code")
    on.parent.write_text("a file where the folder should be")

    assert prepared.make() == b"code"
    assert not is_prepared()


def test_loops_run_as_they_stand_where_none_can_be_made(on, monkeypatch):
    def fail():
        raise ImportError

    monkeypatch.setattr(native, "make", fail)

    assert native.native_loops() == {}
    assert compiled.whole([1]) == [1]


@needs_numba
def test_entries_are_done_by_native_code(made, on):
    on.parent.mkdir()
    on.write_bytes(made)
    t, r = compiled.whole([2, 0, 1]), compiled.real([0.5, 3.0, 4.0])

    total = compiled.entry(sum_of_halves)(t, r, 3)
    del compiled.ENTRIES["sum_of_halves"]

    assert (total, type(t), type(r)) == (3.75, array, array)


def test_places_are_beside_the_sources_and_where_the_caller_says(monkeypatch, tmp_path):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    beside, apart = prepared._places()

    assert (beside.parent.name, apart.parent) == ("__pycache__", tmp_path)
    assert beside.name == apart.name


def test_another_processor_has_code_of_its_own(monkeypatch):
    prepared._digest.cache_clear()
    here = prepared._digest()
    monkeypatch.setattr(prepared, "_processor", lambda: "another")
    prepared._digest.cache_clear()

    assert prepared._digest() != here
    prepared._digest.cache_clear()


def test_processor_is_known_where_the_system_keeps_no_list(monkeypatch):
    def fail(*args, **more):
        raise OSError

    monkeypatch.setattr("builtins.open", fail)

    assert prepared._processor() == platform.machine() + platform.processor()


def elf(flags=2, kind=2, at=1, sort=1):
    """A little object: four bytes of code that refer to a symbol `x` at 8, after a section of 4 bytes."""
    sections = [
        (0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        (0, sort, flags, 0, 64, 4, 0, 0, 16, 0),
        (0, 1, 6, 0, 68, 12, 0, 0, 16, 0),
        (0, 2, 0, 0, 80, 48, 5, 0, 8, 24),
        (0, 4, 0, 0, 128, 24, 3, 2, 8, 24),
        (0, 3, 0, 0, 152, 5, 0, 0, 1, 0),
    ]
    head = b"\x7fELF\x02\x01".ljust(18, b"\0") + struct.pack("<H", linking.MACHINE)
    head = head.ljust(40, b"\0") + struct.pack("<Q", 160).ljust(18, b"\0") + struct.pack("<HH", 64, 6)
    symbols = struct.pack("<IBBHQQ", 1, 0, 0, 2, 8, 0) + struct.pack("<IBBHQQ", 3, 0, 0, at, 1, 0)
    body = b"abcd" + bytes(12) + symbols + struct.pack("<QQq", 4, 1 << 32 | kind, -4) + b"\0x\0y\0"
    content = head.ljust(64, b"\0") + body
    return content.ljust(160, b"\0") + b"".join(struct.pack("<IIQQQQIIQQ", *each) for each in sections)


def test_image_keeps_sections_aligned_and_references_by_distance():
    image, where = image_of(elf(), ["x"])

    assert where == {"x": 16 + 8}
    assert image == b"abcd" + bytes(12) + bytes(4) + struct.pack("<i", 1 - 4 - 20) + bytes(4)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"\xcf\xfa\xed\xfe", "no object"),
        (elf(flags=3), "data that changes"),
        (elf(sort=8), "data that changes"),
        (elf(kind=9), "kind 9"),
        (elf(at=0), "section 0"),
    ],
)
def test_image_is_not_made_of_what_is_not_understood(content, complaint):
    with pytest.raises(LinkingError, match=complaint):
        image_of(content, ["x"])
