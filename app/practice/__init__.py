"""Practice 练习: one question at a time with what is right and why, what is due today, mastery, and mock exams.

Questions come from the practice pool of the bank and never from the exam pool. What a person answered is only ever
added to (`PracticeAnswer`, `PracticeReview`); when an item comes back is worked out by FSRS (`recall`), what comes
next by `choosing`, how well a clause is known by `mastery`. A mock exam 模拟考试 is drawn by the exams' assembly and
scored by marking; it counts for nothing but practice. All of it is the person's own: no page of the staff shows it.
"""
