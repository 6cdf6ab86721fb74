"""House law: nothing of one provider appears at another's doors, in a page, a file or a header."""

import pytest

from tests.cast import KINDS, OURS, THEIRS
from tests.house.doors import every_door

OUR_PEOPLE = [kind for kind in KINDS if kind != "other_admin"]
BY_LINK = {door.name for door in every_door() if door.is_by_link}

# Whoever has a passkey is asked for it before these pages look whose thing it is; they say nothing of it.
ASK_FIRST = {"mfa_edit_webauthn", "mfa_remove_webauthn"}


@pytest.mark.parametrize("kind", OUR_PEOPLE)
def test_our_people_never_read_a_word_of_theirs(round_of, kind):
    visits = [*round_of(kind).at_ours, *round_of(kind).at_theirs]

    assert [visit for visit in visits if THEIRS.casefold() in visit.text] == []


def test_the_other_provider_never_reads_a_word_of_ours(round_of):
    visits = [visit for visit in round_of("other_admin").at_ours if visit.door not in BY_LINK]

    assert [visit for visit in visits if OURS.casefold() in visit.text] == []


def test_the_other_provider_calls_our_people_as_it_knows_them(round_of):
    """Somebody who works for or funds both houses is called in each as that house typed."""
    visits = [visit for visit in round_of("other_admin").at_theirs if visit.door not in BY_LINK]

    assert [visit for visit in visits if OURS.casefold() in visit.text] == []


@pytest.mark.parametrize("door", ["programs:staff", "programs:funders", "programs:history", "programs:mail"])
def test_pages_do_name_who_is_known_to_both(round_of, door):
    ours = [visit for visit in round_of("provider_admin").at_ours if visit.door == door]
    theirs = [visit for visit in round_of("other_admin").at_theirs if visit.door == door]

    assert any(f"{OURS} worker of both".casefold() in visit.text for visit in ours) is (
        door != "programs:funders"
    )
    assert any(f"{THEIRS} giver of both".casefold() in visit.text for visit in theirs) is (
        door != "programs:staff"
    )


@pytest.mark.parametrize("kind", OUR_PEOPLE)
def test_a_thing_of_theirs_does_not_exist_for_us(round_of, kind):
    wanted = "s" if kind in {"signed_out", "suspended"} else "4"
    visits = [visit for visit in round_of(kind).at_theirs if visit.door not in ASK_FIRST]

    # The outbox is the demo's: elsewhere it does not exist for anybody.
    others = {visit.outcome for visit in visits if not visit.door.startswith("notifications:outbox")}
    assert (others, len(visits) > 50) == ({wanted}, True)


def test_pages_do_carry_the_words_that_are_looked_for(round_of):
    ours = {visit.door for visit in round_of("provider_admin").at_ours if OURS.casefold() in visit.text}
    theirs = {visit.door for visit in round_of("other_admin").at_theirs if THEIRS.casefold() in visit.text}

    pages = {"home:board", "home:now", "programs:people_file", "programs:history", "programs:mail"}
    pages |= {"communities:words", "formation:formation", "meetings:calendar_file", "stewardship:check_in"}
    assert (pages - ours, pages - theirs) == (set(), set())


@pytest.mark.parametrize("door", ["programs:people", "communities:people", "communities:invitations"])
def test_a_search_finds_nothing_of_theirs(client, cast, door):
    client.force_login(cast.people["provider_admin"])
    address = {each.name: each for each in every_door()}[door].address(cast.ours)

    found = client.get(address, {"q": "canary"}).content.decode().casefold()

    assert OURS.casefold() in found
    assert THEIRS.casefold() not in found
