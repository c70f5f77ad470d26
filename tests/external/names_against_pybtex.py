"""Names as synthesis and as pybtex split them.

    pip install pybtex    # in an environment of its own; it is no dependency
    PYTHONPATH=THAT/site-packages python tests/external/names_against_pybtex.py FILE.bib...

Reads every author and editor of the files, and the invented names below, with both, and lists what differs.
pybtex keeps LaTeX; both sides are compared as a reader sees them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pybtex.bibtex.utils import split_name_list
from pybtex.database import Person

from synthesis.bibliography import latex
from synthesis.bibliography.library import read_library
from synthesis.bibliography.names import names_of

INVENTED = r"""
jean de la fontaine | Jean de la Fontaine | jean de la Fontaine | de la Fontaine, Jean | De La Fontaine, Jean | Jean De La Fontaine
AA BB | AA | AA bb | aa | AA bb CC | AA bb CC dd EE | AA 1B cc dd | AA 1b cc dd | AA {b}B cc dd | AA {\'e}b CC | AA {\'E}b CC
AA \"{b} cc dd | AA {\"b} cc dd | AA {bb} cc DD | AA bb {cc} DD | AA {bb} CC | bb CC, AA | bb, AA | bb CC dd EE, AA | CC dd, AA
bb, XX, AA | BB, Jr, AA | BB, , AA | bb CC, XX, AA | bb CC dd EE, XX, AA | Dd, AA | {Dd} {EE}, AA | dd{ }ee, AA | Dd~Ee, AA
Ford, Jr., Henry | Henry {Ford, Jr.} | Henry Ford Jr. | Maria {\MakeUppercase{d}e La} Cruz | Donald~E. Knuth | Jean-Paul Sartre
{World Health Organization} | {Barnes and Noble, Inc.} | Barnes {and} Noble | Per Brinch Hansen | Brinch Hansen, Per
Brinch~Hansen, Per | Charles Louis Xavier Joseph de la Vall{\'e}e Poussin | {\OE}uvre Smith | {\oe}uvre Smith | A {\oe}b Smith
Ludwig van Beethoven | van Beethoven, Ludwig | Van Beethoven, Ludwig | {Van Beethoven}, Ludwig | Ludwig {van Beethoven}
Vicente de {la Cruz} Dom{\'i}nguez | d'Alembert, Jean | Jean d'Alembert | Jean Le Rond d'Alembert | O'Neil, Pat | al-Biruni, Abu
M{\"u}ller, J{\"o}rg | von M{\"u}ller, J. | Gerhard von der {\O}resund | \AA ngstr{\"o}m, K | {\AA}ngstr{\"o}m, Anders
Smith, J. and Jones, K. | Smith, J. AND Jones, K. | A and B and C | {A and B} and C | A and {B} and {C and D} | Smith,John
王小明 | 王, 小明 | Иван Петров | Élise élan Dupont | élan Dupont | ȷohn Doe | Ángel Sánchez y Pérez | Sánchez y Pérez, Ángel
"""  # noqa: E501 - one list


def shown(text: str) -> str:
    return " ".join(latex.plain(text).replace("\u00a0", " ").split())


def theirs(value: str) -> list[tuple[str, str, str, str]]:
    found = []
    for text in split_name_list(value):
        if not text.strip():
            continue
        person = Person(text)
        parts = (
            person.first_names + person.middle_names,
            person.prelast_names,
            person.last_names,
            person.lineage_names,
        )
        found.append(tuple(shown(" ".join(part)) for part in parts))
    return found


def ours(value: str) -> list[tuple[str, str, str, str]]:
    names = names_of(value)
    found = [(name.given, name.prefix, name.family or name.literal, name.suffix) for name in names.people]
    return [*found, ("", "", "others", "")] if names.others else found


def values(paths: list[str]) -> list[str]:
    entries = [entry for path in paths for entry in read_library(Path(path)).entries]
    written = [field.value for entry in entries for field in entry.fields if field.name in ("author", "editor")]
    return written + [name.strip() for line in INVENTED.strip().splitlines() for name in line.split("|")]


def main() -> None:
    all_values = values(sys.argv[1:])
    different, people = [], 0
    for value in all_values:
        try:
            expected = theirs(value)
        except Exception as error:  # noqa: BLE001 - what pybtex refuses is listed, whatever it raises
            different.append((value, f"pybtex: {error!r}", ours(value)))
            continue
        people += len(expected)
        if expected != ours(value):
            different.append((value, expected, ours(value)))
    for value, expected, found in different:
        print(f"{value[:200]}\n    pybtex {expected!s:.300}\n    ours   {found!s:.300}")
    print(f"{len(all_values)} values, {people} names; {len(different)} values differ")


if __name__ == "__main__":
    main()
