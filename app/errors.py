"""The software saying no, and every reason it has for it.

A refusal is data: a code and its facts. The sentence a person reads is made from
them in one place (`sentence`), so that no caller parses words.
"""

from __future__ import annotations

from collections.abc import Mapping


class Refusal(Exception):
    """What was asked cannot be done; `code` says why, `facts` name the object.

    >>> str(Refusal("layer_missing", file="town.gpkg", layer="buildings", found="streets"))
    'town.gpkg has no layer “buildings” (found: streets). Name the layer, or give --buildings FILE.'
    """

    def __init__(self, code: str, **facts: object) -> None:
        if code not in SENTENCES:
            raise KeyError(f"no sentence for refusal code {code!r}")
        super().__init__(code, facts)
        self.code = code
        self.facts: Mapping[str, object] = facts

    def __str__(self) -> str:
        return sentence(self.code, self.facts)

    def __reduce__(self) -> tuple[object, ...]:
        # Refusals cross process borders (readers parse in a child).
        return (_rebuild, (self.code, dict(self.facts)))


def _rebuild(code: str, facts: dict[str, object]) -> Refusal:
    return Refusal(code, **facts)


def sentence(code: str, facts: Mapping[str, object]) -> str:
    """The English sentence for a refusal: what is wrong with which object, and the remedy."""
    return SENTENCES[code].format_map(facts)


SENTENCES: dict[str, str] = {
    "layer_missing": "{file} has no layer “{layer}” (found: {found}). Name the layer, or give --{layer} FILE.",
}
