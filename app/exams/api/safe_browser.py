"""What the script of the door finds out: whether this is Safe Exam Browser, and its proof for the page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import jsonify, session

from app.accounts.guards import actor, needs
from app.exams import seb
from app.exams.api.door import body, bp
from app.exams.journal import BadEntry
from app.exams.services import safe_browser
from app.store import settings, writing

_MOST_KEPT = 8


@bp.post("/sittings/<string(length=32):ref>/browser")
@needs("sit")
def prove_browser(ref: str) -> Any:
    """Take {address, proof} of the page or {proof: null} where there is no such browser → {ok, locked}.

    The engine of SEB on macOS and iOS sends no headers and has a script interface instead. What was proved is
    remembered in the signed cookie of this browser for this sitting.
    """
    sent = body()
    address, proof = sent.get("address", ""), sent.get("proof")
    if not isinstance(address, str) or not (proof is None or isinstance(proof, str)):
        raise BadEntry
    demand = safe_browser.find_demand(ref, actor().person_id)
    if demand is None:
        return jsonify(ok=True, locked=False)
    if proof and _own(address, ref) and seb.proves(proof, address, demand.key):
        kept = list(session.get("seb", {}).items())[-_MOST_KEPT:]
        session["seb"] = {**dict(kept), ref: demand.mark}
        return jsonify(ok=True, locked=False)
    locked = False
    if demand.running:
        with writing():
            locked = safe_browser.lock_without_browser(ref, actor().person_id)
    return jsonify(ok=False, locked=locked)


def _own(address: str, ref: str) -> bool:
    """Whether the address is a page of this sitting on this site."""
    own, given = urlsplit(settings().origin), urlsplit(address)
    return (given.scheme, given.netloc) == (own.scheme, own.netloc) and given.path.startswith(f"/sittings/{ref}")
