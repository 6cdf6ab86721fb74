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
    """Return one draft per person, in the order of their first rows.

    Nobody is joined against a stronger sign. Rows with one address and the names of two people are two
    people: the address stays with the first.
    """
    people: list[Draft] = []
    identities: dict[int, Identity] = {}
    known: dict[str, int] = {}
    sharing: dict[str, list[int]] = {}
    for draft in drafts:
        identity = _identity(draft)
        place = find(identity, known, identities)
        email = draft.texts.get(Field.EMAIL, "").lower()
        if place is not None and _is_somebody_else(people[place], draft):
            del draft.texts[Field.EMAIL]
            identity = _identity(draft)
            others = sharing.setdefault(email, [place])
            place = next((each for each in others if _may_be_called(people[each], draft)), None)
            if place is None:
                place = find(identity, known, identities)
            others += [len(people) if place is None else place]
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
    for email, places in sharing.items():
        _warn_of_shared_address(email, [people[place] for place in dict.fromkeys(places)])
    return people


def _is_somebody_else(person: Draft, later: Draft) -> bool:
    """Say whether two rows share an address and nothing else that tells them to be one person."""
    email, external_id = (
        person.texts.get(field) and person.texts.get(field) == later.texts.get(field)
        for field in (Field.EMAIL, Field.EXTERNAL_ID)
    )
    return bool(email) and not external_id and not _may_be_called(person, later)


def _may_be_called(person: Draft, later: Draft) -> bool:
    """Say whether two names may be of one person: each word or initial of one fits the other."""
    shorter, longer = sorted((fold(full_name(each)).split() for each in (person, later)), key=len)
    return all(any(_is_same_word(word, other) for other in longer) for word in shorter)


def _is_same_word(word: str, other: str) -> bool:
    if min(len(word), len(other)) == 1:  # an initial
        return word[0] == other[0]
    return word == other


def _warn_of_shared_address(email: str, people: list[Draft]) -> None:
    rows = " + ".join(str(number) for number in sorted(number for each in people for number in each.numbers))
    names = " / ".join(map(full_name, people))
    for each in people:
        each.problems.append(warning("shared_address", rows=rows, other=email, text=names))


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
