"""The mailing list of each program's staff: who is on it."""

from collections.abc import Collection
from typing import Any

from coppice.notifications.mailing_lists import ListKind
from coppice.programs.models import Program, Staff

STAFF = ":staff"


def staff_list(program: Program) -> str:
    """The list of those who run a program."""
    return f"program:{program.pk}{STAFF}"


def lists_of(person: Any) -> list[tuple[str, str]]:
    """Return the lists of the programs that a person staffs, as pairs of key and name."""
    posts = Staff.objects.filter(person=person, is_active=True).values("provider")
    return [(staff_list(each), each.name) for each in Program.objects.filter(provider__in=posts)]


def still_on(places: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
    """Return which people are on which lists still, in one query: those who staff the program."""
    people = {person for person, _key in places}
    keys = {int(key.split(":")[1]): key for _person, key in places if key.endswith(STAFF)}
    posts = Staff.objects.filter(person__in=people, is_active=True, provider__programs__in=keys)
    staffed = posts.values_list("person_id", "provider__programs")
    return {(person, keys[program]) for person, program in staffed if program in keys} & {*places}


LISTS = ListKind("program", of=lists_of, still_on=still_on)
