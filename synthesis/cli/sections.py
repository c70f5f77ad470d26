"""Options in sections of `--help`, and help that lists codes from the registries, which are read only when asked."""

from __future__ import annotations

from typing import Any

import click


class Option(click.Option):
    """An option of a section of the help; `codes` names the kind of `synth methods` whose codes its help lists."""

    def __init__(self, *declarations: Any, section: str = "", codes: str = "", **given: Any) -> None:
        super().__init__(*declarations, **given)
        self.section, self.codes = section, codes

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Flags and help; the codes stand where the help has `{codes}`."""
        found = super().get_help_record(ctx)
        if found is None or not self.codes:
            return found
        from synthesis.rendering.methods import codes

        return found[0], found[1].replace("{codes}", ", ".join(codes(self.codes)))


class Sections(click.Command):
    """A command whose help has its options in sections, those without one last."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each section with its options, in the order in which they were declared."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if record is not None:
                sections.setdefault(getattr(parameter, "section", "") or "Other options", []).append(record)
        other = sections.pop("Other options", [])
        for name, records in [*sections.items(), ("Other options", other)]:
            with formatter.section(name):
                formatter.write_dl(records)
