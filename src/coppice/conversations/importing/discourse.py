"""What Discourse gives as entries: topics and posts of its public API, and somebody's own archive."""

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import IO, Any

from coppice.conversations.importing.errors import BrokenArchive
from coppice.conversations.importing.packed import LARGEST_JSON, dicts, files, lines_of, parsed, texts
from coppice.conversations.importing.unpacking import ZIP, start_of
from coppice.conversations.importing.values import Entry, LeftOut, Reason, moment_of
from coppice.lib.lines import one_line
from engines import replies

JSON = r".*\.json"
OWN_FILE = r"(?:.*/)?user_archive[^/]*\.csv"
OWN_NAME = re.compile(r"user[_-]archive-(.{1,60}?)-\d{6}")
BY_MACHINES = {"system", "discobot"}
SMALL_ACTION, WHISPER = 3, 4
LARGEST_NUMBER = 10**12
COLUMNS = {"topic_title", "is_pm", "url", "created_at"}
ADDRESS = re.compile(r"/t/(?:[^/]+/)?(\d{1,12})/(\d{1,9})(?:[/?#].*)?$")
QUOTE = re.compile(
    r"\[quote(?:=\"?([^\]\",]{0,100})[^\]]{0,200})?\]\n?((?:(?!\[quote[=\]]).)*?)\n?\[/quote\]", re.DOTALL
)
UPLOAD = re.compile(
    r"!?\[([^\]|]{0,300})(?:\|[^\]]{0,100})?\]\(upload://[^)\s]{1,300}\)(?: ?\([\d.,]+ [KMG]?B\))?"
)


def is_discourse(file: IO[bytes]) -> bool:
    """Say whether a file is posts of Discourse as JSON, alone or in a zip, or somebody's own archive."""
    return _has_posts(file) or _is_own_archive(file)


def entries(file: IO[bytes], *, filename: str = "") -> Iterator[Entry | LeftOut]:
    """Yield what each post says. Of an own archive only the file's name says whose it is.

    Raises BrokenArchive, ArchiveTooLarge, PartTooLarge.
    """
    if _has_posts(file):
        for content in _documents(file):
            for post, title in _posts(parsed(content)):
                yield _entry(post, title)
        return
    found = OWN_NAME.search(filename)
    writer = found[1] if found else ""
    try:
        with lines_of(file, OWN_FILE) as lines:
            for row in csv.DictReader(lines):
                yield _own(row, writer)
    except csv.Error:
        raise BrokenArchive from None


def _has_posts(file: IO[bytes]) -> bool:
    return any(_posts(parsed(content)) for content in _documents(file))


def _is_own_archive(file: IO[bytes]) -> bool:
    """Say whether a file is the table of somebody's own archive, or holds it."""
    with lines_of(file, OWN_FILE) as lines:
        return set(next(lines, "").strip("\ufeff\r\n").split(",")) >= COLUMNS


def _documents(file: IO[bytes]) -> Iterator[bytes]:
    """The JSON files of an archive."""
    beginning = start_of(file)
    if beginning.startswith(ZIP):
        yield from (content for _found, content in files(file, JSON))
    elif beginning.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}:
        yield file.read(LARGEST_JSON + 1)


def _posts(said: Any) -> list[tuple[Mapping[str, Any], str]]:
    """Posts with the titles of their topics, in whatever of its answers Discourse gave them."""
    if isinstance(said, list):
        return [found for each in said for found in _posts(each)]
    if not isinstance(said, dict):
        return []
    stream = said.get("post_stream")
    if isinstance(stream, dict):
        is_private = said.get("archetype") == "private_message"
        more = {"topic_id": said.get("id"), "is_private": is_private}
        return [({**more, **post}, texts(said.get("title"))) for post in dicts(stream.get("posts"))]
    if "latest_posts" in said:
        return [(post, texts(post.get("topic_title"))) for post in dicts(said["latest_posts"])]
    if "topics" in said:
        return _posts(said["topics"])
    if "cooked" in said and "topic_id" in said:
        return [(said, texts(said.get("topic_title")))]
    return []


def _entry(post: Mapping[str, Any], title: str) -> Entry | LeftOut:
    username = texts(post.get("username"))
    if post.get("post_type") == SMALL_ACTION or username in BY_MACHINES:
        return LeftOut(Reason.AUTOMATIC)
    if post.get("is_private") or post.get("post_type") == WHISPER:
        return LeftOut(Reason.PRIVATE)
    if post.get("hidden") or post.get("user_deleted") or post.get("deleted_at"):
        return LeftOut(Reason.DELETED)
    topic, number = post.get("topic_id"), post.get("post_number")
    if not _is_number(topic) or not _is_number(number):
        return LeftOut(Reason.BROKEN)
    raw = texts(post.get("raw"))
    words = to_markdown(raw) if raw else replies.read("", html=texts(post.get("cooked"))).words.strip()
    if not words:
        return LeftOut(Reason.EMPTY)
    return Entry(
        key=f"discourse:{topic}/{number}",
        title=one_line(title),
        markdown=words,
        at=_moment(texts(post.get("created_at"))),
        name=(one_line(texts(post.get("name"))) or one_line(username))[:200],
        thread=f"discourse/{topic}",
    )


def _own(row: Mapping[str, Any], writer: str) -> Entry | LeftOut:
    """A row of somebody's own archive; its address says which post of which topic it is."""
    if texts(row.get("is_pm")).strip().lower() in {"yes", "true", "sí", "si", "1"}:
        return LeftOut(Reason.PRIVATE)
    found = ADDRESS.search(texts(row.get("url")).strip())
    if not found:
        return LeftOut(Reason.BROKEN)
    words = to_markdown(texts(row.get("post_raw")) or texts(row.get("post")))
    if not words:
        return LeftOut(Reason.EMPTY)
    return Entry(
        key=f"discourse:{int(found[1])}/{int(found[2])}",
        title=one_line(texts(row.get("topic_title"))),
        markdown=words,
        at=_moment(texts(row.get("created_at"))),
        name=writer,
        thread=f"discourse/{int(found[1])}",
    )


def to_markdown(raw: str) -> str:
    """Return what Discourse keeps as Markdown: its quotes as quotes, files that are not here by name."""
    return UPLOAD.sub(r"\1", QUOTE.sub(_quoted, raw.replace("\r\n", "\n"))).strip()


def _quoted(found: re.Match[str]) -> str:
    lines = [f"{found[1].strip()}:"] if found[1] else []
    return "\n" + "\n".join(f"> {line}".rstrip() for line in [*lines, *found[2].split("\n")]) + "\n\n"


def _is_number(said: Any) -> bool:
    return isinstance(said, int) and 0 <= said < LARGEST_NUMBER


def _moment(said: str) -> datetime | None:
    try:
        return moment_of(datetime.fromisoformat(said.strip().replace(" UTC", "+00:00")))
    except ValueError:
        return None
