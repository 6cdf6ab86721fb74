"""The pages of the time for swaps: a member's own by link and signed in, and the manager's."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.communities import actions as communities
from coppice.communities.links import token_of
from coppice.communities.models import Community, Membership
from coppice.communities.next_steps import choices, known, with_choices
from coppice.communities.tests.factories import make_program, make_staff
from coppice.formation import actions
from coppice.formation.models import Decider, Formation, Swap, SwapRequest
from coppice.formation.own_choices import swap_choice
from coppice.formation.queries import mark_on_table
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import (
    ask,
    founded,
    make_proposal,
    make_published,
    make_roster,
    members,
)
from coppice.notifications.models import Message, Mute
from coppice.programs.models import Topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def formation():
    program = make_program(name="Healthy Start")
    make_roster(program, 24)
    program.enrollments.update(language="en")
    return make_published(program, rules=[Rule(Kind.BALANCED, "area")])


@pytest.fixture
def staff(formation, client):
    person = make_staff(formation.program)
    client.force_login(person)
    return person


def own(membership: Membership, change: str = "") -> str:
    return reverse(f"formation:own_swap{change}", args=[token_of(membership)])


def at(name: str, *args: object) -> str:
    return reverse(f"formation:{name}", args=args)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_topic_is_named_once_where_the_name_says_it_already(client, formation):
    first, second, third = founded(formation)
    topic = Topic.objects.create(program=formation.program, name="Grants", position=0)
    Community.objects.filter(pk__in=[second.pk, third.pk]).update(topic=topic)
    Community.objects.filter(pk=second.pk).update(name="Grants 2")
    [ana, *_], [bo, *_] = members(first), members(second, joined=False)

    offered = text_of(client.get(own(ana)))
    invitation = text_of(client.get(reverse("communities:invitation", args=[token_of(bo)])))

    assert [offered.count(f"{third} (Grants)") > 0, "Grants 2 (Grants)" in offered] == [True, False]
    assert ("Grants 2" in invitation, "Topic: Grants." in invitation) == (True, False)


def test_two_members_change_by_their_mail_links_and_only_then_learn_with_whom(client, formation):
    first, second, _third = founded(formation)
    [ana, *_], [bo, *_] = members(first), members(second)
    assert "Ask to change" in text_of(client.get(reverse("communities:invitation", args=[token_of(ana)])))
    [row] = with_choices(Membership.objects.filter(pk=ana.pk))
    assert (known(row, swap_choice), choices(row)) == (True, choices(ana))

    page = text_of(client.get(own(ana)))
    assert f'value="{second.pk}"' in page
    assert f'value="{first.pk}"' not in page
    asked = client.post(own(ana, "_wish"), {"wanted": str(second.pk), "reason": "I know nobody"}, follow=True)
    assert "We have your wish" in text_of(asked)
    assert "We write to you as soon as something fits" in text_of(asked)
    client.post(own(bo, "_wish"), {"wanted": "anybody"})
    offered = text_of(client.get(own(bo)))
    assert f"Somebody in {first} would change with you" in offered
    assert [word in offered for word in (str(ana.enrollment), "I know nobody")] == [False, False]
    one, other = SwapRequest.objects.order_by("pk")
    yes = client.post(own(ana, "_acceptance"), {"other": str(other.pk)}, follow=True)
    assert "As soon as the other does, you both change" in text_of(yes)
    assert str(bo.enrollment) not in text_of(yes)
    assert "They have said yes" in text_of(client.get(own(bo)))
    done = client.post(own(bo, "_acceptance"), {"other": str(one.pk)}, follow=True)

    assert "you have changed places" in text_of(done)
    assert f"You are in {first}" in text_of(done)
    assert f"You changed places with {ana.enrollment}" in text_of(client.get(own(bo)))
    assert f"You changed places with {bo.enrollment}" in text_of(client.get(own(ana)))
    earlier = text_of(client.get(reverse("communities:invitation", args=[token_of(ana)])))
    assert "You changed to another one." in earlier


def test_the_page_says_who_learns_that_somebody_asks_and_when(client, formation):
    first, second, _third = founded(formation)
    [ana, *_], [bo, *_] = members(first), members(second)
    agree = text_of(client.get(own(ana)))
    Formation.objects.update(swaps_decided_by=Decider.MANAGER)
    staff_decide = text_of(client.get(own(ana)))

    for page in (agree, staff_decide):
        assert "never learn that you asked" not in page
        assert "the program's staff see that you ask, and what you write" in page.replace("&#x27;", "'")
        assert "Nobody else is told; after a change both groups see who has come and who is gone." in page
    named = "Only when you two have changed does each of you read the other"
    assert (named in agree, named in staff_decide) == (True, False)

    # Where the staff decide neither reads the other's name, as the page says.
    one, other = ask(ana, second), ask(bo, first)
    actions.decide(formation, request_id=one.pk, other_id=other.pk, target=None, by=formation.created_by)
    assert "You changed places with" not in text_of(client.get(own(ana)))


def test_whom_no_mail_reaches_is_promised_none(client, formation):
    first, *_ = founded(formation)
    [ana, *_] = members(first)
    ana.enrollment.contact_mode = "phone"
    ana.enrollment.save()
    Formation.objects.update(swaps_decided_by=Decider.MANAGER)

    assert "decide, and this page tells you" in text_of(client.get(own(ana)))
    Formation.objects.update(swaps_decided_by=Decider.MEMBERS)
    ask(ana)
    waits = text_of(client.get(own(ana)))
    assert "As soon as something fits, this page shows it." in waits
    assert "We write to you" not in waits


def test_the_signed_in_twin_does_the_same(client, formation):
    first, second, _third = founded(formation)
    [ana, *_] = members(first)
    client.force_login(ana.person)

    client.post(at("member_swap_wish", ana.pk), {"wanted": str(second.pk)})
    page = text_of(client.get(at("member_swap", ana.pk)))
    assert f"A place in {second}" in page
    client.post(at("member_swap_wish_end", ana.pk))
    client.post(at("member_swap_wish_end", ana.pk))

    assert SwapRequest.objects.get().state == SwapRequest.State.TAKEN_BACK
    assert client.get(at("member_swap", members(second)[0].pk)).status_code == 404


def test_looking_never_asks_nor_accepts(client, formation):
    [ana, *_] = members(founded(formation)[0])

    answers = [client.get(own(ana, change)).status_code for change in ("_wish", "_wish_end", "_acceptance")]

    assert (answers, SwapRequest.objects.count()) == ([405] * 3, 0)


def test_a_form_that_chooses_nothing_comes_back_and_a_leader_is_asked_why(client, formation):
    first, second, _third = founded(formation)
    [ana, *_] = members(first)
    communities.make_leader(ana, by=formation.created_by)

    nothing = client.post(own(ana, "_wish"), {})
    silent = client.post(own(ana, "_wish"), {"wanted": str(second.pk)})

    assert (nothing.status_code, silent.status_code) == (422, 422)
    assert "Choose one of them." in text_of(nothing)
    assert "You lead this group" in text_of(silent)


def test_a_full_one_says_that_only_an_exchange_brings_you_there(client, formation):
    first, second, _third = founded(formation)
    [ana, *_] = members(first)
    formation.proposed_communities.filter(community=second).update(maximum=8)

    assert f"{second}: full, so only if somebody from there changes with you" in text_of(client.get(own(ana)))


def test_a_change_that_is_gone_says_so(client, formation):
    first, second, _third = founded(formation)
    [ana, *_], [bo, *_] = members(first), members(second)
    ask(ana, second)
    other = ask(bo)
    actions.take_back(other, by=bo.person)

    gone = client.post(own(ana, "_acceptance"), {"other": str(other.pk)}, follow=True)
    nothing = client.post(own(bo, "_acceptance"), {"other": "x"}, follow=True)

    assert "somebody whom it is about does not wait for it any more" in text_of(gone)
    assert "no longer possible" in text_of(nothing)


def test_what_breaks_a_rule_is_for_the_staff_and_the_page_does_not_say_which(client):
    program = make_program()
    make_roster(program, 16)
    program.enrollments.update(language="en")
    formation = make_published(program, rules=[Rule(Kind.TOGETHER, "area")], minimum=4, maximum=12)
    first, second = founded(formation)[:2]
    [ana, *_], [bo, *_] = members(first), members(second)
    ask(ana, second)
    other = ask(bo, first)

    page = text_of(client.get(own(ana)))
    refused = text_of(client.post(own(ana, "_acceptance"), {"other": str(other.pk)}, follow=True))

    assert "staff decide this one. They see it, and a mail tells you." in page
    assert "Yes, I go to" not in page
    ana.enrollment.contact_mode = "phone"
    ana.enrollment.save()
    assert "staff decide this one. They see it, and this page tells you." in text_of(client.get(own(ana)))
    assert "staff decide this one" in refused


def test_where_the_manager_decides_members_are_shown_nothing_that_fits(client):
    program = make_program()
    make_roster(program, 24)
    program.enrollments.update(language="en")
    formation = make_published(program, decided_by=Decider.MANAGER)
    first, second, _third = founded(formation)
    [ana, *_], [bo, *_] = members(first), members(second)
    ask(ana, second)
    ask(bo)

    page = text_of(client.get(own(ana)))

    assert ("would change with you" in page, "decide, and a mail tells you" in page) == (False, True)


def test_the_page_is_over_with_the_time_and_for_who_left(client, formation):
    first, *_ = founded(formation)
    [ana, bo, *_] = members(first)
    communities.leave(bo, by=bo.person)

    assert f"You are not in {first} now" in text_of(client.get(own(bo)))
    Formation.objects.update(swaps_until=timezone.localdate() - timedelta(days=2))
    over = client.post(own(ana, "_wish"), {"wanted": "anybody"}, follow=True)
    assert "The time to ask is over" in text_of(over)
    assert not ana.swap_requests.exists()
    own_page = text_of(client.get(reverse("communities:invitation", args=[token_of(ana)])))
    assert "Ask to change" not in own_page


def test_pairs_that_break_a_rule_or_make_it_worse_stand_under_a_heading_of_their_own(
    client, formation, staff
):
    first, second, _third = founded(formation)
    [ana, al, *_], [bo, bea, *_] = members(first), members(second)
    for one in (ana, al):
        ask(one, second)
    for one in (bo, bea):
        ask(one, first)

    response = client.get(at("swaps", formation.pk))

    advised, unadvised = response.context["advised"], response.context["unadvised"]
    assert len(advised) + len(unadvised) == 4
    assert all(each.points >= 0 and not each.broken for each in advised)
    assert all(each.points < 0 or each.broken for each in unadvised)
    assert ("<h3>Not advised</h3>" in text_of(response)) == bool(unadvised)
    assert unadvised


def test_the_manager_sees_pairs_in_figures_lets_them_change_and_takes_it_back(client, formation, staff):
    first, second, _third = founded(formation)
    [ana, *_], [bo, *_] = members(first), members(second)
    ask(ana, second, reason="Too early for me")
    ask(bo)

    page = text_of(client.get(at("swaps", formation.pk)))
    assert [word in page for word in (str(ana.enrollment), str(bo.enrollment), "Too early for me")] == [
        True
    ] * 3
    assert re.search(r"(No change in the score|\d+ points? (worse|better))", page)
    assert "Keeps everything that must hold." in page
    [key] = set(re.findall(r'name="exchange" value="(\d+-\d+-\d+)"', page))
    done = text_of(client.post(at("exchange", formation.pk), {"exchange": key}, follow=True))
    assert "Done. They have left one" in done
    swap = Swap.objects.get()
    assert (swap.state, swap.decided_by) == (Swap.State.DONE, staff)
    client.post(at("exchange_end", swap.pk))

    swap.refresh_from_db()
    assert (swap.state, Membership.objects.get(community=first, person=ana.person).state) == (
        Swap.State.UNDONE,
        "active",
    )


def test_the_manager_means_it_before_a_rule_is_broken(client):
    program = make_program()
    make_roster(program, 16)
    program.enrollments.update(language="en")
    formation = make_published(program, rules=[Rule(Kind.TOGETHER, "area")], minimum=4, maximum=12)
    client.force_login(make_staff(program))
    first, second = founded(formation)[:2]
    [ana, *_], [bo, *_] = members(first), members(second)
    ask(ana, second)
    ask(bo, first)

    page = text_of(client.get(at("swaps", formation.pk)))
    assert "were to be together" in page
    [key] = set(re.findall(r'name="exchange" value="(\d+-\d+-\d+)"', page))
    refused = text_of(client.post(at("exchange", formation.pk), {"exchange": key}, follow=True))
    meant = client.post(at("exchange", formation.pk), {"exchange": key, "despite_rules": "1"}, follow=True)

    assert "breaks a rule that must hold" in refused
    assert "although a rule is broken by it" in text_of(meant)
    undone = client.post(at("exchange_end", Swap.objects.get().pk), follow=True)
    assert "Taken back" in text_of(undone)


def test_the_manager_gives_a_free_place_or_says_no(client, formation, staff):
    first, second, third = founded(formation)
    [ana, *_], [cy, *_] = members(first), members(third)
    formation.proposed_communities.filter(community=first).update(maximum=8)
    wish, other = ask(ana, second), ask(cy, first)

    page = text_of(client.get(at("swaps", formation.pk)))
    assert f"{first} is full: only an exchange can bring them there" in page
    assert f"Give them the free place in {second}" in page
    client.post(at("swap_refusal", other.pk))
    client.post(at("exchange", formation.pk), {"exchange": f"{wish.pk}--{second.pk}", "despite_rules": "1"})

    other.refresh_from_db()
    assert other.state == SwapRequest.State.REFUSED
    assert Membership.objects.get(community=second, person=ana.person).state == "active"
    assert "cannot" not in text_of(client.post(at("exchange", formation.pk), {}, follow=True))
    offered = Swap.objects.create(formation=formation, request=other, target=first)
    assert "no longer possible" in text_of(client.post(at("exchange_end", offered.pk), follow=True))


def test_a_wish_that_does_not_wait_any_more_is_not_refused_and_no_mail_is_promised(client, formation, staff):
    first, second, _third = founded(formation)
    [ana, *_] = members(first)
    wish = ask(ana, second)
    actions.take_back(wish, by=ana.person)
    before = Message.objects.count()

    stale = text_of(client.post(at("swap_refusal", wish.pk), follow=True))

    wish.refresh_from_db()
    assert (wish.state, Message.objects.count()) == (SwapRequest.State.TAKEN_BACK, before)
    assert "This wish does not wait any more. Nothing has changed, and no mail goes out." in stale
    assert "A mail tells them." not in stale
    again = ask(ana, second)
    assert "They stay where they are. A mail tells them." in text_of(
        client.post(at("swap_refusal", again.pk), follow=True)
    )
    twice = text_of(client.post(at("swap_refusal", again.pk), follow=True))
    assert "no mail goes out" in twice


def test_the_manager_reads_whom_no_mail_tells(client, formation, staff):
    first, second, _third = founded(formation)
    [ana, *_], [bo, *_] = members(first), members(second)
    bo.enrollment.contact_mode = "phone"
    bo.enrollment.save()
    Mute.objects.create(person=ana.person, list_key=first.list_key)
    one, other = ask(ana, second), ask(bo, first)
    unreached = "No mail reaches {}: tell them by phone or on paper."

    key = f"{one.pk}-{other.pk}-{second.pk}"
    done = text_of(client.post(at("exchange", formation.pk), {"exchange": key}, follow=True))
    swap = Swap.objects.get()
    undone = text_of(client.post(at("exchange_end", swap.pk), follow=True))

    assert f"A mail tells {ana.enrollment}. {unreached.format(bo.enrollment)}" in done
    both = unreached.format(f"{ana.enrollment} and {bo.enrollment}")
    assert f"Taken back. They are where they were. {both}" in undone


def test_who_has_left_since_does_not_go_back_and_the_manager_reads_it(client, formation, staff):
    first, second, _third = founded(formation)
    [ana, cy, *_], [bo, di, *_] = members(first), members(second)
    swaps = []
    for one, other in ((ana, bo), (cy, di)):
        mine, theirs = ask(one, second), ask(other, first)
        swaps.append(actions.decide(formation, request_id=mine.pk, other_id=theirs.pk, target=None, by=staff))
    for person, community in ((bo, first), (cy, second), (di, first)):
        now = Membership.objects.get(community=community, person=person.person)
        communities.leave(now, by=person.person)

    half, none = (text_of(client.post(at("exchange_end", each.pk), follow=True)) for each in swaps)

    stays = "Whoever has left or moved on since stays as they are. A mail tells them."
    assert f"Taken back for {ana.enrollment}. {stays}" in half
    assert "Nobody went back: they have left or moved on since." in none


def test_the_manager_sets_the_time(client, formation, staff):
    page = text_of(client.get(at("swap_window", formation.pk)))
    assert "who decides" in page.lower()

    refused = client.post(
        at("swap_window", formation.pk), {"swaps_until": "soon", "swaps_decided_by": "members"}
    )
    client.post(at("swap_window", formation.pk), {"swaps_until": "", "swaps_decided_by": "members"})

    formation.refresh_from_db()
    assert (refused.status_code, formation.swaps_until) == (422, None)
    assert "No time for it is open" in text_of(client.get(at("swaps", formation.pk)))


def today_of(formation):
    return timezone.localdate(timezone=formation.program.zone)


@pytest.mark.parametrize(("days", "told"), [(-1, "This day is over"), (400, "more than a year away")])
def test_a_day_that_is_over_or_far_away_ends_no_wish(client, formation, staff, days, told):
    first, *_others = founded(formation)
    wish = ask(members(first)[0])
    until = today_of(formation) + timedelta(days=days)

    page = client.post(
        at("swap_window", formation.pk), {"swaps_until": f"{until:%Y-%m-%d}", "swaps_decided_by": "members"}
    )

    wish.refresh_from_db()
    assert (page.status_code, wish.state) == (422, SwapRequest.State.OPEN)
    assert told in text_of(page)


def test_before_publication_these_pages_lead_back(client):
    formation = make_proposal()
    client.force_login(make_staff(formation.program))

    for name in ("swaps", "swap_window", "gaps"):
        assert client.get(at(name, formation.pk)).headers["Location"] == formation.get_absolute_url()


def test_the_time_for_swaps_is_chosen_when_publishing(client):
    formation = make_proposal()
    client.force_login(make_staff(formation.program))
    page = text_of(client.get(at("publication", formation.pk)))
    usual = today_of(formation) + timedelta(days=14)
    assert f'name="swaps_until" value="{usual.isoformat()}"' in page
    typed = {
        "starts_on": timezone.localdate().isoformat(),
        "ends_on": (timezone.localdate() + timedelta(days=90)).isoformat(),
        "swaps_until": "",
        "swaps_decided_by": "members",
    }

    client.post(at("frame", formation.pk), typed)
    kept = text_of(client.get(at("publication", formation.pk)))
    assert f'value="{usual.isoformat()}"' not in kept
    client.post(
        at("publication", formation.pk),
        typed | {"swaps_until": usual.isoformat(), "seen": mark_on_table(formation)},
    )

    formation.refresh_from_db()
    assert (formation.swaps_until, formation.swaps_decided_by) == (usual, Decider.MEMBERS)


def test_one_community_of_everybody_has_nothing_to_change(client):
    formation = make_published(reason="whole_cohort")
    [only] = founded(formation)
    [ana, *_] = members(only)

    assert client.get(own(ana)).status_code == 404


def test_a_day_that_is_over_is_not_published(client):
    formation = make_proposal()
    client.force_login(make_staff(formation.program))
    today = today_of(formation)

    page = client.post(
        at("publication", formation.pk),
        {
            "starts_on": today.isoformat(),
            "ends_on": (today + timedelta(days=90)).isoformat(),
            "swaps_until": (today - timedelta(days=1)).isoformat(),
            "swaps_decided_by": "members",
            "seen": mark_on_table(formation),
        },
    )

    formation.refresh_from_db()
    assert (page.status_code, formation.state) == (422, Formation.State.PROPOSED)
    assert "This day is over" in text_of(page)
