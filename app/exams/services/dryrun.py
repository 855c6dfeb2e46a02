"""Papers that nobody sits 试组卷, in a form that any program can check for fairness."""

from __future__ import annotations

from typing import Any

from app import clock
from app.banks import services as banks
from app.banks.specification import Specification
from app.exams.assembly import Form, draw, prepare
from app.exams.assembly.prepared import Prepared
from app.exams.services.pools import freeze_pool

_MILLION = 1_000_000


def dry_run(specification: str, forms: int, seed: str) -> dict[str, Any]:
    """Draw `forms` papers of a specification (by code) from the pool that a session announced now would freeze.

    An item's `facility` is the share of its marks that a candidate at the cut is expected to earn, so that the sum of
    marks times facility is `expected_at_cut`, up to rounding; scores and `se` are in marks. The same text as `seed`
    gives the same papers. Raises NotFound, assembly.CannotFill.
    """
    wanted = banks.get_specification(specification)
    prepared = prepare(freeze_pool(wanted, clock.now()), wanted)
    clauses = {item.id: item.clause_in(wanted.edition) for item in banks.pool_for(wanted)}
    drawn = [draw(prepared, f"{seed} {number}".encode()) for number in range(forms)]
    return {
        "specification": wanted.code,
        "cut": _number(wanted),
        "max_marks": wanted.max_marks,
        "forms": [_form(prepared, form, clauses) for form in drawn],
    }


def _number(wanted: Specification) -> int | float:
    return int(wanted.cut) if wanted.cut.denominator == 1 else float(wanted.cut)


def _form(prepared: Prepared, form: Form, clauses: dict[str, str]) -> dict[str, Any]:
    rows = []
    for one in form.items:
        place = prepared.place[one.id]
        item = prepared.items[place]
        rows.append(
            {
                "id": one.id,
                "clause": clauses[one.id],
                "level": item.level,
                "kind": one.kind,
                "marks": one.marks,
                "facility": prepared.reference.scores[place][0] / one.marks / _MILLION,
            }
        )
    return {"items": rows, "expected_at_cut": form.expected_at_cut / 10_000, "se": form.se / 10_000}
