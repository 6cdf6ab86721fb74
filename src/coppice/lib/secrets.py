"""A secret made once and kept in a file that only its owner may read."""

import os
import secrets
from pathlib import Path


def keep_secret(path: Path) -> str:
    """Return the secret in `path`, making it first (mode 0600) when the file does not exist."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()
