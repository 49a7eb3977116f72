"""The pages of a station: five duties, six haves, meetings, notices, corrections, mediation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from apiflask import APIBlueprint
from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Refusal
from app.services import five_duties, mediations, reading, scans, station, station_calendar
from app.services.access import REGISTRARS, STAFF, require
from app.services.kinds import FIVE_DUTIES, MEETING_KINDS, OUTCOMES, PERIODS, SIX_HAVES
from app.services.station import Words
from app.views.errors import STATUS, worded
from app.views.form_fields import day_in, whole_in
from app.views.forms import done
from app.views.language import day, language, speaking
from app.views.session import actor, here, today, work
from app.words import LANGUAGES, words

bp = APIBlueprint("station", __name__, enable_openapi=False)

TABS = ("calendar", "tasks", "haves", "meetings", "notices", "corrections", "mediation")


@bp.get("/station")
def page() -> ResponseReturnValue:
    """What a station of a place keeps besides its registers."""
    return _page(request.args)


@bp.post("/station/tasks")
def task_done() -> ResponseReturnValue:
    """Write down that a task was done today."""
    form = request.form
    return _done(
        lambda session: five_duties.done(
            session, actor(), whole_in(form, "grid"), whole_in(form, "task"), today(), today()
        )
    )


@bp.post("/station/checks")
def look() -> ResponseReturnValue:
    """Write down whether one of the six is there, perhaps with a photo."""
    form = request.form

    def act(session: Any) -> None:
        sent = request.files.get("photo")
        photo = scans.taken(sent.read()) if sent and sent.filename else None
        if photo is not None and photo[1] == scans.PDF:
            raise Refusal("scan_type_unknown")
        what, there = form.get("what", ""), form.get("there") == "yes"
        station.look(session, actor(), form.get("place", ""), what, photo, today(), there=there)

    return _done(act)


@bp.get("/station/places/<string:code>/photos/<int:check_id>")
def photo(code: str, check_id: int) -> ResponseReturnValue:
    """The photo of a check."""
    with work() as session:
        found, kind = station.photo_of(session, check_id, reading.path_of(session, code))
    answer = make_response(found)
    answer.mimetype = kind
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


@bp.post("/station/meetings")
def keep_meeting() -> ResponseReturnValue:
    """Keep the minutes of a meeting."""
    form = request.form
    return _done(
        lambda session: station.keep_meeting(
            session,
            actor(),
            form.get("place", ""),
            form.get("kind", ""),
            day_in(form, "held_on"),
            form.get("minutes", ""),
            today(),
        )
    )


@bp.post("/station/notices")
def hang() -> ResponseReturnValue:
    """Hang a notice."""
    form = request.form
    words = Words(*(form.get(name, "") for name in ("title_zh", "text_zh", "title_en", "text_en")))
    return _done(
        lambda session: station.hang(
            session,
            actor(),
            form.get("place", ""),
            form.get("grid_code") or None,
            words,
            day_in(form, "from_on"),
            day_in(form, "until_on"),
            today(),
        )
    )


@bp.post("/station/notices/<int:notice_id>/removal")
def take_down(notice_id: int) -> ResponseReturnValue:
    """Take a notice down."""
    return _done(lambda session: station.take_down(session, actor(), notice_id))


@bp.get("/station/notices/<int:notice_id>")
def notice(notice_id: int) -> ResponseReturnValue:
    """One notice as a sheet for the stairwell, in both languages."""
    with work() as session:
        found = station.notice(session, notice_id)
    require(actor(), STAFF, [found.path], "touches")
    until = {}
    for one in LANGUAGES:
        with speaking(one):
            until[one] = day(found.until_on)
    both = {one: words(one) for one in LANGUAGES}
    return render_template("notice.html", notice=found, until=until, both=both)


@bp.post("/station/corrections")
def correct() -> ResponseReturnValue:
    """Tell an office that something is not right."""
    form = request.form
    return _done(
        lambda session: station.correct(
            session,
            actor(),
            form.get("place", ""),
            whole_in(form, "building") if form.get("building") else None,
            form.get("office", ""),
            form.get("wrong", ""),
            form.get("better", ""),
            today(),
        )
    )


@bp.post("/station/corrections/<int:correction_id>/answer")
def answer_correction(correction_id: int) -> ResponseReturnValue:
    """Write down what an office answered."""
    words = request.form.get("answer", "")
    return _done(lambda session: station.answer_correction(session, actor(), correction_id, words, today()))


@bp.post("/station/mediations")
def take_on() -> ResponseReturnValue:
    """Open a mediation file."""
    form = request.form
    return _done(
        lambda session: mediations.take_on(
            session, actor(), form.get("place", ""), form.get("parties", ""), form.get("about", ""), today()
        )
    )


@bp.post("/station/mediations/<int:mediation_id>/closing")
def close(mediation_id: int) -> ResponseReturnValue:
    """Close one's own mediation file."""
    outcome = request.form.get("outcome", "")
    return _done(lambda session: mediations.close(session, actor(), mediation_id, outcome, today()))


def _done(act: Callable[[Any], Any]) -> ResponseReturnValue:
    """Do something and go back to the tab it was asked from, or say there why not."""
    form = request.form
    return done(
        act, _page, url_for("station.page", place=form.get("place") or None, tab=form.get("tab") or None)
    )


def _page(asked: Mapping[str, str], refusal: Refusal | None = None) -> ResponseReturnValue:
    asking = actor()
    with work() as session:
        places, code, path = reading.place_chosen(session, asking, asked.get("place"))
        if code is None:
            return render_template("station.html", places=[], refused="")
        own = five_duties.own_grids(session, asking.person_id)
        # Who answers for a grid comes to write something down, everybody else to see how it goes.
        usual = "tasks" if own else "calendar"
        tab = asked["tab"] if asked.get("tab") in TABS else usual
        shown = _tab(session, tab, path, asked, own)
    return make_response(
        render_template(
            "station.html",
            places=places,
            place=code,
            tab=tab,
            tabs=TABS,
            keeps=asking.touches(REGISTRARS, path),
            today=today(),
            given=asked if refusal else {},
            refused=worded(refusal.code, refusal.facts) if refusal else "",
            **shown,
        ),
        STATUS.get(refusal.code, 422) if refusal else 200,
    )


def _tab(
    session: Any, tab: str, path: str, asked: Mapping[str, str], own: list[tuple[int, str]]
) -> dict[str, Any]:
    """What a tab shows. own: grids of who asks."""
    if tab == "calendar":
        return _calendar(session, path, asked)
    if tab == "haves":
        return {"communities": station.six_haves(session, path), "six": SIX_HAVES}
    if tab == "meetings":
        return {"meetings": station.meetings(session, path), "kinds_of_meeting": MEETING_KINDS}
    if tab == "notices":
        return {"notices": station.board(session, path, today())}
    if tab == "corrections":
        return {"corrections": station.corrections(session, path)}
    if tab == "mediation":
        return {"files": mediations.own(session, actor()), "outcomes": OUTCOMES}
    wanted = next((grid for grid in own if str(grid[0]) == asked.get("grid")), own[0] if own else None)
    if wanted is None:
        periods = [(every, *five_duties.period_of(every, today())) for every in PERIODS]
        return {"grids": [], "tasks": five_duties.done_in(session, path, periods), "five": FIVE_DUTIES}
    duties = five_duties.duties_of(session, wanted[0], today(), language())
    return {"grids": own, "grid": wanted, "duties": duties}


def _calendar(session: Any, path: str, asked: Mapping[str, str]) -> dict[str, Any]:
    month = station_calendar.month_called(asked.get("month", ""), today())
    found = station_calendar.dated(session, actor(), path, month, here())
    weeks = [station_calendar.of_days(days, found) for days in station_calendar.weeks(month)]
    former, after = station_calendar.beside(month, today())
    return {"month": month, "weeks": weeks, "former": former, "next": after}
