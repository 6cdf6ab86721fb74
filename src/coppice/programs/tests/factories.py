"""Real rows for the tests of programs."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from coppice.accounts.models import Person
from coppice.programs.models import Program, Provider, Staff

ROSTERS = Path(__file__).resolve().parents[5] / "shared" / "data" / "rosters"
needs_rosters = pytest.mark.skipif(
    not ROSTERS.is_dir(), reason="the shared rosters are not beside the checkout"
)


def person(name: str = "Rosa Medina", **fields: Any) -> Person:
    fields.setdefault("email", f"{name.lower().replace(' ', '.')}@example.org")
    return Person.objects.create_user(name=name, **fields)


def provider(name: str = "Healthy Start", *, administrator: Person | None = None) -> Provider:
    made = Provider.objects.create(name=name)
    if administrator is not None:
        Staff.objects.create(
            provider=made,
            person=administrator,
            name=administrator.name,
            email=administrator.email or "",
            role=Staff.Role.ADMIN,
        )
    return made


def program(of: Provider | None = None, **fields: Any) -> Program:
    defaults: dict[str, Any] = {
        "provider": of or provider(),
        "name": "Rural transport",
        "award_starts": date(2026, 1, 1),
        "award_ends": date(2027, 1, 1),
    }
    return Program.objects.create(**{**defaults, **fields})
