"""The parts of a form that say what columns say, which topics there are, who asked for whom, and fairness."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coppice.formation.aspects import About, Aspects, Offer, Says
from coppice.formation.rules import Kind, Rule
from coppice.formation.sight import Company, Sight
from coppice.programs.rosters.headers import fold
from coppice.programs.wording import attribute_label

LARGEST = 200
FAIRNESS = [
    (0, gettext_lazy("Best on the whole")),
    (1, gettext_lazy("Mostly the whole")),
    (2, gettext_lazy("Both alike")),
    (3, gettext_lazy("Mostly the weakest")),
    (4, gettext_lazy("Weakest first")),
]


@dataclass(frozen=True)
class OfferedTopic:
    """One topic as the form draws it: its tick, its limits, and how many people want it."""

    tick: forms.BoundField
    limits: list[forms.BoundField]
    wanted: str

    @property
    def has_limits(self) -> bool:
        return any(limit.value() or limit.errors for limit in self.limits)


class AspectFields:
    """Adds these parts to a form, and gives the aspects that they say."""

    def __init__(self, form: forms.BaseForm, sight: Sight, aspects: Aspects, rules: list[Rule]) -> None:
        self._form, self._sight = form, sight
        self._columns = {f"says_{_key(name)}": name for name in sight.column_names}
        self._add_columns()
        if form.is_bound:
            sight.correct(self._sent_columns())
        self._topics = {_key(name): name for name in sight.demand}
        self._company = {each.key: each for each in sight.company}
        self._add_topics(aspects)
        self._add_company(rules)
        form.fields["fairness"] = forms.TypedChoiceField(
            label=_("Where not everything can be had"),
            help_text=_("“Weakest first” lifts the group that gets least, and costs the others a little."),
            choices=FAIRNESS,
            coerce=int,
            initial=aspects.fairness,
            required=False,
            widget=forms.RadioSelect,
        )

    @property
    def columns(self) -> list[forms.BoundField]:
        """The selects of the columns that say more than a value, then all others."""
        fields = [self._form[name] for name in self._columns]
        return sorted(fields, key=lambda field: field.value() in (None, Says.VALUE.value))

    @property
    def told_columns(self) -> list[forms.BoundField]:
        return [field for field in self.columns if field.value() not in (None, Says.VALUE.value)]

    @property
    def other_columns(self) -> list[forms.BoundField]:
        return self.columns[len(self.told_columns) :]

    @property
    def topics(self) -> list[OfferedTopic]:
        return [
            OfferedTopic(
                tick=self._form[f"offer_{key}"],
                limits=[self._form[f"{part}_{key}"] for part in ("least", "largest", "most", "sure")],
                wanted=self._wanted(name),
            )
            for key, name in self._topics.items()
        ]

    @property
    def topic_names(self) -> list[str]:
        return list(self._topics.values())

    @property
    def company(self) -> forms.BoundField | None:
        """The ticks for people who asked for one another; None where nobody asked."""
        return self._form["company"] if self._company else None

    def aspects(self, cleaned: Mapping[str, Any]) -> Aspects:
        """Return what was chosen."""
        about = About(cleaned.get("about") or About.NOTHING)
        return Aspects(
            columns=dict(self._sight.columns),
            about=about,
            offers=tuple(self._offers(cleaned, about)),
            fairness=cleaned.get("fairness") or 0,
        )

    def rules(self, cleaned: Mapping[str, Any]) -> list[Rule]:
        """Return the rules of the people who are to be together or apart, as ticked."""
        return [self._company[key].rule for key in cleaned.get("company") or ()]

    def offered(self, aspects: Aspects) -> dict[str, str]:
        """Return the topics on offer by folded name."""
        return {fold(offer.topic): offer.topic for offer in aspects.offers}

    def _offers(self, cleaned: Mapping[str, Any], about: About) -> list[Offer]:
        if about == About.OPEN:
            return [Offer(name) for name, demand in self._sight.demand.items() if demand.any]
        if about == About.NOTHING:
            return []
        return [
            Offer(
                topic=name,
                minimum=cleaned.get(f"least_{key}") or 0,
                maximum=cleaned.get(f"largest_{key}") or 0,
                most=cleaned.get(f"most_{key}") or 0,
                may_be_left_out=not cleaned.get(f"sure_{key}"),
            )
            for key, name in self._topics.items()
            if cleaned.get(f"offer_{key}")
        ]

    def clean(self, cleaned: Mapping[str, Any], aspects: Aspects) -> None:
        """Say what needs another look."""
        if aspects.about == About.OFFERED and not aspects.offers:
            self._form.add_error("about", _("Tick at least one topic to offer, or say that there are none."))
        if aspects.about == About.OPEN and not aspects.offers:
            self._form.add_error("about", _("Nobody wishes for a topic yet. Offer some, or say no."))
        for key in self._topics:
            least, largest = cleaned.get(f"least_{key}"), cleaned.get(f"largest_{key}")
            if least and largest and least > largest:
                self._form.add_error(f"largest_{key}", _("The largest size is not below the smallest."))

    def _sent_columns(self) -> dict[str, Says]:
        """What was sent of each column; one of which nothing was sent stays as it was."""
        sent = {name: self._form.data.get(field) for field, name in self._columns.items()}
        stands = self._sight.columns
        return {
            name: Says(said) if said in Says.values else stands.get(name, Says.VALUE)
            for name, said in sent.items()
        }

    def _add_columns(self) -> None:
        for field, name in self._columns.items():
            self._form.fields[field] = forms.ChoiceField(
                label=attribute_label(name),
                choices=Says.choices,
                required=False,
                initial=self._sight.columns.get(name, Says.VALUE).value,
            )

    def _add_topics(self, aspects: Aspects) -> None:
        fields = self._form.fields
        fields["about"] = forms.ChoiceField(
            label=_("Are they about topics?"),
            choices=About.choices,
            initial=aspects.about.value,
            required=False,
            widget=forms.RadioSelect,
        )
        known = {offer.topic: offer for offer in aspects.offers}
        for key, name in self._topics.items():
            offer = known.get(name)
            is_on = offer is not None if known else self._sight.demand[name].any > 0
            fields[f"offer_{key}"] = forms.BooleanField(label=name, required=False, initial=is_on)
            fields[f"least_{key}"] = _size(_("Smallest size"), offer.minimum if offer else 0)
            fields[f"largest_{key}"] = _size(_("Largest size"), offer.maximum if offer else 0)
            fields[f"most_{key}"] = _size(_("How many at most"), offer.most if offer else 0)
            fields[f"sure_{key}"] = forms.BooleanField(
                label=_("There has to be one"),
                required=False,
                initial=offer is not None and not offer.may_be_left_out,
            )

    def _add_company(self, rules: list[Rule]) -> None:
        if self._company:
            asked = {each.rule: key for key, each in self._company.items()}
            self._form.fields["company"] = forms.MultipleChoiceField(
                label=_("People who asked for one another"),
                help_text=_("Tick what you want to hold. Nobody is told who asked."),
                choices=[(key, _company_label(each)) for key, each in self._company.items()],
                initial=[asked[rule] for rule in rules if rule in asked],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    def _wanted(self, name: str) -> str:
        demand = self._sight.demand[name]
        if not demand.any:
            return _("Nobody asked for it.")
        return ngettext("One person wants it", "%(people)d people want it", demand.any) % {
            "people": demand.any
        } + _(", %(first)d first of all.") % {"first": demand.first}


def _company_label(each: Company) -> str:
    """Who asks is told to nobody but the manager, who set the question."""
    one, other = each.names
    sentence = (
        _("%(one)s and %(other)s together")
        if each.kind == Kind.PEOPLE_TOGETHER
        else _("%(one)s and %(other)s apart")
    )
    said = sentence % {"one": one, "other": other}
    return _("%(pair)s (both asked)") % {"pair": said} if each.both else said


def _size(label: str, initial: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=1, max_value=LARGEST, initial=initial or None
    )


def _key(name: str) -> str:
    """A name that is short, and the same in every form."""
    return hashlib.blake2b(name.encode(), digest_size=5).hexdigest()
