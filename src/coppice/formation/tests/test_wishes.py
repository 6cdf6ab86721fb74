"""People change places after publication: both agree or the manager decides, and it can be undone."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from coppice.communities import actions as communities
from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community, make_staff
from coppice.formation import actions, tasks
from coppice.formation.errors import (
    BreaksRules,
    DoesNotFit,
    Full,
    LeadersSay,
    NoTimeForSwaps,
    NotPublished,
    StaffDecide,
    SwapIsGone,
)
from coppice.formation.models import Decider, Formation, Swap, SwapRequest
from coppice.formation.rules import Kind, Rule
from coppice.formation.swaps import Exchange, Seat, accepted_by, all_exchanges, open_requests, seat_of
from coppice.formation.tests.factories import ask, founded, make_proposal, make_published, members
from coppice.history.models import Entry
from coppice.meetings import actions as meetings
from coppice.notifications.models import Message
from coppice.programs import actions as programs

pytestmark = pytest.mark.django_db
State = SwapRequest.State


def place_of(membership: Membership) -> tuple[str, str]:
    """Where somebody is by now, and how."""
    [now] = Membership.objects.known_to_members().filter(person=membership.person_id)
    return now.community.name, now.state


def written_to(membership: Membership, occasion: str) -> int:
    return Message.objects.filter(recipient=membership.person_id, occasion__startswith=f"{occasion}:").count()


def test_two_people_agree_and_change_places_at_once():
    formation = make_published()
    first, second, _third = founded(formation)
    [ana, *_], [bo, *_] = members(first), members(second)
    one, other = ask(ana, second), ask(bo)

    offered = actions.accept(one, other=other, by=ana.person)
    assert (offered.state, place_of(ana)) == (Swap.State.OFFERED, (first.name, "active"))
    assert written_to(bo, "swap-offered") == 1
    done = actions.accept(other, other=one, by=bo.person)

    assert (done.pk, done.state, done.decided_by) == (offered.pk, Swap.State.DONE, bo.person)
    assert (place_of(ana), place_of(bo)) == ((second.name, "active"), (first.name, "active"))
    for membership in (ana, bo):
        membership.refresh_from_db()
        assert (membership.state, membership.swap_requests.get().state) == ("left", State.GRANTED)
        # One mail tells of the change, and no welcome beside it; that of the place before had not left.
        assert [written_to(membership, each) for each in ("changed", "welcome")] == [1, 0]
    assert {entry.about for entry in Entry.objects.filter(verb="formation.swapped")} == {
        ana.person,
        bo.person,
    }
    assert actions.take_back(one, by=ana.person).state == State.GRANTED


def test_who_changes_gets_the_meetings_of_the_new_one_and_reads_why_in_kind_words():
    formation = make_published(rules=[Rule(Kind.BALANCED, "area")])
    first, second, _third = founded(formation)
    [ana, *_], [bo, *_] = members(first), members(second)
    starts_at = timezone.now() + timedelta(days=5)
    meetings.plan(
        second,
        title="Together",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        time_zone="UTC",
        by=formation.created_by,
    )
    one, other = ask(ana, second), ask(bo, first)

    actions.decide(formation, request_id=one.pk, other_id=other.pk, target=None, by=formation.created_by)

    now = Membership.objects.get(community=second, person=ana.person)
    assert {each["code"] for each in now.reasons} <= {
        "counts_towards",
        "shares_value",
        "adds_value",
        "fits_size",
    }
    assert now.source == Membership.Source.SELF
    planned = Message.objects.filter(recipient=ana.person, occasion__startswith="meeting")
    assert planned.count() == 1


def test_who_has_yet_to_answer_is_invited_there_and_who_pauses_goes_on():
    formation = make_published()
    first, second, _third = founded(formation)
    [ana, *_], [bo, *_] = members(first, joined=False), members(second, joined=False)
    bo = communities.pause(communities.accept(bo, by=bo.person), by=bo.person)
    one, other = ask(ana), ask(bo)

    actions.decide(formation, request_id=one.pk, other_id=other.pk, target=None, by=formation.created_by)

    assert (place_of(ana), place_of(bo)) == ((second.name, "invited"), (first.name, "paused"))
    ana.refresh_from_db()
    assert (ana.state, ana.is_open) == (Membership.State.WITHDRAWN, False)
    invited = Message.objects.get(recipient=ana.person, occasion__startswith="invitation:")
    assert second.name in invited.subject


def test_the_manager_undoes_a_change_once_and_only_for_who_is_still_there():
    formation = make_published()
    first, second, _third = founded(formation)
    [ana, *_], [bo, *_] = members(first), members(second)
    one, other = ask(ana, second), ask(bo, first)
    by = formation.created_by
    swap = actions.decide(formation, request_id=one.pk, other_id=other.pk, target=None, by=by)
    communities.leave(Membership.objects.get(community=first, person=bo.person), by=bo.person)

    undone = actions.undo(swap, by=by)

    assert (undone.state, place_of(ana)) == (Swap.State.UNDONE, (first.name, "active"))
    assert not Membership.objects.known_to_members().filter(person=bo.person).exists()
    assert actions.undo(swap, by=by).state == Swap.State.UNDONE
    assert Entry.objects.filter(verb="formation.swap_undone").count() == 1


def test_a_change_that_was_not_done_cannot_be_undone():
    formation = make_published()
    first, second, _third = founded(formation)
    [ana, *_], [bo, *_] = members(first), members(second)
    swap = actions.accept(ask(ana, second), other=ask(bo), by=ana.person)

    with pytest.raises(SwapIsGone):
        actions.undo(swap, by=formation.created_by)


def test_a_free_place_is_given_by_the_manager_and_a_full_one_only_exchanged():
    formation = make_published(minimum=6)
    first, second, _third = founded(formation)
    [ana, *_] = members(first)
    by = formation.created_by
    request = ask(ana, second)

    swap = actions.decide(formation, request_id=request.pk, other_id=None, target=second, by=by)

    assert (swap.other, place_of(ana)) == (None, (second.name, "active"))
    actions.undo(swap, by=by)
    assert place_of(ana) == (first.name, "active")
    formation.proposed_communities.filter(community=second).update(maximum=8)
    again = ask(ana, second)
    with pytest.raises(Full):
        actions.decide(formation, request_id=again.pk, other_id=None, target=second, by=by)


def test_a_rule_that_must_hold_stops_members_and_stops_the_manager_until_they_mean_it():
    formation = make_published(people=16, rules=[Rule(Kind.TOGETHER, "area")], minimum=4, maximum=12)
    first, second = founded(formation)[:2]
    [ana, *_], [bo, *_] = members(first), members(second)
    one, other = ask(ana, second), ask(bo, first)
    by = formation.created_by

    with pytest.raises(StaffDecide):
        actions.accept(one, other=other, by=ana.person)
    with pytest.raises(BreaksRules):
        actions.decide(formation, request_id=one.pk, other_id=other.pk, target=None, by=by)
    swap = actions.decide(
        formation, request_id=one.pk, other_id=other.pk, target=None, by=by, despite_rules=True
    )

    assert (swap.despite_rules, place_of(ana)) == (True, (second.name, "active"))


def test_members_settle_nothing_where_the_manager_decides():
    formation = make_published(decided_by=Decider.MANAGER)
    first, second, _third = founded(formation)
    [ana, *_], [bo, *_] = members(first), members(second)
    one, other = ask(ana, second), ask(bo)

    with pytest.raises(StaffDecide):
        actions.accept(one, other=other, by=ana.person)
    assert [written_to(each, "swap-fits") for each in (ana, bo)] == [0, 0]


def test_who_leads_says_why_goes_by_the_staff_alone_and_comes_as_a_member():
    formation = make_published()
    first, second, _third = founded(formation)
    [ana, *_], [bo, *_] = members(first), members(second)
    communities.make_leader(ana, by=formation.created_by)
    ana.refresh_from_db()

    with pytest.raises(LeadersSay):
        ask(ana, second, reason="  ")
    one, other = ask(ana, second, reason="I moved"), ask(bo)
    with pytest.raises(StaffDecide):
        actions.accept(other, other=one, by=bo.person)
    actions.decide(formation, request_id=one.pk, other_id=other.pk, target=None, by=formation.created_by)

    now = Membership.objects.get(community=second, person=ana.person)
    assert (now.role, now.state) == (Membership.Role.MEMBER, Membership.State.ACTIVE)
    assert written_to(ana, "swap-fits") == 0


def test_whom_a_new_wish_fits_is_told_once_a_day_and_not_whose_it_is():
    formation = make_published()
    first, second, _third = founded(formation)
    [ana, *_], [bo, cy, *_] = members(first), members(second)
    ask(ana, second)

    ask(bo, first)
    ask(cy)

    mail = Message.objects.get(recipient=ana.person, occasion__startswith="swap-fits:")
    told = mail.subject + mail.text + mail.html
    assert [str(each.enrollment) in told for each in (bo, cy)] == [False, False]
    assert first.name in told
    staff = Message.objects.filter(occasion=f"swap-asked:{formation.pk}")
    assert staff.count() == formation.program.provider.staff.filter(is_active=True).count()


def test_a_wish_fits_only_where_each_goes_as_they_asked():
    formation = make_published()
    first, second, third = founded(formation)
    [ana, di, *_], [bo, *_], [cy, *_] = members(first), members(second), members(third)
    ask(ana, second)
    ask(bo, third)
    ask(cy)
    ask(di)

    found = {
        tuple(sorted((each.request.membership_id, each.other.membership_id)))
        for each in all_exchanges(open_requests(formation))
    }

    assert found == {tuple(sorted(pair)) for pair in ((bo.pk, cy.pk), (cy.pk, di.pk))}


def test_asking_anew_replaces_what_waited_and_lapses_what_was_offered():
    formation = make_published()
    first, second, third = founded(formation)
    [ana, *_], [bo, *_] = members(first), members(second)
    one, other = ask(ana, second), ask(bo)
    swap = actions.accept(other, other=one, by=bo.person)
    assert (accepted_by(one), accepted_by(other)) == ({other.pk: "theirs"}, {one.pk: "mine"})
    actions.accept(other, other=one, by=bo.person)

    again = ask(ana, third)

    swap.refresh_from_db()
    one.refresh_from_db()
    assert (swap.state, one.state, again.state) == (Swap.State.LAPSED, State.TAKEN_BACK, State.OPEN)
    assert (accepted_by(again), accepted_by(other)) == ({}, {})
    with pytest.raises(SwapIsGone):
        actions.accept(other, other=again, by=bo.person)


def test_each_side_sees_what_was_said():
    formation = make_published()
    first, second, _third = founded(formation)
    [ana, *_], [bo, *_] = members(first), members(second)
    one, other = ask(ana, second), ask(bo)

    actions.accept(one, other=other, by=ana.person)

    assert (accepted_by(one), accepted_by(other)) == ({other.pk: "mine"}, {one.pk: "theirs"})


def test_somebody_who_left_is_nobodys_exchange():
    formation = make_published()
    first, second, _third = founded(formation)
    [ana, *_], [bo, *_] = members(first), members(second)
    one, other = ask(ana, second), ask(bo)
    communities.leave(bo, by=bo.person)

    with pytest.raises(SwapIsGone):
        actions.accept(one, other=other, by=ana.person)
    programs.end_enrollment(ana.enrollment, by=formation.created_by)
    with pytest.raises(SwapIsGone):
        actions.decide(formation, request_id=one.pk, other_id=None, target=second, by=formation.created_by)


def test_one_asks_for_another_of_the_same_formation_and_only_from_ones_own_place():
    formation = make_published()
    first, second, _third = founded(formation)
    [ana, *_], [bo, *_] = members(first), members(second)
    elsewhere = make_community(formation.program)
    add_member(second, enrollment=ana.enrollment)

    for wanted in (first, elsewhere, second):
        with pytest.raises(DoesNotFit):
            ask(ana, wanted)
    communities.leave(bo, by=bo.person)
    with pytest.raises(NoTimeForSwaps):
        ask(bo, first)
    request = ask(ana)
    for target in (None, elsewhere):
        with pytest.raises(SwapIsGone):
            actions.decide(
                formation, request_id=request.pk, other_id=None, target=target, by=formation.created_by
            )


def test_a_wish_is_refused_once_and_its_person_is_told():
    formation = make_published()
    first, second, _third = founded(formation)
    [ana, *_] = members(first)
    request = ask(ana, second)

    for _ in range(2):
        assert actions.refuse(request, by=formation.created_by).state == State.REFUSED

    assert written_to(ana, "swap-ended") == 1
    assert Entry.objects.filter(verb="formation.swap_refused", about=ana.person).count() == 1


def test_somebody_stays_after_all():
    formation = make_published()
    first, second, _third = founded(formation)
    [ana, *_] = members(first)

    assert actions.take_back(ask(ana, second), by=ana.person).state == State.TAKEN_BACK
    assert written_to(ana, "swap-ended") == 0


def test_wishes_end_with_the_time_and_their_people_are_told_once():
    formation = make_published()
    first, second, _third = founded(formation)
    [ana, *_], [bo, *_] = members(first), members(second)
    one, other = ask(ana, second), ask(bo)
    tasks.end_swaps.call()
    assert SwapRequest.objects.open().count() == 2
    communities.leave(bo, by=bo.person)
    Formation.objects.update(swaps_until=timezone.localdate() - timedelta(days=2))

    with pytest.raises(NoTimeForSwaps):
        actions.accept(one, other=other, by=ana.person)
    for _ in range(2):
        tasks.end_swaps.call()

    assert set(SwapRequest.objects.values_list("state", flat=True)) == {State.OVER}
    assert [written_to(each, "swap-ended") for each in (ana, bo)] == [1, 0]
    with pytest.raises(NoTimeForSwaps):
        ask(ana, second)


def test_the_clock_leaves_alone_what_was_opened_again_meanwhile():
    formation = make_published()
    assert actions.end_swaps(formation) == 0


def test_the_manager_opens_moves_and_closes_the_time():
    formation = make_published(days=None)
    first, *_ = founded(formation)
    [ana, *_] = members(first)
    by, today = formation.created_by, timezone.localdate()
    with pytest.raises(Http404):
        seat_of(ana)

    opened = actions.open_swaps(formation, until=today, decided_by=Decider.MANAGER, by=by)
    assert (opened.has_swaps, opened.members_agree) == (True, False)
    actions.open_swaps(formation, until=today, decided_by=Decider.MANAGER, by=by)
    request = ask(ana)
    closed = actions.open_swaps(formation, until=None, decided_by=Decider.MANAGER, by=by)

    request.refresh_from_db()
    assert (closed.has_swaps, request.state) == (False, State.OVER)
    verbs = ["formation.swaps_opened", "formation.swaps_closed"]
    assert [Entry.objects.filter(verb=verb).count() for verb in verbs] == [1, 1]
    with pytest.raises(NoTimeForSwaps):
        actions.ask(Seat(ana, closed), wanted=None, by=ana.person)


def test_no_time_for_swaps_before_publication_nor_in_other_communities():
    formation = make_proposal()

    with pytest.raises(NotPublished):
        actions.open_swaps(
            formation,
            until=timezone.localdate(),
            decided_by=Decider.MEMBERS,
            by=make_staff(formation.program),
        )
    with pytest.raises(Http404):
        seat_of(add_member(make_community(formation.program)))


def test_an_exchange_names_who_goes_where():
    formation = make_published()
    first, second, _third = founded(formation)
    [ana, *_], [bo, *_] = members(first), members(second)
    one, other = ask(ana, second), ask(bo)

    [pair] = all_exchanges(open_requests(formation))

    assert pair.moves == {ana.enrollment_id: second.pk, bo.enrollment_id: first.pk}
    assert pair.key == f"{one.pk}-{other.pk}-{second.pk}"
    assert Exchange(pair.request, None, second).key == f"{one.pk}--{second.pk}"
    assert (str(one), str(other)) == (f"{ana} → {second}", f"{bo} → anybody")
