"""Loading an exercise 实训导入: its files become a version, all of them or none; who began keeps the earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, update

from app import clock
from app.banks.findings import Finding
from app.banks.nodes import line_at
from app.courses.exercises import content
from app.courses.exercises.rules import check_exercise
from app.courses.exercises.values import Exercise, content_of, hash_of
from app.courses.models import ExerciseVersion
from app.ledger.services import record
from app.refusals import N_, Refusal
from app.standards.editions import find_edition
from app.store import db


class BrokenExercise(Refusal):
    """The files break rules; nothing of them was taken."""

    message = N_("The practical audit %(exercise)s was not loaded: its files break %(count)s rules. %(first)s")
    kept = N_("It stays as it was before.")
    todo = N_("Run “flask courses check”, correct the files named there and load again.")

    def __init__(self, exercise: str, findings: list[Finding]) -> None:
        super().__init__(exercise=exercise, count=len(findings), first=str(findings[0]))
        self.findings = findings


@dataclass(frozen=True)
class LoadedExercise:
    """What a load did: `new` is False where the current version has the same files."""

    exercise: str
    tasks: int
    new: bool


def check_folder(folder: Path) -> tuple[Exercise | None, list[Finding]]:
    """Read an exercise's folder and hold it to every rule; files are named from the folder of all exercises."""
    read = content.read_folder(folder)
    findings = list(read.findings)
    if read.exercise is not None:
        edition = find_edition(read.exercise.edition)
        if edition is None:
            fault = f"There is no edition “{read.exercise.edition}”."
            findings.append(
                Finding(
                    content.HEAD,
                    line_at(read.roots[content.HEAD], "edition"),
                    "edition-is-known",
                    fault,
                    "Name one that is installed.",
                )
            )
        else:
            findings.extend(check_exercise(read.exercise, edition, read.roots))
    place = f"{content.FOLDER}/{folder.resolve().name}"
    named = [Finding(f"{place}/{one.file}", one.line, one.rule, one.fault, one.remedy) for one in findings]
    return read.exercise, sorted(set(named), key=str)


def load_exercises(root: Path, *, actor_id: int | None = None) -> list[LoadedExercise]:
    """Load every exercise beside the courses under the root. Raises BrokenExercise."""
    return [_load(folder, actor_id) for folder in content.find_exercises(root)]


def _load(folder: Path, actor_id: int | None) -> LoadedExercise:
    code, digest = folder.resolve().name, content.digest_of(folder)
    current = db.session.scalar(select(ExerciseVersion).where(ExerciseVersion.code == code, ExerciseVersion.current))
    if current is not None and current.digest == digest:
        return LoadedExercise(code, len(current.content["tasks"]), new=False)
    exercise, findings = check_folder(folder)
    if findings or exercise is None:
        raise BrokenExercise(code, findings)
    name = hash_of(exercise)
    known = db.session.scalar(select(ExerciseVersion).where(ExerciseVersion.code == code, ExerciseVersion.hash == name))
    db.session.execute(update(ExerciseVersion).where(ExerciseVersion.code == code).values(current=False))
    if known is not None:
        known.current, known.digest = True, digest
    else:
        db.session.add(
            ExerciseVersion(
                code=code, hash=name, digest=digest, content=content_of(exercise), current=True, loaded_at=clock.now()
            )
        )
    db.session.flush()
    facts = {"digest": digest, "tasks": len(exercise.tasks)}
    record(kind="exercise.loaded", base_id=None, actor_id=actor_id, subject=f"exercise:{code}", facts=facts)
    return LoadedExercise(code, len(exercise.tasks), new=True)
