"""The door to the file of presets 预设: programmes that a training base can offer as they stand."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from app.cohorts.presets import KINDS, Preset

FILE = Path(__file__).resolve().parents[2] / "courses" / "programmes.yaml"


class BrokenPresets(ValueError):
    """The file cannot be used; the text names the file and the reason."""


@cache
def presets(path: Path = FILE) -> dict[str, Preset]:
    """Every preset by code, the default first. Raises BrokenPresets."""
    try:
        # The base loader leaves every scalar a string, so that a code such as 2023 stays one.
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506 -- builds strings only
        found = [_preset(one) for one in raw]
    except KeyError as reason:
        raise BrokenPresets(f"{path.name}: the field {reason} is missing") from reason
    except (OSError, yaml.YAMLError, TypeError, ValueError, AttributeError) as reason:
        raise BrokenPresets(f"{path.name}: {reason}") from reason
    return {one.code: one for one in found}


def _preset(raw: dict[str, Any]) -> Preset:
    if raw["kind"] not in KINDS:
        raise ValueError(f"{raw['code']}: “{raw['kind']}” is none of {', '.join(KINDS)}")
    examined = raw["kind"] != "study"
    return Preset(
        code=raw["code"],
        kind=raw["kind"],
        title={"zh_CN": raw["title"]["zh_CN"], "en": raw["title"]["en"]},
        edition=raw["edition"],
        course=raw["course"],
        bank=raw["bank"] if examined else "",
        specification=raw["specification"] if examined else "",
        hours=int(raw["hours"]),
        validity_months=int(raw["validity_months"]) if examined else 0,
        attempts=int(raw["attempts"]) if examined else 0,
    )
