"""Built scripts and styles: packed as the browser takes them, kept for good; nothing else is served."""

import gzip
import json

import pytest

from app import assets
from app.errors import Refusal


@pytest.fixture(scope="module")
def script() -> str:
    return assets.asset("map.js")


def test_a_built_file_is_kept_for_good(client, script):
    answer = client.get(script)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.content_type.startswith("text/javascript")


def test_every_built_file_that_a_page_may_name_is_served(client):
    names = json.loads(assets.MANIFEST.read_text(encoding="utf-8"))["names"]
    named = [assets.asset(name) for name in names if name.endswith((".js", ".css", ".svg"))]

    assert len(named) > 30
    assert [path for path in named if client.get(path).status_code != 200] == []


@pytest.mark.parametrize("way", ["gzip", "br", "br, gzip;q=0.5"])
def test_it_comes_packed_as_the_browser_takes_it(client, script, way):
    plain, packed = client.get(script), client.get(script, headers={"Accept-Encoding": way})

    assert packed.headers["Content-Encoding"] == way.split(",")[0]
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.data) < len(plain.data)
    if way == "gzip":
        assert gzip.decompress(packed.data) == plain.data


def test_what_the_browser_refuses_is_not_sent(client, script):
    assert "Content-Encoding" not in client.get(script, headers={"Accept-Encoding": "br;q=0"}).headers


@pytest.mark.parametrize(
    "name", ["manifest.json", "map.js", "..%2f..%2f__init__.py", "../../assets.py", "%2e%2e/x.js", "x.js.gz"]
)
def test_nothing_else_is_served(client, name):
    assert client.get(f"/static/build/{name}").status_code == 404


def test_the_parts_of_a_script_are_known(client):
    parts = assets.parts("map.js")

    assert len(parts) > 3
    assert all(client.get(part).status_code == 200 for part in parts)


def test_a_file_that_is_not_built_is_refused_by_name():
    with pytest.raises(Refusal, match=r"no\.js is not built yet"):
        assets.asset("no.js")


def test_a_new_build_is_seen_at_once(tmp_path, monkeypatch):
    manifest = tmp_path / "manifest.json"
    monkeypatch.setattr(assets, "MANIFEST", manifest)
    monkeypatch.setattr(assets, "_read", (0, {}))
    with pytest.raises(Refusal):
        assets.asset("map.js")

    manifest.write_text(json.dumps({"names": {"map.js": "map-1.js"}, "parts": {}}))

    assert assets.asset("map.js") == "/static/build/map-1.js"
