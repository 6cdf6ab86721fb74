"""What people on a roster say of themselves: where their clock is, what they speak, when they are free."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from coppice.history.actions import record
from coppice.programs.models import Enrollment


@transaction.atomic
def say_of_oneself(
    enrollment: Enrollment,
    *,
    by: Any,
    time_zone: str | None = None,
    languages: Sequence[str] | None = None,
    free_hours: Sequence[str] | None = None,
) -> Enrollment:
    """Keep what somebody says of themself in their roster row, which is the only place of it.

    `languages` are codes or names, `free_hours` slots of the week in their time zone ("mon-09"), both as an
    import keeps them; None leaves a thing as it is, an empty list takes it away. A later import of the same
    file keeps what was said here. Doing it twice changes nothing.
    """
    row = Enrollment.objects.select_for_update().select_related("program", "person").get(pk=enrollment.pk)
    changed = []
    if time_zone is not None and time_zone != row.time_zone:
        row.time_zone = time_zone
        changed.append("time_zone")
    for key, said in (("languages", languages), ("free_hours", free_hours)):
        if said is not None and list(said) != row.attributes.get(key, []):
            row.attributes = {name: value for name, value in row.attributes.items() if name != key}
            if said:
                row.attributes[key] = list(said)
            changed.append(key)
    if changed:
        row.save(update_fields=["time_zone", "attributes"])
        record(
            "enrollment.changed",
            scope=row.program.scope,
            by=by,
            subject=row,
            about=row.person,
            detail={"changed": changed},
        )
    return row
