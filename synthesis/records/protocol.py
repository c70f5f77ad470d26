"""review.toml as a `Review`: every fault at the line of its key."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields as names_of
from pathlib import Path
from typing import TypeVar

from synthesis.errors import InvalidData, Problem, did_you_mean
from synthesis.records.effects import MEASURES
from synthesis.records.review import FILE, Defaults, EvidenceSet, Modality, Outcome, Review, Row
from synthesis.records.study import BETTER, COMPARATORS
from synthesis.records.toml_places import Path as KeyPath
from synthesis.records.toml_places import nearest, toml_places
from synthesis.text import one_line

T = TypeVar("T")
Items = TypeVar("Items", list[object], tuple[str, ...])

RULES = Path(__file__).parents[1] / "scoring" / "rules"  # the folder is the registry
RULE = "pdtsrg-2009"  # where review.toml names none
POLICIES = ("literal", "cautious")
METHODS = (  # GENQ and GENQM are not among them: they need weights for each pool, which a review does not state
    "EE", "DL", "DL2", "DLIT", "DLMH", "HE", "HS", "HSk", "SJ", "SJIT", "ML", "REML", "EB", "PM", "PMM",
)  # fmt: skip
TESTS = ("z", "t", "knha", "adhoc", "adhoc-ci", "kr")
TAU2_INTERVALS = ("QP", "PL", "BJ", "J")  # GENQ needs weights too
PREDICTIONS = ("riley", "metafor", "t", "simple", "V", "HTS", "HK", "HK-PR", "KR", "KR-PR")
MODEL = {"method": METHODS, "test": TESTS, "tau2_interval": TAU2_INTERVALS, "prediction": PREDICTIONS}
OF_METHODS = {"kr": ("REML",), "KR": ("REML",), "KR-PR": ("REML",), "PL": ("ML", "REML")}  # no others have these
FAMILIES = {"binary": ("RR", "OR", "RD"), "continuous": ("SMD", "MD"), "time": ("HR",)}  # measures of each
FOLLOW_UP = re.compile(r"end|longest|nearest:[0-9]+(\.[0-9]+)?")


def read_review(text: str) -> Review:
    """The review that the text of a review.toml states.

    Raises
    ------
    InvalidData
        Everything wrong with it, in file order.
    """
    text = text.removeprefix("\ufeff")  # the byte order mark that some editors put before a file
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidData([_not_toml(error, text)]) from error
    reader = _Reader(toml_places(text))
    review = reader.review(data)
    if reader.problems:
        raise InvalidData(reader.problems)
    return review


def rule_names() -> tuple[str, ...]:
    """The rules that there are."""
    return tuple(sorted(path.stem for path in RULES.glob("*.yaml")))


def _not_toml(error: Exception, text: str) -> Problem:
    """What tomllib says, at the place it names at the end of its sentence."""
    said = str(error)
    found = re.search(r" \(at line (\d+), column (\d+)\)$", said)
    end = (text.rstrip().count("\n") + 1, 1)
    line, column = (int(found[1]), int(found[2])) if found else end if said.endswith("document)") else (1, 1)
    words = re.sub(r" \(at .*\)$", "", said) if isinstance(error, tomllib.TOMLDecodeError) else "nested too deeply"
    return Problem(FILE, line, column, "SY101", f"not TOML: {words}", _remedy(words))


def _remedy(said: str) -> str:
    if "Invalid value" in said:
        return 'put text in quotes: key = "value"; write true and false in small letters'
    if "overwrite" in said or "twice" in said:
        return "this key or table stands above already: keep one of them"
    if "Illegal character" in said or "Unterminated" in said:
        return "close the quotation mark on this line"
    return 'correct the line: key = "value" below a [table]'


class _Reader:
    """The tables of review.toml, one method each; a value is taken by its path."""

    def __init__(self, places: Mapping[KeyPath, tuple[int, int]]) -> None:
        self.places = places
        self.problems: list[Problem] = []

    def review(self, data: Mapping[str, object]) -> Review:
        parts = self.fields((), data, _names(Review), needed=("title", "evidence_sets", "outcomes", "modalities"))
        rows = self.rows(parts.get("rows", []))
        codes = [row.code for row in rows]
        return Review(
            title=self.text(("title",), parts),
            outcomes=self.tables("outcomes", parts, self.outcome),
            modalities=self.tables("modalities", parts, lambda path, table: self.modality(path, table, codes, parts)),
            populations=self.populations(parts.get("populations", {})),
            evidence_sets=self.tables("evidence_sets", parts, self.evidence_set),
            rows=rows,
            rule=self.choice(("rule",), parts, rule_names(), RULE),
            policy=self.choice(("policy",), parts, POLICIES, POLICIES[0]),
            defaults=self.defaults(parts.get("defaults", {})),
            prisma=self.prisma(parts.get("prisma", {})),
        )

    def outcome(self, path: KeyPath, table: Mapping[str, object]) -> Outcome:
        parts = self.fields(path, table, _names(Outcome), needed=("label",))
        event, complement = self.text((*path, "event"), parts), self.text((*path, "complement"), parts)
        if complement and not event:
            self.fault((*path, "complement"), "SY106", "a complement without its event", 'add event = "..."')
        if event and event == complement:
            self.fault((*path, "complement"), "SY103", f"{event!r} is its own complement", "name the other event")
        return Outcome(
            key=str(path[-1]),
            label=self.text((*path, "label"), parts),
            event=event,
            complement=complement,
            better=self.choice((*path, "better"), parts, BETTER, "lower"),
            details=self.texts((*path, "details"), parts),
            smallest_worthwhile=self.worthwhile((*path, "smallest_worthwhile"), parts),
            column=self.text((*path, "column"), parts),
            pooled=self.truth((*path, "pooled"), parts, otherwise=True),
        )

    def worthwhile(self, path: KeyPath, parts: Mapping[str, object]) -> Mapping[str, float]:
        table = self.fields(path, parts.get(str(path[-1]), {}), MEASURES)
        return {name: self.number((*path, name), table, "0 or more", lambda effect: effect >= 0) for name in table}

    def modality(
        self, path: KeyPath, table: Mapping[str, object], codes: list[str], review: Mapping[str, object]
    ) -> Modality:
        parts = self.fields(path, table, _names(Modality), needed=("label",))
        row = self.text((*path, "row"), parts)
        if row and row not in codes:
            self.fault((*path, "row"), "SY109", f"there is no row {row!r}", did_you_mean(row, codes))
        population = self.texts((*path, "population"), parts)
        declared = review.get("populations")
        names = list(declared) if isinstance(declared, dict) else []
        for name in population:
            if name not in names:
                what = f"no population {name!r} is declared"
                self.fault((*path, "population"), "SY109", what, did_you_mean(name, names))
        label, basis = self.text((*path, "label"), parts), self.text((*path, "basis"), parts)
        return Modality(str(path[-1]), label, row, population, basis)

    def evidence_set(self, path: KeyPath, table: Mapping[str, object]) -> EvidenceSet:
        parts = self.fields(path, table, _names(EvidenceSet), needed=("label",))
        living = self.truth((*path, "living"), parts, otherwise=True)
        return EvidenceSet(str(path[-1]), self.text((*path, "label"), parts), living)

    def populations(self, table: object) -> Mapping[str, str]:
        parts = self.mapping(("populations",), table)
        return {name: self.text(("populations", name), parts) for name in parts}

    def rows(self, tables: object) -> tuple[Row, ...]:
        if not isinstance(tables, list):
            self.wrong(("rows",), tables, "a list of tables", "head every row with [[rows]]")
            return ()
        rows, seen = [], set()
        for number, table in enumerate(tables):
            path: KeyPath = ("rows", number)
            parts = self.fields(path, table, _names(Row), needed=("code", "label"))
            row = Row(**{name: self.text((*path, name), parts) for name in _names(Row)})
            if row.code and row.code in seen:
                self.fault((*path, "code"), "SY120", f"two rows have the code {row.code!r}", "give each its own")
            seen.add(row.code)
            rows.append(row)
        return tuple(rows)

    def defaults(self, table: object) -> Defaults:
        path: KeyPath = ("defaults",)
        parts = self.fields(path, table, _names(Defaults))
        usual = Defaults()
        measure = self.fields((*path, "measure"), parts.get("measure", {}), FAMILIES)
        follow_up = self.text((*path, "follow_up"), parts) or usual.follow_up
        if not FOLLOW_UP.fullmatch(follow_up):
            remedy = 'write "end", "longest" or "nearest:12" with the months you want'
            self.fault((*path, "follow_up"), "SY103", f"{follow_up!r} is not a follow-up", remedy)
        model = {
            name: self.choice((*path, name), parts, allowed, getattr(usual, name)) for name, allowed in MODEL.items()
        }
        self.together(path, model)
        return Defaults(
            **model,
            level=self.levels((*path, "level"), parts) or usual.level,
            comparators=self.comparators((*path, "comparators"), parts) or usual.comparators,
            follow_up=follow_up,
            rho=self.number((*path, "rho"), parts, "a correlation", lambda rho: 0 <= rho <= 1, usual.rho),
            measure={
                **usual.measure,
                **{name: self.choice((*path, "measure", name), measure, FAMILIES[name], "") for name in measure},
            },
        )

    def together(self, path: KeyPath, model: Mapping[str, str]) -> None:
        """A test or an interval that the method of estimation does not have is a fault."""
        for name, methods in OF_METHODS.items():
            for key, value in model.items():
                if value == name and model["method"] not in methods:
                    what = f"{key} {value!r} goes with method {' or '.join(methods)}, not with {model['method']!r}"
                    self.fault((*path, key), "SY103", what, f"change the method, or take another {key}")

    def levels(self, path: KeyPath, parts: Mapping[str, object]) -> tuple[int, ...]:
        levels = self.some(path, parts, self.items(path, parts, "levels"))
        for level in levels:
            if type(level) is not int or not 1 <= level <= 5:
                remedy = "write whole numbers from 1 (weakest design) to 5 (randomised), such as [4, 5]"
                self.fault(path, "SY103", f"level {level!r} is not on the Maryland scale", remedy)
        return tuple(level for level in levels if type(level) is int)

    def comparators(self, path: KeyPath, parts: Mapping[str, object]) -> tuple[str, ...]:
        names = self.some(path, parts, self.texts(path, parts))
        for name in names:
            if name not in COMPARATORS:
                self.fault(path, "SY103", f"{name!r} is not a comparator", did_you_mean(name, COMPARATORS))
        return tuple(name for name in names if name in COMPARATORS)

    def prisma(self, table: object) -> Mapping[str, int]:
        counts = {}
        for name, count in self.mapping(("prisma",), table).items():
            if type(count) is int and count >= 0:
                counts[name] = count
            else:
                self.wrong(("prisma", name), count, "a count", "write a whole number from 0, or leave it out")
        return counts

    def tables(
        self, name: str, parts: Mapping[str, object], read: Callable[[KeyPath, Mapping[str, object]], T]
    ) -> Mapping[str, T]:
        """What `read` makes of every table [name.key], by key."""
        found = self.mapping((name,), parts.get(name, {}))
        return {key: read((name, key), self.mapping((name, key), table)) for key, table in found.items()}

    def fields(
        self, path: KeyPath, table: object, names: Iterable[str], needed: Iterable[str] = ()
    ) -> Mapping[str, object]:
        """The known keys of a table; unknown and missing ones are faults."""
        known, found = list(names), self.mapping(path, table)
        for key in found:
            if key not in known:
                what = f"{_words(path)} has no key {key!r}"
                self.fault((*path, key), "SY105", what, did_you_mean(key, known))
        for key in needed:
            if key not in found and isinstance(table, dict):
                self.fault(path, "SY106", f"{_words(path)} has no {key!r}", f"add {key!r}; docs/format.md shows how")
        return {key: value for key, value in found.items() if key in known}

    def mapping(self, path: KeyPath, table: object) -> Mapping[str, object]:
        if isinstance(table, dict):
            return table
        self.wrong(path, table, "a table", f"write it as [{_words(path)}] with its keys below")
        return {}

    def text(self, path: KeyPath, parts: Mapping[str, object]) -> str:
        """Text that may be absent; nothing else is text."""
        value = parts.get(str(path[-1]), "")
        if isinstance(value, str):
            return value.strip()
        self.wrong(path, value, "text", "put it in quotes")
        return ""

    def texts(self, path: KeyPath, parts: Mapping[str, object]) -> tuple[str, ...]:
        items = self.items(path, parts, "texts")
        for item in items:
            if not isinstance(item, str):
                self.wrong(path, item, "text", "put it in quotes")
        texts = tuple(item for item in items if isinstance(item, str))
        for text in sorted({text for text in texts if texts.count(text) > 1}):
            self.fault(path, "SY120", f"{text!r} is given twice", "keep one of them")
        return texts

    def some(self, path: KeyPath, parts: Mapping[str, object], items: Items) -> Items:
        if parts.get(str(path[-1])) == []:
            self.fault(path, "SY103", f"{path[-1]} is empty", "name at least one, or leave the key out")
        return items

    def items(self, path: KeyPath, parts: Mapping[str, object], what: str) -> list[object]:
        value = parts.get(str(path[-1]), [])
        if isinstance(value, list):
            return value
        self.wrong(path, value, f"a list of {what}", "put it in brackets: [...]")
        return []

    def choice(self, path: KeyPath, parts: Mapping[str, object], allowed: tuple[str, ...], otherwise: str) -> str:
        if path[-1] not in parts:
            return otherwise
        value = self.text(path, parts)
        if value in allowed:
            return value
        if isinstance(parts[str(path[-1])], str):
            self.fault(path, "SY103", f"{value!r} is not a known {path[-1]}", did_you_mean(value, allowed))
        return otherwise

    def truth(self, path: KeyPath, parts: Mapping[str, object], *, otherwise: bool) -> bool:
        value = parts.get(str(path[-1]), otherwise)
        if isinstance(value, bool):
            return value
        self.wrong(path, value, "true or false", "write true or false, without quotes")
        return otherwise

    def number(
        self,
        path: KeyPath,
        parts: Mapping[str, object],
        unit: str,
        holds: Callable[[float], bool],
        otherwise: float = 0.0,
    ) -> float:
        value = parts.get(str(path[-1]), otherwise)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self.wrong(path, value, "a number", "write a number without quotes")
        elif not (math.isfinite(value) and holds(value)):
            self.fault(path, "SY108", f"{value:g} is not {unit}", f"write {unit}")
        else:
            return float(value)
        return otherwise

    def wrong(self, path: KeyPath, value: object, wanted: str, remedy: str) -> None:
        kind = {dict: "a table", list: "a list", str: "text", bool: "true or false"}.get(type(value), "")
        self.fault(path, "SY107", f"{_words(path)} is {kind or value}, not {wanted}", remedy)

    def fault(self, path: KeyPath, code: str, what: str, remedy: str) -> None:
        line, column = nearest(self.places, path)
        self.problems.append(Problem(FILE, line, column, code, one_line(what), one_line(remedy)))


def _names(kind: type) -> tuple[str, ...]:
    """The keys of a table: the fields of the value that it becomes, without its name."""
    return tuple(field.name for field in names_of(kind) if field.name != "key")


def _words(path: KeyPath) -> str:
    return ".".join(str(key) for key in path if isinstance(key, str)) or FILE
