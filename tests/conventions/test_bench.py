"""The arithmetic of make bench: percentiles, tables, CPU time from /proc, and forms as a browser reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench.browser import Page, found, read_forms
from tests.bench.figures import Figure, milliseconds, percentile, table, together, width
from tests.bench.processes import TICK, Stat, cpu_of, read_stat
from tests.bench.report import between_marks

TIMES = st.lists(st.floats(0, 100), min_size=1)


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(number) for number in range(100, 0, -1)]
    assert (percentile(values, 0.5), percentile(values, 0.95), percentile(values, 1)) == (50, 95, 100)
    assert percentile([3.0], 0.95) == 3 and percentile([1.0, 2.0], 0.5) == 1 and percentile([1.0, 2.0], 0.51) == 2


@given(TIMES, st.floats(0.01, 1))
def test_so_many_do_not_exceed_a_percentile_and_fewer_stay_below_it(values: list[float], share: float) -> None:
    mark = percentile(values, share)
    assert sum(value <= mark for value in values) >= share * len(values)
    assert sum(value < mark for value in values) < share * len(values)


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1.0], 0), ([1.0], 1.1)])
def test_a_percentile_of_nothing_is_refused(values: list[float], share: float) -> None:
    with pytest.raises(ValueError, match="percentile"):
        percentile(values, share)


def test_a_row_tells_the_cost_of_one_time() -> None:
    figure = Figure("Save", cpu=0.4, database=0.1, took=[0.002, 0.004, 0.003, 0.015])
    assert figure.row() == ["Save", "4", "100", "25.0", "3.00", "15.0"]
    assert Figure("Save", 0.4, None, [0.1]).row()[3] == "–"


def test_parts_of_a_step_add_up_person_by_person() -> None:
    whole = together("Start", [Figure("a", 1.0, 0.5, [1.0, 9.0]), Figure("b", 2.0, 0.25, [2.0, 1.0])])
    assert (whole.cpu, whole.database, list(whole.took)) == (3.0, 0.75, [3.0, 10.0])
    assert together("Start", [Figure("a", 1.0, None, [1.0])]).database is None
    with pytest.raises(ValueError, match="equally often"):
        together("Start", [Figure("a", 1.0, None, [1.0]), Figure("b", 1.0, None, [])])


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.0000421, "0.04"), (0.00999, "9.99"), (0.0123, "12.3"), (0.1, "100"), (1.5, "1500")]
)
def test_milliseconds_are_as_exact_as_they_can_be_read(seconds: float, shown: str) -> None:
    assert milliseconds(seconds) == shown


def test_a_table_is_markdown_or_lines_of_one_width() -> None:
    rows = [["Start 开始", "7"], ["b", "123"]]
    assert table(["Step", "ms"], rows, markdown=True).split("\n") == [
        "| Step | ms |",
        "| --- | ---: |",
        "| Start 开始 | 7 |",
        "| b | 123 |",
    ]
    lines = table(["Step", "ms"], rows, markdown=False).split("\n")
    assert {width(line) for line in lines} == {15} and lines[2] == "Start 开始    7"


def test_a_process_is_read_whatever_its_name() -> None:
    stat = read_stat("7 (a) b (c 1 2) S 3 7 7 0 -1 4194304 10 0 0 0 11 12 13 14 20 0 1 0 99 0 0")
    assert stat == Stat(parent=3, cpu=50 * TICK)


def test_the_time_of_a_process_has_that_of_all_it_started() -> None:
    stats = {1: Stat(0, 100.0), 5: Stat(1, 1.0), 6: Stat(5, 2.0), 7: Stat(6, 4.0), 8: Stat(1, 8.0)}
    assert (cpu_of({5}, stats), cpu_of({6, 8}, stats), cpu_of({9}, stats)) == (7.0, 14.0, 0.0)


PAGE = """<head><meta name="csrf-token" content="t0k"></head><input type="hidden" name="stray" value="x">
<form action="/sign-in" method="post"><input id="c" name="csrf_token" type="hidden" value="a&amp;b"><input name="account">
</form><form action="/exams/ab/sitting"><input type="hidden" name="csrf_token" value="c"><input type="hidden" name="e"></form>"""


def test_forms_keep_their_hidden_fields_apart() -> None:
    first, second = read_forms(PAGE)
    assert (first.action, first.values) == ("/sign-in", {"csrf_token": "a&b"})
    assert (second.action, second.values) == ("/exams/ab/sitting", {"csrf_token": "c", "e": ""})


def test_a_page_gives_the_form_that_is_asked_for() -> None:
    page = Page(200, "", PAGE)
    assert page.form(r"/exams/\w+/sitting$").values["csrf_token"] == "c" and page.token() == "t0k"
    with pytest.raises(LookupError):
        page.form("/elsewhere")
    with pytest.raises(LookupError):
        found("(nothing)", "")


def test_figures_go_between_the_marks_and_nowhere_else() -> None:
    page = "# A\n<!-- begin: bell -->\nold\n<!-- end: bell -->\nrest\n<!-- begin: saving -->\n1\n<!-- end: saving -->\n"
    again = between_marks(page, "bell", "new")
    assert again == page.replace("old", "\nnew\n")
    assert between_marks(again, "bell", "new") == again
    with pytest.raises(ValueError, match="marks for attempt"):
        between_marks(page, "attempt", "new")
