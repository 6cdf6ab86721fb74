"""Whether the loops of the search are compiled here, and already; loads nothing that is slow."""

import contextlib
import functools
import importlib
import importlib.util
import os
import platform
import sys
import zlib
from pathlib import Path

SOURCES = (
    "layout.py",
    "kernel.py",
    "walk.py",
    "cutting.py",
    "pairs.py",
    "making.py",
    "linking.py",
    "native.py",
)
"""What native code is made of: a change to one of them makes all of it anew."""

LOOPS = ("kernel", "walk", "cutting", "pairs")
"""The modules that the loops stand in."""

HERE = Path(__file__).parent
PROCESSOR = ("vendor_id", "cpu family", "model", "flags", "CPU implementer", "CPU part", "Features")
"""The lines of /proc/cpuinfo that say for which processor code is made."""


def is_compiled() -> bool:
    """Whether the loops are compiled: where numba is installed and NUMBA_DISABLE_JIT says nothing else."""
    is_off = os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")
    return not is_off and importlib.util.find_spec("numba") is not None


def is_prepared() -> bool:
    """Whether native code is there, so that no search has to wait for it."""
    return is_compiled() and kept_at() is not None


def prepare() -> None:
    """Make the loops into native code once for all later processes; once done, nothing happens."""
    if is_compiled() and not is_prepared():
        make()


def make() -> bytes:
    """Make the loops into native code: about 25 s and 300 MB. Returns it, for `native.read`.

    It is kept where that can be written, whole or not at all. Raises MakingError when it cannot be made.
    """
    from engines.grouping.compiled import ENTRIES, FUNCTIONS
    from engines.grouping.making import made_of

    for name in LOOPS:
        importlib.import_module(f"engines.grouping.{name}")
    content = made_of(FUNCTIONS, ENTRIES)
    for place in _places():
        with contextlib.suppress(OSError):
            _write(place, content)
            break
    return content


def _write(place: Path, content: bytes) -> None:
    """In one step, for two processes may prepare themselves at once."""
    place.parent.mkdir(parents=True, exist_ok=True)
    new = place.with_suffix(f".{os.getpid()}")
    new.write_bytes(content)
    new.replace(place)


def kept_at() -> Path | None:
    """The file of native code for these sources and this processor, if there is one."""
    return next((place for place in _places() if place.exists()), None)


def _places() -> list[Path]:
    """Where native code may be: beside its sources, or in NUMBA_CACHE_DIR."""
    bases = [str(HERE / "__pycache__"), os.environ.get("NUMBA_CACHE_DIR")]
    return [Path(base) / f"loops-{_digest()}.native" for base in bases if base]


@functools.cache
def _digest() -> str:
    """Of the sources, of the versions of what compiles them, and of the processor."""
    parts = [(HERE / name).read_bytes() for name in SOURCES]
    parts += [text.encode() for text in (*_versions(), _processor())]
    whole = b"\0".join(parts)
    return f"{zlib.crc32(whole):08x}{zlib.adler32(whole):08x}"


def _versions() -> list[str]:
    """The folders in which numba and llvmlite note their versions, without opening anything there."""
    spec = importlib.util.find_spec("numba")
    folder = Path(spec.origin).parents[1] if spec is not None and spec.origin else HERE
    kinds = ("numba-*.dist-info", "llvmlite-*.dist-info")
    return [sys.version, *sorted(path.name for kind in kinds for path in folder.glob(kind))]


def _processor() -> str:
    """What the system says of the first processor."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            first = "".join(iter(lines.readline, "\n"))
    except OSError:
        return platform.machine() + platform.processor()
    return "".join(line for line in first.splitlines() if line.partition(":")[0].strip() in PROCESSOR)
