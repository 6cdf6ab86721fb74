"""What every model keeps about a person: read for "download everything about me", obeyed for "erase me"."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from coppice.accounts.models import Person
from coppice.lib.personal import Erasure, Personal
from coppice.search import actions as search

# Models of packages cannot carry a `personal` attribute of ours.
THIRD_PARTY = {
    "account.EmailAddress": Personal(
        path="user", exports=("email", "verified", "primary"), on_erasure=Erasure.DELETE
    ),
    "account.EmailConfirmation": Personal(
        path="email_address__user", exports=("created", "sent"), on_erasure=Erasure.DELETE
    ),
    "mfa.Authenticator": Personal(
        path="user", exports=("type", "created_at", "last_used_at"), on_erasure=Erasure.DELETE
    ),
    "usersessions.UserSession": Personal(
        path="user", exports=("ip", "user_agent", "created_at", "last_seen_at"), on_erasure=Erasure.DELETE
    ),
}


@dataclass(frozen=True)
class Declaration:
    """One model, one way from its rows to a person, and what is done with them."""

    model: type[models.Model]
    personal: Personal

    @property
    def name(self) -> str:
        """A short name that tells the ways of one model apart: "history-entry-about"."""
        label = self.model._meta.label_lower.replace(".", "-")
        several = isinstance(getattr(self.model, "personal", None), tuple)
        return f"{label}-{self.personal.path.replace('__', '-')}" if several else label

    def rows(self, person: Person) -> models.QuerySet:
        """The rows that lead to this person."""
        return self.model._base_manager.filter(**{self.personal.path or "pk": person.pk})


def declarations() -> Iterator[Declaration]:
    """Return every declaration, the person's own row last."""
    own = None
    for model in apps.get_models():
        for personal in personal_of(model):
            declaration = Declaration(model=model, personal=personal)
            if model is Person:
                own = declaration
            else:
                yield declaration
    assert own is not None, "Person declares what of it is personal"
    yield own


def personal_of(model: type[models.Model]) -> tuple[Personal, ...]:
    """Return what a model declares: its own attribute, or our table for packages."""
    declared = getattr(model, "personal", None) or THIRD_PARTY.get(model._meta.label)
    if declared is None:
        return ()
    return declared if isinstance(declared, tuple) else (declared,)


def erase_rows(person: Person) -> None:
    """Do to every row that leads to the person what its model declares; call it inside a transaction.

    Search is told of what is cleared in bulk, as it hears of rows that are saved and deleted by itself.
    """
    for declaration in declarations():
        if declaration.personal.on_erasure is Erasure.DELETE:
            declaration.rows(person).delete()
        elif declaration.personal.on_erasure is Erasure.CLEAR:
            rows = list(declaration.rows(person)) if declaration.model in search.followers else []
            declaration.rows(person).update(**declaration.personal.cleared)
            search.mark_rows(rows)
