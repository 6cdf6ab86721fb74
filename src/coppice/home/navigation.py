"""The rail and the bottom bar: where a person may go from any page."""

from typing import Any

from django.db.models import Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from coppice.programs.models import Affiliation, FunderSeat, Program
from coppice.ui.navigation import Item, Navigation, Section

SHOWN_PROGRAMS = 6
STUDIO = ("/formations/", "/places/", "/proposed-communities/")


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Give every template the reader's `navigation`, worked out only where it is shown."""
    return {"navigation": SimpleLazyObject(lambda: _navigation(request))}


def _navigation(request: HttpRequest) -> Navigation | None:
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return None
    path = request.path
    programs = list(
        Program.objects.staffed_by(person).order_by("-award_ends", "pk").only("id", "name")[:SHOWN_PROGRAMS]
    )
    home, mine = reverse("home:home"), reverse("home:communities")
    main = [
        Item(_("Home"), home, "home", current=path == home),
        Item(_("My communities"), mine, "people", current=path == mine, short=_("Mine")),
    ]
    section = _section(_here(request, programs), path) if programs else None
    counts = _counts(person, path)
    account = [
        Item(
            _("My account"), reverse("accounts:me"), "people", current=path.startswith("/me/"), short=_("Me")
        ),
    ]
    busy = section.items[:1] if section else counts.items[:1] if counts else []
    return Navigation(
        main=main,
        quick=[*main, *busy, *account],
        programs=[section] if section else [],
        counts=counts,
        account=account,
        person_name=str(person),
    )


def _here(request: HttpRequest, programs: list[Program]) -> Program:
    """The program of the page's thing, when it has one that the reader runs; else the one that ends last."""
    thing: Any = getattr(request, "thing", None)
    here: int | None
    if isinstance(thing, Program):
        here = thing.pk
    else:
        here = getattr(getattr(thing, "community", thing), "program_id", None)
    return next((program for program in programs if program.pk == here), programs[0])


def _section(program: Program, path: str) -> Section:
    places = [
        (_("Program board"), "home:board", "board", _("Board")),
        (_("Form communities"), "formation:formations", "shuffle", ""),
        (_("Leader calls"), "home:calls", "phone", ""),
        (_("People"), "programs:people", "people", ""),
        (_("Mail"), "programs:mail", "mail", ""),
        (_("History"), "programs:history", "clock", ""),
    ]
    items = []
    for label, name, icon, short in places:
        url = reverse(name, args=[program.pk])
        here = path == url or (name == "formation:formations" and path.startswith(STUDIO))
        items.append(Item(label, url, icon, current=here, short=short))
    return Section(label=program.name, items=items)


def _counts(person: Any, path: str) -> Section | None:
    """What funders and organization leads have: a program's counts, an organization's page; one query."""
    seats = FunderSeat.objects.filter(person=person).values_list(
        Value("home:summary"), "program_id", "program__name"
    )
    led = (
        Affiliation.objects.filter(is_lead=True, enrollment__person=person, enrollment__ended_at=None)
        .values_list(Value("home:organization"), "organization_id", "organization__name")
        .order_by()
    )
    items = []
    for name, subject_id, label in seats.order_by().union(led)[: 2 * SHOWN_PROGRAMS]:
        url = reverse(name, args=[subject_id])
        icon = "chart" if name == "home:summary" else "board"
        items.append(Item(label, url, icon, current=path == url, short=_("Counts")))
    return Section(label=_("Counts"), items=items) if items else None
