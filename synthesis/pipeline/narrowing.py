"""A part of a review's evidence: what stood in some year, what comes from one setting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from synthesis.errors import InvalidArgument, did_you_mean
from synthesis.pipeline.loading import Loaded, document_years, first_years
from synthesis.records.study import SETTINGS, Finding, Study

LeftOut = tuple[str, str]  # a study, and why it takes no part


def narrowed(
    loaded: Loaded, *, as_of: int | None = None, setting: str | None = None
) -> tuple[Loaded, tuple[LeftOut, ...]]:
    """The review with a part of its evidence, and every study that is left out with the reason.

    Parameters
    ----------
    loaded : Loaded
        The whole review.
    as_of : int, optional
        Only studies that were first reported in that year or earlier, without what their own later reports add; a
        study for whose reports the library states no year is left out.
    setting : str, optional
        Only samples in that setting.

    Raises
    ------
    InvalidArgument
        There is no such setting.
    """
    if setting is not None and setting not in SETTINGS:
        raise InvalidArgument(f"no setting {setting!r}: {did_you_mean(setting, SETTINGS)}")
    studies, left = loaded.records.studies, []
    if as_of is not None:
        kept = []
        years, documents = first_years(loaded.root, studies), document_years(loaded.root)
        for study in studies:
            reason = _too_late(years.get(study.key), as_of)
            if reason:
                left.append((study.key, reason))
            else:
                kept.append(replace(study, findings=_known_by(study, documents, as_of)))
                left += _later(study, kept[-1], as_of)
        studies = tuple(kept)
    if setting is not None:
        left += [(study.key, f"setting {study.sample.setting}") for study in _elsewhere(studies, setting)]
        studies = tuple(study for study in studies if study.sample.setting == setting)
    return replace(loaded, records=replace(loaded.records, studies=studies)), tuple(sorted(left))


def _too_late(year: int | None, as_of: int) -> str:
    """Why a study did not stand in a year; empty where it did."""
    if year is None:
        return "the library states no year of a report of it"
    return f"first reported in {year}" if year > as_of else ""


def _known_by(study: Study, documents: Mapping[str, int], as_of: int) -> tuple[Finding, ...]:
    """The findings without those that a later report of the study itself states."""
    later = {key for key in study.cite if documents.get(key, as_of) > as_of}
    return tuple(finding for finding in study.findings if finding.source.document not in later)


def _later(study: Study, kept: Study, as_of: int) -> Iterator[LeftOut]:
    number = len(study.findings) - len(kept.findings)
    if number:
        yield study.key, f"{number} finding{'' if number == 1 else 's'} of its reports after {as_of}"


def _elsewhere(studies: Iterable[Study], setting: str) -> Iterator[Study]:
    return (study for study in studies if study.sample.setting != setting)
