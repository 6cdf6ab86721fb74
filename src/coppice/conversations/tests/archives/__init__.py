"""Archives for tests, and what is in them."""

from io import BytesIO
from pathlib import Path

FOLDER = Path(__file__).parent


def archive_bytes(name: str = "rides.mbox") -> bytes:
    """Return an archive of this folder."""
    return (FOLDER / name).read_bytes()


def mailbox(*mails: str) -> BytesIO:
    """Return mails as a mailbox file."""
    line = "From jane at example.org  Tue Mar  3 10:02:11 2015\n"
    return BytesIO("".join(f"{line}{mail}\n\n" for mail in mails).encode())
