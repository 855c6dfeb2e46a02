"""Screens of practice 练习: what is due, one question at a time, mastery, and mock exams."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale as reading
from flask_babel import gettext

from app import clock
from app.accounts.guards import actor, find_actor, needs
from app.banks.delivery import numbered
from app.banks.items import Item
from app.banks.responses import BadResponse, clean, is_answered
from app.exams.assembly import CannotFill
from app.exams.forms.answers import sent
from app.exams.journal import BadEntry
from app.practice import services
from app.practice.asking import asked, order_of
from app.practice.choosing import Scope, scope_of
from app.practice.forms import AnswerForm, StartForm, TokenForm
from app.standards.clauses import Clause, Edition
from app.store import writing

bp = Blueprint("practice", __name__)


def language() -> str:
    """The reader's language as content has it: 'zh_CN' or 'en'."""
    return "en" if str(reading()).startswith("en") else "zh_CN"


@bp.app_context_processor
def practice_words() -> dict[str, Any]:
    """Let pages number the gaps of a stem, and that of one's learning say how many items are due today."""
    return {"numbered": numbered, "due_today": lambda: services.due_today(actor().person_id) if find_actor() else None}


@bp.get("/practice")
@needs("learn")
def home() -> Any:
    """What is due today, and what else there is to practise."""
    learner = services.find_learner(actor().person_id, _wanted())
    desk = services.desk(learner) if learner else None
    return render_template("practice/home.html", desk=desk, own=_own())


@bp.get("/practice/question")
@needs("learn")
def question() -> Any:
    """The next question of a scope; nothing is written before it is answered."""
    learner, scope, again = _learner(), scope_of(request.args.get("on", "")), request.args.get("again") == "1"
    found = services.next_question(learner, scope, again=again)
    if found.item is None:
        return render_template("practice/finished.html", found=found, scope=scope, own=_own())
    form = AnswerForm(item=found.item.id, version=found.item.hash)
    return _question(learner, scope, form, asked(found.item, str(form.key.data), language()), left=found.left)


@bp.post("/practice/question")
@needs("learn")
def answer() -> Any:
    """Keep and mark an answer; one that is empty comes back unless the trainee says that he does not know."""
    learner, scope, form = _learner(), scope_of(request.args.get("on", "")), AnswerForm()
    if not form.validate_on_submit():
        return redirect(url_for("practice.question", **_place(scope)), 303)
    item, key = _shown(learner, form), str(form.key.data)
    response = None if request.form.get("act") == "unknown" else _response(item.kind, len(order_of(key, item)))
    if not is_answered(response) and request.form.get("act") != "unknown":
        shown = asked(item, key, language())
        return _question(learner, scope, form, shown, error=gettext("Choose or write an answer first.")), 422
    with writing():
        services.answer(learner, item, key=key, order=order_of(key, item), response=response)
    return redirect(url_for("practice.feedback", ref=key, **_place(scope)), 303)


@bp.get("/practice/answers/<string(length=32):ref>")
@needs("learn")
def feedback(ref: str) -> Any:
    """An answer with what is right and why."""
    learner, scope = _learner(), scope_of(request.args.get("on", ""))
    told = services.feedback(learner, ref)
    return render_template("practice/feedback.html", told=told, scope=scope, place=_place(scope), own=_own())


@bp.post("/practice/answers/<string(length=32):ref>/rating")
@needs("learn")
def rate(ref: str) -> Any:
    """Say how hard a right answer was, and go on."""
    learner, scope = _learner(), scope_of(request.args.get("on", ""))
    if TokenForm().validate_on_submit():
        with writing():
            services.rate(learner, ref, request.form.get("rating", ""))
    return redirect(url_for("practice.question", **_place(scope)), 303)


@bp.post("/practice/answers/<string(length=32):ref>/own-marks")
@needs("learn")
def own_marks(ref: str) -> Any:
    """Mark one's own text by ticking the points that it has."""
    learner, scope = _learner(), scope_of(request.args.get("on", ""))
    if TokenForm().validate_on_submit():
        with writing():
            services.self_mark(learner, ref, request.form.getlist("has"))
    return redirect(url_for("practice.feedback", ref=ref, **_place(scope)), 303)


@bp.get("/practice/mastery")
@needs("learn")
def mastery() -> Any:
    """How well each clause is known, with a way to practise it."""
    learner = _learner()
    return render_template(
        "practice/mastery.html",
        learner=learner,
        found=services.mastery(learner),
        tree=_tree(learner.edition),
        own=_own(),
    )


@bp.get("/practice/mock")
@needs("learn")
def mocks() -> Any:
    """The mock exams that can be begun, and those that were sat."""
    return _mocks(StartForm())


@bp.post("/practice/mock")
@needs("learn")
def start_mock() -> Any:
    """Draw a mock exam and start its clock; one that runs is gone on with."""
    learner, form = _learner(), StartForm()
    if not form.validate_on_submit():
        return _mocks(form), 422
    try:
        with writing():
            ref = services.start(learner, key=str(form.key.data), specification=request.form.get("specification", ""))
    except CannotFill as refusal:
        flash(gettext(refusal.message, **refusal.parameters), "warn")
        return redirect(url_for("practice.mocks", **_own()), 303)
    return redirect(url_for("practice.mock", ref=ref, **_own()), 303)


@bp.get("/practice/mock/<string(length=32):ref>")
@needs("learn")
def mock(ref: str) -> Any:
    """The paper of a mock exam while it runs."""
    learner = _learner()
    paper = services.get_paper(learner, ref, language())
    if paper is None:
        return _close(learner, ref)
    tree = [(chapter, [one for one in below if one.level > 1]) for chapter, below in _tree(learner.edition)]
    return render_template("practice/mock.html", paper=paper, tree=tree, own=_own(), **_clock(paper))


@bp.post("/practice/mock/<string(length=32):ref>")
@needs("learn")
def save_mock(ref: str) -> Any:
    """Save the whole form, as a page without a script sends it, and look at it before handing in."""
    learner = _learner()
    paper = services.get_paper(learner, ref, language())
    if paper is None:
        return _close(learner, ref)
    if TokenForm().validate_on_submit():
        values = {one.slot: sent(one.slot, one.kind) for one in paper.questions}
        with writing():
            services.save(learner, ref, values)
    return redirect(url_for("practice.check_mock", ref=ref, **_own()), 303)


@bp.get("/practice/mock/<string(length=32):ref>/check")
@needs("learn")
def check_mock(ref: str) -> Any:
    """What is unanswered, before handing in."""
    learner = _learner()
    paper = services.get_paper(learner, ref, language())
    if paper is None:
        return _close(learner, ref)
    return render_template("practice/check.html", paper=paper, own=_own(), **_clock(paper))


@bp.post("/practice/mock/<string(length=32):ref>/hand-in")
@needs("learn")
def hand_in_mock(ref: str) -> Any:
    """Close the mock exam and show its result."""
    learner = _learner()
    if not TokenForm().validate_on_submit():
        return redirect(url_for("practice.mock", ref=ref, **_own()), 303)
    return _close(learner, ref)


@bp.get("/practice/mock/<string(length=32):ref>/result")
@needs("learn")
def mock_result(ref: str) -> Any:
    """The result with every question explained."""
    learner = _learner()
    result = services.get_result(learner, ref)
    if result is None:
        return redirect(url_for("practice.mock", ref=ref, **_own()), 303)
    return render_template("practice/result.html", result=result, edition=learner.edition, own=_own())


@bp.post("/practice/mock/<string(length=32):ref>/questions/<int:slot>/own-marks")
@needs("learn")
def mark_mock(ref: str, slot: int) -> Any:
    """Mark one's own text in a mock exam."""
    learner = _learner()
    if TokenForm().validate_on_submit():
        with writing():
            services.mark_own(learner, ref, slot, request.form.getlist("has"))
    return redirect(url_for("practice.mock_result", ref=ref, _anchor=f"q{slot}", **_own()), 303)


def _close(learner: services.Learner, ref: str) -> Any:
    with writing():
        services.close(learner, ref)
    return redirect(url_for("practice.mock_result", ref=ref, **_own()), 303)


def _mocks(form: StartForm) -> str:
    learner = _learner()
    return render_template(
        "practice/mocks.html", form=form, offers=services.list_offers(learner), past=services.list_mocks(learner),
        own=_own(),
    )  # fmt: skip


def _question(
    learner: services.Learner, scope: Scope, form: AnswerForm, shown: Any, *, left: int = 0, error: str = ""
) -> str:
    clause = learner.edition.find_clause(scope.value) if scope.kind == "clause" else None
    return render_template(
        "practice/question.html", scope=scope, place=_place(scope), form=form, question=shown, left=left, error=error,
        clause=clause, tree=_tree(learner.edition), own=_own(),
    )  # fmt: skip


def _shown(learner: services.Learner, form: AnswerForm) -> Item:
    return services.get_shown_item(learner, form.item.data or "", form.version.data or "")


def _response(kind: str, options: int) -> Any:
    try:
        return clean(kind, sent(1, kind), options)
    except BadResponse:
        raise BadEntry from None


def _tree(edition: Edition) -> list[tuple[Clause, list[Clause]]]:
    return [(one, [below for below in edition.clauses if below.chapter == one.no]) for one in edition.chapters()]


def _clock(paper: services.MockPaper) -> dict[str, int]:
    now, deadline = clock.now(), paper.deadline_at
    return {"now": int(now.timestamp() * 1000), "deadline": int(deadline.timestamp() * 1000)}


def _wanted() -> int | None:
    return request.args.get("class", type=int)


def _own() -> dict[str, Any]:
    """What an address says of the class, if the trainee chose one of several."""
    return {} if _wanted() is None else {"class": _wanted()}


def _place(scope: Scope) -> dict[str, Any]:
    return {**_own(), "on": str(scope)}


def _learner() -> services.Learner:
    return services.get_learner(actor().person_id, _wanted())
