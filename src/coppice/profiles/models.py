"""The needs assessment: a wave of a survey about a program's topics."""

from datetime import date
from typing import Any

from django.db import models
from django.urls import reverse

from coppice.programs.models import Program, providers_of
from coppice.surveys.models import Wave


class NeedsAssessmentQuerySet(models.QuerySet["NeedsAssessment"]):
    def visible_to(self, person: Any) -> "NeedsAssessmentQuerySet":
        """Assessments of programs that the person runs."""
        return self.filter(wave__program__provider__in=providers_of(person))


class NeedsAssessment(models.Model):
    """That a wave asks how important each topic of a program is, and how confident people are in it."""

    wave = models.OneToOneField(Wave, on_delete=models.CASCADE, related_name="needs_assessment")

    objects = NeedsAssessmentQuerySet.as_manager()

    def __str__(self) -> str:
        return self.wave.name

    def get_absolute_url(self) -> str:
        return reverse("profiles:assessment", args=[self.pk])

    @property
    def last_day(self) -> date:
        """The last day on which people answer, by the program's clock."""
        return self.wave.last_day

    @property
    def is_open(self) -> bool:
        """Whether people can answer now."""
        return self.wave.is_open

    @property
    def program(self) -> Program:
        return self.wave.program
