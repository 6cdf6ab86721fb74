"""The signed link by which a person fills in their own profile, without an account."""

from django.urls import reverse

from coppice.accounts.links import Link, make_token, read_token
from coppice.programs.models import Enrollment

PROFILE = "profile"


def token_of(enrollment: Enrollment) -> str:
    """Return the token of this person's own link to their profile in one program."""
    return make_token(PROFILE, person=enrollment.person, subject_id=enrollment.pk)


def read(token: str) -> Link:
    """Return the person and enrollment id behind a token; raises Http404 when it does not hold."""
    return read_token(PROFILE, token)


def profile_path(enrollment: Enrollment) -> str:
    """Return the path of this person's own profile."""
    return reverse("profiles:own", args=[token_of(enrollment)])


def start_path(enrollment: Enrollment) -> str:
    """Return the path where this person says in two minutes what they need and offer."""
    return reverse("profiles:own_start", args=[token_of(enrollment)])
