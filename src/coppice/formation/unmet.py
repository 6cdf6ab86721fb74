"""What somebody answered and did not get where they are: told to the staff, before why they are there."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from coppice.formation.rules import Answers, Kind, Rule, text
from coppice.formation.wording import field_label, value_words

TO_BE_SHARED = {Kind.ALIKE, Kind.TOGETHER}


def unmet_sentences(own: Answers, here: Iterable[Answers], rules: Sequence[Rule]) -> list[str]:
    """Return for each thing that a group is to have in common what somebody said in vain, in a sentence.

    `own` are their answers by field, `here` those of everybody in the community, them among these. Said in
    vain is what others share less than some other answer; where nobody has more company, nothing is said.
    """
    people = list(here)
    fields = dict.fromkeys(rule.field for rule in rules if rule.kind in TO_BE_SHARED and rule.field)
    return [told for field in fields if (told := _unmet(field, own, people))]


def _unmet(field: str, own: Answers, people: Sequence[Answers]) -> str:
    mine = [text(value) for value in own.get(field, ())]
    counts = Counter(text(value) for each in people for value in each.get(field, ()))
    if not mine or not counts:
        return ""
    common, most = counts.most_common(1)[0]
    if any(counts[value] >= most for value in mine):
        return ""
    return _(
        "Answered “%(value)s” (%(field)s) and did not get it: here %(count)d of %(people)d people answered "
        "“%(common)s”."
    ) % {
        "value": ", ".join(value_words(field, value) for value in mine),
        "field": field_label(field),
        "count": most,
        "people": len(people),
        "common": value_words(field, common),
    }
