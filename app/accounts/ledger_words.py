"""The journal 操作日志 in words: for each kind of ledger entry, each subject and each fact, what a person reads."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.refusals import N_

KINDS: Mapping[str, str] = {
    "account.password-changed": N_("A password was changed"),
    "account.signed-out-everywhere": N_("Somebody signed out on all devices"),
    "attendance.recorded": N_("Attendance of a live session was recorded"),
    "bank.loaded": N_("A question bank was loaded"),
    "base.added": N_("A training base was added"),
    "certificate.granted": N_("A certificate was issued"),
    "certificate.held": N_("A certificate could not be issued"),
    "certificate.intended": N_("A certificate was prepared for signing"),
    "certificate.reinstated": N_("A certificate was reinstated"),
    "certificate.reissue-asked": N_("A replacement of a certificate was ordered"),
    "certificate.replaced": N_("A certificate was replaced"),
    "certificate.suspended": N_("A certificate was suspended"),
    "certificate.withdrawn": N_("A certificate was withdrawn"),
    "cohort.opened": N_("A class was opened"),
    "cohort.rules-set": N_("The study rules of a class were set"),
    "course.loaded": N_("A course was loaded"),
    "enrolment.added": N_("A person was enrolled in a class"),
    "enrolment.admitted": N_("A person was admitted to the exam by exception"),
    "enrolment.exception-withdrawn": N_("An admission by exception was withdrawn"),
    "exercise.loaded": N_("A practical audit was loaded"),
    "incident.answered": N_("A candidate answered to an incident"),
    "incident.decided": N_("An incident was decided"),
    "incident.raised": N_("An incident was noted"),
    "live.added": N_("A live session was announced"),
    "live.cancelled": N_("A live session was cancelled"),
    "live.changed": N_("A live session was changed"),
    "live.moved": N_("A live session was moved to another time"),
    "person.added": N_("A person was added"),
    "person.renamed": N_("A person's name was corrected"),
    "programme.added": N_("A programme was added"),
    "report.answered": N_("A report of a question was answered"),
    "result.decided": N_("A certification decision was taken"),
    "result.final": N_("A result became final"),
    "result.provisional": N_("A provisional result was recorded"),
    "role.ended": N_("A role was taken back"),
    "role.granted": N_("A role was given"),
    "script.marked": N_("An answer was marked"),
    "session.created": N_("An exam session was set up"),
    "session.revealed": N_("The secret of the draw was published"),
    "sitting.closed": N_("A sitting ended"),
    "sitting.differed": N_("A device showed other answers at hand-in than the server had"),
    "sitting.extended": N_("A sitting was given more time"),
    "sitting.opened": N_("A sitting began"),
    "sitting.prepared": N_("A paper was drawn"),
    "sitting.taken-over": N_("A sitting went on in another window"),
}
"""Kind of entry → the sentence, a message id."""

SUBJECTS: Mapping[str, str] = {
    "bank": N_("Question bank"),
    "base": N_("Training base"),
    "certificate": N_("Certificate"),
    "cohort": N_("Class"),
    "course": N_("Training course"),
    "exercise": N_("Practical audit"),
    "live": N_("Live session"),
    "person": N_("Person concerned"),
    "programme": N_("Programme"),
    "session": N_("Exam session"),
    "sitting": N_("Exam of a candidate"),
}
"""What stands before the colon of a subject → its noun, a message id."""

FACTS: Mapping[str, str] = {
    "algorithm": N_("Algorithm"),
    "answered": N_("Candidate was heard"),
    "answers": N_("Answers"),
    "attempt": N_("Attempt"),
    "by": N_("By"),
    "by_issue": N_("Replaced by issue"),
    "certificate": N_("Certificate"),
    "certify": N_("Certify"),
    "changed": N_("Changed"),
    "closed_at": N_("Ended at"),
    "code": N_("Code"),
    "cohort": N_("Class"),
    "commitment": N_("Commitment"),
    "corrected": N_("Corrected records"),
    "course": N_("Training course"),
    "cut": N_("Pass mark"),
    "deadline": N_("Ends at"),
    "decision": N_("Decision"),
    "digest": N_("Digest"),
    "epoch": N_("Window in use"),
    "fields": N_("Fields"),
    "file": N_("File"),
    "form": N_("Paper"),
    "from": N_("Was to begin"),
    "hours": N_("Hours"),
    "incident": N_("Incident"),
    "intent": N_("Fingerprint"),
    "issue": N_("Issue"),
    "items": N_("Items"),
    "kind": N_("Kind"),
    "language": N_("Language"),
    "lessons": N_("Lessons"),
    "marks": N_("Full marks"),
    "minutes": N_("Minutes"),
    "new": N_("New"),
    "nonce": N_("Nonce"),
    "number": N_("Number"),
    "outcome": N_("Outcome"),
    "passed": N_("Passed"),
    "points": N_("Points"),
    "pool": N_("Pool of items"),
    "programme": N_("Programme"),
    "reason": N_("Reason"),
    "reason_hash": N_("Sealed reason"),
    "reason_sealed": N_("Sealed reason"),
    "recorded": N_("New records"),
    "repeats": N_("Repeats"),
    "reply_sealed": N_("Sealed answer"),
    "report": N_("Report"),
    "retired": N_("Retired"),
    "role": N_("Role"),
    "rules": N_("Rules not met"),
    "secret": N_("Secret"),
    "session": N_("Exam session"),
    "shown": N_("Digest of the device"),
    "slot": N_("Slot"),
    "source": N_("Noted by"),
    "specification": N_("Specification"),
    "study_rules": N_("Study rules"),
    "tasks": N_("Tasks"),
    "to": N_("Now begins"),
    "total": N_("Total"),
    "version": N_("Version"),
    "within_tolerance": N_("Within the tolerance"),
}
"""Key of a fact → its name, a message id."""

MOMENTS = frozenset({"deadline", "closed_at", "from", "to"})
"""Keys of the facts that are moments, in ISO 8601."""

_LONG = re.compile(r"[0-9a-f]{24,}")
SHOWN = 12


def shortened(value: str) -> str:
    """A long hexadecimal value as its first twelve characters and an ellipsis; anything else as it is."""
    return f"{value[:SHOWN]}…" if _LONG.fullmatch(value) else value
