"""What is shown of a phone number where it is listed: enough to tell two apart, too little to call."""

from __future__ import annotations

HEAD, TAIL = 3, 4
HIDDEN = "****"


def masked(phone: str | None) -> str | None:
    """A phone number without its middle; one too short to keep both ends shows only the last two digits.

    >>> masked("19900770011"), masked("0355-7777"), masked("12345"), masked(None)
    ('199****0011', '035****7777', '****45', None)
    """
    if not phone:
        return None
    digits = "".join(sign for sign in phone if sign.isdigit())
    if len(digits) <= HEAD + TAIL:
        return HIDDEN + digits[-2:] if len(digits) > 4 else HIDDEN
    return digits[:HEAD] + HIDDEN + digits[-TAIL:]
