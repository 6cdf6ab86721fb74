"""What people answered to each question, together: counts and means, never whose."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from coppice.surveys.instruments import Instrument, Kind, Question
from coppice.surveys.queries import Given


@dataclass(frozen=True)
class Line:
    """One answer, row or point: how many chose it, or the mean of what they gave."""

    label: str
    count: int = 0
    mean: float | None = None


@dataclass(frozen=True)
class Summary:
    """One question: how many answered, what they said. `words` are texts as people wrote them."""

    text: str
    answered: int
    lines: list[Line] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    @property
    def has_means(self) -> bool:
        return any(line.mean is not None for line in self.lines)


def summaries_of(document: Instrument, given: Sequence[Given], *, language: str) -> list[Summary]:
    """Return a summary of each question that somebody answered, in order."""
    summaries = []
    for question in document.questions:
        values = [each.answers[question.key] for each in given if question.key in each.answers]
        if values:
            summaries.append(_summary(document, question, values, language))
    return summaries


def _summary(document: Instrument, question: Question, values: list[Any], language: str) -> Summary:
    text, answered = document.say(question.text, language), len(values)
    labels = [(choice.key, document.say(choice.text, language)) for choice in question.choices]
    match question.kind:
        case Kind.CHOICE:
            counts = Counter(values)
            return Summary(text, answered, [Line(label, counts[key]) for key, label in labels])
        case Kind.SEVERAL:
            counts = Counter(key for value in values for key in value)
            return Summary(text, answered, [Line(label, counts[key]) for key, label in labels])
        case Kind.SCALE | Kind.ZERO_TO_TEN:
            counts = Counter(values)
            return Summary(text, answered, [Line(str(point), counts[point]) for point in question.points])
        case Kind.GRID:
            parts = [(label, [value[key] for value in values if key in value]) for key, label in labels]
            return Summary(text, answered, [_mean_line(label, numbers) for label, numbers in parts])
        case Kind.RANKING:
            parts = [
                (label, [value.index(key) + 1 for value in values if key in value]) for key, label in labels
            ]
            return Summary(text, answered, [_mean_line(label, numbers) for label, numbers in parts])
        case Kind.NUMBER:
            return Summary(text, answered, [_mean_line(text, values)])
        case Kind.DATE:
            return Summary(
                text, answered, [Line(str(day), count) for day, count in sorted(Counter(values).items())]
            )
        case Kind.TEXT:
            return Summary(text, answered, words=sorted(values, key=str.casefold))


def _mean_line(label: str, numbers: list[float]) -> Line:
    return Line(label, len(numbers), sum(numbers) / len(numbers) if numbers else None)
