"""Commands of verification 查验: the same list of checks as the page, for a file, without a network."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from app.refusals import Refusal
from app.verification import services
from app.verification.checks import WORDS, State
from app.verification.services import Finding

cli = AppGroup("certificates", help="Certificates: verify a file.")
#: What the command prints of the claims.
PRINTED = (
    "number",
    "holder_zh",
    "holder_latin",
    "programme_zh",
    "standard",
    "issuer_zh",
    "valid_from",
    "valid_until",
    "address",
)
MARKS = {True: "yes", False: "no", None: "unknown"}
CANNOT_TELL = 2


@cli.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--trust-root",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="PEM file of the root to trust; without it, the root of this installation.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify(file: Path, trust_root: Path | None, as_json: bool) -> None:
    """Verify a certificate PDF: exit 0 valid, 1 not valid, 2 cannot tell.

    With this installation's own root the register is asked too. With any other root the file alone is judged: what
    only the register knows (suspended, withdrawn, replaced) is unknown then and is said to be.
    """
    try:
        trust, own = services.trust_in(trust_root.read_bytes()) if trust_root else (services.own_trust(), True)
    except Refusal as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(CANNOT_TELL)
    finding = services.by_file(file.read_bytes(), trust, with_register=own)
    if as_json:
        click.echo(json.dumps(as_object(finding), ensure_ascii=False, indent=2))
    else:
        for line in as_lines(finding):
            click.echo(line)
    sys.exit(exit_code(finding.verdict.state))


def exit_code(state: State) -> int:
    """0 valid, 2 cannot tell, 1 everything else."""
    return {State.VALID: 0, State.UNKNOWN: CANNOT_TELL}.get(state, 1)


def as_lines(finding: Finding) -> list[str]:
    """The verdict, the numbered list, and what the certificate says."""
    verdict = finding.verdict
    lines = [f"{WORDS[verdict.state]}"]
    for place, check in enumerate(verdict.checks, 1):
        reason = f": {check.reason % check.parameters}" if check.reason else ""
        lines.append(f"{place}. [{MARKS[check.holds]}] {check.title}{reason}")
    if verdict.state is State.VALID and any(check.holds is None for check in verdict.checks):
        lines.append("The file is genuine and in force by its dates; what is unknown above only the register can tell.")
    return lines + [f"{name}: {finding.claims[name]}" for name in PRINTED if name in finding.claims]


def as_object(finding: Finding) -> dict[str, Any]:
    """The same as values."""
    verdict = finding.verdict
    checks = [
        {
            "name": check.name,
            "title": check.title,
            "holds": MARKS[check.holds],
            "reason": check.reason % check.parameters,
        }
        for check in verdict.checks
    ]
    since = verdict.since.isoformat() if verdict.since else None
    return {
        "state": verdict.state.value, "at": finding.at.isoformat(), "checks": checks, "since": since,
        "reason": verdict.reason or None, "sha256": finding.file.sha256 if finding.file else None,
        "claims": verdict.claims,
    }  # fmt: skip
