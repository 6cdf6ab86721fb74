"""The web: needs, who helps how, where the thread goes, who is tied in, and who reads names afterwards."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.activities import web as kinds
from coppice.activities import webs
from coppice.activities.actions import webs as actions
from coppice.activities.errors import (
    ListIsFull,
    NobodyToPassTo,
    NoSuchPerson,
    NoSuchStrand,
    NothingTicked,
    NotKnownHere,
    OwnStrand,
    TakenOffTheWeb,
    ThreadIsElsewhere,
    WordsMissing,
)
from coppice.activities.models import Strand, Thread, Tie
from coppice.activities.tests.factories import gathered, web
from coppice.communities.tests.factories import add_member, enroll, make_community, make_program, make_staff
from coppice.history.models import Entry
from coppice.live import links
from coppice.live.actions import claims, moves, people, rooms
from coppice.live.errors import NameMissing, NoLongerTaken, NotBegun
from coppice.live.kinds import kind_of
from coppice.live.models import Participant, Room, Step
from coppice.live.tests.factories import fresh, make_room, opened
from coppice.notifications.models import Message
from coppice.profiles import actions as profiles
from coppice.profiles.models import Audience, Expertise, Need, Source

TOMORROW = timezone.now() + timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    return make_room(make_program(), steps=[web()])


@pytest.fixture
def three(room) -> list[Participant]:
    return gathered(room, "Ana", "Bo", "Cy")


@pytest.fixture
def step(room, three) -> Step:
    return opened(room)


@pytest.fixture
def host(client, room):
    client.force_login(make_staff(room.program))
    return client


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def own(client, participant: Participant) -> str:
    return text(client.get(links.phone_path(participant) + "own/"))


def act(client, step: Step, who: Participant, name: str, **fields):
    return client.post(f"{links.phone_path(who)}steps/{step.pk}/{name}/", {"round": step.round, **fields})


def by_host(host, step: Step, name: str, **fields):
    return host.post(reverse("live:host_act", args=[step.pk, name]), fields, headers={"X-Live": "yes"})


def voiced(step: Step, who: Participant, need: str = "A van") -> Strand:
    return actions.voice(step, participant=who, round=step.round, need=need)


def helped(step: Step, who: Participant, strand: Strand, how: str = "Lends one") -> Tie:
    return actions.help_with(step, participant=who, round=step.round, strand_id=strand.pk, how=how)


def keep(step: Step, who: Participant, *said: Strand | Tie) -> None:
    keys = [webs.key_of(each) for each in said]
    actions.keep(step, participant=who, keys=keys, audience=Audience.COMMUNITIES)


def test_the_thread_runs_from_need_to_need_until_everybody_is_tied_in(client, host, room, three, step):
    ana, bo, cy = three
    assert "Whoever says it first begins the web" in own(client, bo)
    act(client, step, ana, "voice", need="  A van\non Fridays ")
    strand = Strand.objects.get(need="A van on Fridays")

    assert "How you can help Ana" in own(client, bo)
    assert "What you need" not in own(client, bo)
    act(client, step, bo, "help", **{"strand": strand.pk, f"how-{strand.pk}": "I lend ours"})
    act(client, step, bo, "help", **{"strand": strand.pk, f"how-{strand.pk}": "I lend ours until noon"})
    assert "Pass the thread to Bo" in own(client, ana)
    wall = text(host.get(links.projector_path(room)))
    assert "Ana needs: A van on Fridays Who can help, and how?" in wall
    assert "2 of 3 people are tied in" in wall
    assert "I lend ours until noon" in wall
    act(client, step, ana, "pass", participant=bo.pk)

    assert "The thread is with Bo. What do you need?" in text(host.get(links.projector_path(room)))
    assert "What you need" in own(client, bo)
    assert "What you need" not in own(client, cy)
    act(client, step, bo, "voice", need="Someone to translate")
    helped(step, cy, Strand.objects.latest("pk"), "Into Spanish")
    assert "Everybody is tied in, by 2 offers of help" in text(host.get(links.projector_path(room)))
    assert "not in the web yet" not in text(host.get(room.get_absolute_url()))


def test_only_who_holds_the_thread_voices_a_need_while_the_step_is_open(step, three):
    ana, bo, _cy = three
    first = voiced(step, ana)

    assert voiced(step, ana, "a VAN") == first
    with pytest.raises(ThreadIsElsewhere):
        voiced(step, bo, "Milk")
    moves.close_step(step, by=None)
    late = voiced(fresh(step), bo, "Milk")
    assert Thread.objects.get().strand == late


@pytest.mark.parametrize(
    ("who", "refused"), [(0, OwnStrand), (1, None), (2, None)], ids=["its owner", "one", "another"]
)
def test_whoever_does_not_need_it_can_help(step, three, who, refused):
    strand = voiced(step, three[0])
    if refused is None:
        assert helped(step, three[who], strand).how == "Lends one"
    else:
        with pytest.raises(refused):
            helped(step, three[who], strand)


def test_words_rounds_and_late_answers_are_checked(room, step, three):
    ana, bo, _cy = three
    strand = voiced(step, ana)
    with pytest.raises(WordsMissing):
        voiced(step, ana, "  ")
    with pytest.raises(WordsMissing):
        helped(step, bo, strand, " ")
    with pytest.raises(NotBegun):
        actions.voice(step, participant=ana, round=2, need="Milk")
    with pytest.raises(NoSuchStrand):
        actions.help_with(step, participant=bo, round=1, strand_id=0, how="Yes")
    for number in range(actions.MOST_NEEDS - 1):
        voiced(step, ana, f"Need {number}")
    with pytest.raises(ListIsFull):
        voiced(step, ana, "One too many")
    rooms.end(room, by=None)
    with pytest.raises(NoLongerTaken):
        helped(fresh(step), bo, strand)


def test_the_thread_goes_only_to_who_can_help_and_from_who_holds_it(step, three):
    ana, bo, cy = three
    strand = voiced(step, ana)
    helped(step, bo, strand)
    with pytest.raises(ThreadIsElsewhere):
        actions.pass_on(step, participant=bo, round=1, to_id=cy.pk)
    with pytest.raises(NobodyToPassTo):
        actions.pass_on(step, participant=ana, round=1, to_id=cy.pk)
    actions.pass_on(step, participant=ana, round=1, to_id=bo.pk)
    assert Thread.objects.get().holder == bo


def test_hosts_send_the_thread_write_for_people_and_take_off_and_put_back(host, room, step, three):
    ana, bo, cy = three
    by_host(host, step, "send", participant=cy.pk)
    assert Thread.objects.get().holder == cy
    assert by_host(host, step, "send", participant=0).status_code == 422
    by_host(host, step, "voice", participant=ana.pk, need="A van")
    by_host(host, step, "voice", participant=ana.pk, need="a van")
    strand = Strand.objects.get()
    by_host(host, step, "help", helper=bo.pk, strand=strand.pk, how="Lends one")
    tie = Tie.objects.get()
    assert "1 person is not in the web yet Send the thread to: Send the thread to: Cy" in text(
        host.get(room.get_absolute_url())
    )

    by_host(host, step, "off", tie=tie.pk)
    assert webs.web_of(step).ties == []
    assert "Taken off the web Bo: Lends one" in text(host.get(room.get_absolute_url()))
    by_host(host, step, "on", tie=tie.pk)
    by_host(host, step, "on", tie=tie.pk)
    assert webs.web_of(step).ties == [tie]
    by_host(host, step, "off", strand=strand.pk)
    assert (webs.web_of(step).knots, Thread.objects.get().strand) == ((), None)
    by_host(host, step, "on", strand=strand.pk)
    assert len(webs.web_of(step).knots) == 1
    verbs = list(Entry.objects.filter(verb__contains="web").values_list("verb", flat=True))
    told, off, on = "live_room.web_told", "live_room.web_taken_off", "live_room.web_put_back"
    assert sorted(verbs) == sorted([told] * 3 + [off] * 2 + [on] * 2)


def test_what_a_host_took_off_is_said_again_only_by_a_host(room, step, three):
    ana, bo, _cy = three
    strand = voiced(step, ana)
    tie = helped(step, bo, strand)
    actions.set_off(step, tie_id=tie.pk, is_off=True, by=None)
    with pytest.raises(TakenOffTheWeb):
        helped(step, bo, strand, "Lends two")
    actions.help_for(step, participant_id=bo.pk, strand_id=strand.pk, how="Lends two", by=None)
    assert webs.web_of(step).ties == [tie]

    actions.set_off(step, strand_id=strand.pk, is_off=True, by=None)
    with pytest.raises(TakenOffTheWeb):
        voiced(step, ana, "a van")
    assert actions.voice_for(step, participant_id=ana.pk, need="a van", by=None) == strand
    assert len(webs.web_of(step).knots) == 1


def test_needs_that_hosts_took_off_leave_room_for_others(step, three):
    made = [voiced(step, three[0], f"Need {number}") for number in range(actions.MOST_NEEDS)]
    actions.set_off(step, strand_id=made[0].pk, is_off=True, by=None)
    assert voiced(step, three[0], "One more").need == "One more"


def test_what_one_said_oneself_can_be_taken_back(client, step, three):
    ana, bo, _cy = three
    strand = voiced(step, ana)
    tie = helped(step, bo, strand)
    assert act(client, step, ana, "back", tie=tie.pk).status_code == 422
    act(client, step, bo, "back", tie=tie.pk)
    assert not Tie.objects.exists()
    act(client, step, ana, "back", strand=strand.pk)
    assert not Strand.objects.exists()
    with pytest.raises(NoSuchStrand):
        actions.take_back(step, participant=ana, strand_id=strand.pk)


def test_a_repetition_begins_anew_and_undo_brings_the_first_back(step, three):
    helped(step, three[1], voiced(step, three[0]))
    moves.repeat(step, by=None)
    assert webs.web_of(fresh(step)).knots == ()
    assert [row.answer for row in kind_of(step).rows(fresh(step))] == ["A van"]
    moves.undo(step.room, move_id=step.room.moves.latest("pk").pk, by=None)
    assert len(webs.web_of(fresh(step)).knots) == 1


def test_the_web_of_an_earlier_round_is_read_and_answered_afterwards(client, host, room, step, three):
    ana, bo, cy = three
    helped(step, bo, voiced(step, ana))
    moves.repeat(step, by=None)
    page = reverse("activities:web", args=[step.pk])
    assert "A van" in text(host.get(page))
    rooms.end(room, by=None, late_until=TOMORROW)
    ended = fresh(step)

    assert "A van Lends one" in text(host.get(reverse("live:results", args=[room.pk])))
    phone = client.get(links.phone_path(cy))
    assert "Bo : Lends one" in text(phone)
    assert 'name="round" value="1"' in phone.content.decode()
    said = {"name": "Bo", "need": "Milk", "helpers": ""}
    assert host.post(reverse("activities:web_drawing", args=[step.pk]), said).status_code == 302
    assert {each.round for each in ended.strands.all()} == {1}
    voiced(ended, cy, "A lawyer")
    assert "A van" not in text(host.get(page))
    file = host.get(reverse("activities:web_file", args=[step.pk])).content.decode()
    assert ("1,Ana,A van,Bo,Lends one" in file, "2,Cy,A lawyer,," in file) == (True, True)


def test_phones_ask_anew_for_what_changed_for_them(step, three):
    ana, bo, cy = three
    kind = kind_of(step)
    before = kind.look(step)["own"]
    strand = voiced(step, ana)
    asked = kind.look(step)["own"]
    assert asked.base != before.base
    tie = helped(step, bo, strand)
    first = kind.look(step)["own"]
    assert (first.base, set(first.each)) == (asked.base, {ana.pk, bo.pk})
    helped(step, bo, strand, "Lends two")
    second = kind.look(step)["own"]
    assert first.each[ana.pk] != second.each[ana.pk]
    assert Tie.objects.get() == tie
    assert cy.pk not in second.each


def test_a_drawing_is_entered_also_afterwards_and_writes_people_in(host, room, step, three):
    address = reverse("activities:web_drawing", args=[step.pk])
    rooms.end(room, by=None)
    said = {"name": "Dee", "need": "A lawyer", "helpers": "ana: knows one\n\nEd: is one"}
    assert host.post(address, said).status_code == 302
    [knot] = webs.web_of(step).knots
    assert (str(knot.who), knot.hows) == ("Dee", "knows one; is one")
    assert Participant.objects.get(name="Ed").source == Participant.Source.PAPER
    assert host.post(address, {**said, "helpers": "Bo: too"}).status_code == 302
    assert webs.web_of(step).knots[0].hows == "knows one; is one; too"
    page = host.post(address, {**said, "helpers": "Dee: myself"})
    assert (page.status_code, "This is your own need" in text(page)) == (422, True)
    file = host.get(reverse("activities:web_file", args=[step.pk])).content.decode()
    assert "1,Dee,A lawyer,Ed,is one" in file


def test_whom_a_host_names_is_told_once_where_they_do_not_read_it_on_their_phone(client, host, room, step):
    dora, eva, finn = (enroll(room.program, each, language="en") for each in ("Dora", "Eva", "Finn"))
    finn.contact_mode = "phone"
    finn.save()
    eva_here = people.join(room, name="Eva", person=eva.person, language="en")
    [dora_here] = people.write_in(room, names=["Dora"], by=None)
    for _time in range(2):
        actions.voice_for(step, participant_id=dora_here.pk, need="A van", by=None)
    strand = Strand.objects.get()
    actions.help_for(step, participant_id=eva_here.pk, strand_id=strand.pk, how="Lends one", by=None)

    actions.enter(step, name="Dora", need="Soup", helpers=[("Finn", "Cooks"), ("Gil", "Eats")], by=None)

    mail = Message.objects.get()
    assert (mail.recipient, mail.subject) == (dora.person, "Your name is in the web of “Launch evening”")
    assert "a host wrote your name into the web" in mail.text
    path = re.search(r"/live-links/\S+", mail.text)
    assert path
    assert "A van" in text(client.get(path[0], follow=True))
    rooms.end(room, by=None)
    actions.enter(fresh(step), name="Eva", need="A tent", helpers=[], by=None)
    actions.enter(fresh(step), name="Dora", need="A drum", helpers=[], by=None)
    assert [each.recipient for each in Message.objects.order_by("pk")] == [dora.person, eva.person]


def test_what_goes_with_a_need_is_said_before_it_is_taken_off_or_back(client, host, room, step, three):
    ana, bo, cy = three
    strand = voiced(step, ana)
    assert "Their words go with it" not in own(client, ana)
    assert "Take it off the web : A van" in text(host.get(room.get_absolute_url()))

    for each in (bo, cy):
        helped(step, each, strand)

    assert "2 people said how they can help. Their words go with it, for good." in own(client, ana)
    hosts = text(host.get(room.get_absolute_url()))
    assert "Take it off the web with 2 offers of help : A van" in hosts


def test_before_somebody_is_taken_out_hosts_read_what_goes_with_them(host, room, step, three):
    ana, bo, cy = three
    strand = voiced(step, ana)
    other = actions.voice_for(step, participant_id=bo.pk, need="Milk", by=None)
    for each in (bo, cy):
        helped(step, each, strand)
    helped(step, ana, other)
    page = reverse("live:participant_removal", args=[ana.pk])

    asked = text(host.get(page))
    assert "Needs: 1, with what others said to them: 2. Offers: 1." in asked
    assert Participant.objects.filter(pk=ana.pk).exists()
    assert "What goes with them" not in text(
        host.get(
            reverse("live:participant_removal", args=[people.write_in(room, names=["Di"], by=None)[0].pk])
        )
    )
    host.post(page)

    assert [str(each) for each in Strand.objects.all()] == ["Milk"]
    assert not Tie.objects.exists()


def test_somebody_renamed_on_the_roster_is_found_by_either_name(host, room, step):
    enrollment = enroll(room.program, "Fay Old")
    fay = people.join(room, name="Fay Old", language="en", person=enrollment.person)
    enrollment.name = "Fay New"
    enrollment.save()
    address = reverse("activities:web_drawing", args=[step.pk])
    said = {"name": "Fay new", "need": "A lawyer", "helpers": "Ed: is one"}
    assert host.post(address, said).status_code == 302
    assert host.post(address, {**said, "name": "Fay Old"}).status_code == 302
    [knot] = webs.web_of(step).knots
    assert (knot.who, Participant.objects.filter(name__startswith="Fay").count()) == (fay, 1)


def test_of_two_with_one_name_hosts_say_which_is_meant(host, room, step, three):
    [second] = gathered(room, "ana")
    address = reverse("activities:web_drawing", args=[step.pk])
    page = host.post(address, {"name": "Ana", "need": "A lawyer", "helpers": "Bo: is one"})
    assert (page.status_code, "Write “Ana #1” for who came first" in text(page)) == (422, True)
    assert not Strand.objects.exists()
    host.post(address, {"name": "Ana #2", "need": "A lawyer", "helpers": "ana #1: is one\nAna #3: is new"})
    [knot] = webs.web_of(step).knots
    assert (knot.who, knot.ties[0].participant) == (second, three[0])
    assert Participant.objects.filter(name="Ana #3").exists()


@pytest.mark.parametrize(
    ("helpers", "sentence"),
    [
        ("Bo", "has only one of them"),
        (": lends a van", "has only one of them"),
        (f"Bo: {'x' * 241}", "is too long"),
        ("\n".join(f"P{number}: yes" for number in range(31)), "at most 30 people"),
    ],
)
def test_lines_of_a_drawing_say_what_is_wrong_with_them(host, step, helpers, sentence):
    address = reverse("activities:web_drawing", args=[step.pk])
    page = host.post(address, {"name": "Bo", "need": "Milk", "helpers": helpers})
    assert (page.status_code, sentence in text(page)) == (422, True)


def test_a_drawing_of_a_step_that_was_never_begun_waits(room, three):
    with pytest.raises(NotBegun):
        actions.enter(fresh(room.steps.get()), name="Bo", need="Milk", helpers=[], by=None)


def test_a_drawing_needs_a_name(step):
    with pytest.raises(NameMissing):
        actions.enter(step, name=" ", need="Milk", helpers=[], by=None)


def test_hosts_write_only_for_who_is_in_the_room(step, three):
    with pytest.raises(NoSuchPerson):
        actions.help_for(step, participant_id=0, strand_id=voiced(step, three[0]).pk, how="Yes", by=None)


def test_what_one_said_goes_on_ones_profile_by_consent_once_and_for_ones_communities(client, room, step):
    enrollment = enroll(room.program, "Fay")
    fay = people.join(room, name="Fay", language="en", person=enrollment.person)
    [ana] = gathered(room, "Guest Ana")
    strand = voiced(step, fay)
    actions.voice(step, participant=fay, round=1, need="Not for my profile")
    other = actions.voice_for(step, participant_id=ana.pk, need="Milk", by=None)
    assert "Keep it on your profile?" in own(client, fay)
    assert "Keep it on your profile?" not in own(client, ana)
    assert not Need.objects.exists()
    assert act(client, step, fay, "keep", audience="communities").status_code == 422
    helped(step, fay, other, "Brings some")
    [tie] = Tie.objects.all()
    assert "I need: A van I need: Not for my profile I can help: Brings some" in own(client, fay)
    for _time in range(2):
        chosen = [webs.key_of(each) for each in (strand, tie)]
        act(client, step, fay, "keep", things=chosen, audience="program")

    need, offer = Need.objects.get(), Expertise.objects.get()
    assert (need.text, offer.text) == ("A van", "Brings some")
    assert (need.source, need.audience, need.source_key) == (
        Source.ACTIVITY,
        Audience.PROGRAM,
        f"web:strand:{strand.pk}",
    )
    assert "I need: Not for my profile" in own(client, fay)
    with pytest.raises(NothingTicked):
        keep(step, fay, other)
    keep(step, fay, *Strand.objects.filter(participant=fay))
    assert "What you said is on your profile" in own(client, fay)
    with pytest.raises(NotKnownHere):
        keep(step, ana, other)


def test_what_one_took_off_ones_profile_stays_off_and_is_not_said_to_be_there(client, room, step):
    enrollment = enroll(room.program, "Fay")
    fay = people.join(room, name="Fay", language="en", person=enrollment.person)
    strand = voiced(step, fay)
    keep(step, fay, strand)
    profiles.retire(Need.objects.get(), by=enrollment.person)
    keep(step, fay, strand)

    assert not Need.objects.get().is_open
    page = own(client, fay)
    assert ("took some of it off" in page, "What you said is on your profile" in page) == (True, False)


def test_results_and_file_have_no_names_and_late_ones_are_marked(host, room, step, three):
    ana, bo, cy = three
    helped(step, bo, voiced(step, ana))
    rooms.end(room, by=None, late_until=TOMORROW)
    voiced(fresh(step), cy, "Late need")

    page = text(host.get(reverse("live:results", args=[room.pk])))
    assert "1 offer of help ties 2 people in" in page
    assert "A van Lends one" in page
    assert "Ana" not in page
    file = host.get(reverse("live:results_file", args=[room.pk])).content.decode()
    assert "A van,1,,Lends one" in file
    assert "Late need,0,yes," in file
    assert "Bo" not in file


def test_names_are_read_by_hosts_and_by_those_who_were_there(client, step, room, three):
    helped(step, three[1], voiced(step, three[0]))
    rooms.end(room, by=None, late_until=TOMORROW)
    afterwards = text(client.get(links.phone_path(three[2])))
    assert "Bo : Lends one" in afterwards
    assert "How you can help Ana" in afterwards


def test_members_who_were_not_there_read_no_names(client):
    community = make_community()
    room = make_room(community.program, community=community, steps=[web()])
    was_there, was_not = add_member(community, "Ada"), add_member(community, "Ned")
    ada = people.join(room, name="Ada", language="en", person=was_there.person)
    step = opened(room)
    voiced(step, ada)
    page = reverse("activities:web", args=[step.pk])
    for membership, status, link in ((was_there, 200, True), (was_not, 403, False)):
        client.force_login(membership.person)
        assert client.get(page).status_code == status
        results = client.get(reverse("live:results", args=[room.pk])).content.decode()
        assert (page in results) is link
        assert client.get(reverse("activities:web_file", args=[step.pk])).status_code == 403


def test_a_tie_to_oneself_by_a_merged_place_is_none(room, step):
    enrollment = enroll(room.program, "Fay")
    fay = people.join(room, name="Fay", language="en", person=enrollment.person)
    [guest] = gathered(room, "Somebody")
    helped(step, guest, voiced(step, fay))
    claims.claim(guest, person=enrollment.person, by=None)
    assert webs.web_of(step).ties == []


def test_more_people_than_the_picture_holds_are_told_in_words(client, host, room, step):
    crowd = gathered(room, *(f"Person {number}" for number in range(67)))
    helped(step, crowd[66], voiced(step, crowd[65]))
    shown = kinds.shown(webs.web_of(step))
    assert (len(shown["network"].spots), shown["unseen"]) == (60, 10)
    assert {spot.point.name for spot in shown["network"].spots} >= {"Person 65", "Person 66"}
    assert "and 10 more" in text(host.get(links.projector_path(room)))


def test_a_web_without_anybody_says_so(room):
    step = opened(room)
    assert kinds.says(webs.web_of(step)) == "0 of 0 people are tied in"


def test_without_scripts_a_refused_form_of_the_host_gives_the_words_back(host, step):
    address = reverse("live:host_act", args=[step.pk, "voice"])

    page = host.post(address, {"participant": "0", "need": "A van on Fridays"}, follow=True)

    assert "You typed: “A van on Fridays”" in page.content.decode()
    assert not Strand.objects.exists()
