"""Claims as values, as JSON, and as a fingerprint that gives nothing away."""

from __future__ import annotations

import json

import pytest

from app.certificates.claims import canonical, from_json, intent, to_json
from tests.certificates.samples import claims


def test_claims_come_back_from_json_as_they_were() -> None:
    for made in (claims(), claims(replaced_on=None), claims("auditor-trainee", issue=2)):
        assert from_json(json.loads(json.dumps(to_json(made)))) == made


@pytest.mark.parametrize("stored", [{}, {"format": 2}, {"format": 1, "number": "x"}])
def test_other_records_are_refused(stored: dict[str, object]) -> None:
    with pytest.raises((ValueError, KeyError)):
        from_json(stored)


def test_canonical_form_does_not_depend_on_order() -> None:
    made = claims()
    turned = dict(reversed(list(to_json(made).items())))
    assert canonical(from_json(turned)) == canonical(made)
    assert "欧阳".encode() in canonical(made)


def test_intent_depends_on_salt_and_content() -> None:
    one = intent(claims(), "00" * 16)
    assert one == intent(claims(), "00" * 16)
    assert one not in {intent(claims(), "01" * 16), intent(claims(hours=25), "00" * 16)}
