"""The market: notes with names for one's group alone, what fits, and two who both want to be introduced."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.activities.actions import market as actions
from coppice.activities.errors import ListIsFull, NoSuchSlip, NotKnownHere, OwnSlip, WordsMissing
from coppice.activities.models import Match, Slip
from coppice.activities.tests.factories import gathered, market, seated
from coppice.communities.tests.factories import enroll, make_program, make_staff
from coppice.history.models import Entry
from coppice.live import links
from coppice.live.actions import claims, moves, rooms
from coppice.live.errors import NoLongerTaken, NotBegun
from coppice.live.kinds import kind_of
from coppice.live.models import Participant, Room, Step
from coppice.live.tests.factories import fresh, make_participant, make_room, opened
from coppice.notifications.models import Message
from coppice.profiles import actions as profiles
from coppice.profiles.errors import NotToBeAsked
from coppice.profiles.models import Expertise, Introduction, Need
from coppice.profiles.tests.factories import make_topic

NOTES, TABLE, MATCHES = range(3)
NEED, OFFER = Slip.Kind.NEED, Slip.Kind.OFFER
pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    return make_room(make_program(), steps=market())


@pytest.fixture
def notes(room) -> Step:
    return opened(room, NOTES)


@pytest.fixture
def rosa(room) -> Participant:
    return make_participant(room, "Rosa", person=enroll(room.program, "Rosa Medina").person)


@pytest.fixture
def tom(room) -> Participant:
    return make_participant(room, "Tom", person=enroll(room.program, "Tom Okafor").person)


@pytest.fixture
def host(client, room):
    client.force_login(make_staff(room.program))
    return client


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def own(client, participant: Participant) -> str:
    return text(client.get(links.phone_path(participant) + "own/"))


def afterwards(client, participant: Participant) -> str:
    return text(client.get(links.phone_path(participant)))


def act(client, step: Step, who: Participant, name: str, **fields):
    return client.post(f"{links.phone_path(who)}steps/{step.pk}/{name}/", {"round": step.round, **fields})


def by_host(host, step: Step, name: str, **fields):
    return host.post(reverse("live:host_act", args=[step.pk, name]), fields, headers={"X-Live": "yes"})


def wrote(step: Step, who: Participant, words: str, kind: str = NEED, **fields) -> Slip:
    told = {"topic_id": 0, "how": "", "round": 1, **fields}
    return actions.write(step, participant=who, kind=kind, words=words, **told)


def found(step: Step, who: Participant, slip: Slip) -> Match:
    return actions.find(step, participant=who, round=1, slip_id=slip.pk)


def test_what_somebody_writes_is_theirs_with_topic_and_how_soon_or_how_much(client, host, room, notes, rosa):
    topic = make_topic(room.program, "Grants")
    foreign = make_topic(make_program(), "Not ours")

    act(
        client,
        notes,
        rosa,
        "need",
        **{"need-words": " Somebody who reads\nmy budget ", "need-topic": topic.pk, "need-how": "now"},
    )
    act(
        client,
        notes,
        rosa,
        "need",
        **{"need-words": "somebody who reads my budget", "need-topic": foreign.pk, "need-how": "never"},
    )
    act(client, notes, rosa, "offer", **{"offer-words": "Two hours of driving", "offer-how": "hours"})
    act(client, notes, rosa, "offer", **{"offer-words": "A ladder", "offer-how": "soon"})

    slips = [(each.kind, each.words, each.topic, each.how) for each in Slip.objects.all()]
    assert slips == [
        ("need", "somebody who reads my budget", None, ""),
        ("offer", "Two hours of driving", None, "An hour now and then"),
        ("offer", "A ladder", None, ""),
    ]
    assert "Two hours of driving" in own(client, rosa)
    for page in (room.get_absolute_url(), links.projector_path(room)):
        assert "1 need · 2 offers" in text(host.get(page))
    assert "driving" not in text(host.get(links.projector_path(room)))
    act(client, notes, rosa, "drop", slip=Slip.objects.get(words="A ladder").pk)
    assert act(client, notes, rosa, "drop", slip=0).status_code == 422
    assert Slip.objects.count() == 2


def test_a_market_refuses_what_is_empty_too_much_or_late(room, notes, rosa, tom):
    with pytest.raises(WordsMissing):
        wrote(notes, rosa, "  ")
    with pytest.raises(NotBegun):
        wrote(notes, rosa, "A van", round=2)
    for number in range(actions.MOST_SLIPS):
        wrote(notes, rosa, f"Need {number}")
    with pytest.raises(ListIsFull):
        wrote(notes, rosa, "One more")
    slip = wrote(notes, rosa, "An offer", OFFER)
    with pytest.raises(OwnSlip):
        found(notes, rosa, slip)
    rooms.end(room, by=None)
    with pytest.raises(NoLongerTaken):
        found(fresh(notes), tom, slip)


def test_a_group_reads_what_its_people_wrote_and_marks_what_fits(client, room, notes):
    six = gathered(room, *"ABCDEF")
    for each in six:
        wrote(notes, each, f"Need of {each}")
        wrote(notes, each, f"Offer of {each}", OFFER)
    step = opened(room, TABLE)
    [at] = [table for table in seated(step) if "A" in table]
    [other, *_rest] = sorted(at - {"A"})
    elsewhere = min(set("ABCDEF") - at)
    need, offer = (Slip.objects.get(words=f"{kind} of {other}") for kind in ("Need", "Offer"))

    assert sorted(len(table) for table in seated(step)) == [3, 3]
    before = own(client, six[0])
    assert f"I can help : Need of {other}" in before
    assert f"I need that : Offer of {other}" in before
    assert f"Need of {elsewhere}" not in before
    assert "Need of A" in before
    mark = kind_of(step).look(step)["own"].each
    for slip in (need, offer, need):
        act(client, step, six[0], "find", slip=slip.pk)

    after = own(client, six[0])
    assert "You can help Take it back" in after
    assert "You need that Take it back" in after
    now = kind_of(step).look(step)["own"].each
    assert {who for who in now if now[who] != mark[who]} == {six[0].pk}
    act(client, step, six[0], "unfind", slip=need.pk)
    assert act(client, step, six[0], "unfind", slip=need.pk).status_code == 422
    assert act(client, step, six[0], "find", slip=0).status_code == 422
    assert [match.slip for match in Match.objects.all()] == [offer]


def test_every_group_after_the_first_is_drawn_anew(room, notes):
    gathered(room, *"ABCDEFGH")
    step = opened(room, TABLE)
    first = seated(step)
    moves.repeat(step, by=None)

    second = seated(fresh(step))

    assert [len(table) for table in (*first, *second)] == [4, 4, 4, 4]
    assert all(len(one & other) == 2 for one in first for other in second)


def test_a_group_that_wrote_nothing_is_told_what_to_do(client, room, notes):
    ana, _bo = gathered(room, "Ana", "Bo")
    opened(room, TABLE)

    assert "The others have written nothing" in own(client, ana)


def test_the_wall_counts_what_was_found_and_each_phone_says_who(client, host, room, notes, rosa, tom):
    van = wrote(notes, rosa, "A van", how="now")
    wrote(notes, rosa, "Rest")
    maps = wrote(notes, tom, "Drawing maps", OFFER)
    found(notes, tom, van)
    found(notes, rosa, maps)
    step = opened(room, MATCHES)

    wall = text(host.get(links.projector_path(room)))
    assert "1 of 2 needs with somebody who can help" in wall
    assert "1 of 1 offers that somebody wants" in wall
    assert "Nobody has found these yet Need Rest" in wall
    assert "Rosa" not in wall.replace("Rosa Medina", "Rosa").split("Nobody has found")[1]
    assert "Tom can help you Need A van" in own(client, rosa)
    assert "You can help Rosa Need A van" in own(client, tom)
    assert "Rosa" not in own(client, gathered(room, "Ana")[0])
    assert set(kind_of(step).look(step)["own"].each) == {rosa.pk, tom.pk}
    page = text(client.get(links.phone_path(tom)))
    assert "Nobody has found these yet: can you? Need Rest" in page
    act(client, step, tom, "find", slip=Slip.objects.get(words="Rest").pk)
    assert "Nobody has found" not in text(host.get(links.projector_path(room)))


def test_two_who_both_say_yes_are_introduced_and_only_their_own_profile_gets_what_they_said(
    client, room, notes, rosa, tom
):
    topic = make_topic(room.program, "Driving")
    van = wrote(notes, rosa, "A van on Fridays", topic_id=topic.pk, how="now")
    match = found(notes, tom, van)
    step = opened(room, MATCHES)

    act(client, step, tom, "agree", match=match.pk, **{f"words-{match.pk}": "I drive ours until noon"})
    assert not Introduction.objects.exists()
    assert "When Rosa does too" in own(client, tom)
    assert "Tom would like to be introduced." in own(client, rosa)
    rooms.end(room, by=None)
    for _twice in range(2):
        act(client, fresh(step), rosa, "agree", match=match.pk)

    [need], [offer], [made] = Need.objects.all(), Expertise.objects.all(), Introduction.objects.all()
    assert (need.enrollment.name, need.text, need.urgency, need.topic) == (
        "Rosa Medina",
        "A van on Fridays",
        "now",
        topic,
    )
    assert (offer.enrollment.name, offer.text, offer.availability) == (
        "Tom Okafor",
        "I drive ours until noon",
        "call",
    )
    assert (made.need, made.offer, made.state, made.offer_said) == (
        need,
        offer,
        Introduction.State.INTRODUCED,
        "I drive ours until noon",
    )
    assert {each.recipient for each in Message.objects.all()} == {rosa.person, tom.person}
    assert "Both said yes" in afterwards(client, rosa)
    with pytest.raises(NoSuchSlip):
        actions.take_back(step, participant=tom, slip_id=van.pk)


def test_who_needs_what_is_offered_is_the_one_who_needs_in_the_introduction(room, notes, rosa, tom):
    maps = wrote(notes, tom, "Drawing maps", OFFER, how="more")
    match = found(notes, rosa, maps)

    for who in (tom, rosa):
        actions.agree(notes, participant=who, match_id=match.pk)

    made = Introduction.objects.get()
    assert (made.need.enrollment.person, made.need.text) == (rosa.person, "Drawing maps")
    assert (made.offer.enrollment.person, made.offer.availability) == (tom.person, "more")


def test_nobody_agrees_for_others_and_a_guest_says_first_who_they_are(client, room, notes, rosa, tom):
    guest, third = (
        gathered(room, "Guest")[0],
        make_participant(room, "Di", person=enroll(room.program).person),
    )
    van = wrote(notes, rosa, "A van")
    match = found(notes, guest, van)
    step = opened(room, MATCHES)

    assert "say first who you are" in own(client, guest)
    assert (
        f'href="{links.phone_path(guest)}keeping/"'
        in client.get(links.phone_path(guest) + "own/").content.decode()
    )
    assert "Yes, introduce us" not in own(client, guest)
    with pytest.raises(NotKnownHere):
        actions.agree(step, participant=guest, match_id=match.pk)
    with pytest.raises(NoSuchSlip):
        actions.agree(step, participant=third, match_id=match.pk)
    with pytest.raises(NoSuchSlip):
        actions.agree(step, participant=third, match_id=0)
    actions.agree(step, participant=rosa, match_id=match.pk)
    claims.claim(guest, person=tom.person, by=tom.person)
    actions.agree(step, participant=tom, match_id=match.pk)

    assert Introduction.objects.get().offer.enrollment.person == tom.person


def test_what_was_taken_away_meanwhile_introduces_nobody(room, notes, rosa, tom):
    match = found(notes, tom, wrote(notes, rosa, "A van"))
    actions.agree(notes, participant=rosa, match_id=match.pk)
    profiles.retire(Need.objects.get(), by=rosa.person)

    with pytest.raises(NotToBeAsked):
        actions.agree(notes, participant=tom, match_id=match.pk)
    profiles.remove(Need.objects.get(), by=rosa.person)
    agreed = actions.agree(notes, participant=tom, match_id=match.pk)

    assert agreed.agreed_at is not None
    assert agreed.introduced_at is None
    assert not Introduction.objects.exists()


def test_two_who_were_introduced_before_are_not_told_again(room, notes, rosa, tom):
    need = profiles.voice_need(rosa.person.enrollments.get(), by=rosa.person, text="A van")
    offer = profiles.offer_help(tom.person.enrollments.get(), by=tom.person, text="Driving")

    first = profiles.introduce(need, offer=offer, by=tom.person)
    again = profiles.introduce(need, offer=offer, by=rosa.person)

    assert first == again
    assert Message.objects.count() == 2


def test_a_guest_who_found_their_own_note_found_nobody(client, room, notes, rosa):
    guest = gathered(room, "Guest")[0]
    van = wrote(notes, rosa, "A van")
    found(notes, guest, van)
    claims.claim(guest, person=rosa.person, by=rosa.person)
    step = opened(room, MATCHES)

    assert kind_of(step).look(step)["market"].pairs == 0
    assert "Nobody yet." in own(client, rosa)
    assert kind_of(notes).result(fresh(notes)).finding.startswith("0 of 1 need has")


def test_what_one_wrote_is_kept_on_ones_profile_once_and_only_by_ones_own_press(client, room, notes, rosa):
    guest = gathered(room, "Guest")[0]
    for each in (rosa, guest):
        wrote(notes, each, f"A van for {each}")
        wrote(notes, each, f"A hand from {each}", OFFER)
    rooms.end(room, by=None)

    assert "Keep what I wrote on my profile" in afterwards(client, rosa)
    assert "Keep what I wrote on my profile" not in afterwards(client, guest)
    for _twice in range(2):
        act(client, fresh(notes), rosa, "keep")
    assert act(client, fresh(notes), guest, "keep").status_code == 422

    assert "What you wrote is on your profile." in afterwards(client, rosa)
    assert [need.text for need in Need.objects.all()] == ["A van for Rosa"]
    assert [offer.text for offer in Expertise.objects.all()] == ["A hand from Rosa"]


def test_late_notes_are_taken_for_a_set_time_and_whoever_wrote_nothing_then_reads_nothing(
    client, room, notes
):
    ana, bo = gathered(room, "Ana", "Bo")
    rooms.end(room, by=None, late_until=timezone.now() + timedelta(days=1))
    act(client, fresh(notes), ana, "need", **{"need-words": "A van"})
    assert "Add my need" in afterwards(client, bo)
    assert [row.is_late for row in kind_of(notes).rows(fresh(notes))] == [True]
    Room.objects.update(late_until=timezone.now() - timedelta(days=1))

    assert "What you wrote" in afterwards(client, ana)
    assert "What you wrote" not in afterwards(client, bo)


def test_hosts_take_what_does_not_belong_off_the_market_and_put_it_back(client, host, room, notes, rosa, tom):
    slip = wrote(notes, rosa, "Buy my car")
    match = found(notes, tom, slip)
    for _twice in range(2):
        by_host(host, notes, "hide", slip=slip.pk)

    assert "Taken off the market Need Buy my car" in text(host.get(room.get_absolute_url()))
    assert kind_of(notes).result(fresh(notes)) is None
    step = opened(room, MATCHES)
    assert "Nobody yet." in own(client, tom)
    with pytest.raises(NoSuchSlip):
        found(step, gathered(room, "Ana")[0], slip)
    by_host(host, notes, "show", slip=slip.pk)
    assert "You can help Rosa" in own(client, tom)
    assert match.pk == Match.objects.get().pk
    verbs = Entry.objects.filter(verb__startswith="live_room.words").values_list("verb", flat=True)
    assert sorted(verbs) == ["live_room.words_brought_back", "live_room.words_hidden"]


def test_results_and_file_count_and_name_nobody(client, host, room, notes, rosa, tom):
    topic = make_topic(room.program, "Driving")
    van = wrote(notes, rosa, "A van", topic_id=topic.pk, how="now")
    wrote(notes, rosa, "Rest")
    wrote(notes, tom, "Drawing maps", OFFER)
    found(notes, tom, van)

    page = text(host.get(reverse("live:results", args=[room.pk])))
    file = host.get(reverse("live:results_file", args=[room.pk])).content.decode("utf-8-sig")

    assert "1 of 2 needs have somebody who can help; 0 of 1 offer is wanted" in page
    assert [line.split(",", 2)[2] for line in file.splitlines() if "Market" in line] == [
        "1,Need: A van,1,,Driving · This week",
        "1,Need: Rest,0,,",
        "1,Offer: Drawing maps,0,,",
    ]
    for told in (page, file):
        assert "Tom" not in told
        assert "Rosa" not in told


def test_the_ready_agenda_opens_a_room_with_three_groups(host, room):
    sent = {"title": "Market", "agenda": "offers_and_needs_market", "language": "en"}
    host.post(reverse("live:create", args=[room.program.pk]), sent)

    made = Room.objects.get(title="Market")

    assert [step.kind for step in made.steps.all()] == [
        "talk",
        "market_notes",
        *["market_table"] * 3,
        "market_matches",
    ]


def test_before_somebody_is_taken_out_hosts_read_what_of_the_market_goes_with_them(
    host, room, notes, rosa, tom
):
    found(notes, tom, wrote(notes, rosa, "Grant writing"))
    found(notes, rosa, wrote(notes, tom, "Bus maps", OFFER))
    wrote(notes, rosa, "A van", OFFER)
    other = make_participant(room, "Eva")

    pages = [text(host.get(reverse("live:participant_removal", args=[each.pk]))) for each in (rosa, other)]

    said = "Needs and offers on the market: 2, with matches of others: 1. What they matched themselves: 1."
    assert [said in page for page in pages] == [True, False]
    assert "They have answered nothing here." in pages[1]
