"""What one community found out: practices in every state, some of them tried by others."""

from typing import Any

from coppice.communities.models import Community, Membership
from coppice.library.actions import practice_care as care
from coppice.library.actions import practice_voices as voices
from coppice.library.actions import practices as actions
from coppice.library.practice_models import Practice
from coppice.library.template_finding import bring_in
from coppice.meetings.queries import active_members

CALL: dict[str, str] = {
    "title": "Call every new volunteer on the evening after their first shift",
    "context": "A food pantry in a small town, about forty volunteers a year, most of them older than sixty.",
    "done": (
        "1. Whoever welcomed them notes the number before they go home.\n"
        "2. The call is the same evening, five minutes, no form.\n"
        "3. Two questions: *what was good?* and *what was odd?*\n"
        "4. What was odd is mended before the next shift, and somebody tells them so."
    ),
    "came": "In the year before, 17 of 40 were still there after three months; since we call, 31 of 40.",
    "evidence": "measured",
    "watch_for": "Do not call late, and never ask for another shift in the same call.",
    "takes": "Ten minutes for each new volunteer, and one person who likes the phone.",
}
BUDDY: dict[str, str] = {
    "title": "A buddy for the first month, chosen by the newcomer on the second day",
    "context": "Three organizations with ten to thirty volunteers each.",
    "done": "The newcomer names somebody they liked; that person may say no, and has no other task.",
    "came": "Newcomers ask the buddy what they would not ask us. Two of three organizations kept it.",
    "evidence": "several",
    "takes": "An hour a month for each buddy.",
}
LESSON: dict[str, str] = {
    "title": "A thank-you evening in December comes too late for those who left in June",
    "context": "Our own yearly evening, sixty people invited, nineteen came.",
    "done": "The whole budget for thanks went into one evening. Those who had helped in spring were gone.",
    "came": "We will thank people in the month in which they helped: a card, a cake, a name on the wall.",
    "evidence": "once",
}
CASE: dict[str, str] = {
    "title": "When half of the drivers stopped in one week, three neighbours found seven others",
    "context": "Rides to a clinic, two counties, an icy January.",
    "done": "Each of the three called the ten people whom they had seen driving, and offered the first tank.",
    "came": "Seven drove within five days. Two of them still do.",
    "evidence": "once",
    "watch_for": "We forgot to ask for insurance until the third day.",
}
OLD: dict[str, str] = {
    "title": "Put the sign-up sheet beside the coffee",
    "context": "Any place with a room and a kettle.",
    "done": "The sheet hangs where people wait, with a pen on a string.",
    "came": "Twice as many names as at the door, the first two winters.",
    "evidence": "several",
    "watch_for": "Most people sign up by phone by now.",
}


def tell(community: Community) -> None:
    """Write practices down as members would, have them read and published, and try some of them."""
    bring_in()
    members = list(active_members(community))
    leader = next(each for each in members if each.is_leader)
    one, two, three, four = [each for each in members if not each.is_leader][:4]
    call = _published(one, leader, "promising", CALL, topics=["Keeping volunteers", "Welcome"], voices=[two])
    care.say_tried(call, by=three, words="Three of four still come. The fourth moved away.")
    care.say_tried(call, by=four, words="I call before dinner, else nobody answers.")
    buddy = _published(two, one, "promising", BUDDY, topics=["Keeping volunteers"])
    care.say_tried(buddy, by=leader, words="Works where there are enough people to choose from.")
    words = {**BUDDY, "watch_for": "Who is chosen by everybody is worn out by spring."}
    actions.change(buddy, by=two, words=words, licence="own", topics=["Keeping volunteers"])
    old = _published(three, leader, "promising", OLD, topics=["Welcome"])
    care.doubt(old, by=four)
    _published(leader, two, "lesson", LESSON, topics=["Thanks"])
    asked = actions.write(community, kind="case", by=four, words=CASE, licence="own", topics=["Rides"])
    actions.ask_review(asked, by=four)
    draft = {**LESSON, "title": "Ask people what they will not do before you ask what they will"}
    actions.write(community, kind="lesson", by=one, words=draft, licence="own")


def _published(
    by: Membership, reviewer: Membership, kind: str, words: dict[str, str], **said: Any
) -> Practice:
    practice = actions.write(by.community, kind=kind, by=by, words=words, licence="own", **said)
    for voice in practice.voices.all():
        voices.answer(voice, answer="named")
    actions.ask_review(practice, by=by)
    actions.review(practice, by=reviewer, is_ready=True, good="Short, and I could begin tomorrow.")
    practice = actions.publish(practice, by=by)
    care.tell(practice.pk)
    return practice
