"""Pages and answers are packed on their way, and by how long they are nobody learns what is in them."""

import gzip
import re

GZIP = {"Accept-Encoding": "gzip"}
TOKEN = re.compile(rb'content="[^"]+"')  # signed anew each second


def test_a_page_is_packed_for_who_takes_that_and_is_the_same(as_coordinator):
    plain, packed = as_coordinator.get("/today"), as_coordinator.get("/today", headers=GZIP)

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert TOKEN.sub(b"", gzip.decompress(packed.data)) == TOKEN.sub(b"", plain.data)
    assert len(packed.data) < len(plain.data) / 2


def test_what_a_phone_takes_along_is_packed(as_coordinator):
    packed = as_coordinator.get("/api/pack", headers=GZIP)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert b'"buildings"' in gzip.decompress(packed.data)


def test_the_length_of_a_packed_page_differs_from_time_to_time(client):
    lengths = {len(client.get("/find?lang=en", headers=GZIP).data) for _ in range(12)}

    assert len(lengths) > 3


def test_little_and_packed_answers_go_as_they_are(client, as_manager):
    assert "Content-Encoding" not in client.get("/health", headers=GZIP).headers
    assert as_manager.get("/api/places", headers=GZIP).headers.get_all("Content-Encoding") in ([], ["gzip"])
