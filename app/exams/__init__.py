"""The exam room 考场: sessions, sittings, papers and answers.

A session 场次 is a window in which the people of a cohort sit one specification; its secret is committed to the
ledger before it opens and revealed after it closes. A sitting 考次 is one person, one paper, one clock: the paper
is assembled on the server when the sitting is created (`assembly`), the clock starts when the candidate accepts
the statement (`timing`), and every answer goes through one door (`answer_store`) into a journal that only grows
(`journal`). Marking lives in the next domain and is told nothing here but what was handed in.
"""
