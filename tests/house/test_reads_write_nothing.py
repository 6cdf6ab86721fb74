"""House law: a GET changes nothing in the database, whoever asks."""

import pytest

from tests.cast import KINDS

# The challenge or secret that the answer must meet is kept in the person's own session, nowhere else.
KEEP_A_CHALLENGE = {"mfa_activate_totp", "mfa_add_webauthn", "mfa_reauthenticate_webauthn"}
# A feed's owner sees when a program last asked, kept to the hour in the feed's own row.
KEEP_A_USE = {"meetings:feed", "communities:news_feed"}
USE = ('UPDATE "meetings_calendarfeed"', 'UPDATE "communities_newsfeed"')
SESSION = 'UPDATE "django_session"'


# From the other end than `test_canaries`: two workers side by side then hardly walk a round twice.
@pytest.mark.parametrize("kind", KINDS[::-1])
def test_a_get_writes_nothing(round_of, kind):
    reads = [
        visit
        for visit in [*round_of(kind).at_ours, *round_of(kind).at_theirs]
        if visit.method == "GET" and visit.writes
    ]

    assert [
        visit
        for visit in reads
        if not (visit.door in KEEP_A_CHALLENGE and all(sql.startswith(SESSION) for sql in visit.writes))
        and not (visit.door in KEEP_A_USE and all(sql.startswith(USE) for sql in visit.writes))
    ] == []


def test_a_write_would_be_noticed(round_of):
    writes = {visit.door for visit in round_of("provider_admin").at_ours if visit.writes}

    assert {"stewardship:snooze", "communities:leadership"} <= writes
