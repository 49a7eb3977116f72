"""Why a grid is out of band, and what to do about it, in words: English and 中文.

Like a refusal, a reason is a code and facts, and so is the remedy it comes with; `app.geo.split` gives them,
and only these tables word them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    '此处与其他地块不相连，共40户，不足270户。'
    """
    said = _filled(REASONS[_as_known(code, facts)], facts)
    more = [WHILE_LEFT] if code in HOLDING_WHILE_LEFT and "around" in facts else []
    more += [COUNTED_AS] if "weights" in facts else []
    return Words(
        *("".join(parts) for parts in zip(said, *(_filled(one, facts) for one in more), strict=True))
    )


# What was looked for was looked for without the grids that are left alone.
HOLDING_WHILE_LEFT = ("stuck_plots", "not_found")
WHILE_LEFT = Words(
    " This holds as long as what is beside it stays as it is: {around}.",
    "前提是相邻网格（{around}）保持不变。",
)
# Where something else than households is balanced, counts are in its unit.
COUNTED_AS = Words(
    " (Counted by the formula {weights}, not in households.)", "（以上数字按公式{weights}计算，不是户数。）"
)


def remedy_words(code: str, facts: Mapping[str, object]) -> Words:
    """The sentence for a remedy; facts: its own and those of its reason."""
    return _filled(REMEDIES[_as_known(code, facts)], facts)


def _filled(template: Words, facts: Mapping[str, object]) -> Words:
    return Words(*(s.format_map(_in(language, facts)) for language, s in template._asdict().items()))


def _as_known(code: str, facts: Mapping[str, Any]) -> str:
    """Which of the sentences of a code says most of what is known."""
    if code == "one_plot_too_large" and "building" in facts:
        alone = facts["on_plot"] == 1 or facts["building_households"] > facts["most"]
        return f"{code}/building" if alone else f"{code}/buildings"
    if code == "stuck_plots" and "plots_households" in facts:
        return f"{code}/named" if facts["beside_households"] else f"{code}/alone"
    if code == "not_found" and facts.get("plots_households") and facts["neighbours"]:
        return f"{code}/{_how_many(facts['adding_up'], facts['neighbours'])}"
    if code == "shut_in":
        return f"{code}/one" if len(facts["around"]) == 1 else code
    if code == "unlock_beside":
        return code if len(facts["around"]) == 1 else f"{code}/any"
    if code == "entrances":
        if "entrances_known" in facts:
            return f"{code}/marked" if facts["is_marked"] else f"{code}/known"
        if "building" not in facts:
            return f"{code}/plot"
        return code if facts["on_plot"] == 1 else f"{code}/compound"
    if code == "join_across":
        return f"{code}/bridge" if facts["line"] in WATER_AND_RAIL else code
    return code


def _how_many(some: int, all_: int) -> str:
    """Which sentence tells with how many of the grids beside it a grid may be divided anew."""
    if some == all_:
        return "all"
    if some:
        return "large"
    return "one" if all_ == 1 else "none"


def _in(language: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts with their lists as text of the language: `large` plots by name or size, what stands
    `beside`, which grids are `around`."""
    said = dict(facts)
    comma = {"en": ", ", "zh": "、"}[language]
    if "plots_households" in facts:
        sizes = [f"{count:,}" for count in facts["plots_households"]]
        called = facts.get("buildings") or [""] * len(sizes)
        unit = {"en": "{} ({})", "zh": "{}（{}户）"}[language]
        bare = {"en": "one of {}", "zh": "{}户的一栋楼"}[language]
        large = [
            unit.format(name, n) if name else bare.format(n) for name, n in zip(called, sizes, strict=True)
        ]
        said["large"] = _first(large, language, "栋")
    if "beside_households" in facts:
        said["beside"] = comma.join(f"{count:,}" for count in facts["beside_households"])
    if "around" in facts:
        said["around"] = _first(facts["around"], language, "个")
    return said


def _first(names: Sequence[str], language: str, measure_word: str) -> str:
    """The first of some names as text, and how many there are besides (in Chinese: in all)."""
    comma = {"en": ", ", "zh": "、"}[language]
    shown = comma.join(names[:SHOWN])
    if len(names) <= SHOWN:
        return shown
    return shown + (
        f" and {len(names) - SHOWN} more" if language == "en" else f"等{len(names)}{measure_word}"
    )


SHOWN = 4  # plots or grids named in a sentence
WATER_AND_RAIL = (6, 7)  # `LineClass` RIVER and RAIL


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
        "其中一栋楼（或须整体保留的大院）就有{plot_households:,}户，超过上限（{most:,}户），且不可拆分。",
    ),
    "one_plot_too_large/building": Words(
        "Building {building} alone holds {building_households:,} households, more than {most:,}; "
        "no border may cut it.",
        "仅{building}一栋就有{building_households:,}户，超过上限（{most:,}户），楼栋不可拆分。",
    ),
    "one_plot_too_large/buildings": Words(
        "The {on_plot:,} buildings around {building} are kept whole and hold {plot_households:,} households "
        "together, more than {most:,}.",
        "{building}一带的{on_plot:,}栋楼须划在一起，共{plot_households:,}户，超过上限（{most:,}户）。",
    ),
    "component_too_small": Words(
        "This ground is cut off from the rest and has {component_households:,} households, "
        "fewer than {least:,}.",
        "此处与其他地块不相连，共{component_households:,}户，不足{least:,}户。",
    ),
    "component_admits_no_division": Words(
        "This ground is cut off from the rest, and its {component_households:,} households do not divide "
        "into grids of {least:,} to {most:,}.",
        "此处与其他地块不相连，共{component_households:,}户，无论怎样划分，网格都不能全在{least:,}至{most:,}户之间。",
    ),
    "shut_in": Words(
        "The grids around it stay as they are ({around}) and leave {component_households:,} households here, "
        "which do not make grids of {least:,} to {most:,}.",
        "周围的网格（{around}）保持不变，此处只剩{component_households:,}户，划不成{least:,}至{most:,}户的网格。",
    ),
    "shut_in/one": Words(
        "Grid {around} beside it stays as it is and leaves {component_households:,} households here, "
        "which do not make grids of {least:,} to {most:,}.",
        "相邻的网格{around}保持不变，此处只剩{component_households:,}户，划不成{least:,}至{most:,}户的网格。",
    ),
    "stuck_plots": Words(
        "Its buildings are so large that no joining set of whole ones holds {least:,} to {most:,} "
        "households.",
        "此处楼栋户数偏多，整栋组合起来，不是不足{least:,}户，就是超过{most:,}户。",
    ),
    "stuck_plots/named": Words(
        "Large buildings do not add up: {large}; beside them stand plots of {beside}. No joining set of "
        "whole ones with {least:,} to {most:,} households exists (proved).",
        "几栋大楼户数搭配不上：{large}；相邻地块有{beside}户。"
        "经逐一验证，相连的整栋楼怎样组合都不在{least:,}至{most:,}户之间。",
    ),
    "stuck_plots/alone": Words(
        "{large} cannot join enough others: no joining set of whole plots with {least:,} to {most:,} "
        "households exists (proved).",
        "{large}周围没有足够的住户可以合并：经逐一验证，怎样组合都不在{least:,}至{most:,}户之间。",
    ),
    "not_found/large": Words(
        "No division into {least:,} to {most:,} households was found here, which proves nothing. "
        "Its largest: {large}. With {adding_up:,} of {neighbours:,} grids beside it, it may be divided anew; "
        "of the others it is proved that they do not add up.",
        "此处没有找到{least:,}至{most:,}户的划法，但不等于没有。户数最多的楼栋：{large}。"
        "相邻{neighbours:,}个网格中，有{adding_up:,}个可尝试与它一起重新划分，其余经验证凑不成。",
    ),
    "not_found/all": Words(
        "No division into {least:,} to {most:,} households was found here, which proves nothing. "
        "Its largest: {large}. With any grid beside it, it may be divided anew.",
        "此处没有找到{least:,}至{most:,}户的划法，但不等于没有。户数最多的楼栋：{large}。"
        "可尝试与任一相邻网格一起重新划分。",
    ),
    "not_found/none": Words(
        "No division into {least:,} to {most:,} households was found here, which proves nothing. "
        "Its largest: {large}. None of the {neighbours:,} grids beside it can be divided anew with it "
        "alone (proved).",
        "此处没有找到{least:,}至{most:,}户的划法，但不等于没有。户数最多的楼栋：{large}。"
        "相邻的{neighbours:,}个网格已逐一验证，单独与它一起重新划分都凑不成。",
    ),
    "not_found/one": Words(
        "No division into {least:,} to {most:,} households was found here, which proves nothing. "
        "Its largest: {large}. With the one grid beside it alone it cannot be divided anew (proved).",
        "此处没有找到{least:,}至{most:,}户的划法，但不等于没有。户数最多的楼栋：{large}。"
        "相邻网格只有一个，经验证，与它一起重新划分也凑不成。",
    ),
    "locked": Words(
        "It is locked, and stays as it is in the plan in force.",
        "该网格已锁定，按现行方案保持不变。",
    ),
    "changed_by_hand": Words(
        "It was changed by hand and has {households:,} households; allowed are {least:,} to {most:,}. "
        "Moving its border on, or re-balancing, may put it right.",
        "该网格经手工调整，现有{households:,}户，应在{least:,}至{most:,}户之间。可继续调整界线，或做均衡调整。",
    ),
    "uninhabited": Words("Nobody is counted as living here.", "此处没有住户。"),
    "not_found": Words(
        "No division into {least:,} to {most:,} households was found here; another seed or a move by hand "
        "may do better.",
        "此处没有找到{least:,}至{most:,}户的划法；可换一个随机种子重新划分，或手工调整。",
    ),
}

REMEDIES: dict[str, Words] = {
    "entrances": Words(
        "Import the entrances of building {building} and mark it, so that it divides into {parts:,} parts or "
        "more.",
        "录入{building}的单元并作标记后，可按单元划分（至少分为{parts:,}部分）。",
    ),
    "entrances/known": Words(
        "Mark building {building}: {entrances_known:,} entrances of it are known, by which a split can "
        "divide it.",
        "可将{building}标记为按单元划分（已录入{entrances_known:,}个单元）。",
    ),
    "entrances/marked": Words(
        "Split again by entrances: building {building} is marked, and {entrances_known:,} of its entrances "
        "are known.",
        "{building}已标记，并已录入{entrances_known:,}个单元：重新划分时请选择按单元划分。",
    ),
    "entrances/compound": Words(
        "Let the {on_plot:,} buildings around {building} be divided: by their entrances, or by no longer "
        "keeping them whole.",
        "允许{building}一带的{on_plot:,}栋楼分开划分：标记为按单元划分，或不再要求整体保留。",
    ),
    "entrances/plot": Words(
        "Mark its largest building to be divided by its entrances, into {parts:,} parts or more.",
        "可标记其中户数最多的一栋，允许按单元划分（至少分为{parts:,}部分）。",
    ),
    "join_across": Words(
        "Join it with the ground beside it ({neighbour_households:,} households, grid {neighbour}): together "
        "{together_households:,}, which {grids:,} grids in band can hold.",
        "与相邻片区（网格{neighbour}一侧，{neighbour_households:,}户）合并划分：合计{together_households:,}户，"
        "可划为{grids:,}个达标网格。",
    ),
    "join_across/bridge": Words(
        "If a bridge or crossing joins it with the other side ({neighbour_households:,} households, grid "
        "{neighbour}), draw it: together {together_households:,}, which {grids:,} grids in band can hold.",
        "如有桥梁或道口通往对面（网格{neighbour}一侧，{neighbour_households:,}户），请在数据中补上："
        "合计{together_households:,}户，可划为{grids:,}个达标网格。",
    ),
    "again": Words(
        "With grid {neighbour} it holds {together_households:,}, which {grids:,} grids in band can hold: "
        "divide the two anew, with another seed or by hand.",
        "与网格{neighbour}合计{together_households:,}户，可划为{grids:,}个达标网格："
        "可换一个随机种子重新划分，或手工调整这两个网格。",
    ),
    "unlock_beside": Words(
        "Unlock grid {around} and divide again: joined with what it opens the way to, there are "
        "{together_households:,} households, which {grids:,} grids in band can hold.",
        "解除网格{around}的锁定后重新划分：此处由此与外面相连，合计{together_households:,}户，"
        "可划为{grids:,}个达标网格。",
    ),
    "unlock_beside/any": Words(
        "Unlock one of the grids {around} and divide again: by the first, {together_households:,} households "
        "are joined, which {grids:,} grids in band can hold.",
        "解除其中一个网格（{around}）的锁定后重新划分：如选第一个，合计{together_households:,}户，"
        "可划为{grids:,}个达标网格。",
    ),
    "special_grid": Words("Make it a special grid, outside the band.", "可设为专属网格，不受户数范围限制。"),
    "unlock": Words("Unlock it and divide again.", "解除锁定后重新划分。"),
    "accept": Words(
        "Accept it as it is: nothing that was tried would help.", "可维持现状：试过的办法都没有改善。"
    ),
}
