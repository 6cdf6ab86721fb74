"""Refusals of formation's actions."""

from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError


class NotProposed(DomainError):
    """Nothing can be changed by hand before there is a proposal, or after it was published."""

    code = "not_proposed"
    sentence = _("There is no open proposal to change. Wait until it is worked out, or start another one.")


class AlreadyPublished(DomainError):
    """What was published stays: people have been invited by it."""

    code = "already_published"
    sentence = _("This proposal is published already. Start another one to form more.")


class Full(DomainError):
    """A community never grows over its largest size by hand."""

    code = "full"
    sentence = _("There is no free place there. Move somebody else out first, or allow larger sizes.")


class OtherFormation(DomainError):
    """People move within one proposal, the one on the table."""

    code = "other_formation"
    sentence = _("This belongs to another proposal than the one shown now. Choose one from the list.")


class NobodyPlaced(DomainError):
    """A proposal without people founds nothing."""

    code = "nobody_placed"
    sentence = _("There is nobody in this proposal. Bring people in, then work it out again.")
