"""The candidate's screens: the list of exams, the exam page, and the check before handing in."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from app import clock
from app.accounts.guards import actor, compressed, needs
from app.courses.services import standing
from app.exams import services, timing
from app.exams.forms import TokenForm
from app.exams.services import Sitting, look
from app.exams.services.entry import MustWait
from app.exams.views.door import bp, language, told
from app.exams.views.printing import exam_page
from app.exams.views.safe_browser import ask_for_browser
from app.refusals import Refusal
from app.standards.editions import edition
from app.store import writing


@bp.get("/exams")
@needs("sit")
def mine() -> Any:
    """The sessions of one's classes, what to do next first."""
    mine = services.my_sessions(actor().person_id)
    waiting = {one.enrolment.id for one in mine if one.can_start}
    standings = {enrolment: standing.standing_of(enrolment) for enrolment in sorted(waiting)}
    return render_template("exams/mine.html", mine=mine, standings=standings)


@bp.post("/exams/<string(length=32):ref>/sitting")
@needs("sit")
def prepare(ref: str) -> Any:
    """Come into the waiting room: the paper is made, once; the clock does not run yet."""
    if not TokenForm().validate_on_submit():
        return redirect(url_for("exams.mine"), 303)
    try:
        with writing():
            sitting_ref = services.prepare_sitting(ref, actor().person_id, given_nonce()).ref
    except (timing.WindowOver, timing.TooLate, timing.WaitingRoomClosed, timing.Cancelled, MustWait) as refusal:
        return back_to_list(refusal)
    except standing.RulesNotMet as refusal:
        return render_template("exams/not_yet.html", refusal=refusal, standing=refusal.standing), refusal.status
    return redirect(url_for("exams.notice", ref=sitting_ref), 303)


@bp.get("/sittings/<string(length=32):ref>")
@needs("sit")
@compressed
def sit(ref: str) -> Any:
    """The exam page: the whole paper in one document."""
    found = look.get_around(ref, actor().person_id)
    sitting = found.sitting
    if not _on_screen(sitting):
        return where(sitting)
    if (asked := ask_for_browser(sitting, found.session)) is not None:
        return asked
    paper = look.paper_of(found, language())
    tree = edition(paper.edition).tree()
    return exam_page(paper, tree, _clock(sitting))


@bp.get("/sittings/<string(length=32):ref>/check")
@needs("sit")
def check(ref: str) -> Any:
    """What is unanswered or flagged, before handing in."""
    sitting = services.get_sitting(ref, actor().person_id)
    if not _on_screen(sitting):
        return where(sitting)
    paper = services.get_paper(sitting, language())
    if (asked := ask_for_browser(sitting, paper.session)) is not None:
        return asked
    return render_template("exams/check.html", paper=paper, **_clock(sitting) | {"left": int(_left(sitting))})


def given_nonce() -> str | None:
    """What the candidate's device drew, if it did: without a script the server draws."""
    given = request.form.get("nonce", "")
    return given if len(given) == 32 and set(given) <= set("0123456789abcdef") else None


def where(sitting: Sitting) -> Any:
    """The page that a sitting's state leads to."""
    if sitting.medium == timing.PAPER and sitting.state != "closed":
        session = services.get_session_by_id(sitting.session_id)
        if sitting.state == "ready" and session.cancelled_at is not None:
            return redirect(url_for("exams.notice", ref=sitting.ref), 303)
        return render_template("exams/on_paper.html", sitting=sitting, session=session)
    if sitting.state == "ready":
        return redirect(url_for("exams.notice", ref=sitting.ref), 303)
    if sitting.state == "closed":
        return redirect(url_for("marking.receipt", ref=sitting.ref), 303)
    if _left(sitting) > 0:
        return redirect(url_for("exams.sit", ref=sitting.ref), 303)
    session = services.get_session_by_id(sitting.session_id)
    return render_template("exams/over.html", sitting=sitting, session=session)


def back_to_list(refusal: Refusal) -> Any:
    """To the list, with the reason and what to do."""
    flash(" ".join(part for part in told(refusal) if part), "warn")
    return redirect(url_for("exams.mine"), 303)


def _on_screen(sitting: Sitting) -> bool:
    """Whether the exam page takes answers of the sitting now."""
    return sitting.state == "open" and sitting.medium != timing.PAPER and _left(sitting) > 0


def _left(sitting: Sitting) -> float:
    """Seconds to the deadline of an open sitting."""
    return (sitting.deadline_at - clock.now()).total_seconds() if sitting.deadline_at else 0.0


def _clock(sitting: Sitting) -> dict[str, Any]:
    assert sitting.deadline_at is not None
    now, deadline = int(clock.now().timestamp() * 1000), int(sitting.deadline_at.timestamp() * 1000)
    seconds = (deadline - now) // 1000
    return {"now": now, "deadline": deadline, "left": f"{seconds // 60}:{seconds % 60:02}"}
