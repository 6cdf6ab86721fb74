"""What every page of a profile says: whose it is, for which program, and the way to each page."""

from coppice.profiles.own import Own
from coppice.programs.wording import words_for

PAGES = ("start", "about", "photo", "photo_words", "photo_removal", "new_need", "new_offer")


def told(own: Own) -> dict[str, object]:
    """Return what every page of a profile is drawn with."""
    return {
        "own": own,
        "enrollment": own.enrollment,
        "program": own.program,
        "words": words_for(own.program),
        "layout": {True: "bare.html", False: "base.html"}[bool(own.token)],
        "urls": {"page": own.path(), **{name: own.path(name) for name in PAGES}},
    }
