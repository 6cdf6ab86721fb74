"""The templates that every library begins with: twenty-seven, in each language of the set, by chapter."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.db import models
from django.utils.translation import gettext_lazy as _

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "es")
"""The languages in which the set is written; whoever reads another gets the first."""


class Chapter(models.TextChoices):
    """The chapters of practice by which templates are found."""

    EXPLORING = "exploring", _("Exploring")
    FORMING = "forming", _("Forming")
    AGREEING = "agreeing", _("Agreeing")
    MEETING = "meeting", _("Meeting")
    EVIDENCE = "evidence", _("Evidence")
    CLOSING = "closing", _("Renewing and closing")


KEYS: dict[Chapter, tuple[str, ...]] = {
    Chapter.EXPLORING: ("is-it-a-cop", "sponsor-brief", "prospect-interview"),
    Chapter.FORMING: ("announcement", "invitation-script", "welcome-pack", "mou-work-plan"),
    Chapter.AGREEING: ("charter", "action-plan", "norms", "role-cards", "annual-calendar"),
    Chapter.MEETING: ("agenda", "minutes", "facilitation-tips", "leader-call"),
    Chapter.EVIDENCE: (
        *("story-form", "case-study", "promising-practice", "lesson-learned"),
        *("health-check", "evaluation-plan", "annual-report"),
    ),
    Chapter.CLOSING: ("renewal-workshop", "succession-note", "transition-plan", "closing-letter"),
}
"""The key of each template, in the order in which a chapter shows them."""

ALL_KEYS = tuple(key for keys in KEYS.values() for key in keys)


@dataclass(frozen=True)
class Original:
    """One template of the set in one language.

    `audience` and `moment` say for whom it is and when in the life of a community; `minutes` is how long it
    takes, `purpose` what it is for in one sentence. `markdown` has places such as `{{ community }}`.
    """

    key: str
    language: str
    title: str
    audience: str
    moment: str
    minutes: int
    purpose: str
    markdown: str

    @property
    def digest(self) -> str:
        """What tells this text from another one."""
        return digest_of(self.title, self.markdown)


def digest_of(*texts: str) -> str:
    """Return what tells texts from others, in 64 letters."""
    return sha256("\0".join(texts).encode()).hexdigest()


def language_of(*wishes: str) -> str:
    """Return the first wish in which the set is written, else its first language; "es-MX" is read as "es"."""
    tongues = (wish.partition("-")[0].lower() for wish in wishes)
    return next((tongue for tongue in tongues if tongue in LANGUAGES), LANGUAGES[0])


@cache
def original(key: str, language: str) -> Original:
    """Return a template of the set; `key` is one of ALL_KEYS, `language` one of LANGUAGES."""
    text = (FOLDER / language / f"{key}.md").read_text("utf-8")
    _before, head, markdown = text.split("---\n", 2)
    facts = dict(_pairs(head.splitlines()))
    return Original(
        key=key,
        language=language,
        title=facts["title"],
        audience=facts["for"],
        moment=facts["when"],
        minutes=int(facts["minutes"]),
        purpose=facts["purpose"],
        markdown=markdown.strip() + "\n",
    )


def _pairs(lines: Iterable[str]) -> Iterable[tuple[str, str]]:
    for line in lines:
        name, _colon, value = line.partition(": ")
        yield name, value
