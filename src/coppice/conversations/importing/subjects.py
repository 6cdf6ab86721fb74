"""Subjects of mails: what one is about, without what mail programs and lists put before it."""

import re

from coppice.lib.lines import one_line

# What mail programs put before the subject of a mail that is answered or handed on.
REPLIES = r"re|aw|sv|vs|odp|rv|tr|fwd?|wg|enc|antw?|r|res|ref|ynt|vá|atb|bls|回复|答复|转发|返信"
PREFIX = re.compile(rf"^(?:{REPLIES})(?:\s?[\[(]\d+[\])]|\^\d+)?\s*[:：]\s*", re.IGNORECASE)
LIST = re.compile(r"^\[[^\[\]]{1,60}\]\s*")
WAS = re.compile(r"\s*[\[(]was:?\s.*[\])]\s*$", re.IGNORECASE)
FORWARDS = re.compile(r"^(?:fwd?|wg|tr|enc|rv|转发)\b", re.IGNORECASE)


def plain(subject: str) -> tuple[str, bool]:
    """Return what a subject says ("[rides] RE: AW: Vans" says "Vans"), and whether it says that it answers.

    The name of the list in brackets goes where the list put it: at the beginning, or after "Re:".
    """
    words, is_reply = one_line(subject), False
    while True:
        shorter = LIST.sub("", words, count=1)
        if not shorter:  # nothing but brackets: these are its words
            return words, is_reply
        if found := PREFIX.match(shorter):
            is_reply = is_reply or not FORWARDS.match(shorter)
            shorter = shorter[found.end() :]
        if shorter == words:
            return WAS.sub("", words) or words, is_reply
        if not shorter:
            return words if not is_reply else "", is_reply
        words = shorter


def folded(title: str) -> str:
    """Return a title as titles are compared: small letters and digits alone."""
    return re.sub(r"[\W_]+", " ", title.casefold()).strip()
