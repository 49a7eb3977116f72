"""A folium map as one page that opens anywhere, with no network: all it needs is in the file."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.errors import Refusal

ROOT = Path(__file__).parents[2]
LEAFLET = ROOT / "node_modules" / "leaflet" / "dist"
STATIC = ROOT / "app" / "static"

_IMPORT = re.compile(r"^import \{[^}]*\} from '\./one_page\.js';$", re.MULTILINE)
# Nothing may be fetched, so that the page works, and keeps working, where there is no network.
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"


def check_leaflet(leaflet: Path = LEAFLET) -> None:
    """Refuse now what `one_page` would refuse later: `leaflet_missing` before script/setup has run."""
    if not (leaflet / "leaflet.js").is_file():
        raise Refusal("leaflet_missing", folder=leaflet)


def one_page(
    title: str, facts: Mapping[str, Any], *, named: str, look: str, show: str, leaflet: Path = LEAFLET
) -> str:
    """The HTML text: folium's map with our own looks, and nothing to fetch.

    facts: as JSON in the page, under the id `named`. look: name of the script in static/src and of the style
    in static/css. show: what the script calls with the Leaflet map and the facts.
    """
    import folium  # takes a second, and only maps need it

    ground = folium.Map(location=[0, 0], tiles=None, zoom_control=False, attribution_control=False)
    ground.default_js, ground.default_css = [], []
    ground._id = "of_grids"  # folium would draw lots: the same facts are to give the same page
    figure: Any = ground.get_root()
    figure.render()  # puts folium's own head into the page, so that ours comes after it and wins
    figure.title = html.escape(title)
    told = json.dumps(facts, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    told = told.replace("<", "\\u003c")
    script = _script(look)
    head = [
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<style>{_without_images((leaflet / 'leaflet.css').read_text(encoding='utf-8'))}</style>",
        f"<style>{(STATIC / 'css' / f'{look}.css').read_text(encoding='utf-8')}</style>",
        f"<script>{_without_source_map((leaflet / 'leaflet.js').read_text(encoding='utf-8'))}</script>",
    ]
    body = [
        f'<script type="application/json" id="{named}">{told}</script>',
        f'<script type="module">\n{script}',
        f'{show}({ground.get_name()}, JSON.parse(document.getElementById("{named}").textContent));',
        "</script>",
    ]
    figure.header.add_child(_as_it_is("\n".join(head)), name="looks")
    figure.html.add_child(_as_it_is("\n".join(body)), name=named)
    return str(figure.render())


def _as_it_is(text: str) -> Any:
    """An element of that text. Folium would take braces in it, a place's name even, for Jinja to run."""
    from branca.element import Element
    from jinja2 import Template

    made: Any = Element()
    made.text = text
    made._template = Template("{{ this.text }}")
    return made


def _script(look: str) -> str:
    """A script, before it what it imports of `one_page.js`: beside a page of one file there is no other."""
    shared, own = ((STATIC / "src" / f"{name}.js").read_text(encoding="utf-8") for name in ("one_page", look))
    return f"{shared}\n{_IMPORT.sub('', own)}"


def _without_images(css: str) -> str:
    """Leaflet's style without its icons, which we do not use and which would be fetched."""
    return "\n".join(line for line in css.splitlines() if "url(" not in line)


def _without_source_map(script: str) -> str:
    return "\n".join(line for line in script.splitlines() if not line.startswith("//# sourceMappingURL"))
