"""Editions of standards 标准版本: which text is meant, since when, until when, and its tree of clauses.

`clauses.py` holds the values (pure), `content.py` reads the files in `data/`, and `editions.py` is what other rooms
ask: `edition("gbt29490-2013").clause("6.1.2").title("zh_CN")`. A pure module elsewhere takes an `Edition` as a
parameter and imports only `clauses`. To add an edition, or to complete the tree of one, edit a file in `data/`.
"""
