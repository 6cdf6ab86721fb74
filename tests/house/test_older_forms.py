"""House law: a form that shows what stands somewhere carries what it was opened with, and an older one undoes
nobody's work unseen."""

import pytest
from django.test import Client

from coppice.history.models import Entry
from coppice.notifications.models import Message
from tests.house.doors import every_door
from tests.house.forms import PageForm, forms_of

MARK = "opened_with"
WORDS = {
    "alt",
    "background",
    "reply",
    "mission",
    "what",
    "markdown",
    "words",
    "need",
    "name",
    "title",
    "answer",
    "blockers",
    "text",
    "languages",
}
FOR_THE_MACHINE = {MARK, "once", "csrfmiddlewaretoken"}

# Forms that begin with something in them although nothing of it stands anywhere yet, or that only one person
# has, about themself, so that nobody else's work can be undone by them.
NOT_OF_OTHERS = {
    "communities:charter": "a person's own word, about themself",
    "communities:charter_proposal": "a version that nobody was asked about yet",
    "communities:charter_version": "a person's own word, about themself",
    "communities:own_charter": "a person's own word, about themself",
    "communities:goal": "a new note begins today",
    "communities:new_commitment": "a new commitment begins with whoever writes it",
    "communities:own_commitment": "a person's own word, about themself",
    "conversations:conduct_text": "a new version, and one that came meanwhile is shown first",
    "conversations:flagging": "a person's own flag",
    "conversations:words_flag": "a person's own flag",
    "conversations:decision": "a person's own answer, about themself",
    "conversations:own_decision": "a person's own answer, about themself",
    "conversations:new": "a new conversation, or one's own draft",
    "conversations:thread": "a new reply, or one's own draft",
    "formation:formations": "a new proposal begins with the usual sizes",
    "formation:late": "places that the engine suggests, none of which anybody has",
    "formation:member_market_interests": "a person's own word, about themself",
    "formation:own_market_interests": "a person's own word, about themself",
    "formation:marketplaces": "a new marketplace begins with the usual sizes",
    "formation:publication": "the frame of communities that do not exist yet",
    "live:create": "a new room begins with a ready agenda",
    "live:create_in_community": "a new room begins with a ready agenda",
    "live:quick_poll": "a new question",
    "live:end": "the end begins without late answers",
    "live:phone": "a participant's own answer",
    "meetings:absence": "a person's own answer, about themself",
    "meetings:agenda": "a new item begins with the usual minutes",
    "meetings:enter": "a past meeting begins in its community's zone",
    "meetings:close": "what is written down anew",
    "meetings:follow_ups": "a person's own answers, about themself",
    "meetings:feeds": "a new feed begins with links",
    "meetings:plan": "a new meeting begins in its community's zone",
    "meetings:plan_time": "a new meeting begins at the time that was chosen",
    "meetings:starter_communities": "communities that have nothing planned are ticked",
    "meetings:run": "a new commitment or need begins with whoever writes it",
    "meetings:times": "a person's own answers, about themself",
    "notifications:preferences": "a person's own wishes, one button each",
    "profiles:needs": "a new round of questions",
    "profiles:own_new_need": "a new need",
    "profiles:own_new_offer": "a new offer",
    "profiles:own_start": "new needs and offers",
    "profiles:profile_new_need": "a new need",
    "profiles:profile_new_offer": "a new offer",
    "profiles:profile_start": "new needs and offers",
    "programs:create": "a new program begins in its provider's zone",
    "programs:enroll": "a new row of the roster",
    "programs:import": "a guess at one file's columns, before anything is brought in",
    "programs:staff": "somebody new begins as staff",
    "surveys:instrument": "a new round of questions",
    "surveys:screen": "a person's own answers, about themself",
    "stewardship:check_in": "a new check-in begins today",
}
EDITS = {
    "accounts:me",
    "communities:charter_draft",
    "communities:commitment",
    "communities:edit",
    "communities:goal_edit",
    "communities:objection",
    "communities:plan_question",
    "communities:priority_answers",
    "communities:role",
    "communities:role_hand_over",
    "communities:role_holder",
    "communities:word_answer",
    "conversations:decision_edit",
    "conversations:decision_for_somebody",
    "conversations:decision_objection",
    "conversations:edit",
    "conversations:title",
    "formation:community_name",
    "formation:kept",
    "formation:market_terms",
    "formation:offered_topic",
    "formation:settings",
    "formation:swap_window",
    "library:contents",
    "library:edit",
    "library:folder",
    "library:practice_edit",
    "library:provider_template_edit",
    "live:step",
    "meetings:attendance",
    "meetings:edit",
    "meetings:item",
    "meetings:following",
    "meetings:starter_pack",
    "meetings:times_for_somebody",
    "profiles:own_about",
    "profiles:own_need",
    "profiles:own_offer",
    "profiles:own_photo_words",
    "profiles:profile_about",
    "profiles:profile_need",
    "profiles:profile_offer",
    "profiles:profile_photo_words",
    "programs:edit",
    "programs:enrollment",
    "stewardship:correction",
}

# One's own notes at a meeting carry a mark too, are sent elsewhere, and are in no history: `meetings.tests`
# has a test of an older one.
OWN_NOTES = {"meetings:run", "meetings:run_by_link"}


def own_forms(page: str) -> list[PageForm]:
    """The forms of a page that change something and have something to change in them."""
    return [form for form in forms_of(page) if form.method == "post" and form.filled]


def test_every_edit_form_carries_what_it_was_opened_with(round_of):
    shown = [
        visit
        for kind in ("member", "leader", "provider_admin")
        for visit in round_of(kind).at_ours
        if visit.method == "GET" and visit.outcome == "+"
    ]
    bare = {
        visit.door
        for visit in shown
        for form in own_forms(visit.page)
        if ":" in visit.door and form.value(MARK) is None  # those without a room are allauth's
    }

    assert bare == set(NOT_OF_OTHERS)


def test_the_edit_forms_are_these(round_of):
    marked = {
        visit.door
        for kind in ("provider_admin", "leader")
        for visit in round_of(kind).at_ours
        if visit.method == "GET" and any(form.value(MARK) for form in forms_of(visit.page))
    }

    assert marked == EDITS | OWN_NOTES


OF_LEADERS = {"library:contents", "library:edit", "library:practice_edit"}
"""Forms for whoever leads or wrote it; program staff read."""


@pytest.fixture
def opened(cast, client):
    """Open the form behind a door and change its words by hand; returns its address and what is sent."""

    def open_form(name: str, client: Client = client) -> tuple[str, dict[str, list[str]]]:
        client.force_login(cast.people["leader" if name in OF_LEADERS else "provider_admin"])
        [door] = [door for door in every_door() if door.name == name]
        address = door.address(cast.ours)
        return address, as_sent(client.get(address).text, typed="Mine")

    return open_form


def as_sent(page: str, typed: str = "") -> dict[str, list[str]]:
    """What the edit form of a page sends; with `typed`, other words in each of its texts."""
    [form] = [form for form in forms_of(page) if form.value(MARK)]
    sent: dict[str, list[str]] = {}
    for name, value in form.sent:
        is_words = typed and name in form.texts and name in WORDS
        sent.setdefault(name, []).append(typed if is_words else value)
    return sent


def typed_in(sent: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: values for name, values in sent.items() if name not in FOR_THE_MACHINE}


@pytest.mark.parametrize("name", sorted(EDITS))
def test_an_older_form_changes_nothing_until_it_is_sent_knowingly(opened, client, name):
    address, sent = opened(name)
    sent.pop("present", None)
    if name == "meetings:times_for_somebody":
        sent |= {each: ["no"] for each in sent if each not in FOR_THE_MACHINE}
    if name == "communities:role_holder":
        sent["until"] = ["2099-01-01"]
    if "swaps_decided_by" in sent:
        sent["swaps_decided_by"] = ["manager"]
    before = Entry.objects.count(), Message.objects.count()

    older = client.post(
        address,
        {
            **sent,
            MARK: " ".join(["1", "swaps_decided_by:0", "until:0", *(f"{each}:0" for each in sorted(WORDS))]),
        },
    )

    assert (older.status_code, Entry.objects.count(), Message.objects.count()) == (422, *before)
    assert "It says now:" in older.text
    again = as_sent(older.text)
    assert typed_in(again) == typed_in(sent)
    assert client.post(address, again).status_code == 302
    assert Entry.objects.count() > before[0]


@pytest.mark.parametrize("name", sorted(EDITS))
def test_a_form_that_nobody_overtook_is_saved_at_once(opened, client, name):
    address, sent = opened(name)

    assert client.post(address, sent).status_code == 302
