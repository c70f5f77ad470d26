"""The codes of what can be wrong with review.toml and the records: SY1xx, SY2xx, SY7xx."""

from __future__ import annotations

from collections.abc import Mapping

CODES: Mapping[str, str] = {
    "SY100": "a file that cannot be read: too large, not UTF-8, outside the review",
    "SY101": "text that is not YAML or not TOML",
    "SY102": "YAML that records do without: anchors, aliases, tags, tabs, several documents, deep nesting",
    "SY103": "a value that is not one of those allowed",
    "SY104": "a key given twice",
    "SY105": "a field that there is not",
    "SY106": "a field that is missing",
    "SY107": "a value of the wrong type",
    "SY108": "a number outside its range or in the wrong unit",
    "SY109": "a name that review.toml does not declare",
    "SY110": "an arm that the study does not have",
    "SY111": "a study that is not named as its file",
    "SY112": "an event that the outcome does not have",
    "SY113": "an effect whose numbers are incomplete, mixed or impossible together",
    "SY114": "a waiver whose codes are not codes of warnings",
    "SY115": "a file beside the records that is not read",
    "SY120": "a name of review.toml given twice",
    "SY201": "a confidence interval that is not symmetric about its estimate",
    "SY203": "more people in an effect than in its arm",
    "SY204": "a standard deviation that looks like a standard error",
    "SY205": "arms that do not add up to the sample",
    "SY206": "a design whose words contradict one another",
    "SY207": "months of follow-up outside their class",
    "SY208": "a study without a report",
    "SY209": "a study without a finding",
    "SY210": "a report cited by two studies",
    "SY211": "the same counts in two studies",
    "SY701": "a waiver that nothing needs",
}
