"""What a column of a roster can say about a person."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Field(TextChoices):
    FULL_NAME = "full_name", _("Name")
    GIVEN_NAME = "given_name", _("Given name")
    FAMILY_NAME = "family_name", _("Family name")
    EMAIL = "email", _("Email address")
    PHONE = "phone", _("Phone")
    EXTERNAL_ID = "external_id", _("ID in your files")
    ORGANIZATION = "organization", _("Organization")
    ORGANIZATION_AREA = "organization_area", _("Organization’s area")
    ORGANIZATION_TYPE = "organization_type", _("Organization’s type")
    IS_LEADER = "is_leader", _("Leads the organization (yes or no)")
    JOB_TITLE = "job_title", _("Job title")
    LANGUAGE = "language", _("Language")
    TIME_ZONE = "time_zone", _("Time zone")
    ACCESS_NEEDS = "access_needs", _("Access needs")
    JOINED_ON = "joined_on", _("Date joined")
    WISH = "wish", _("Ranked wish")
    NEEDS = "needs", _("Needs")
    EXPERTISE = "expertise", _("Expertise")
    FREE_HOURS = "free_hours", _("Hours when free")
    BUSY_HOURS = "busy_hours", _("Hours when not free")
    KEEP_WITH = "keep_with", _("People to be with")
    KEEP_APART = "keep_apart", _("People to be apart from")
    NOTES = "notes", _("Notes")
    TIMESTAMP = "timestamp", _("When they answered")
    ATTRIBUTE = "attribute", _("Keep for grouping people")
    IGNORED = "ignored", _("Leave out")


REPEATABLE = frozenset(
    {
        Field.ORGANIZATION,
        Field.WISH,
        Field.NEEDS,
        Field.EXPERTISE,
        Field.FREE_HOURS,
        Field.BUSY_HOURS,
        Field.KEEP_WITH,
        Field.KEEP_APART,
        Field.NOTES,
        Field.ATTRIBUTE,
        Field.IGNORED,
    }
)
"""Fields that several columns of one roster may share."""

IDENTIFYING = frozenset(
    {Field.FULL_NAME, Field.GIVEN_NAME, Field.FAMILY_NAME, Field.EMAIL, Field.PHONE, Field.EXTERNAL_ID}
)
"""Fields of which a roster needs at least one, to tell its people apart."""

DATES = frozenset({Field.JOINED_ON, Field.TIMESTAMP})
"""Fields that hold a date."""
