"""An exam in a week 下周的考试: in rooms, with seats, an access code, an accommodation and admission cards."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from app import clock
from app.cohorts import services as cohorts
from app.exams import services as exams
from app.exams.arrangement import Arrangement
from app.exams.seating import Room
from app.exams.services import accommodations, arrange, candidates
from app.exams.services.accommodations import Ease
from app.office.services.demonstration.scenes import Stage
from app.store import writing


def coming_exam(stage: Stage, now: datetime) -> None:
    """Announce it, give one candidate more time and a room apart, seat everybody, and make the cards."""
    officer = stage.staff["exam-officer"]
    begins = (now + timedelta(days=7)).astimezone(clock.BEIJING).replace(hour=9, minute=0)
    arrangement = Arrangement(
        place_kind="room",
        place="示例市示例路 1 号培训楼",
        access_code=arrange.draw_code(),
        late_minutes=30,
        waiting_days=3,
    )
    with writing():
        session = exams.create_session(
            key=secrets.token_hex(16), cohort_id=stage.cohort,
            specification=cohorts.get_programme(cohorts.get_cohort(stage.cohort).programme_id).specification,
            title_zh="内审员补考", title_en="Resit for internal auditors", opens_at=begins,
            closes_at=begins + timedelta(hours=3), arrangement=arrangement, by=officer,
        )  # fmt: skip
        exams.complete_list(session)
        arrange.set_invigilators(session.ref, [stage.staff["invigilator"]], by=officer)
        eased = next(line.row for line in candidates.list_candidates(session) if line.row is not None)
        accommodations.give_standing(
            eased, Ease(150, 125, True), reason="右手骨折，书写不便。", from_on=clock.today(), until_on=None, by=officer
        )
        candidates.seat_by_number(
            session, [Room("301 教室", 16), Room("302 教室", 16)], [Room("105 室", 2)], by=officer
        )  # fmt: skip
        candidates.admit_everybody(session, by=officer)
