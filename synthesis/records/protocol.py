"""review.toml as a `Review`: every fault at the line of its key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields as names_of
from pathlib import Path
from typing import TypeVar

from synthesis.errors import InvalidData, Problem, did_you_mean
from synthesis.records.effects import MEASURES
from synthesis.records.review import FILE, Defaults, EvidenceSet, Modality, Outcome, Review, Row
from synthesis.records.study import BETTER, COMPARATORS, JUDGEMENT_NAME, NOT_STATED, Judgement, Place
from synthesis.records.toml_places import Path as KeyPath
from synthesis.records.toml_places import nearest, toml_places
from synthesis.records.toml_values import Tables

T = TypeVar("T")

RULES = Path(__file__).parents[1] / "scoring" / "rules"  # the folder is the registry
RULE = "pdtsrg-2009"  # where review.toml names none
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


def read_review(text: str, own_rules: Iterable[str] = ()) -> Review:
    """The review that the text of a review.toml states.

    Parameters
    ----------
    text : str
        The whole file.
    own_rules : iterable of str
        Rules that the review has in its own folder, beside those shipped. Whether the rule has the policy is seen
        where the rule is read: `synthesis.scoring.chosen`.

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
    reader = _Reader(toml_places(text), own_rules)
    review = reader.review(data)
    if reader.problems:
        raise InvalidData(reader.problems)
    return review


def rule_names(own_rules: Iterable[str] = ()) -> tuple[str, ...]:
    """The rules that there are: those shipped, and a review's own."""
    return tuple(sorted({*own_rules, *(path.stem for path in RULES.glob("*.yaml"))}))


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


class _Reader(Tables):
    """The tables of review.toml, one method each; a value is taken by its path."""

    def __init__(self, places: Mapping[KeyPath, tuple[int, int]], own_rules: Iterable[str]) -> None:
        super().__init__(places)
        self.rules = rule_names(own_rules)

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
            rule=self.choice(("rule",), parts, self.rules, RULE),
            policy=self.text(("policy",), parts),
            defaults=self.defaults(parts.get("defaults", {})),
            prisma=self.prisma(parts.get("prisma", {})),
            where={name: self.places[name,] for name in parts if (name,) in self.places},
        )

    def tables(
        self, name: str, parts: Mapping[str, object], read: Callable[[KeyPath, Mapping[str, object]], T]
    ) -> Mapping[str, T]:
        """What `read` makes of every table [name.key], by key."""
        found = self.mapping((name,), parts.get(name, {}))
        return {key: read((name, key), self.mapping((name, key), table)) for key, table in found.items()}

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
        return Modality(str(path[-1]), label, row, population, basis, self.judgements((*path, "judgements"), parts))

    def judgements(self, path: KeyPath, parts: Mapping[str, object]) -> tuple[Judgement, ...]:
        """What people judged of a modality, by name."""
        made = []
        for name, table in self.mapping(path, parts.get("judgements", {})).items():
            if not JUDGEMENT_NAME.fullmatch(name):
                remedy = "use small letters, digits and _, as the rule that asks for it does"
                self.fault((*path, name), "SY103", f"{name!r} is no name of a judgement", remedy)
            made.append(self.judgement((*path, name), table))
        return tuple(made)

    def judgement(self, path: KeyPath, table: object) -> Judgement:
        parts = self.fields(path, table, ("is", "because", "by"), needed=("is", "because"))
        value = self.judged((*path, "is"), parts)
        because, by = self.text((*path, "because"), parts), self.text((*path, "by"), parts)
        return Judgement(str(path[-1]), value, because, Place(FILE, *nearest(self.places, path)), by)

    def judged(self, path: KeyPath, parts: Mapping[str, object]) -> bool | float | str | None:
        """A truth, a number or text; None where it is `not stated`."""
        value = parts.get("is")
        if isinstance(value, bool):
            return value
        if isinstance(value, (int, float)):
            return self.number(path, parts, "a finite number", lambda _: True)
        text = self.text(path, parts)
        if isinstance(value, str) and not text:
            self.fault(path, "SY107", "a judgement without words", "write true, false, a number or words")
        return None if text == NOT_STATED else text

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


def _names(kind: type) -> tuple[str, ...]:
    """The keys of a table: the fields of the value that it becomes, without its name and places."""
    return tuple(field.name for field in names_of(kind) if field.name not in ("key", "where"))
