"""Materials that lie open in an exam: the officer's page, and what candidates read."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from app import clock
from app.accounts.guards import actor, compressed, needs
from app.exams import services, timing
from app.exams.forms import MaterialForm, TokenForm
from app.exams.services import materials
from app.exams.views.door import bp, language
from app.refusals import NotFound
from app.standards.editions import edition
from app.store import writing


@bp.get("/exam-sessions/<string(length=32):ref>/materials")
@needs("sessions.manage")
def session_materials(ref: str) -> Any:
    """What lies open in a session, and the form to add to it."""
    return _page(ref, MaterialForm())


@bp.post("/exam-sessions/<string(length=32):ref>/materials")
@needs("sessions.manage")
def add_material(ref: str) -> Any:
    """Lay a document open; sending the form twice makes one."""
    form = MaterialForm()
    if not form.validate_on_submit():
        return _page(ref, form), 422
    with writing():
        materials.add_material(
            ref, no=int(form.no.data or 0), titles=(form.title_zh.data or "", form.title_en.data or ""),
            bodies=(form.body_zh.data or "", form.body_en.data or ""), by=actor().person_id,
        )  # fmt: skip
    flash(gettext("The material lies open in this exam."), "ok")
    return redirect(url_for("exams.session_materials", ref=ref), 303)


@bp.post("/exam-sessions/<string(length=32):ref>/materials/<int:no>/remove")
@needs("sessions.manage")
def remove_material(ref: str, no: int) -> Any:
    """Take a document away again, before the session opens."""
    if TokenForm().validate_on_submit():
        with writing():
            materials.remove_material(ref, no, by=actor().person_id)
        flash(gettext("The material was removed."), "ok")
    return redirect(url_for("exams.session_materials", ref=ref), 303)


@bp.get("/sittings/<string(length=32):ref>/materials")
@needs("sit")
@compressed
def read_materials(ref: str) -> Any:
    """What lies open beside the questions: the page that the exam page takes its panel from."""
    sitting = services.get_sitting(ref, actor().person_id)
    if sitting.state == "closed":
        raise timing.Closed
    session = services.get_session_by_id(sitting.session_id)
    if sitting.state != "open" or not materials.are_open(session):
        raise NotFound
    wanted = edition(services.specification_of(session.specification_hash).edition)
    found = [
        (one.no, _in(one.title_zh, one.title_en), materials.html_of(_in(one.body_zh, one.body_en), language()))
        for one in materials.list_materials(session)
    ]
    return render_template("exams/materials.html", session=session, materials=found, edition=wanted)


def _in(zh: str, en: str) -> str:
    return zh if language() == "zh_CN" else en


def _page(ref: str, form: MaterialForm) -> str:
    session = services.get_session(ref)
    if not form.is_submitted():
        form.no.data = str(materials.next_number(session))
    return render_template(
        "exams/session_materials.html", session=session, form=form, rows=materials.list_materials(session),
        allowed=materials.are_open(session), fixed=clock.now() >= session.opens_at, language=language(),
    )  # fmt: skip
