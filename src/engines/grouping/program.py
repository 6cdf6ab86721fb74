"""Linear and whole-number programs, solved by HiGHS, with a bound that does not depend on its word.

Huangfu and Hall, "Parallelizing the dual revised simplex method", Mathematical Programming Computation 10
(2018). HiGHS is loaded by the first program that is solved, and not by importing this module.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

OPTIONS = {
    "output_flag": False,
    "log_to_console": False,
    "threads": 1,
    "mip_max_nodes": 400,
    "mip_rel_gap": 1e-3,
}
"""One thread, not a word, and a limit that is counted and not timed, so that it ends alike everywhere."""

ROUNDING = 1e-9
"""What is added to a bound for the rounding of sums, for each unit of the largest worth."""


@dataclass(frozen=True, slots=True)
class Solved:
    """The columns' values (none if nothing was found), and the rows' prices (0 where there are none)."""

    values: list[float]
    prices: list[float]


class Program:
    """Maximise the worth of columns from 0 to their upper limits, with every row's sum within its limits."""

    def __init__(self) -> None:
        self.low: list[float] = []
        self.high: list[float] = []
        self.worth: list[float] = []
        self.upper: list[float] = []
        self.whole: list[bool] = []
        self.row_of: list[int] = []
        self.column_of: list[int] = []
        self.times: list[float] = []

    def row(self, low: float, high: float) -> int:
        """A new row, without columns yet; returns its number."""
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def column(
        self, worth: float, upper: float, entries: Iterable[tuple[int, float]] = (), *, whole: bool = False
    ) -> int:
        """A new column of (row, times) entries; returns its number. The upper limit has to be finite."""
        self.worth.append(worth)
        self.upper.append(upper)
        self.whole.append(whole)
        column = len(self.worth) - 1
        for row, times in entries:
            self.enter(row, column, times)
        return column

    def enter(self, row: int, column: int, times: float) -> None:
        """Let a column count so many times in a row; what is entered twice adds up."""
        self.row_of.append(row)
        self.column_of.append(column)
        self.times.append(times)

    def solve(self) -> Solved:
        """The best values found, and in a program without whole columns the prices that prove it."""
        import highspy
        import numpy

        matrix = _matrix(self, numpy)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.worth), len(self.low)
        model.col_cost_ = numpy.array(self.worth)
        model.sense_ = highspy.ObjSense.kMaximize
        model.col_lower_, model.col_upper_ = numpy.zeros(len(self.worth)), numpy.array(self.upper)
        model.row_lower_, model.row_upper_ = numpy.array(self.low), numpy.array(self.high)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = matrix
        if any(self.whole):
            kinds = highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger
            model.integrality_ = [kinds[is_whole] for is_whole in self.whole]
        solver = _quiet(highspy)
        for option, value in OPTIONS.items():
            solver.setOptionValue(option, value)
        solver.passModel(model)
        solver.run()
        solution = solver.getSolution()
        prices = list(solution.row_dual) if solution.dual_valid else [0.0] * len(self.low)
        return Solved(list(solution.col_value) if solution.value_valid else [], prices)

    def ceiling(self, prices: list[float]) -> float:
        """What no values can surpass, by weak duality: it holds whatever the prices are.

        With reduced worths r = worth - prices x matrix it is the sum over rows of price x the limit that
        the price pushes to, plus the sum over columns of max(0, r) x upper limit.
        """
        reduced = list(self.worth)
        prices = [0.0 if math.isinf(self._limit(row, price)) else price for row, price in enumerate(prices)]
        for row, column, times in zip(self.row_of, self.column_of, self.times, strict=True):
            if prices[row]:
                reduced[column] -= prices[row] * times
        rows = math.fsum(price * self._limit(row, price) for row, price in enumerate(prices) if price)
        columns = math.fsum(r * u for r, u in zip(reduced, self.upper, strict=True) if r > 0)
        return rows + columns + ROUNDING * max(1.0, *map(abs, self.worth))

    def _limit(self, row: int, price: float) -> float:
        return self.high[row] if price > 0 else self.low[row] if price < 0 else 0.0


def _quiet(highspy: Any) -> Any:
    """A solver that keeps its name to itself: enabling callbacks, which nobody needs here, prints it."""

    class Quiet(highspy.Highs):
        def enableCallbacks(self) -> None:
            self.setOptionValue("output_flag", False)

    return Quiet()


def _matrix(program: Program, numpy: Any) -> tuple[Any, Any, Any]:
    """The entries column by column: where each column starts, and rows and times."""
    columns = numpy.array(program.column_of, dtype=numpy.int64)
    order = numpy.argsort(columns, kind="stable")
    counts = numpy.bincount(columns, minlength=len(program.worth))
    starts = numpy.concatenate([[0], numpy.cumsum(counts)]).astype(numpy.int32)
    rows = numpy.array(program.row_of, dtype=numpy.int32)[order]
    return starts, rows, numpy.array(program.times)[order]
