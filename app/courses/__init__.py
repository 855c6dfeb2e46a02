"""Courses 课程: what people learn, and how far they have come.

A course is a list of modules that it shares with others (`content` reads the files, `reading` says what they mean,
`rules` holds them to named rules, `diagrams` knows what a drawing may hold); loading makes a version of it, and the
learner always reads the latest. What a person did is kept for each enrolment: which lessons were opened and finished,
what was answered, and how long was studied. Study time 学时 is measured by heartbeat on the server (`studytime`): the
browser says that a page is being read, never for how long. `outline` puts lessons and progress together for the
screens. The key of a self-check question stays on the server until it is answered. Notes (`notes`) belong to the person who wrote
them: no base and no staff reads them.
"""
