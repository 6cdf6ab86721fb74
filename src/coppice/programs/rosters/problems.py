"""What is wrong with a row of a roster, or worth knowing, in a sentence that says what to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


class Severity(TextChoices):
    SKIP = "skip", _("Skipped")
    WARN = "warn", _("Please check")


SENTENCES = {
    "nobody": _("This row names nobody: no name, email address, phone or ID. Add one of them."),
    "bad_email": _(
        "“{text}” is not an email address. Until it is mended, reach this person by phone or on paper."
    ),
    "second_email": _("This cell holds several email addresses. The first is used: {text}."),
    "bad_phone": _("“{text}” is not a phone number. Write it with its country, such as +64 21 555 1234."),
    "bad_date": _("“{text}” is not a date that we can read. Write it as 2026-03-01."),
    "unclear_date": _(
        "“{text}” may be day first or month first, and the column does not say. Write it as 2026-03-01."
    ),
    "bad_time_zone": _(
        "“{text}” is not a time zone that we know. Write it as America/New_York or UTC-05:00."
    ),
    "unknown_language": _(
        "We do not know the language “{text}”. It is kept, so that you can group people by it."
    ),
    "bad_yes": _("“{text}” is neither yes nor no. Write one of them."),
    "bad_hours": _("“{text}” is not a list of hours. Write them as 9AM;10AM or 9-11."),
    "too_long": _("“{text}…” is too long for its place and was cut. Shorten it."),
    "unknown_person": _("{text} is not in this file. Check the spelling, or remove the name."),
    "misspelt_person": _("{text} is not in this file. Is it {other}? Mend the name."),
    "repeated": _("Rows {rows} are the same person. Where they differ, the last one counts."),
    "several_organizations": _("Rows {rows} are the same person in {count} organizations."),
    "names_differ": _(
        "Rows {rows} are taken for one person, but give the names {text}. If they are two people, give each "
        "an email address or ID of their own."
    ),
    "shared_address": _(
        "Rows {rows} have one address, {other}, and the names {text}. We take them for different people, so "
        "that nobody is lost, and leave the address with the first. Give each an address of their own; or, "
        "if they are one person, the same name."
    ),
    "same_id": _(
        "Row {rows} has the same ID “{text}” but another email address, so we take them for two people. "
        "Check the ID."
    ),
    "perhaps_a_total": _(
        "“{text}” looks like a total, not like a person. If nobody is called so, remove the row and upload "
        "the file again."
    ),
    "role_mailbox": _(
        "{text} looks like the mailbox of an office, and the row gives no name. Add the name of the person "
        "who takes part."
    ),
    "returns": _(
        "This person was taken off the roster, and this file brings them back. If that is not wanted, remove "
        "the row and upload the file again."
    ),
    "same_person": _(
        "Somebody of this name is on the roster with an address that is not in this file. Until you say who "
        "this is, the row is left out."
    ),
}


SKIPPING = frozenset({"nobody"})


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A stable `code` with the `values` that its sentence tells; both are fit for JSON."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str | Promise:
        """What is wrong and what to do, in the reader's language."""
        return format_lazy(SENTENCES[self.code], **self.values)

    @property
    def severity(self) -> Severity:
        """Whether the row is skipped for it."""
        return Severity.SKIP if self.code in SKIPPING else Severity.WARN


def warning(code: str, **values: Any) -> RowProblem:
    """Return the problem with this code and the values of its sentence."""
    return RowProblem(code, values)


NOBODY = RowProblem("nobody")
RETURNS = RowProblem("returns")
SAME_PERSON = RowProblem("same_person")
