"""How things are timed: CPU seconds of this process, in turn with what they are compared with, medians."""

import gc
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

REPEATS = 5


@dataclass(frozen=True)
class Row:
    """One figure: `goal` is a bound on `value`, from above, or from below where `at_least`."""

    name: str
    value: float
    unit: str
    goal: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Tell whether the figure is within its goal."""
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    def as_dict(self) -> dict[str, Any]:
        """Give the row as results.json holds it."""
        return asdict(self) | {"value": round(self.value, 3), "met": self.met}


def cpu_seconds(work: Callable[[], object]) -> float:
    """Run once and give the CPU seconds it took, a garbage collection before it not counted."""
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def in_turn(*works: Callable[[], object], repeats: int = REPEATS) -> list[float]:
    """Run each once to warm up, then all in turn, `repeats` times; give each one's median of CPU seconds."""
    for work in works:
        work()
    rounds = [[cpu_seconds(work) for work in works] for _ in range(repeats)]
    return [median(times) for times in zip(*rounds, strict=True)]
