"""Pages of ours as PDF: nothing is fetched, neither from the network nor from the disk."""

from __future__ import annotations

from collections.abc import Sequence


def pdf_of(pages: Sequence[str], css: str) -> bytes:
    """One PDF of documents in HTML, one after the other. css: of all of them.

    What a document names by an address, other than `data:`, is not there.
    """
    import weasyprint  # type: ignore[import-untyped]  # takes a second, and only paper needs it
    from PIL import ImageFile

    # Importing it lets the whole process take pictures that are cut off, which scans and photos must not be.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    nothing = weasyprint.URLFetcher(allowed_protocols=["data"])
    style = weasyprint.CSS(string=css, url_fetcher=nothing)
    made = [weasyprint.HTML(string=page, url_fetcher=nothing).render(stylesheets=[style]) for page in pages]
    whole: bytes = made[0].copy([page for document in made for page in document.pages]).write_pdf()
    return whole
