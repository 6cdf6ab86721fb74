"""An export of Slack as entries: what was written in public channels, by day and channel."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import IO, Any

from django.utils.translation import gettext as _

from coppice.conversations.importing.packed import dicts, files, parsed, texts
from coppice.conversations.importing.values import Entry, LeftOut, Reason, key_of, mailbox_of
from coppice.lib.lines import one_line

DAY = r"(?:[^/]+/)?([^/]+)/\d{4}-\d{2}-\d{2}\.json"
STAMP = re.compile(r"\d{1,11}\.\d{1,8}")
PLAIN_ID = re.compile(r"[A-Za-z0-9]{1,40}")
BY_PEOPLE = {"", "me_message", "file_share", "thread_broadcast", "file_comment"}
GAP = timedelta(hours=1)
"""What is written in a channel outside of threads within an hour of one another is one conversation."""
LONGEST_TITLE = 120
REACTIONS = {
    "pray": "thanks",
    "heart": "thanks",
    "raised_hands": "thanks",
    "thank_you": "thanks",
    "+1": "helpful",
    "thumbsup": "helpful",
    "bulb": "helpful",
    "100": "helpful",
    "heavy_check_mark": "helpful",
    "white_check_mark": "helpful",
    "raising_hand": "same",
    "heavy_plus_sign": "same",
    "rocket": "try",
}
CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
MARK = re.compile(r"<([^<>]{1,2000})>")
BOLD = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
STRUCK = re.compile(r"(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])")


@dataclass(frozen=True)
class User:
    """Somebody in the export."""

    name: str
    address: str
    is_machine: bool


def entries(file: IO[bytes]) -> Iterator[Entry | LeftOut]:
    """Yield what each message of a public channel says; direct messages and private channels never come.

    Raises BrokenArchive, ArchiveTooLarge.
    """
    users = {texts(each.get("id")): _user(each) for each in _listed(file, "users")}
    channels = {texts(each.get("name")): texts(each.get("id")) for each in _listed(file, "channels")}
    called = {number: name for name, number in channels.items()}
    last: dict[str, tuple[datetime, str]] = {}
    for found, content in files(file, DAY):
        channel = found[1]
        for message in _in_order(parsed(content)):
            if channel not in channels:
                yield LeftOut(Reason.PRIVATE)
                continue
            _meet(message, users)
            said = _entry(message, channels[channel] or channel, users, called)
            yield said if isinstance(said, LeftOut) else _with_thread(said, message, channel, last)


def _listed(file: IO[bytes], name: str) -> list[dict[str, Any]]:
    return [
        each
        for _found, content in files(file, rf"(?:[^/]+/)?{name}\.json")
        for each in dicts(parsed(content))
    ]


def _in_order(messages: Any) -> list[dict[str, Any]]:
    return sorted(dicts(messages), key=lambda each: texts(each.get("ts")).rjust(24, "0"))


def _user(each: Mapping[str, Any]) -> User:
    found = each.get("profile")
    profile: Mapping[str, Any] = found if isinstance(found, dict) else {}
    names = (profile.get("real_name"), each.get("real_name"), profile.get("display_name"), each.get("name"))
    name = next((one_line(name) for name in names if isinstance(name, str) and one_line(name)), "")
    is_machine = each.get("is_bot") is True or each.get("id") == "USLACKBOT"
    return User(mailbox_of(name[:200])[0], texts(profile.get("email")).strip().lower(), is_machine)


def _entry(
    message: Mapping[str, Any],
    channel_id: str,
    users: Mapping[str, User],
    called: Mapping[str, str],
) -> Entry | LeftOut:
    kind, stamp = texts(message.get("subtype")), texts(message.get("ts"))
    if kind == "tombstone" or message.get("hidden") is True:
        return LeftOut(Reason.DELETED)
    user = users.get(texts(message.get("user"))) or _unlisted(message)
    if kind not in BY_PEOPLE or message.get("bot_id") or user.is_machine:
        return LeftOut(Reason.AUTOMATIC)
    if not STAMP.fullmatch(stamp):
        return LeftOut(Reason.BROKEN)
    words = to_markdown(texts(message.get("text")), users, called).strip()
    names = [one_line(texts(each.get("name"))) for each in dicts(message.get("files"))]
    if names := [name for name in names if name]:
        note = _("(Not taken along: %(names)s)") % {"names": ", ".join(names)}
        words = f"{words}\n\n{note}".strip()
    if not words:
        return LeftOut(Reason.EMPTY)
    return Entry(
        key=_key(channel_id, stamp),
        title=_title(words),
        markdown=words,
        at=datetime.fromtimestamp(float(stamp), UTC),
        name=user.name,
        address=user.address,
        reactions=_reactions(message, users),
    )


def _meet(message: Mapping[str, Any], users: dict[str, User]) -> None:
    """Remember what a message calls somebody whom the list of users leaves out: others say only who it is."""
    number, user = texts(message.get("user")), _unlisted(message)
    if number and user.name and number not in users and not message.get("bot_id"):
        users[number] = user


def _unlisted(message: Mapping[str, Any]) -> User:
    """Somebody whom the list of users leaves out, as the message calls them, or nobody's name at all.

    They were deactivated, or are of another workspace; machines are told by other signs.
    """
    found = message.get("user_profile")
    profile = found if isinstance(found, dict) else {}
    names = (profile.get("name"), message.get("username"))
    name = next((texts(name) for name in names if one_line(texts(name))), "")
    return _user({"id": texts(message.get("user")), "profile": profile, "name": name})


def _with_thread(
    said: Entry, message: Mapping[str, Any], channel: str, last: dict[str, tuple[datetime, str]]
) -> Entry:
    """The same entry with its conversation: the thread's, else that of what was written just before."""
    assert said.at is not None
    stamp = texts(message.get("thread_ts"))
    thread = f"{channel}/{stamp}"
    if not STAMP.fullmatch(stamp):
        before, thread = last.get(channel, (said.at, f"{channel}/{said.key}"))
        if said.at - before > GAP:
            thread = f"{channel}/{said.key}"
        last[channel] = (said.at, thread)
    return Entry(
        key=said.key,
        title=said.title,
        markdown=said.markdown,
        at=said.at,
        name=said.name,
        address=said.address,
        thread=thread,
        reactions=said.reactions,
    )


def _key(channel_id: str, stamp: str) -> str:
    if PLAIN_ID.fullmatch(channel_id):
        return f"slack:{channel_id}/{stamp}"
    return key_of("slack", channel_id, stamp)


def _title(words: str) -> str:
    first = next((line for line in words.splitlines() if one_line(line)), "")
    plain = one_line(re.sub(r"[*_~`>#]+|\[([^\]]*)\]\([^)]*\)", r"\1", first))
    return plain if len(plain) <= LONGEST_TITLE else f"{plain[: LONGEST_TITLE - 1].rstrip()}…"


def _reactions(message: Mapping[str, Any], users: Mapping[str, User]) -> dict[str, tuple[str, ...]]:
    """Who reacted, by the reactions that there are here: the addresses of those who have one."""
    found: dict[str, list[str]] = {}
    for each in dicts(message.get("reactions")):
        kind = REACTIONS.get(texts(each.get("name")).partition("::")[0])
        people = each.get("users")
        if kind and isinstance(people, list):
            addresses = [users[one].address for one in people if isinstance(one, str) and one in users]
            found.setdefault(kind, []).extend(address for address in addresses if address)
    return {kind: tuple(dict.fromkeys(people)) for kind, people in found.items() if people}


def to_markdown(text: str, users: Mapping[str, User], channels: Mapping[str, str]) -> str:
    """Return what Slack calls mrkdwn as Markdown: names for ids, links, bold; code stays as it is."""
    parts = CODE.split(text)
    return "".join(
        unescape(part) if CODE.fullmatch(part) else _plain(part, users, channels) for part in parts
    )


def _plain(text: str, users: Mapping[str, User], channels: Mapping[str, str]) -> str:
    text = BOLD.sub(r"**\1**", STRUCK.sub(r"~~\1~~", text))
    text = re.sub(r"^• ?", "- ", text, flags=re.MULTILINE)
    text = re.sub(r"^&gt; ?", "> ", text, flags=re.MULTILINE)
    return unescape(MARK.sub(lambda found: _marked(found[1], users, channels), text))


def _marked(said: str, users: Mapping[str, User], channels: Mapping[str, str]) -> str:
    target, _bar, label = said.partition("|")
    if target.startswith("@"):
        user = users.get(target[1:])
        return f"@{user.name if user else label.lstrip('@') or _('somebody')}"
    if target.startswith("#"):
        return f"#{label or channels.get(target[1:], target[1:])}"
    if target.startswith("!"):
        return f"@{(label or target[1:]).partition('^')[0].lstrip('@')}"
    if target.startswith("mailto:"):
        return label or target.removeprefix("mailto:")
    if not label or label == target:
        return target
    return f"[{label.replace('[', '(').replace(']', ')')}]({target.replace(' ', '%20').replace(')', '%29')})"
