"""Files that come with a post: what is taken, known by its content and never by its name."""

from dataclasses import dataclass

from coppice.conversations.errors import FileRefused
from coppice.lib.errors import DomainError
from coppice.lib.lines import one_line
from coppice.photos.renditions import Pictures, pictures_of

LARGEST_BYTES = 10 * 1024 * 1024
MOST_FILES = 5

ZIP, PDF = b"PK\x03\x04", b"%PDF-"
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")
OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."
BY_ENDING = {
    "pdf": ("application/pdf", PDF),
    "docx": (f"{OFFICE}wordprocessingml.document", ZIP),
    "xlsx": (f"{OFFICE}spreadsheetml.sheet", ZIP),
    "pptx": (f"{OFFICE}presentationml.presentation", ZIP),
    "odt": (f"{OPEN}text", ZIP),
    "ods": (f"{OPEN}spreadsheet", ZIP),
    "odp": (f"{OPEN}presentation", ZIP),
    "txt": ("text/plain", b""),
    "md": ("text/markdown", b""),
    "csv": ("text/csv", b""),
    "ics": ("text/calendar", b""),
}
"""What a file with this ending is, and how it begins; a text is whatever reads as one."""

ACCEPTED = ",".join(["image/jpeg", "image/png", "image/webp", *(f".{ending}" for ending in BY_ENDING)])


@dataclass(frozen=True)
class GivenFile:
    """A file that may be kept: a picture has `pictures` and no `content`. `alt` is what it shows."""

    name: str
    content_type: str
    content: bytes
    alt: str = ""
    pictures: Pictures | None = None

    @property
    def size(self) -> int:
        """In bytes, as it is given out."""
        return len(self.pictures.large) if self.pictures else len(self.content)


def given(name: str, content: bytes, *, alt: str = "") -> GivenFile:
    """Return what somebody gave as a file that may be kept.

    It unpacks pictures: call it outside a transaction. Raises FileRefused, and what `pictures_of` raises.
    """
    name = one_line(name.replace("/", " ").replace("\\", " "))[-200:] or "file"
    if content.startswith(PICTURES):
        return GivenFile(name, "image/jpeg", b"", one_line(alt)[:200], pictures_of(content))
    content_type, beginning = BY_ENDING.get(name.rpartition(".")[2].lower(), ("", b""))
    if not content or not content_type or len(content) > LARGEST_BYTES:
        raise FileRefused
    if not content.startswith(beginning) or (not beginning and not _is_text(content)):
        raise FileRefused
    return GivenFile(name, content_type, content)


def those_taken(files: "list[tuple[str, bytes]]") -> tuple[list[GivenFile], list[str]]:
    """Return the files of a mail that may be kept, and the names of those that may not."""
    taken, refused = [], []
    for name, content in files:
        try:
            taken.append(given(name, content))
        except DomainError:
            refused.append(name)
    refused += [each.name for each in taken[MOST_FILES:]]
    return taken[:MOST_FILES], refused


def _is_text(content: bytes) -> bool:
    try:
        return "\x00" not in content.decode()
    except UnicodeDecodeError:
        return False
