"""What one community keeps in its library: folders of its plan, pages, links, files, one thrown away."""

import io
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile

from coppice.accounts.models import Person
from coppice.communities.actions import plans
from coppice.communities.models import Community
from coppice.communities.plan_models import PlanAnswer
from coppice.demo.drawings import pictures
from coppice.lib.papers import Heading, Listing, Paper, Paragraph, write_pdf
from coppice.library import actions
from coppice.library.actions import Contents, folders, preparing, uploads
from coppice.library.models import Item
from coppice.meetings.queries import active_members

RULES: dict[str, Any] = {
    "library_folders": ["Meetings", "Tools that work", "Guidelines"],
    "library_adders": "everybody",
    "library_naming": "What it is, then the year",
    "library_never": "Names of clients and volunteers",
    "library_months": 24,
}
LETTER = """# Dear new volunteer

You said yes to **two hours a week**, and we keep it at two hours.

- Your buddy calls you in the first week.
- You may say no to any task, and nobody asks why.
- After a month we sit down for ten minutes: what was good, what was not?

> Nobody here knew how it goes when they began.
"""
LETTER_NOW = LETTER.replace("in the first week", "before the third day").replace(
    "ten minutes", "fifteen minutes"
)
COUNTS = "month,came,of\nMarch,31,40\nJune,26,40\nSeptember,17,40\n"
SHOWN = (
    (
        "https://www.nationalservice.gov/",
        "What volunteers may and may not do",
        "Before you promise anything.",
    ),
    (
        "https://en.wikipedia.org/wiki/Community_of_practice",
        "What a community of practice is",
        "For your board.",
    ),
)


def tell(community: Community, *, by: Person, at: datetime) -> None:
    """Fill the library as its leader and two members would; `at` is the day of the handbook."""
    plans.answer(
        community,
        question=PlanAnswer.Question.SHARING,
        text="Papers go into our library on the same day. Names of clients never leave the room.",
        typed=RULES,
        by=by,
    )
    names = RULES["library_folders"]
    folders.make_planned(community, dict(zip(names, names, strict=True)), by=by)
    meetings, tools, guidelines = community.folders.all()
    members = list(active_members(community))
    leader = next(each for each in members if each.person_id == by.pk)
    one, two = members[1], members[2]
    letter = actions.add(
        community,
        Contents(markdown=LETTER),
        title="Letter to a new volunteer",
        about="Sent on the day somebody says yes. Change the names, keep the tone.",
        folder=tools,
        licence=Item.Licence.OWN,
        topics=["Keeping volunteers", "Welcome"],
        by=one,
    )
    actions.renew(letter, Contents(markdown=LETTER_NOW), by=two, note="The call comes sooner")
    for address, title, about in SHOWN:
        actions.add(
            community,
            Contents(address=address),
            title=title,
            about=about,
            folder=guidelines,
            licence=Item.Licence.UNSURE,
            topics=["Guidelines"],
            by=two,
        )
    handbook = _handbook(at)
    _file(community, "buddy-handbook.pdf", handbook, title="Buddy handbook", folder=tools, by=leader)
    _file(
        community,
        "volunteers-2026.csv",
        COUNTS.encode(),
        title="Who still came, 2026",
        folder=meetings,
        by=one,
    )
    drawn = io.BytesIO(pictures("letter").large)
    _file(
        community,
        "our-wall.jpg",
        drawn.getvalue(),
        title="Our wall after the first meeting",
        folder=meetings,
        by=two,
    )
    old = actions.add(
        community,
        Contents(markdown="Replaced by the letter."),
        title="Old welcome sheet",
        licence=Item.Licence.OWN,
        by=one,
    )
    actions.remove(old, by=leader)


def _file(community: Community, name: str, content: bytes, *, by: Any, **said: Any) -> None:
    upload = uploads.take(by, ContentFile(content, name=name), key="")
    topics = ["Keeping volunteers"]
    item = actions.add(
        community, Contents(upload=upload), by=by, licence=Item.Licence.OWN, topics=topics, **said
    )
    if item.current is not None:
        preparing.prepare(item.current)


def _handbook(at: datetime) -> bytes:
    return write_pdf(
        Paper(
            title="Buddy handbook",
            subtitle="For whoever welcomes a volunteer",
            language="en",
            made_at=at,
            blocks=[
                Heading("The first three days"),
                Paragraph("Call before the third day. Ask what they hope for, and say who you are."),
                Listing(["Where the keys are", "Whom to ask", "How to say no"]),
                Heading("The first month"),
                Paragraph("Sit down for fifteen minutes: what was good, what was not?"),
            ],
        )
    )
