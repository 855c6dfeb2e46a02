"""What the script of the door finds out, and what the pulse shows: whether this is Safe Exam Browser as it should be."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import jsonify, request, session

from app.accounts.guards import actor, needs
from app.exams import seb
from app.exams.api.door import body, bp
from app.exams.journal import BadEntry
from app.exams.services import safe_browser
from app.store import settings, writing


@bp.post("/sittings/<string(length=32):ref>/browser")
@needs("sit")
def prove_browser(ref: str) -> Any:
    """Take {address, proof} of the page or {proof: null} where there is no such browser → {ok, locked}.

    The engine of Safe Exam Browser on macOS and iPad sends no headers and has a script interface instead. What was
    proved is remembered in the signed cookie of this browser for this sitting.
    """
    sent = body()
    address, proof = sent.get("address", ""), sent.get("proof")
    if not isinstance(address, str) or not (proof is None or isinstance(proof, str)):
        raise BadEntry
    demand = safe_browser.demand_of(ref, actor().person_id)
    if demand is None:
        return jsonify(ok=True, locked=False)
    if proof and _own(address, ref) and seb.proves(proof, address, demand.key):
        session["seb"] = seb.remembered(session.get("seb", {}), ref, seb.mark_of(demand.key))
        return jsonify(ok=True, locked=False)
    return jsonify(ok=False, locked=demand.running and _lock(ref))


def locks(ref: str, key: str | None) -> bool:
    """Lock the page when the pulse of a running sitting does not show the browser that the session asks for."""
    if key is None:
        return False
    address = seb.page_address(settings().origin, request.path, request.query_string.decode("latin-1"))
    mark = session.get("seb", {}).get(ref, "")
    if seb.Shown(address, request.headers.get(seb.HEADER, ""), mark).judge(key) == seb.RIGHT:
        return False
    demand = safe_browser.demand_of(ref, actor().person_id)
    return demand is not None and _lock(ref)


def _lock(ref: str) -> bool:
    with writing():
        return safe_browser.lock_without_browser(ref, actor().person_id)


def _own(address: str, ref: str) -> bool:
    """Whether the address is a page of this sitting on this site."""
    own, given = urlsplit(seb.page_address(settings().origin, "", "")), urlsplit(address)
    return (given.scheme, given.netloc) == (own.scheme, own.netloc) and given.path.startswith(f"/sittings/{ref}")
