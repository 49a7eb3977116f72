"""Scans of signed papers: what somebody sends in becomes a picture of our own making, or a plain PDF."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from app.errors import Refusal

MOST_BYTES = 5_000_000
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2400  # an A4 page at 200 dots an inch
QUALITY = 82
JPEG, PDF = "image/jpeg", "application/pdf"
# Of a PDF nothing is drawn anew, so what acts by itself must not be in it.
ACTING = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/OpenAction", b"/AA", b"/RichMedia")


def taken(sent: bytes) -> tuple[bytes, str]:
    """A scan as it is kept, and its type.

    A picture (JPEG or PNG) is drawn anew: upright, at most LONGEST_SIDE wide or high, and without what the
    camera wrote beside it, such as where it was taken. A PDF is kept as it is. Refused with `scan_too_large`,
    `scan_type_unknown`, `scan_damaged`, `scan_acts`.
    """
    if len(sent) > MOST_BYTES:
        raise Refusal("scan_too_large", most_mb=MOST_BYTES // 1_000_000)
    if sent.startswith(b"%PDF-"):
        return _pdf(sent), PDF
    return drawn_anew(sent, LONGEST_SIDE, MOST_BYTES), JPEG


def _pdf(sent: bytes) -> bytes:
    if b"%%EOF" not in sent[-1024:]:
        raise Refusal("scan_damaged")
    if any(word in sent for word in ACTING):
        raise Refusal("scan_acts")
    return sent


def drawn_anew(sent: bytes, longest_side: int, most_bytes: int) -> bytes:
    """A picture (JPEG or PNG) as a JPEG of our own making: upright, on white, without what stood beside it.

    longest_side: pixels. Refused with `scan_too_large`, `scan_type_unknown`, `scan_damaged`.
    """
    if len(sent) > most_bytes:
        raise Refusal("scan_too_large", most_mb=most_bytes // 1_000_000)
    try:
        with Image.open(BytesIO(sent), formats=("JPEG", "PNG")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Refusal("scan_too_large", most_mb=most_bytes // 1_000_000)
            opened.draft("RGB", (longest_side, longest_side))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((longest_side, longest_side))
            on_white = Image.new("RGB", upright.size, "white")
            whole = upright.convert("RGBA")
            on_white.paste(whole, mask=whole.getchannel("A"))
    except UnidentifiedImageError:
        raise Refusal("scan_type_unknown") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Refusal("scan_damaged") from None
    drawn = BytesIO()
    on_white.save(drawn, "JPEG", quality=QUALITY, optimize=True)
    return drawn.getvalue()
