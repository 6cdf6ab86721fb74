"""What was measured on, and how figures are printed."""

import os
import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TICKS = os.sysconf("SC_CLK_TCK")


def facts() -> str:
    """One line: processors and how busy they are, Python, system, commit."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} processors (load {load:.1f} before), Python {platform.python_version()}, "
        f"{platform.system()} {platform.release()}, commit {commit or 'unknown'}"
    )


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Lay out rows under their heads; the first column to the left, figures to the right."""
    cells = [[str(cell) for cell in row] for row in [heads, *rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    lines = []
    for row in cells:
        first, *figures = (cell for cell in row)
        aligned = [figure.rjust(width) for figure, width in zip(figures, widths[1:], strict=True)]
        lines.append("  ".join([first.ljust(widths[0]), *aligned]).rstrip())
    return "\n".join(lines)


def at_most(what: str, figure: float, most: float) -> list[str]:
    """Name an aim that is missed, with its figure; an empty list says that it is met."""
    return wanted(what, round(figure, 2), f"at most {most:g}", is_met=figure <= most)


def wanted(what: str, figure: object, aim: str, *, is_met: bool) -> list[str]:
    """Name an aim in words of its own when it is missed."""
    return [] if is_met else [f"{what}: {figure}, and the aim is {aim}"]


def processes_of(pid: int) -> list[int]:
    """The process and all that descend from it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in processes_of(int(child)))]


def cpu_seconds(pid: int) -> float:
    """Processor time that a process and its descendants have used, in both modes."""
    total = 0
    for process in processes_of(pid):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def memory(pid: int) -> tuple[float, float]:
    """Resident and proportional set size, in MB, of a process and its descendants."""
    resident = proportional = 0
    for process in processes_of(pid):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            name, _, rest = line.partition(":")
            if name == "Rss":
                resident += int(rest.split()[0])
            elif name == "Pss":
                proportional += int(rest.split()[0])
    return resident / 1024, proportional / 1024


def memory_peak(pid: int) -> float:
    """The most that one process has had resident at any time, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def share(values: Sequence[float], portion: float) -> float:
    """The value below which this portion of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * portion))]
