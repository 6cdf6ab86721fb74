"""Whether the loops of the search are compiled here, and already; loads nothing that is slow."""

import hashlib
import importlib.metadata
import importlib.util
import os
import sys
from pathlib import Path

SOURCES = ("layout.py", "kernel.py", "walk.py")
"""What compiled code is made of: a change to one of them makes all of it anew."""

HERE = Path(__file__).parent


def is_compiled() -> bool:
    """Whether the loops are compiled: where numba is installed and NUMBA_DISABLE_JIT says nothing else."""
    is_off = os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")
    return not is_off and importlib.util.find_spec("numba") is not None


def is_prepared() -> bool:
    """Whether compiled code is there, so that no search has to wait for it."""
    place = place_of_compiled() if is_compiled() else None
    return place is not None and (place / "ready").exists()


def prepare() -> None:
    """Compile the loops once for all later processes: about 25 s and 370 MB. Once done, nothing happens."""
    if not is_compiled() or is_prepared():
        return
    from engines.grouping.search import rehearse

    rehearse()
    place = place_of_compiled()
    if place is not None:
        (place / "ready").touch()


def place_of_compiled() -> Path | None:
    """Where compiled code is kept: beside its sources, or in NUMBA_CACHE_DIR; None if neither can be written.

    Under the content of all its sources: numba by itself looks only at the one file that a function stands
    in, and would go on with an old constant or an old inner function of another.
    """
    parts = [(HERE / name).read_bytes() for name in SOURCES]
    parts += [sys.version.encode(), importlib.metadata.version("numba").encode()]
    digest = hashlib.sha256(b"".join(parts)).hexdigest()[:16]
    for base in (str(HERE / "__pycache__"), os.environ.get("NUMBA_CACHE_DIR")):
        if base and os.access(_nearest(Path(base)), os.W_OK):
            return Path(base) / digest
    return None


def _nearest(path: Path) -> Path:
    """The folder itself, or the nearest above it that there is."""
    return path if path.exists() else _nearest(path.parent)
