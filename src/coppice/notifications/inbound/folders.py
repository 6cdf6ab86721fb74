"""Taking mail that lies in files: one on standard input, or all that is new in a maildir."""

from collections.abc import Iterator
from pathlib import Path

from coppice.lib.jobs import attempt
from coppice.notifications.inbound import reading, taking, turning_away
from coppice.notifications.inbound.envelopes import recipients, sender


def take_file(raw: bytes, *, mail_from: str | None = None, rcpt_to: str = "") -> int:
    """Take one whole mail, and return how many rows are new (see `taking.take`).

    Where the envelope is not told, it is what the delivering server wrote into the mail. Raises as `take`.
    """
    taking.require_readable(raw)
    read = reading.read(raw)
    if mail_from is None:
        mail_from = sender(read)
    return taking.take(raw, mail_from=mail_from, rcpt_tos=[rcpt_to] if rcpt_to else recipients(read))


def take_maildir(folder: Path) -> tuple[int, int]:
    """Take every mail in `new/` of a maildir, move each to `cur/`; return how many were taken and refused.

    One that is too large or too tangled is answered kindly. A mail is moved once it is in the database; when
    we die between, it is brought again and known. One that breaks stays, is logged, and keeps no other from
    being taken.
    """
    outcomes: list[bool] = []
    (folder / "cur").mkdir(exist_ok=True)
    for file in _new_in(folder):
        attempt(lambda file=file: outcomes.append(_take_and_move(file, folder / "cur")))  # type: ignore[misc]
    return outcomes.count(True), outcomes.count(False)


def _take_and_move(file: Path, to: Path) -> bool:
    with file.open("rb") as opened:
        raw = opened.read(taking.LARGEST + 1)
    try:
        take_file(raw)
    except (taking.TooLarge, taking.TooTangled) as refused:
        turning_away.turn_away(raw, refused, mail_from=None, rcpt_to="", size=file.stat().st_size)
        is_taken = False
    except taking.NotOurs:
        is_taken = False
    else:
        is_taken = True
    file.rename(to / f"{file.name}:2,S")
    return is_taken


def _new_in(folder: Path) -> Iterator[Path]:
    yield from sorted(each for each in (folder / "new").iterdir() if each.is_file())
