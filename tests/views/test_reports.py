"""Monthly reports as pages and as PDF: read by leaders, written by managers, printed in both languages."""

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from app.services.pdf import pdf_of
from tests.views.world import ELSEWHERE, HERE, A, E

JANUARY = f"/reports/{HERE}/2026-01"


def form(version=0, **words):
    said = {f"{part}-{one}": "" for part in ("summary", "grids", "plans") for one in ("en", "zh")}
    return {**said, **words, "version": version}


def test_a_proposal_is_there_before_anybody_wrote_a_word(as_leader):
    page = as_leader.get(f"{JANUARY}?lang=en")

    assert page.status_code == 200
    assert "0 hazards were reported" in page.text
    assert "<svg" in page.text
    assert "<textarea" not in page.text


@pytest.mark.parametrize(("language", "head"), [("en", "Monthly report on hazards"), ("zh", "隐患治理月报")])
def test_the_sheet_is_in_the_language_of_the_reader(as_manager, language, head):
    assert head in as_manager.get(f"{JANUARY}?lang={language}").text


def test_what_a_manager_writes_is_what_a_leader_reads(as_manager, as_leader):
    saved = as_manager.post(f"{JANUARY}/words", data=form(**{"summary-en": "All <b>quiet</b>.\nNext line."}))

    page = as_leader.get(f"{JANUARY}?lang=en").text
    assert saved.status_code == 302
    assert "<p>All &lt;b&gt;quiet&lt;/b&gt;.</p><p>Next line.</p>" in page
    assert "draft, version 1" in page


def test_who_comes_second_keeps_the_own_words_in_the_fields(as_manager):
    as_manager.post(f"{JANUARY}/words", data=form())

    late = as_manager.post(f"{JANUARY}/words", data=form(**{"summary-zh": "我写的"}))

    assert late.status_code == 409
    assert ">我写的</textarea>" in late.text


def test_a_final_report_cannot_be_edited(as_manager, as_leader):
    as_manager.post(f"{JANUARY}/words", data=form())
    assert as_leader.post(f"{JANUARY}/final", data={"version": 1}).status_code == 302

    assert "<textarea" not in as_manager.get(JANUARY).text
    assert as_manager.post(f"{JANUARY}/words", data=form(1)).status_code == 409
    assert as_manager.post(f"/reports/{HERE}/2026-03/final", data={"version": 0}).status_code == 409
    assert "final" in as_manager.get(f"/reports?place={HERE}&lang=en").text


@pytest.mark.parametrize("asked", ["?lang=en", "?in=zh"])
def test_the_pdf_is_a_pdf_with_its_maps(as_leader, asked):
    answer = as_leader.get(f"{JANUARY}.pdf{asked}")

    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert f'filename="report-{HERE}-2026-01.pdf"' in answer.headers["Content-Disposition"]


def test_a_report_in_both_languages_has_the_pages_of_both(as_leader):
    sizes = {asked: len(as_leader.get(f"{JANUARY}.pdf?in={asked}").data) for asked in ("en", "zh", "both")}

    assert sizes["both"] > max(sizes["en"], sizes["zh"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/reports/{ELSEWHERE}/2026-01", 403),
        (f"/reports/{E}/2026-01.pdf", 403),
        ("/reports/000000/2026-01", 404),
        (f"/reports/{A}/2026-04", 422),
        (f"/reports/{A}/soon", 422),
    ],
)
def test_what_is_not_there_or_not_ones_own_is_refused(as_leader, path, status):
    assert as_leader.get(path).status_code == status


def test_leaders_write_no_words_and_coordinators_read_none(as_leader, as_coordinator):
    assert as_leader.post(f"{JANUARY}/words", data=form()).status_code == 403
    assert as_coordinator.get("/reports").status_code == 403


@pytest.mark.parametrize("scheme", ["file", "http"])
def test_a_page_for_print_fetches_nothing(tmp_path, scheme):
    """A picture on the disk, and one that a server would have to be asked for."""
    asked = []
    picture = tmp_path / "red.svg"
    picture.write_text("<svg xmlns='http://www.w3.org/2000/svg'><text>canary</text></svg>")
    with listening(asked) as port:
        address = picture.as_uri() if scheme == "file" else f"http://127.0.0.1:{port}/red.svg"
        made = pdf_of([f'<p>One</p><img src="{address}" alt="no picture">'], "p { color: red }")

    assert made.startswith(b"%PDF-")
    assert b"canary" not in made
    assert asked == []


@contextmanager
def listening(asked):
    """A server that writes down what it is asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()
