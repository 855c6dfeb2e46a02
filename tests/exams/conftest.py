"""What every test of the exam room has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app import clock
from app.exams.services import release_stores
from tests.exams.rooms import NOW


@pytest.fixture(autouse=True)
def _stores() -> Iterator[None]:
    yield
    release_stores()


@pytest.fixture
def now() -> Iterator[None]:
    """The clock stands still at rooms.NOW."""
    with clock.frozen(NOW):
        yield
