"""Who opens which page: every door of the matrix, by the kind of person that sees most behind it."""

from dataclasses import dataclass

from tests.cast import KINDS
from tests.house.doors import Door, every_door
from tests.house.matrix import expected

# Whoever stands further left sees more of a page that both may open.
SEES_MOST = (
    "provider_admin",
    "leader",
    "provider_staff",
    "organization_lead",
    "member",
    "invited",
    "funder",
    "outsider",
    "signed_out",
)

# Pages that are another page for somebody else.
ALSO = {
    "home:home": ("leader", "organization_lead", "member", "invited", "funder", "outsider", "signed_out"),
    "home:communities": ("leader", "member", "invited", "funder", "outsider"),
    "home:now": ("leader", "member"),
    "home:summary": ("funder",),
    "home:organization": ("organization_lead",),
    "formation:member_market": ("member",),
    "formation:own_market": ("signed_out",),
    "communities:people": ("leader", "member"),
    "communities:invitation": ("signed_out",),
    "communities:invitations": ("leader",),
    "meetings:meetings": ("leader", "member"),
    "meetings:meeting": ("leader", "member"),
    "meetings:agenda": ("leader", "member"),
    "meetings:run": ("leader", "member"),
    "meetings:run_by_link": ("signed_out",),
    "meetings:calendar": ("leader", "member", "outsider"),
    "meetings:community_calendar": ("leader", "member"),
    "meetings:hours": ("leader",),
    "meetings:program_hours": ("funder",),
    "meetings:feeds": ("leader", "member", "outsider"),
    "meetings:series": ("leader", "member"),
    "meetings:series_answer": ("signed_out",),
    "meetings:answer": ("signed_out",),
    "meetings:times": ("signed_out",),
    "meetings:pulse": ("signed_out",),
    "meetings:afterwards": ("leader", "member"),
    "accounts:me": ("member",),
    "accounts:privacy": ("member",),
    "accounts:sign_in": ("signed_out",),
    "mfa_index": ("member",),
    "mfa_list_webauthn": ("member",),
    "usersessions_list": ("member",),
    "notifications:preferences": ("member",),
    "notifications:unsubscribe": ("signed_out",),
}

# What says that a door never shows a page: "not by this method" to those who may, or no jobs in tests.
NO_PAGE = set("5x")

# A mail inside its own page, where no script runs that could look at it, and what renews parts of a page; the
# page around it is visited.
IN_A_FRAME = {"formation:invitation_mail", "meetings:state", "meetings:state_by_link"}

# Refusals that a script reads: a file that comes in pieces.
FOR_SCRIPTS = {
    "library:begin",
    "library:piece",
    "conversations:archive_begin",
    "conversations:archive_piece",
}


@dataclass(frozen=True)
class Visit:
    """One kind of person at one door."""

    door: Door
    kind: str

    def __str__(self) -> str:
        return f"{self.door.name}-{self.kind}"


def openings() -> list[Visit]:
    """Return who opens each door that answers somebody with a page."""
    doors = (door for door in every_door() if door.name not in IN_A_FRAME)
    return [Visit(door, kind) for door in doors for kind in openers(door)]


def sendings() -> list[Visit]:
    """Return who sends an empty form to each door that answers with a page: the form again."""
    doors = (door for door in every_door() if door.name not in FOR_SCRIPTS)
    return [Visit(door, kinds[0]) for door in doors if (kinds := _kinds(door, "POST", "+2"))]


def unopened() -> set[str]:
    """Return the doors that can show a page, but not to the cast as it is: `STATES` opens them."""
    return {
        door.name
        for door in every_door()
        if not openers(door) and not NO_PAGE & set(expected()[door.name, "GET"])
    }


def openers(door: Door) -> list[str]:
    """Return the kinds of people that open a door: who sees most, and for whom it is another page."""
    kinds = _kinds(door, "GET", "+")
    return [kind for kind in kinds if kind == kinds[0] or kind in ALSO.get(door.name, ())]


def _kinds(door: Door, method: str, letters: str) -> list[str]:
    met = dict(zip(KINDS, expected()[door.name, method], strict=True))
    return [kind for kind in SEES_MOST if met[kind] in letters]
