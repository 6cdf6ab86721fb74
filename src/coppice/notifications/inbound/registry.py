"""What mail that comes in does: rooms above register it, from their AppConfig.ready()."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class IncomingFile:
    """A file that came with a mail: `path` names its bytes in the default storage, `size` counts them."""

    name: str
    content_type: str
    path: str
    size: int

    def read(self) -> bytes:
        """Return the bytes of the file."""
        with default_storage.open(self.path) as file:
            return file.read()


@dataclass(frozen=True)
class Incoming:
    """One mail of one person, as a room receives it.

    `text` is what they wrote themselves, without quotes and signature, and may be empty. `mail_id` is the key
    of the original, which `notifications:received` shows. `at` is when it came in, `asked_at` when the mail
    was written that it replies to, None for one to an address of ours. `prepared` is what the room's
    `prepare` made of the attachments, None where it has none.
    """

    text: str
    html: str
    subject: str
    attachments: tuple[IncomingFile, ...]
    mail_id: int
    message_id: str
    at: datetime
    asked_at: datetime | None = None
    prepared: Any = None


@dataclass(frozen=True)
class Place:
    """What an address of ours leads to: the id of its subject, and who the sender is there (None: a
    stranger)."""

    subject_id: int
    person: Any | None


type Receive = Callable[[Any, int, Incoming], None]
"""Takes the person, the id of the subject and the mail, inside one transaction. Raises a DomainError when it
cannot; its sentence goes back in a kind mail, and nothing else has happened."""

type Prepare = Callable[[Sequence[IncomingFile]], Any]
"""Takes the files of a mail before the transaction that receives it, and returns whatever `receive` wants to
find as `prepared`: what is slow, such as unpacking pictures, holds up nobody there. It changes nothing."""

type Find = Callable[[str, str], Place | None]
"""Takes what stands before the @ and the sender's address, both in small letters; returns None where there is
no such address."""

type Reader = Callable[[int, bytes], bool]
"""Takes the key of the received mail and all of it, inside one transaction; returns whether it was for it.
Raises a DomainError as Receive does."""

type MayRead = Callable[[Any, int], bool]
"""Says whether a person, beside the sender, may read the originals of replies about a subject."""


@dataclass(frozen=True)
class Purpose:
    """What a reply of one purpose does."""

    receive: Receive
    may_read: MayRead
    prepare: Prepare | None = None
    shows: MayRead | None = None


@dataclass(frozen=True)
class AddressKind:
    """A kind of address that anybody may write to, such as that of a community."""

    find: Find
    receive: Receive
    may_read: MayRead
    local_part: Callable[[int], str]
    prepare: Prepare | None = None
    shows: MayRead | None = None


def nobody(person: Any, subject_id: int) -> bool:
    """Say no: only the sender may read the original."""
    return False


@dataclass
class Registry:
    """Everything that is registered."""

    purposes: dict[str, Purpose] = field(default_factory=dict)
    addresses: dict[str, AddressKind] = field(default_factory=dict)
    readers: dict[str, Reader] = field(default_factory=dict)


registry = Registry()


def register(
    purpose: str,
    receive: Receive,
    *,
    may_read: MayRead = nobody,
    prepare: Prepare | None = None,
    shows: MayRead | None = None,
) -> None:
    """Let a reply to a mail that was sent with `reply_to="<purpose>:<id>"` be received by `receive`.

    Where a room gives `shows`, it also says by the key of a mail whether who `may_read` may read that one.
    """
    registry.purposes[purpose] = Purpose(receive=receive, may_read=may_read, prepare=prepare, shows=shows)


def register_address(
    kind: str,
    find: Find,
    receive: Receive,
    *,
    may_read: MayRead = nobody,
    local_part: Callable[[int], str] = lambda subject_id: "",
    prepare: Prepare | None = None,
    shows: MayRead | None = None,
) -> None:
    """Let mail to the addresses that `find` knows be received by `receive`.

    `kind` is that of the list whose address it is ("community" for "community:3"): `local_part(3)` tells what
    stands before its @, for the List-Post of the list's mails; "" for none. `shows` is as in `register`.
    """
    registry.addresses[kind] = AddressKind(
        find=find, receive=receive, may_read=may_read, local_part=local_part, prepare=prepare, shows=shows
    )


def register_reader(name: str, reader: Reader) -> None:
    """Let `reader` look at whole mails before anything else does: those with a calendar's answer, say."""
    registry.readers[name] = reader


class NotUnderstood(DomainError):
    """A reply that a room cannot read as an answer: the mail that says so brings the link to give it by."""

    code = "mail_not_understood"
    sentence = _("We could not read an answer in your mail. Please give it on the page.")

    def __init__(
        self,
        sentence: "StrOrPromise | None" = None,
        *,
        do_path: str = "",
        do_label: "StrOrPromise" = "",
    ) -> None:
        self.do_path, self.do_label = do_path, do_label
        super().__init__(sentence)
