"""The pages of a room: opening, hosting, joining, answering, and what happened."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coppice.communities.models import Community, Membership
from coppice.communities.tests.factories import enroll, make_person, make_program, make_staff
from coppice.history.models import Entry
from coppice.live import links
from coppice.live.actions import answers, moves, people, rooms
from coppice.live.announcing import Presence, moment
from coppice.live.models import Answer, Participant, Room, Step
from coppice.live.rendering import screens_of
from coppice.live.tests.factories import fresh, make_participant, make_room, opened, plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    return make_program()


@pytest.fixture
def host(client, program):
    """A browser in which somebody of the staff is signed in."""
    client.force_login(make_staff(program))
    return client


@pytest.fixture
def room(program) -> Room:
    return make_room(
        program, steps=[plan("talk", "Talk", minutes=3), plan("choice", "Choose", script="Wait.")]
    )


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_staff_open_a_room_from_a_ready_agenda_in_its_own_language(host, program):
    sent = {"title": "Noche de inicio", "agenda": "opening_round", "language": "es"}

    answer = host.post(reverse("live:create", args=[program.pk]), sent)

    room = Room.objects.get()
    assert answer.headers["Location"] == reverse("live:agenda", args=[room.pk])
    assert (room.language, [step.kind for step in room.steps.all()]) == ("es", ["scale", "talk", "words"])
    assert room.steps.first().title != "How was the way here?"


def test_when_no_code_is_free_the_form_says_what_to_do(host, program, monkeypatch):
    monkeypatch.setattr(rooms, "free_code", lambda: None)
    sent = {"title": "Evening", "agenda": "empty", "language": "en"}

    answer = host.post(reverse("live:create", args=[program.pk]), sent)

    assert (answer.status_code, "Too many rooms are open" in text(answer)) == (422, True)


def test_a_leader_opens_a_room_for_their_community_and_members_see_how_to_join(client, program):
    today = timezone.localdate()
    community = Community.objects.create(
        program=program, name="Volunteers", starts_on=today, ends_on=today + timedelta(days=90)
    )
    for role in Membership.Role.values:
        enrollment = enroll(program, f"A {role}")
        Membership.objects.create(
            community=community,
            person=enrollment.person,
            enrollment=enrollment,
            role=role,
            state=Membership.State.ACTIVE,
            joined_at=timezone.now(),
        )
    leader, member = (community.memberships.get(role=role).person for role in ("leader", "member"))
    client.force_login(leader)
    assert "No room yet" in text(client.get(reverse("live:community_rooms", args=[community.pk])))
    client.post(
        reverse("live:create_in_community", args=[community.pk]),
        {"title": "Our poll", "agenda": "quick_poll", "language": "en"},
    )
    room = Room.objects.get()

    client.force_login(member)
    page = client.get(reverse("live:community_rooms", args=[community.pk]))

    assert (room.community, reverse("live:join", args=[room.code]) in page.content.decode()) == (
        community,
        True,
    )
    assert "Open a room" not in text(page)


def test_the_host_sees_step_notes_and_what_to_press(host, room):
    opened(room, 1)

    page = host.get(room.get_absolute_url())

    assert "Wait." in text(page)
    assert reverse("live:closing", args=[room.steps.last().pk]) in page.content.decode()
    assert "0 of 0" in text(page)


def test_buttons_move_the_room_and_lead_back_to_the_page(host, room):
    first = room.steps.first()

    for name in ("opening", "pause", "running", "minute", "closing", "showing", "repetition"):
        answer = host.post(reverse(f"live:{name}", args=[first.pk]))
        assert (answer.status_code, answer.headers["Location"]) == (302, room.get_absolute_url())

    assert [move.verb for move in room.moves.all()][::-1] == [
        "opened",
        "paused",
        "resumed",
        "lengthened",
        "closed",
        "opened",
        "repeated",
    ]


def test_undo_says_what_it_took_back_and_what_cannot_be_done_says_why(host, room):
    opened(room)
    move = {"move": room.moves.get().pk}

    done = host.post(reverse("live:undo", args=[room.pk]), move, follow=True)
    refused = host.post(reverse("live:undo", args=[room.pk]), move, follow=True)

    assert "Taken back: opened a step" in text(done)
    assert "There is nothing to undo." in text(refused)


def test_our_module_gets_the_screen_as_its_press_has_left_it(host, room):
    step, heading = room.steps.first(), {"X-Live": "yes"}

    done = host.post(reverse("live:opening", args=[step.pk]), headers=heading)
    move = {"move": room.moves.get().pk}
    undone = host.post(reverse("live:undo", args=[room.pk]), move, headers=heading)
    refused = host.post(reverse("live:pause", args=[step.pk]), headers=heading)

    assert (done.status_code, undone.status_code, refused.status_code) == (200, 200, 422)
    assert ("Undo: opened a step" in text(done), "Undo" in text(undone)) == (True, False)
    assert "<html" not in done.content.decode()
    assert refused.content.decode().startswith("This step has no clock")


def test_our_module_is_told_since_when_its_press_counts(host, room, django_capture_on_commit_callbacks):
    began = float(moment())

    with django_capture_on_commit_callbacks(execute=True):
        done = host.post(reverse("live:opening", args=[room.steps.first().pk]), headers={"X-Live": "yes"})

    assert began <= float(done.headers["X-Live-Done"]) <= float(moment())


def test_a_step_of_each_kind_is_added_and_changed(host, room):
    sent = {
        "talk": {},
        "choice": {"options": "Yes\nNo", "several": "on"},
        "scale": {"steps": "10", "lowest": "hard", "highest": "easy"},
        "words": {"show_at_once": "on"},
        "ranking": {"options": "One\nTwo\nThree"},
    }

    for kind, settings in sent.items():
        page = reverse("live:new_step", args=[room.pk, kind])
        assert host.get(page).status_code == 200
        host.post(page, {"title": f"A {kind}", "minutes": "5", **settings})

    made = {step.kind: step.settings for step in room.steps.filter(title__startswith="A ")}
    assert made == {
        "talk": {},
        "choice": {"options": ["Yes", "No"], "several": True, "show_at_once": False},
        "scale": {"steps": 10, "lowest": "hard", "highest": "easy", "show_at_once": False},
        "words": {"show_at_once": True},
        "ranking": {"options": ["One", "Two", "Three"], "show_at_once": False},
    }
    step = room.steps.get(title="A choice")
    page = reverse("live:step", args=[step.pk])
    assert "Yes\nNo" in host.get(page).content.decode()
    host.post(page, {"title": "Chosen", "options": "Yes\nNo\nPerhaps"})
    assert (fresh(step).title, fresh(step).settings["options"]) == ("Chosen", ["Yes", "No", "Perhaps"])


def test_what_a_begun_step_asks_cannot_be_typed_over(host, room):
    step = opened(room, 1)

    host.post(reverse("live:step", args=[step.pk]), {"title": "Choose now", "options": "Other\nThings"})

    assert (fresh(step).title, fresh(step).settings) == ("Choose now", step.settings)
    refused = host.post(reverse("live:removal", args=[step.pk]), follow=True)
    assert "This step was begun" in text(refused)


def test_steps_change_places_and_go(host, room):
    first, second = room.steps.all()

    host.post(reverse("live:earlier", args=[second.pk]))
    assert [step.pk for step in room.steps.all()] == [second.pk, first.pk]
    host.post(reverse("live:later", args=[second.pk]))
    host.post(reverse("live:removal", args=[second.pk]))

    assert [step.pk for step in room.steps.all()] == [first.pk]


def test_an_ended_room_takes_no_changes(host, room):
    step = opened(room, 1)
    host.post(reverse("live:end", args=[room.pk]), {"late_days": "1"})
    room.refresh_from_db()

    moved = host.post(reverse("live:earlier", args=[step.pk]), follow=True)
    added = host.post(reverse("live:new_step", args=[room.pk, "talk"]), {"title": "More"})
    changed = host.post(reverse("live:step", args=[step.pk]), {"title": "More"})
    again = host.post(reverse("live:end", args=[room.pk]), {"late_days": "0"})
    written = host.post(reverse("live:people", args=[room.pk]), {"names": "Femi"})

    sentence = "This room has ended. Open a new one to go on."
    assert all(sentence in text(answer) for answer in (moved, added, changed, again, written))
    assert host.get(room.get_absolute_url()).headers["Location"] == reverse("live:results", args=[room.pk])
    midnight = timezone.localtime(room.late_until, room.zone)
    assert (midnight.hour, midnight.date()) == (0, timezone.localdate(timezone=room.zone) + timedelta(days=2))


def test_without_late_days_the_end_is_the_end(host, room):
    host.post(reverse("live:end", args=[room.pk]), {"late_days": "0"})

    room.refresh_from_db()
    assert (room.is_ended, room.late_until, room.takes_answers) == (True, None, False)


def test_people_are_written_in_from_paper_and_answered_for_on_their_own_page(host, room):
    opened(room, 1)

    page = host.post(reverse("live:people", args=[room.pk]), {"names": "Rosa\nTom"}, follow=True)

    rosa = Participant.objects.get(name="Rosa")
    assert "2 people are written in." in text(page)
    assert links.phone_path(rosa) in page.content.decode()
    host.post(reverse("live:participant_removal", args=[rosa.pk]))
    assert [each.name for each in room.participants.all()] == ["Tom"]


def test_a_paper_list_has_an_end(host, room):
    answer = host.post(
        reverse("live:people", args=[room.pk]), {"names": "\n".join(f"P{n}" for n in range(301))}
    )

    assert (answer.status_code, room.participants.count()) == (422, 0)


def test_a_code_is_typed_and_leads_to_the_door(client, room):
    typed = room.code.lower().replace("-", " ")

    assert client.get(reverse("live:code"), {"code": typed}).headers["Location"] == f"/join/{room.code}/"
    assert client.get("/join/").status_code == 200
    wrong = client.get("/join/", {"code": "fern 00"})
    assert (wrong.status_code, "type it again" in text(wrong)) == (422, True)
    assert client.get("/join/", {"code": ""}).status_code == 422


def test_whoever_tries_many_wrong_codes_waits_at_both_doors(client, room, program):
    client.defaults["REMOTE_ADDR"] = "192.0.2.6"
    typed = [client.get("/join/", {"code": f"fern {number}"}).status_code for number in range(15)]
    opened_ = [client.post(f"/join/FERN-0{number}/", {"name": "Femi"}).status_code for number in range(9)]
    right = [client.get(f"/join/{room.code}/").status_code for _time in range(9)]
    more = [client.get(f"/join/FERN-{number}/").status_code for number in range(1, 7)]

    refused = client.get(f"/join/{room.code}/")
    elsewhere = client.get(f"/join/{room.code}/", REMOTE_ADDR="192.0.2.7")
    client.force_login(make_person("Somebody Else"))

    assert typed + opened_ + right + more == [422] * 15 + [404] * 9 + [200] * 9 + [404] * 6
    assert (refused.status_code, "ask the host to write you in" in text(refused)) == (429, True)
    assert elsewhere.status_code == 200
    assert client.get(f"/join/{room.code}/").status_code == 200


def test_a_guest_joins_by_name(client, room):
    answer = client.post(reverse("live:join", args=[room.code]), {"name": "Femi"})

    femi = Participant.objects.get()
    assert answer.headers["Location"] == links.phone_path(femi)
    assert "You are here as Femi." in text(client.get(links.phone_path(femi)))


def test_a_phone_of_another_language_is_wholly_in_that_of_the_room(client, room):
    Room.objects.filter(pk=room.pk).update(language="es")
    door, english = reverse("live:join", args=[room.code]), {"Accept-Language": "en"}

    asked = client.get(door, headers=english)
    client.post(door, {"name": "Femi"}, headers=english)

    own = client.get(links.phone_path(Participant.objects.get()), headers=english)
    assert [each.headers["Content-Language"] for each in (asked, own)] == ["es", "es"]
    assert 'lang="es"' in asked.content.decode()
    assert 'lang="es"' in own.content.decode()


def test_who_is_on_the_roster_joins_by_what_the_program_calls_them(client, program, room):
    enrollment = enroll(program, "Rosa Medina")
    client.force_login(enrollment.person)
    page = reverse("live:join", args=[room.code])
    assert "Join as Rosa Medina" in text(client.get(page))

    client.post(page, {"known": "yes"})
    client.post(page, {"known": "yes"})

    assert [(each.name, each.person) for each in room.participants.all()] == [
        ("Rosa Medina", enrollment.person)
    ]


def test_staff_join_by_their_post_and_strangers_as_guests(client, program, room):
    page = reverse("live:join", args=[room.code])
    client.force_login(make_staff(program, "David Lund"))
    assert "Join as David Lund" in text(client.get(page))

    client.force_login(make_person("Somebody Else"))
    assert "Join as" not in text(client.get(page))
    refused = client.post(page, {"known": "yes"})
    assert (refused.status_code, room.participants.count()) == (422, 0)


def test_the_door_closes_with_the_room(client, room, monkeypatch):
    page = reverse("live:join", args=[room.code])
    rooms.end(room, by=None)
    assert client.get(page).status_code == 404

    other = make_room(room.program)
    real = people.join

    def ends_meanwhile(room, **said):
        rooms.end(room, by=None)
        return real(room, **said)

    monkeypatch.setattr(people, "join", ends_meanwhile)
    answer = client.post(reverse("live:join", args=[other.code]), {"name": "Femi"})
    assert (answer.status_code, "This room has ended" in text(answer)) == (422, True)


def test_a_phone_shows_the_step_and_takes_an_answer(client, room):
    femi = make_participant(room)
    page = links.phone_path(femi)
    assert "You are in" in text(client.get(page))
    step = opened(room, 1)

    shown = client.get(page)
    [action] = re.findall(r'action="([^"]+)"', shown.content.decode())
    answer = client.post(action, {"pick": "1", "round": "1", "once": "k1"})

    assert answer.headers["Location"] == page
    assert Answer.objects.get().picks == [1]
    again = client.get(page)
    assert 'value="1" checked' in again.content.decode()
    assert "Change my answer" in text(again)
    assert step.pk


def test_an_answer_sent_twice_by_our_module_counts_once(client, room):
    femi, step = make_participant(room), opened(room, 1)
    address = reverse("live:act", args=[links.token_of(femi), step.pk, "answer"])
    sent = {"pick": "1", "round": "1", "once": "k1"}

    statuses = [client.post(address, sent, headers={"X-Live": "yes"}).status_code for _ in range(2)]

    assert (statuses, Answer.objects.count()) == ([204, 204], 1)


@pytest.mark.parametrize("is_known", [False, True])
def test_a_vote_is_six_statements_and_opens_no_session(client, program, room, is_known):
    person = enroll(program, "Amara Obi").person if is_known else None
    participant = make_participant(room, person=person)
    step = opened(room, 1)
    path = reverse("live:act", args=[links.token_of(participant), step.pk, "answer"])
    sent = {"pick": "1", "round": "1", "once": "a-key"}

    with CaptureQueriesContext(connection) as queries:
        answer = client.post(path, sent, headers={"X-Live": "yes"})

    said = [each["sql"].split(" ", 1)[0] for each in queries]
    done = [word for word in said if word not in {"BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"}]
    assert (answer.status_code, answer.content, answer.cookies.output()) == (204, b"", "")
    assert done == ["SELECT", "INSERT", "SELECT", "SELECT", "INSERT", "UPDATE"]


def test_hosts_hide_words_from_the_wall_and_bring_them_back(host, program):
    room = make_room(program, steps=[plan("words", "What do you need?", settings={"show_at_once": True})])
    step = opened(room)
    rude = [make_participant(room, name) for name in ("Femi", "Ana")]
    for participant, words in zip(
        [*rude, make_participant(room)], ("Rubbish!", "RUBBISH!", "rides"), strict=True
    ):
        answers.give(step, participant=participant, round=1, words=words)
    wall = links.projector_path(room)

    def shown() -> list[bool]:
        screens = (
            host.get(wall),
            host.get(room.get_absolute_url()),
            host.get(f"/live-rooms/{room.pk}/results/"),
        )
        return ["rubbish!" in text(screen).lower() for screen in screens]

    first = rude[0].answers.get()
    assert shown() == [True, True, True]
    for _time in range(2):
        assert host.post(f"/live-answers/{first.pk}/hiding/", headers={"X-Live": "yes"}).status_code == 200
    assert shown() == [False, True, False]
    assert "Show again" in text(host.get(room.get_absolute_url()))
    assert "3 people wrote" in text(host.get(wall))
    assert "RUBBISH!" in host.get(f"/live-rooms/{room.pk}/results.csv").content.decode()
    answers.give(step, participant=rude[0], round=1, words="Still rubbish!")
    assert shown() == [False, True, False]

    for each in [*rude, rude[0]]:
        host.post(f"/live-answers/{each.answers.get().pk}/return/")
    assert shown() == [True, True, True]
    verbs = Entry.objects.filter(verb__contains=".words_").order_by("pk").values_list("verb", flat=True)
    assert [verb.partition(".words_")[2] for verb in verbs] == ["hidden", "brought_back", "brought_back"]


def test_a_choice_is_no_words_to_hide(host, room):
    participant = make_participant(room)
    answers.give(opened(room, 1), participant=participant, round=1, picks=[0])

    answer = host.post(f"/live-answers/{participant.answers.get().pk}/hiding/")

    assert (answer.status_code, participant.answers.get().is_hidden) == (404, False)


def test_what_is_no_answer_is_told_on_the_page_and_to_our_module(client, room):
    femi, step = make_participant(room), opened(room, 1)
    address = reverse("live:act", args=[links.token_of(femi), step.pk, "answer"])

    page = client.post(address, {"round": "1"})
    brief = client.post(address, {"round": "1"}, headers={"X-Live": "yes"})

    assert (page.status_code, brief.status_code) == (422, 422)
    assert "Choose from the list, then send it again." in text(page)
    assert brief.content.decode() == "Choose from the list, then send it again."


def test_who_loads_the_page_of_a_refusal_again_comes_to_their_own(client, room):
    step = opened(room, 1)
    base = links.phone_path(make_participant(room))
    address = f"{base}steps/{step.pk}/answer/"

    refused = client.post(address, {"round": 1})

    assert (refused.status_code, f'href="{base}"' in refused.content.decode()) == (422, True)
    assert client.get(address).headers["Location"] == base


def test_nobody_does_in_a_step_what_its_kind_does_not_know(client, room):
    femi, step = make_participant(room), opened(room, 0)
    other = opened(make_room(room.program))

    for address in (
        reverse("live:act", args=[links.token_of(femi), step.pk, "answer"]),
        reverse("live:act", args=[links.token_of(femi), other.pk, "answer"]),
        reverse("live:new_step", args=[room.pk, "dancing"]),
    ):
        client.force_login(make_staff(room.program))
        assert client.post(address).status_code == 404


def test_links_that_nobody_signed_open_nothing(client, room):
    femi = make_participant(room)
    token = links.token_of(femi)
    projector = links.projector_path(room)

    for address in (
        reverse("live:phone", args=[token[:-1] + ("a" if token[-1] != "a" else "b")]),
        reverse("live:phone", args=["nonsense"]),
        reverse("live:phone", args=[token.replace(f"{femi.pk}:", f"{femi.pk + 1}:", 1)]),
        projector[:-2] + ("a/" if projector[-2] != "a" else "b/"),
        reverse("live:events", args=["nonsense"]),
    ):
        assert client.get(address).status_code == 404
    Participant.objects.update(secret="")
    assert client.get(reverse("live:phone", args=[token])).status_code == 404
    Room.objects.all().delete()
    assert client.get(projector).status_code == 404


def test_whoever_stops_their_links_or_is_suspended_stops_the_phone_too(client, program, room):
    person = enroll(program, "Rosa").person
    rosa = make_participant(room, "Rosa", person=person)
    page = links.phone_path(rosa)
    assert client.get(page).status_code == 200

    person.is_active = False
    person.save()
    assert client.get(page).status_code == 404
    person.is_active, person.link_secret = True, "another"
    person.save()
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("kind", ["talk", "choice", "scale", "words", "ranking"])
def test_every_kind_shows_on_every_screen_open_closed_and_afterwards(host, program, kind):
    room = make_room(program, steps=[plan(kind, "The step", minutes=2, prompt="Do it")])
    femi, step = make_participant(room), opened(room)
    said = {"choice": {"picks": [0]}, "scale": {"number": 3}, "words": {"words": "Rides"}}
    pages = [links.phone_path(femi), links.projector_path(room), room.get_absolute_url()]
    for page in pages:
        assert {"The step", "Do it"} <= {
            each for each in ("The step", "Do it") if each in text(host.get(page))
        }
    if kind != "talk":
        answers.give(step, participant=femi, round=1, **said.get(kind, {"picks": [2, 0, 1]}))
    moves.pause(step, by=None)
    assert all(re.search(r"0[12]:\d\d", text(host.get(page))) for page in pages)
    moves.close_step(step, by=None)
    for page in pages:
        assert ("live-result" in host.get(page).content.decode()) is (kind != "talk")

    rooms.end(room, by=None)

    assert "The step" in text(host.get(links.phone_path(femi)))
    assert "Thank you." in text(host.get(links.projector_path(room)))
    assert "The step" in text(host.get(reverse("live:results", args=[room.pk])))


def test_a_poll_that_nobody_answered_says_so(client, room):
    step = opened(room, 1)
    moves.close_step(step, by=None)

    assert "Nobody answered." in text(client.get(links.projector_path(room)))
    assert "This poll is closed." in text(client.get(links.phone_path(make_participant(room))))


def test_who_missed_a_poll_can_answer_late(client, room):
    femi, ada = make_participant(room), make_participant(room, "Ada")
    step = opened(room, 1)
    answers.give(step, participant=ada, round=1, picks=[0])
    rooms.end(room, by=None, late_until=timezone.now() + timedelta(days=1))
    page = links.phone_path(femi)
    assert "You missed this." in text(client.get(page))
    assert "You missed this." not in text(client.get(links.phone_path(ada)))

    client.post(f"{page}steps/{step.pk}/answer/", {"pick": "1", "round": "1"})

    assert "You missed this." not in text(client.get(page))
    assert Answer.objects.get(participant=femi).is_late


def test_the_answers_are_taken_away_without_names(host, room):
    step = opened(room, 1)
    answers.give(step, participant=make_participant(room), round=1, picks=[1])
    moves.close_step(step, by=None)
    answers.give(fresh(step), participant=make_participant(room, "Ada"), round=1, picks=[0])

    file = host.get(reverse("live:results_file", args=[room.pk]))

    assert file.content.decode("utf-8-sig").splitlines() == [
        "Step,Kind,Round,Answer,Number,Late,Note",
        "Choose,Poll: choose,1,Money,,,",
        "Choose,Poll: choose,1,Rides,,yes,",
    ]


def test_the_wall_of_a_room_that_ended_says_so_and_invites_nobody(host, room):
    opened(room, 1)
    joining = text(host.get(links.projector_path(room)))
    rooms.end(room, by=None)

    [shown] = screens_of(room.pk, [("projector", "en")], Presence()).values()
    wall = host.get(links.projector_path(room)).content.decode()

    assert "Join at" in joining
    assert "This room has ended" in shown
    assert "data-ended" in shown
    assert "Choose" not in shown
    assert "Join at" not in wall


def test_results_say_where_nothing_was_kept_and_hosts_what_comes_next(host, room):
    opened(room, 0)
    make_participant(room)
    rooms.end(room, by=None)

    said = text(host.get(reverse("live:results", args=[room.pk])))

    assert "Nothing was kept of this step." in said
    assert "1 guest is known to nobody yet: say who it is" in said


def test_a_server_without_the_hub_answers_one_state_of_each_screen(client, room):
    opened(room, 1)

    for audience in ("phone", "projector", "host"):
        stream = client.get(links.stream_path(links.Stream(audience, room.pk, "en", 1)))
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        assert "data: <div data-part=" in stream.content.decode()
    gone = client.get(links.stream_path(links.Stream("phone", room.pk + 1, "en", 1)))
    assert "data-part" not in gone.content.decode()


def test_screens_speak_the_language_of_their_reader(client, room):
    opened(room, 1)
    femi = make_participant(room, language="es")
    Step.objects.update(title="X")

    assert 'lang="es"' in client.get(links.phone_path(femi)).content.decode()
    assert 'lang="en"' in client.get(links.projector_path(room)).content.decode()


def test_a_host_turns_the_wall(client, host, room):
    opened(room)

    host.post(reverse("live:turning", args=[room.pk]), {"turn": "1"})
    host.post(reverse("live:turning", args=[room.pk]), {"turn": "nonsense"})

    assert 'data-turn="1"' in client.get(links.projector_path(room)).content.decode()
