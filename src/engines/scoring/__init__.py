"""Answers of people in; measures with how sure they are out. See README.md."""

from engines.scoring.gaps import Gap, Interval, Opinion, rank_gaps
from engines.scoring.hiding import may_be_shown
from engines.scoring.student import within

__all__ = ["Gap", "Interval", "Opinion", "may_be_shown", "rank_gaps", "within"]
