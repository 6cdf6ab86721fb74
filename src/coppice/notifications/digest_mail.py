"""A digest as a mail: what waited for one reader, by section, list and thing, in their language."""

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext

from coppice.lib.languages import first_spoken
from coppice.notifications.models import Line, Message, Pace
from coppice.notifications.subscriptions import unsubscribe_url
from coppice.notifications.tellings import counted
from coppice.ui.markup import markup

MOST = 50
"""So many things one digest names; of more it says how many."""

DIGESTS_OF = "digest:"
"""With a rhythm, the list that a digest belongs to."""

SECTIONS = list(Line.Section.values)
SLOT = re.compile(r"@@(\w+)@@")
Frame = tuple[tuple[str, ...], tuple[str, ...]]
"""The mail around what is different in each: pieces of text, and the slots between them."""


@dataclass(frozen=True)
class Entry:
    """One thing in a digest, with all that is new about it."""

    section: str
    list_key: str
    list_name: str
    title: str
    words: str
    url: str


class DigestWriter:
    """Writes digests one after another; what is the same in all of one language is rendered once."""

    def __init__(self) -> None:
        self._frame = cache(_render_frame)

    def write(self, person: Any, rhythm: str, lines: Sequence[Line], *, period: str) -> Message:
        """Return the message that tells these lines, newest first; asks no database and changes nothing."""
        newest = lines[0]
        with translation.override(first_spoken(person.language, newest.language)):
            entries = entries_of(lines)
            shown, names = entries[:MOST], _names(entries)
            headline = _headline(entries)
            subject = gettext("%(name)s: %(headline)s") % {
                "name": names[0] if len(names) == 1 else gettext("Your communities"),
                "headline": headline,
            }
            list_key, list_name = occasion_of(rhythm), name_of(rhythm)
            if rhythm == Pace.INSTANT:
                list_key, list_name = newest.list_key, newest.list_name
            slots = {
                "subject": subject[:300],
                "first": headline,
                "reason": _reason(rhythm, names),
                "leave_url": unsubscribe_url(person.pk, list_key),
            }
            more = _more(len(entries) - len(shown))
            language = translation.get_language() or settings.LANGUAGE_CODE
            text = _fill(
                self._frame("txt", language, settings.BASE_URL),
                slots | {"body": _as_text(shown, names, more)},
            )
            html = _fill(
                self._frame("html", language, settings.BASE_URL),
                {name: markup("{word}", word=word) for name, word in slots.items()}
                | {"body": _as_html(shown, names, more)},
            )
        return Message(
            recipient=person,
            occasion=occasion_of(rhythm),
            period=period,
            to_address=_address(person, lines),
            scope=newest.scope,
            list_key=list_key,
            list_name=list_name,
            sender_name=names[0] if len(names) == 1 else "",
            subject=slots["subject"],
            text=text.strip() + "\n",
            html=html,
            message_id=f"<{uuid.uuid4().hex}@{urlsplit(settings.BASE_URL).hostname}>",
        )


def occasion_of(rhythm: str) -> str:
    """What the outbox calls the digests of a rhythm, and the list that an unsubscribe from one leaves."""
    return DIGESTS_OF + rhythm


def name_of(rhythm: str) -> str:
    """Return what a digest is called in the language that is spoken now."""
    return gettext("Weekly digest") if rhythm == Pace.WEEKLY else gettext("Daily digest")


def entries_of(lines: Iterable[Line]) -> list[Entry]:
    """Return one entry for each thing that the lines are about, in the order in which a digest tells them.

    By section, then by the list's name, then newest first, as the lines come. A thing of several sections
    stands in the first of them.
    """
    things: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        things.setdefault((line.list_key, line.object_key), []).append(line)
    entries = [_entry(about) for about in things.values()]
    return sorted(
        entries, key=lambda each: (SECTIONS.index(each.section), each.list_name.casefold(), each.list_key)
    )


def _entry(about: list[Line]) -> Entry:
    newest = about[0]
    kinds: dict[str, list[Line]] = {}
    for line in about:
        kinds.setdefault(line.kind, []).append(line)
    said = [lines[0].words if len(lines) == 1 else counted(kind, len(lines)) for kind, lines in kinds.items()]
    return Entry(
        section=min((line.section for line in about), key=SECTIONS.index),
        list_key=newest.list_key,
        list_name=newest.list_name,
        title=newest.title,
        words=" · ".join(filter(None, said)),
        url=settings.BASE_URL + newest.path,
    )


def _names(entries: Sequence[Entry]) -> list[str]:
    return list({entry.list_key: entry.list_name for entry in entries}.values())


def _headline(entries: Sequence[Entry]) -> str:
    """How much there is, what needs an answer first: "2 need your answer, 5 more are new"."""
    asking = sum(entry.section == Line.Section.ANSWER for entry in entries)
    others = len(entries) - asking
    if not asking:
        return ngettext("%(count)s new thing", "%(count)s new things", others) % {"count": others}
    asked = ngettext("%(count)s needs your answer", "%(count)s need your answer", asking) % {"count": asking}
    if not others:
        return asked
    return gettext("%(asked)s, %(count)s more new") % {"asked": asked, "count": others}


def _reason(rhythm: str, names: Sequence[str]) -> str:
    lists = {"names": get_text_list(list(names), gettext("and"))}
    if rhythm == Pace.WEEKLY:
        return gettext("You get this because you want the news of %(names)s once a week.") % lists
    if rhythm == Pace.DAILY:
        return gettext("You get this because you want the news of %(names)s once a day.") % lists
    return gettext("You get this because you want the news of %(names)s at once; this had waited.") % lists


def _more(number: int) -> str:
    if not number:
        return ""
    return ngettext("And %(count)s more thing.", "And %(count)s more things.", number) % {"count": number}


def _address(person: Any, lines: Sequence[Line]) -> str:
    """The address that the rosters know, where they agree; else the account's, else the newest."""
    known = {line.to_address for line in lines}
    return lines[0].to_address if len(known) == 1 or not person.email else person.email


def _by_section(entries: Sequence[Entry]) -> Iterable[tuple[str, list[Entry]]]:
    for section, group in groupby(entries, key=lambda entry: entry.section):
        yield str(Line.Section(section).label), list(group)


def _as_text(entries: Sequence[Entry], names: Sequence[str], more: str) -> str:
    parts: list[str] = []
    for label, group in _by_section(entries):
        parts.append(f"{label}\n{'=' * len(label)}\n")
        for name, of_list in groupby(group, key=lambda entry: entry.list_name):
            if len(names) > 1:
                parts.append(f"{name}:\n")
            parts += [_entry_as_text(entry) for entry in of_list]
    return "\n".join([*parts, more]).strip()


def _entry_as_text(entry: Entry) -> str:
    return "\n".join(
        ["* " + entry.title, *([f"  {entry.words}"] if entry.words else []), f"  {entry.url}", ""]
    )


SECTION = '<h2 style="margin:24px 0 8px;font-size:20px;line-height:1.3;">{label}</h2>'
LIST = '<h3 style="margin:16px 0 8px;font-size:17px;line-height:1.3;color:#4c584f;">{name}</h3>'
ENTRIES = '<ul style="margin:0;padding:0 0 0 20px;">{entries}</ul>'
ENTRY = (
    '<li style="margin:0 0 12px;">'
    '<a href="{url}" style="color:#2c6640;font-weight:bold;">{title}</a>{words}</li>'
)
WORDS = "<br>{words}"
MORE = '<p style="margin:16px 0 0;">{more}</p>'


def _as_html(entries: Sequence[Entry], names: Sequence[str], more: str) -> str:
    parts: list[str] = []
    for label, group in _by_section(entries):
        parts.append(markup(SECTION, label=label))
        for name, of_list in groupby(group, key=lambda entry: entry.list_name):
            if len(names) > 1:
                parts.append(markup(LIST, name=name))
            parts.append(markup(ENTRIES, entries=SafeString("".join(map(_entry_as_html, of_list)))))
    return "".join([*parts, markup(MORE, more=more) if more else ""])


def _entry_as_html(entry: Entry) -> str:
    words = markup(WORDS, words=entry.words) if entry.words else SafeString("")
    return markup(ENTRY, url=entry.url, title=entry.title, words=words)


def _render_frame(kind: str, language: str, base_url: str) -> Frame:
    """Render the mail with slots for what is different in each; `language` is the one that is spoken now."""
    slots = {name: f"@@{name}@@" for name in ("subject", "first", "body", "reason", "leave_url")}
    preferences = base_url + reverse("notifications:preferences")
    page = render_to_string(
        f"notifications/email/digest.{kind}", slots | {"preferences_url": preferences, "base_url": base_url}
    )
    pieces = SLOT.split(page)
    return tuple(pieces[::2]), tuple(pieces[1::2])


def _fill(frame: Frame, words: dict[str, Any]) -> str:
    pieces, slots = frame
    return "".join([pieces[0], *(words[slot] + piece for slot, piece in zip(slots, pieces[1:], strict=True))])
