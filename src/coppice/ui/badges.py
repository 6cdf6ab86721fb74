"""The small signs of the house: stage mark, people's discs, fill meters, pills."""

import zlib
from functools import cache
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coppice.ui.markup import markup

STAGES: dict[str, str | Promise] = {
    "potential": _("Potential"),
    "coalescing": _("Coalescing"),
    "maturing": _("Maturing"),
    "stewardship": _("Stewardship"),
    "transformation": _("Transformation"),
}
TONES = ("leaf", "bluebell", "hazel", "foxglove")
STEM_HEIGHTS = (7, 9.5, 12.5, 15.5, 19)


def stage_mark(stage: Any) -> SafeString:
    """Draw five stems, grown up to `stage` (its value, or a TextChoices member whose label is then used).

    A stage after the five (merged, archived, ...) shows its word beside five stems that no longer grow.
    """
    value = str(getattr(stage, "value", stage))
    word = getattr(stage, "label", None) or STAGES.get(value, value.capitalize())
    grown = list(STAGES).index(value) + 1 if value in STAGES else 0
    return markup(
        '<span class="stage">{stems}<span>{word}</span></span>', stems=_stems(grown), word=str(word)
    )


def initials(name: str, *, photo_url: str = "", size: str = "") -> SafeString:
    """Draw a person's disc, always in the same colour; an empty name is an open place: "?"."""
    classes = f"disc disc-{_tone_of(name)}" + (f" disc-{size}" if size else "")
    face = markup('<img src="{url}" alt="">', url=photo_url) if photo_url else _letters(name)
    return markup('<span class="{classes}" aria-hidden="true">{face}</span>', classes=classes, face=face)


def meter(value: float, of: float, *, label: str = "", tone: str = "", figure: str = "") -> SafeString:
    """Draw how full something is, with `figure` or "8 of 12" beside it; bluebell when full, unless `tone`."""
    share = min(max(value / of, 0), 1) if of else 0
    tone = tone or ("bluebell" if of and value >= of else "leaf")
    figure = figure or gettext("%(value)s of %(whole)s") % {"value": _plain(value), "whole": _plain(of)}
    picture = format_html(
        '<svg aria-hidden="true" focusable="false" height="8"><rect width="{}%" height="100%"/></svg>',
        f"{share * 100:.1f}",
    )
    if not label:
        return format_html(
            '<div class="meter meter-beside meter-{}">{}<span class="meter-figure">{}</span></div>',
            tone,
            picture,
            figure,
        )
    return format_html(
        '<div class="meter meter-{}"><div class="meter-words"><span>{}</span>'
        '<span class="meter-figure">{}</span></div>{}</div>',
        tone,
        label,
        figure,
        picture,
    )


def pill(text: str, *, tone: str = "") -> SafeString:
    """Draw a short word in its tone; raises ValueError for a tone that the house does not have."""
    if tone and tone not in TONES:
        raise ValueError(f"no such tone: {tone}")
    classes = f"pill pill-{tone}" if tone else "pill"
    return markup('<span class="{classes}">{text}</span>', classes=classes, text=text)


@cache
def _stems(grown: int) -> SafeString:
    stems = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="7" height="{}" rx="3"/>',
        (
            ("stem-grown" if place < grown else "stem-coming", 0.5 + place * 11, 20.5 - height, height)
            for place, height in enumerate(STEM_HEIGHTS)
        ),
    )
    return format_html('<svg width="52" height="21" viewBox="0 0 52 21" aria-hidden="true">{}</svg>', stems)


def _tone_of(name: str) -> str:
    plain = name.strip().casefold()
    return TONES[(zlib.crc32(plain.encode()) >> 11) % len(TONES)] if plain else "foxglove"


def _letters(name: str) -> str:
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def _plain(number: float) -> str:
    return f"{number:g}" if number < 1_000_000 else f"{number:.0f}"
