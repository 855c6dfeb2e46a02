"""The banks of the release, each read and held to the rules once in a run, and only when a test asks for it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from app.banks import content, services
from app.banks.content import BankFolder
from app.banks.services import Report

BANKS = content.find_banks()


@cache
def bank(folder: Path) -> BankFolder:
    """A bank as its files say."""
    return content.read_folder(folder)


@cache
def held(folder: Path) -> Report:
    """A bank held to every rule, beside the others."""
    return services.hold(bank(folder), [bank(other) for other in BANKS if other != folder])
