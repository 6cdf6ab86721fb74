"""Rows about the same person joined into one: later rows count, organizations add up, everything is said."""

from dataclasses import replace

from coppice.programs.rosters.drafts import Draft
from coppice.programs.rosters.fields import Field
from coppice.programs.rosters.headers import fold
from coppice.programs.rosters.identity import Identity, find
from coppice.programs.rosters.people import RosterOrganization
from coppice.programs.rosters.problems import warning

REPEATED, SEVERAL = "repeated", "several_organizations"
OF_SEVERAL_ROWS = frozenset({REPEATED, SEVERAL})


def full_name(draft: Draft) -> str:
    """Return the name in reading order, from its parts when it came in parts."""
    parts = [draft.texts.get(Field.GIVEN_NAME, ""), draft.texts.get(Field.FAMILY_NAME, "")]
    return " ".join(filter(None, parts)) or draft.texts.get(Field.FULL_NAME, "")


def join_repeats(drafts: list[Draft]) -> list[Draft]:
    """Return one draft per person, in the order of their first rows; nobody is joined against a stronger "
    "sign."""
    people: list[Draft] = []
    identities: dict[int, Identity] = {}
    known: dict[str, int] = {}
    for draft in drafts:
        identity = _identity(draft)
        place = find(identity, known, identities)
        if place is None:
            place = len(people)
            people.append(draft)
            identities[place] = identity
            _warn_of_shared_id(draft, identity, known)
        else:
            _join(people[place], draft)
            identities[place] |= identity
        for sign in identity.signs():
            known.setdefault(sign, place)
    for draft in people:
        draft.numbers.sort()
    return people


def _identity(draft: Draft) -> Identity:
    return Identity.of(
        email=draft.texts.get(Field.EMAIL, ""),
        external_id=draft.texts.get(Field.EXTERNAL_ID, ""),
        phone=draft.texts.get(Field.PHONE, ""),
        name=full_name(draft),
        organizations=[organization.name for organization in draft.organizations],
    )


def _join(person: Draft, later: Draft) -> None:
    names = [full_name(person), full_name(later)]
    said_before = {problem.code for problem in person.problems}
    person.problems = [problem for problem in person.problems if problem.code not in OF_SEVERAL_ROWS]
    person.numbers += later.numbers
    rows = " + ".join(map(str, person.numbers))
    organizations = _joined(person.organizations, later.organizations)
    if len(organizations) > 1 and (len(organizations) > len(person.organizations) or SEVERAL in said_before):
        person.problems.append(warning(SEVERAL, rows=rows, count=len(organizations)))
    same_places = len(organizations) == len(person.organizations)
    if same_places or _differs(person, later) or REPEATED in said_before:
        person.problems.append(warning(REPEATED, rows=rows))
    if all(names) and not set(fold(names[0]).split()) & set(fold(names[1]).split()):
        person.problems.append(warning("names_differ", rows=rows, text=" / ".join(names)))
    person.organizations = organizations
    person.texts |= later.texts
    person.attributes |= later.attributes
    person.is_leader = person.is_leader if later.is_leader is None else later.is_leader
    person.problems += later.problems


def _differs(person: Draft, later: Draft) -> bool:
    return any(person.texts.get(key) != text for key, text in later.texts.items()) or any(
        person.attributes.get(key) != value for key, value in later.attributes.items()
    )


def _joined(some: list[RosterOrganization], later: list[RosterOrganization]) -> list[RosterOrganization]:
    joined = {fold(organization.name): organization for organization in some}
    for organization in later:
        earlier = joined.get(fold(organization.name), organization)
        joined[fold(organization.name)] = replace(
            earlier, area=organization.area or earlier.area, kind=organization.kind or earlier.kind
        )
    return list(joined.values())


def _warn_of_shared_id(draft: Draft, identity: Identity, known: dict[str, int]) -> None:
    if any(sign.startswith("id:") and sign in known for sign in identity.signs()):
        external_id = draft.texts[Field.EXTERNAL_ID]
        draft.problems.append(warning("same_id", rows=draft.numbers[0], text=external_id))
