"""What a decision's answers are in a table to take away."""

from django.utils.translation import gettext as _

from coppice.conversations.decision_board import Result
from coppice.conversations.decision_models import Decision


def rows_of(decision: Decision, result: Result) -> tuple[list[str], list[list[object]]]:
    """Return header and rows: each person's answer and reason; without names, the counts of options alone."""
    if decision.is_secret:
        header = [_("option"), _("people"), *([_("dots")] if decision.kind == Decision.Kind.DOTS else [])]
        dots = decision.kind == Decision.Kind.DOTS
        return header, [[row.label, row.people, *([row.weight] if dots else [])] for row in result.rows]
    header = [
        _("name"),
        _("answer"),
        _("reason"),
        _("proposal"),
        _("entered by somebody else"),
        _("at (UTC)"),
    ]
    return header, [
        [
            word.name,
            word.says,
            word.reason.text or (_("hidden") if word.reason.is_hidden else ""),
            word.proposal,
            _("yes") if word.ballot.entered_by_id else "",
            f"{word.ballot.at:%Y-%m-%d %H:%M}",
        ]
        for word in result.words
    ]
