"""Why a grid is out of band, and what to do about it, in words: English and 中文.

Like a refusal, a reason is a code and facts, and so is the remedy it comes with; `app.geo.split` gives them,
and only these tables word them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol


class Remedy(Protocol):
    """What would help most: a code of REMEDIES and its facts."""

    @property
    def code(self) -> str: ...

    @property
    def facts(self) -> Mapping[str, object]: ...


class Reason(Protocol):
    """As `app.geo.split` gives it: facts hold `households`, `least`, `most` and what the code adds."""

    @property
    def code(self) -> str: ...

    @property
    def facts(self) -> Mapping[str, object]: ...

    @property
    def remedy(self) -> Remedy | None: ...


class Words(NamedTuple):
    """One sentence in both languages."""

    en: str
    zh: str


def words(code: str, facts: Mapping[str, object]) -> Words:
    """The sentence for a reason.

    >>> words("component_too_small", {"component_households": 40, "least": 270}).zh
    '此处与周围隔开，共40户，少于270户。'
    """
    said = (sentence.format_map(facts) for sentence in REASONS[code])
    if "weights" not in facts:
        return Words(*said)
    return Words(*(one + more.format_map(facts) for one, more in zip(said, COUNTED_AS, strict=True)))


# Where something else than households is balanced, counts are in its unit.
COUNTED_AS = Words(
    " (Counted by the formula {weights}, not in households.)", "（按公式{weights}计，非户数。）"
)


def remedy_words(code: str, facts: Mapping[str, object]) -> Words:
    """The sentence for a remedy."""
    return Words(*(sentence.format_map(facts) for sentence in REMEDIES[code]))


def sentences(code: str | None, measures: Mapping[str, Any], households: int) -> dict[str, Any]:
    """Reason and remedy of a stored grid as JSON, with their sentences; each None where there is none.

    measures: as `grid.measures` holds them: `reason_facts`, and `remedy` with code and facts. Without words
    where their facts are not all known: what an older version stored may lack some.
    """
    if code is None:
        return {"reason": None, "remedy": None}
    reason: dict[str, Any] = {
        "code": code,
        "facts": {"households": households, **(measures.get("reason_facts") or {})},
    }
    said: dict[str, Any] = {"reason": {**reason, "sentence": _said(words, reason)}, "remedy": None}
    remedy = measures.get("remedy")
    if remedy is not None:
        facts = {**reason["facts"], **remedy["facts"]}
        said["remedy"] = {**remedy, "sentence": _said(remedy_words, {"code": remedy["code"], "facts": facts})}
    return said


def _said(
    worded: Callable[[str, Mapping[str, object]], Words], about: Mapping[str, Any]
) -> dict[str, str] | None:
    try:
        return worded(about["code"], about["facts"])._asdict()
    except (KeyError, ValueError, TypeError):
        return None


REASONS: dict[str, Words] = {
    "one_plot_too_large": Words(
        "A building, or a compound kept whole, has {plot_households:,} households by itself, "
        "more than {most:,}; no border may cut it.",
        "有一栋楼（或须保持完整的大院）本身有{plot_households:,}户，超过{most:,}户，界线不得切分。",
    ),
    "component_too_small": Words(
        "This ground is cut off from the rest and has {component_households:,} households, "
        "fewer than {least:,}.",
        "此处与周围隔开，共{component_households:,}户，少于{least:,}户。",
    ),
    "component_admits_no_division": Words(
        "This ground is cut off from the rest, and its {component_households:,} households do not divide "
        "into grids of {least:,} to {most:,}.",
        "此处与周围隔开，共{component_households:,}户，无法划成{least:,}至{most:,}户的网格。",
    ),
    "stuck_plots": Words(
        "Its buildings are so large that no joining set of whole ones holds {least:,} to {most:,} "
        "households.",
        "楼栋户数偏大，任何相连的整栋组合都不在{least:,}至{most:,}户之间。",
    ),
    "locked": Words(
        "It is locked, and stays as it is in the plan in force.",
        "该网格已锁定，保持现行方案中的原样。",
    ),
    "uninhabited": Words("Nobody is counted as living here.", "此处没有登记住户。"),
    "not_found": Words(
        "No division into {least:,} to {most:,} households was found here; another seed or a move by hand "
        "may do better.",
        "此处未找到{least:,}至{most:,}户的划法；可换一个种子，或手工调整。",
    ),
}

REMEDIES: dict[str, Words] = {}
