"""The template of points of the anchors page, as a rule file: the forms of section 3.2 are closed for it."""

from itertools import product

import numpy as np
from scipy.special import ndtr, ndtri

from synthesis.scoring.reading.rule_file import read_rule
from synthesis.scoring.score import score_cells
from synthesis.scoring.states import ScoredFinding

SAYS = {"+": ("effective", "yes"), "-": ("contrary", "yes"), "0": ("ineffective", "no")}
Z = -ndtri(0.025)
TEMPLATE = """
rule: points-template
title: Points template of anchors/evidence_rules.md, section 3.2
grades: intervention and outcome
provenance: [{source: anchors/evidence_rules.md, at: "3.2", says: closed forms, verified: text}]
findings:
  - {is: benefit, when: direction == 'effective' and significant}
  - {is: harm, when: direction == 'contrary' and significant}
  - {is: none, when: direction is stated}
studies:
  - {is: benefit, when: benefit > 0}
  - {is: harm, when: harm > 0}
  - {is: none, when: none > 0}
features:
  B: {count: state == 'benefit'}
  C: {count: state == 'harm'}
clauses:
  - {clause: three, gives: 3, when: B >= 2 and C == 0, says: two with benefit and none contrary, verified: text}
  - {clause: two, gives: 2, when: B == 1 and C == 0, says: one with benefit and none contrary, verified: text}
  - {clause: one, gives: 1, when: B >= 1, says: benefit and contrary findings, verified: text}
  - {clause: nought, gives: 0, says: no benefit, verified: text}
outputs:
  "0": {colour: grey, label: "0"}
  "1": {colour: blue, label: "1"}
  "2": {colour: yellow, label: "2"}
  "3": {colour: green, label: "3"}
policies:
  harm_only: {says: contrary is significant harm}
  any_null: {says: contrary is anything but significant benefit, features: {C: {count: state != 'benefit'}}}
examples: []
"""
RULE = read_rule(TEMPLATE, "points-template.yaml")


def chances(v, theta, tau2):
    """p+, p-, p0 of section 3.2."""
    better = ndtr((theta - Z * v**0.5) / (v + tau2) ** 0.5)
    worse = ndtr((-theta - Z * v**0.5) / (v + tau2) ** 0.5)
    return better, worse, 1 - better - worse


def closed(k, v, theta, tau2):
    """P(0), P(1), P(2), P(3) of k studies of equal variance, contrary being significant harm (section 3.2)."""
    better, worse, none = chances(v, theta, tau2)
    one = k * better * none ** (k - 1)
    return (
        (1 - better) ** k,
        1 - (1 - better) ** k - (1 - worse) ** k + none**k,
        one,
        (1 - worse) ** k - none**k - one,
    )


def enumerated(points, v, theta, tau2):
    """The distribution of points over all 3^k results; `points` gives those of each of a list of results."""
    found = {}
    each = [dict(zip("+-0", chances(one, theta, tau2), strict=True)) for one in v]
    every = list(product("+-0", repeat=len(v)))
    for results, given in zip(every, points(every), strict=True):
        share = np.prod([of[result] for of, result in zip(each, results, strict=True)])
        found[given] = found.get(given, 0.0) + share
    return found


def scored(rule, policy, levels):
    """What a rule gives for each set of results, by scoring findings."""

    def points(every):
        cells = {
            results: [
                ScoredFinding(f"s{place}", level, "o", "", *SAYS[result])
                for place, (level, result) in enumerate(zip(levels, results, strict=True))
            ]
            for results in every
        }
        return [found.output or "blank" for found in score_cells(cells, rule, policy).values()]

    return points
