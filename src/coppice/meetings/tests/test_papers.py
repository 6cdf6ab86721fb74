"""The agenda on paper: by the reader's clock, with how one takes part, for whoever may read the meeting."""

from datetime import UTC, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from coppice.communities.tests.factories import add_member, make_community, make_person
from coppice.lib.papers import Heading, Table
from coppice.meetings.agenda_models import AgendaItem
from coppice.meetings.agenda_paper import agenda_paper
from coppice.meetings.tests.factories import make_meeting

pytestmark = pytest.mark.django_db

LINK = "https://meet.example.org/a-room-with-a-very-long-name-that-goes-on-and-on"


@pytest.fixture
def community():
    return make_community(time_zone="America/Chicago")


@pytest.fixture
def ben(community):
    return add_member(community, "Ben Member")


@pytest.fixture
def meeting(community, ben):
    made = make_meeting(
        community,
        title="First meeting",
        starts_at=datetime(2099, 12, 1, 20, tzinfo=UTC),
        ends_at=datetime(2099, 12, 1, 21, tzinfo=UTC),
        link=LINK,
        dial_in="",
        purpose="We begin.",
    )
    for position, (title, detail, owner) in enumerate(
        (("Arrive", "", None), ("A case", "Ask *first*", ben)), 1
    ):
        AgendaItem.objects.create(
            meeting=made, title=title, detail=detail, minutes=15, owner=owner, position=position
        )
    return made


def test_an_agenda_on_paper_says_what_when_and_who(meeting):
    paper = agenda_paper(meeting, zone=ZoneInfo("America/Chicago"))

    facts = {str(fact.label): str(fact.value) for fact in paper.facts}
    assert facts["When"] == "Tuesday 1 December 2099, 14:00 to 15:00, Chicago time"
    assert facts["Meeting link"] == LINK
    assert "Dial-in number" not in facts
    assert (paper.size, str(paper.state)) == ("us-letter", "")
    (table,) = [block for block in paper.blocks if isinstance(block, Table)]
    assert [[str(cell) for cell in row] for row in table.rows] == [
        ["14:00", "Arrive", "15", ""],
        ["14:15", "A case\nAsk *first*", "15", "Ben Member"],
    ]


def test_an_empty_agenda_of_a_cancelled_meeting_says_both(community):
    meeting = make_meeting(community, purpose="")
    meeting.cancelled_at = meeting.starts_at

    paper = agenda_paper(meeting, zone=ZoneInfo("UTC"))

    assert str(paper.state) == "Cancelled"
    assert [str(block.words) for block in paper.blocks] == [
        "What we go through",
        "Nothing stands on the agenda yet.",
    ]
    assert isinstance(paper.blocks[0], Heading)


def test_a_member_takes_the_agenda_away(client, meeting, ben):
    client.force_login(ben.person)

    page = client.get(reverse("meetings:agenda", args=[meeting.pk])).content.decode()
    pdf = client.get(reverse("meetings:agenda_pdf", args=[meeting.pk]))
    docx = client.get(reverse("meetings:agenda_docx", args=[meeting.pk]))

    assert reverse("meetings:agenda_pdf", args=[meeting.pk]) in page
    assert "Ask *first*" in " ".join(PdfReader(BytesIO(pdf.content)).pages[0].extract_text().split())
    table = Document(BytesIO(docx.content)).tables[1]
    assert table.rows[2].cells[1].text == "A case\nAsk *first*"


def test_an_outsider_finds_no_agenda(client, meeting):
    client.force_login(make_person("Una Outside"))

    assert client.get(reverse("meetings:agenda_pdf", args=[meeting.pk])).status_code == 404
