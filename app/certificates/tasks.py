"""Background work of certificates 证书: preparing and signing, in the worker and never in a web process."""

from __future__ import annotations

from typing import Any

from app.certificates.services import issue, request
from app.jobs.registry import task
from app.store import writing


@task("certificates.request")
def prepare_certificate(payload: dict[str, Any]) -> None:
    """Prepare the certificate of a decision: {decision_id}."""
    with writing():
        request.request_certificate(int(payload["decision_id"]))


@task("certificates.issue")
def issue_certificate(payload: dict[str, Any]) -> None:
    """Sign a pending certificate: {certificate_id}. No transaction is open while the file is made."""
    order = issue.find_order(int(payload["certificate_id"]))
    if order is None:
        return
    made = issue.make(order)
    with writing():
        issue.grant(order.certificate_id, made)
