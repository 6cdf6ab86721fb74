"""What each community wrote down at the meeting it held last: notes, what it decided, learned and took on."""

from datetime import timedelta

from coppice.communities.actions import commitments
from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Community
from coppice.meetings.actions import minutes
from coppice.meetings.agenda_models import AgendaItem
from coppice.meetings.hands import Hand
from coppice.meetings.minutes_models import Note, commitments_of
from coppice.meetings.models import Meeting

AGENDA = (("What is new", 15), ("One problem in depth", 30), ("What each of us will try", 15))

# By community: two notes on the problem, what was decided and why, what was learned, two commitments.
WRITTEN = {
    "Volunteer retention": (
        "Most who leave do so between week six and week ten, after the first shift alone.",
        "Nobody asks them why. Two of us have a form, the others have a feeling.",
        "Every volunteer gets a call in week six",
        "That is before most of them go, and a call takes ten minutes",
        "People who were asked one question stayed longer than people who got a gift",
        ("Write the three questions for the call", "Call the six who began in October"),
    ),
    "First-time grant seekers": (
        "The need statement is where all of us get stuck: we begin with what we do.",
        "The reviewer's sheet gives a third of the points to the need.",
        "We read each other's need statements before the budget",
        "A budget for the wrong need is written twice",
        "One paragraph with one number is read; four pages are not",
        ("Send the reviewer's sheet to everybody", "Bring a need statement of one page"),
    ),
    "Rural transport": (
        "The clinic knows who has no ride, and may not tell us. The patient may.",
        "Three drivers can do Tuesdays, nobody can do Fridays.",
        "The clinic puts our number on its appointment card",
        "Then people call us themselves",
        "Asking for one ride a month finds more drivers than asking for helpers",
        ("Ask the clinic to print the number", "Call the two churches about Fridays"),
    ),
    "Board development": (
        "Half of an hour goes to reports that were sent out before.",
        "A consent agenda gave us twenty minutes back.",
        "Reports are read before the meeting, and only questions are taken in it",
        "We want time for the one decision that matters",
        "A board that chooses one question a year works on it all year",
        ("Share our consent agenda as a template", "Ask three chairs what they would drop"),
    ),
    "Data without tears": (
        "All of us count people served, and none of us was asked for it this year.",
        "The funder reads the first page and the table.",
        "We count one thing well, and the same in every organization",
        "Five numbers of five kinds tell nobody anything",
        "A tally on paper by the door is more complete than the spreadsheet",
        ("Draw the tally sheet on one page", "Try it for two weeks at the front desk"),
    ),
}


def tell(community: Community) -> None:
    """Put an agenda on the meeting held last, and under it what its people wrote."""
    meeting = Meeting.objects.of(community).held().latest("starts_at")
    there = meeting.attendances.filter(was_present=True).select_related(
        "membership__person", "membership__enrollment", "membership__community"
    )
    people = [row.membership for row in there.order_by("pk")]
    leader = next(each for each in people if each.is_leader)
    first, second = [each for each in people if each != leader][:2]
    _new, problem, trying = AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, position=position, title=title, minutes=length, owner=owner)
        for position, ((title, length), owner) in enumerate(
            zip(AGENDA, (leader, first, leader), strict=True), 1
        )
    )
    hand = Hand(meeting, leader, by=leader.person, leads=True)
    notes, others_notes, decision, reason, lesson, tasks = WRITTEN[community.name]
    minutes.write_note(hand, item=problem, text=notes)
    Note.objects.create(
        meeting=meeting, item=problem, author=first, entered_by=first.person, text=others_notes
    )
    minutes.decide(hand, item=problem, text=decision, reason=reason)
    minutes.learn(hand, item=problem, text=lesson)
    day = meeting.starts_at.date()
    kept, open_still = tasks
    done = minutes.commit(hand, item=trying, membership=leader, what=kept, due_on=day + timedelta(weeks=2))
    commitments.tell(done, state=Commitment.State.DONE, outcome="Everybody has it.", by=leader.person)
    minutes.commit(hand, item=trying, membership=second, what=open_still, due_on=day + timedelta(weeks=5))
    Meeting.objects.filter(pk=meeting.pk).update(
        opened_at=meeting.starts_at, closed_at=meeting.ends_at, summary_sent_at=meeting.ends_at
    )
    for rows in (meeting.notes, meeting.decisions, meeting.lessons, commitments_of(meeting)):
        rows.update(created_at=meeting.ends_at)
