"""How far a long command is: a bar on stderr."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any, Self

import click

PATIENCE = 2.0  # seconds before a bar appears


class Progress:
    """A bar on stderr, on a terminal only, and only for what lasts longer than two seconds."""

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.done = -1
        self.started = time.monotonic()
        self.bar: Any = None

    def say(self, step: str) -> None:
        """A step begins; all before it are done."""
        self.done += 1
        if self.bar is None and sys.stderr.isatty() and time.monotonic() - self.started > PATIENCE:
            self.bar = click.progressbar(length=self.steps, file=sys.stderr, item_show_func=lambda name: name)
            self.bar.__enter__()
            self.bar.update(self.done - 1, step)
        if self.bar is not None:
            self.bar.update(1, step)

    def say_of(self, step: str, steps: int) -> None:
        """A step begins, of so many."""
        self.steps = steps
        self.say(step)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bar is not None:
            self.bar.update(0 if kind else self.steps - self.done)
            self.bar.__exit__(kind, error, trace)
