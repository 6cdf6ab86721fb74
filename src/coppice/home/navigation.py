"""The rail and the bottom bar: where a person may go from any page."""

from dataclasses import replace
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coppice.lib import paths
from coppice.programs.models import Program
from coppice.programs.permissions import can_run
from coppice.programs.wording import words_for
from coppice.ui.navigation import Item, Navigation, Section

SHOWN_COUNTS = 6
# Every page asks this of its reader: Django would take longer to write it than SQL to look.
COUNTED = """
SELECT 1 AS kind, * FROM (
    SELECT seat.id AS place, program.id AS subject, program.name FROM programs_funderseat AS seat
    JOIN programs_program AS program ON program.id = seat.program_id
    WHERE seat.person_id = %(person)s
    ORDER BY seat.id LIMIT %(most)s) AS seats
UNION ALL
SELECT 2 AS kind, * FROM (
    SELECT affiliation.id AS place, organization.id AS subject, organization.name
    FROM programs_affiliation AS affiliation
    JOIN programs_enrollment AS enrollment ON enrollment.id = affiliation.enrollment_id
    JOIN programs_organization AS organization ON organization.id = affiliation.organization_id
    WHERE enrollment.person_id = %(person)s AND enrollment.ended_at IS NULL AND affiliation.is_lead
    ORDER BY affiliation.id LIMIT %(most)s) AS led
ORDER BY kind, place
"""
NEEDS = ("profiles:gallery", "profiles:introductions", "profiles:people", "profiles:needs")
PAGES_OF_COUNTS = {1: ("home:summary", "chart"), 2: ("home:organization", "board")}
LIVE = ("/live-rooms/", "/live-steps/")
STUDIO = (
    *("/formations/", "/places/", "/proposals/", "/proposed-communities/"),
    *("/marketplaces/", "/offered-topics/"),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Give every template the reader's `navigation`, worked out only where it is shown."""
    return {"navigation": SimpleLazyObject(lambda: _navigation(request))}


def know_calls(request: HttpRequest, calls: dict[int, int]) -> None:
    """Let the rail count leader calls by program, on a page that has counted them; others do not ask anew."""
    request.calls_due = calls  # type: ignore[attr-defined]


def _navigation(request: HttpRequest) -> Navigation | None:
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return None
    path = request.path
    home, mine, own, library = (
        reverse(name) for name in ("home:home", "home:communities", "meetings:calendar", "library:mine")
    )
    main = [
        Item(_("Home"), home, "home", current=path == home),
        Item(_("My communities"), mine, "people", current=path == mine, short=_("Mine")),
        Item(_("Calendar"), own, "calendar", current=path.startswith(own)),
        Item(_("Library"), library, "book", current=path == library),
    ]
    program = _here(request, person)
    calls = getattr(request, "calls_due", {})
    section = _section(program, path, calls=calls.get(program.pk, 0)) if program else None
    counts = _counts(person, path)
    account = [
        Item(
            _("My account"), reverse("accounts:me"), "people", current=path.startswith("/me/"), short=_("Me")
        ),
    ]
    busy = section.items[:1] if section else counts.items[:1] if counts else main[2:3]
    return Navigation(
        main=main,
        quick=[*main[:2], *busy, *account],
        programs=[section] if section else [],
        counts=counts,
        account=account,
        person_name=str(person),
    )


def _here(request: HttpRequest, person: Any) -> Program | None:
    """The program of the page's thing, when the reader runs it; a page of no program shows none's menu."""
    program = _program_of(getattr(request, "thing", None))
    return program if program and can_run(person, program) else None


def _program_of(thing: Any) -> Program | None:
    """Follow a thing up to its program: a place to its formation, a word to its membership, and so on."""
    thing = thing[0] if isinstance(thing, tuple) else thing
    for step in ("formation", "membership", "room", "community", "program"):
        thing = getattr(thing, step, None) or thing
    return thing if isinstance(thing, Program) else None


def _section(program: Program, path: str, *, calls: int) -> Section:
    form = _("Form %(communities)s") % {"communities": words_for(program).communities}
    places = [
        (_("Program board"), "home:board", "board", _("Board")),
        (form, "formation:formations", "shuffle", ""),
        (_("Live rooms"), "live:program_rooms", "leaf", ""),
        (_("Meetings"), "meetings:program_calendar", "calendar", ""),
        (_("Leader calls"), "home:calls", "phone", ""),
        (_("People"), "programs:people", "people", ""),
        (_("Needs"), "profiles:board", "leaf", ""),
        (_("Surveys"), "surveys:surveys", "note", ""),
        (_("Mail"), "programs:mail", "mail", ""),
        (_("History"), "programs:history", "clock", ""),
    ]
    items = []
    for label, name, icon, short in places:
        url = paths.path(name, program.pk)
        is_forming = path.startswith(STUDIO) or path.endswith("/marketplaces/")
        is_of_needs = name == "profiles:board" and path in {paths.path(each, program.pk) for each in NEEDS}
        is_met = name == "meetings:program_calendar" and path.startswith(
            (f"/programs/{program.pk}/hours/", f"/programs/{program.pk}/starter-pack/")
        )
        is_live = name == "live:program_rooms" and (path.startswith(LIVE) or path == f"{url}new/")
        is_formed = name == "formation:formations" and is_forming
        here = path == url or is_formed or is_of_needs or is_met or is_live
        item = Item(label, url, icon, current=here, short=short)
        if name == "home:calls" and calls:
            said = ngettext("%(count)d leader to call", "%(count)d leaders to call", calls)
            item = replace(item, badge=calls, badge_words=said % {"count": calls})
        items.append(item)
    onward = Item(_("All programs"), f"{reverse('home:home')}#programs", "board")
    return Section(label=program.name, items=items, onward=onward)


def _counts(person: Any, path: str) -> Section | None:
    """What funders and organization leads have: a program's counts, an organization's page."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, {"person": person.pk, "most": SHOWN_COUNTS})
        rows = cursor.fetchall()
    items = []
    for kind, _place, subject_id, label in rows:
        name, icon = PAGES_OF_COUNTS[kind]
        url = paths.path(name, subject_id)
        items.append(Item(label, url, icon, current=path == url, short=_("Counts")))
    return Section(label=_("Counts"), items=items) if items else None
