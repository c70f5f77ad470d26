"""A group of commands that are imported one at a time."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import click

Commands = Mapping[str, tuple[str, str, str]]  # name -> module, attribute, one line of help


class LazyGroup(click.Group):
    """A group whose help needs no command module, and whose commands are imported one at a time.

    Parameters
    ----------
    commands_of : mapping
        By name: the module, the attribute and the line of help of each command.
    """

    def __init__(self, *args: Any, commands_of: Commands, **more: Any) -> None:
        super().__init__(*args, **more)
        self.commands_of = commands_of

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All command names, sorted."""
        return sorted(self.commands_of)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now; None where there is none of that name."""
        if cmd_name not in self.commands_of:
            return None
        module, attribute, _ = self.commands_of[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the registry alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.commands_of[name][2]) for name in self.list_commands(ctx)])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest command suggested for a mistyped one."""
        if args and args[0] not in self.commands_of and not args[0].startswith("-"):
            from synthesis.errors import did_you_mean

            ctx.fail(f"no command {args[0]!r}: {did_you_mean(args[0], self.commands_of)}")
        return super().resolve_command(ctx, args)
