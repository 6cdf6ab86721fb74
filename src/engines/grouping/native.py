"""The loops as native code: kept in a file that numba made once, and called without numba, numpy or LLVM."""

import ctypes
import functools
import json
import mmap
import zlib
from array import array
from collections.abc import Callable, Mapping
from typing import Any

from engines.grouping.prepared import is_compiled, kept_at, make

IMAGE, OBJECT = "image", "object"
"""The two kinds of code kept: one that stands ready at any address, and one that LLVM has to link."""

type Loops = Mapping[str, Callable[..., Any]]

SORTS: dict[str, Any] = {"q": ctypes.c_int64, "d": ctypes.c_double, "*": ctypes.c_void_p}


def write(kind: str, entries: Mapping[str, tuple[str, str, str | int]], code: bytes) -> bytes:
    """Code with a line before it that says what it is, for `read`.

    entries: name -> the sorts of its parameters and result (q whole, d real, * address), and where it begins
    in an image, or what it is called in an object.
    """
    head = {"kind": kind, "sum": zlib.crc32(code), "entries": entries}
    return json.dumps(head).encode() + b"\n" + code


def read(content: bytes) -> Loops:
    """The loops in what `write` made. Raises ValueError when it is damaged, OSError when it cannot be run."""
    line, _, code = content.partition(b"\n")
    head = json.loads(line)
    if head["sum"] != zlib.crc32(code):
        raise ValueError("the kept code is damaged")
    starts = {name: start for name, (_, _, start) in head["entries"].items()}
    addresses, holder = _addresses_of_image(starts, code) if head["kind"] == IMAGE else _linked(starts, code)
    return {
        name: _callable(parameters, result, addresses[name], holder)
        for name, (parameters, result, _) in head["entries"].items()
    }


@functools.cache
def native_loops() -> Loops:
    """The loops by name; empty where they run as they stand.

    What is kept already is read; else numba makes it now, which takes half a minute.
    """
    if not is_compiled():
        return {}
    place = kept_at()
    return _read(place.read_bytes if place else bytes) or _read(make)


def _read(content: Callable[[], bytes]) -> Loops:
    """The loops in the content; none when it is damaged, cannot be made, or not be run here."""
    try:
        return read(content())
    except (ImportError, OSError, ValueError):
        return {}


def _addresses_of_image(starts: Mapping[str, int], code: bytes) -> tuple[dict[str, int], Any]:
    """Lay the image into memory of its own, then let it be run and no longer written."""
    memory = mmap.mmap(-1, len(code))
    memory.write(code)
    base = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    protect = ctypes.CDLL(None, use_errno=True).mprotect
    protect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    if protect(base, len(code), mmap.PROT_READ | mmap.PROT_EXEC):
        raise OSError(ctypes.get_errno(), "this machine runs no code made here")
    return {name: base + start for name, start in starts.items()}, memory


def _linked(names: Mapping[str, str], code: bytes) -> tuple[dict[str, int], Any]:
    """Have LLVM link an object, where `linking.py` does not know how: 0.1 s and 60 MB more."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine()
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return {name: engine.get_function_address(symbol) for name, symbol in names.items()}, engine


def _callable(parameters: str, result: str, address: int, holder: Any) -> Callable[..., Any]:
    """A native function by numba's convention: where the result goes, where an error would, then the rest."""
    sorts = [SORTS["*"], SORTS["*"], *(SORTS[each] for each in parameters)]
    native = ctypes.CFUNCTYPE(ctypes.c_int32, *sorts)(address)
    answer = SORTS[result]

    def called(*arguments: Any, memory: Any = holder) -> Any:
        found, error = answer(), ctypes.c_void_p()
        native(
            ctypes.addressof(found),
            ctypes.addressof(error),
            *(each.buffer_info()[0] if isinstance(each, array) else each for each in arguments),
        )
        return found.value

    return called
