"""Every rule of a bank catches its fault and leaves good items alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from app.banks import content
from app.banks.findings import RULES
from app.banks.items import Case, ClauseShare, Item, Law, Option
from app.banks.lint import Known, check_bank, check_item, draw, margins_of, stock_for
from app.banks.lint.balance import longest_share
from app.banks.lint.likeness import alike
from app.banks.paper import Bank, Plan
from app.banks.specification import Cell, PassRule, Section, Specification
from app.standards.editions import editions, laws
from tests.banks.samples import (
    bank_folder,
    blank,
    case,
    item_file,
    judge,
    multiple,
    one_of_each,
    options,
    short,
    single,
    text,
)

KNOWN = Known(editions(), laws())


@dataclass(frozen=True)
class Stood:
    """An item or a paper that stands in a file."""

    file: str
    item: Item
    specification: Specification | None = None

    def line(self, *path: str | int) -> int:
        return 40 + path[1] if path[0] == "cells" and isinstance(path[1], int) else 7


class Owner:
    """A bank.yaml that holds a plan."""

    def __init__(self, plan: Plan) -> None:
        self.bank = Bank("trial", text("trial"), "gbt29490-2013", text("kept"), plan)

    def line(self, *path: str | int) -> int:
        return 5


def rules(item: Item, file: str | None = None) -> set[str]:
    found = check_item(item, KNOWN, file or f"{item.clause}-part/{item.id}.yaml")
    assert {finding.rule for finding in found} <= set(RULES)
    return {finding.rule for finding in found}


@pytest.mark.parametrize("item", one_of_each(), ids=lambda item: item.kind)
def test_a_good_item_breaks_no_rule(item: Item) -> None:
    assert rules(item) == set()


def option(words: str, right: bool = False) -> Option:
    return Option({"zh_CN": words, "en": f"English {words}"}, right, None if right else text("why not"))


def with_options(*words: str) -> Item:
    return replace(single(), options=tuple(option(word, place == 0) for place, word in enumerate(words)))


def in_english(words: str) -> Item:
    item = single()
    last = replace(item.options[3], text={"zh_CN": "甲", "en": words})
    return replace(item, options=(*item.options[:3], last))


BROKEN: list[tuple[Item, str]] = [
    (replace(single(), clause="5.9"), "clause-exists-in-edition"),
    (replace(case(), distractors=("6.9",)), "clause-exists-in-edition"),
    (single(rights="++--"), "one-right-for-single"),
    (single(rights="----"), "one-right-for-single"),
    (single(rights="+--"), "one-right-for-single"),
    (multiple(rights="+---"), "several-right-for-multiple"),
    (multiple(rights="++++"), "several-right-for-multiple"),
    (multiple(rights="++-"), "several-right-for-multiple"),
    (multiple(rights="++-----"), "several-right-for-multiple"),
    (replace(multiple(), options=options("+++-", silent="+")), "right-options-of-multiple-are-explained"),
    (with_options("甲", "乙", "乙 。", "丁"), "options-differ"),
    (with_options("甲", "乙", "丙", "以上都对"), "no-all-of-the-above"),
    (with_options("甲", "乙", "丙", "以上选项均不正确"), "no-all-of-the-above"),
    (with_options("甲", "乙", "丙", "以上都不是"), "no-all-of-the-above"),
    (in_english("All of the above"), "no-all-of-the-above"),
    (in_english("None of these options"), "no-all-of-the-above"),
    (short(shares=("2/5", "2/5")), "shares-add-up"),
    (short(shares=("1", "0")), "shares-add-up"),
    (short(shares=()), "shares-add-up"),
    (judge(topic="law"), "law-items-carry-edition"),
    (judge(status="approved", readings=()), "approved-items-were-read"),
    (judge(rating=(Fraction(1, 2),)), "rating-in-range"),
    (judge(rating=(Fraction(1, 2), Fraction(1))), "rating-in-range"),
    (judge(rating=(Fraction(0), Fraction(1, 2))), "rating-in-range"),
    (judge(valid_from="2027-01-01", valid_to="2026-12-31"), "dates-are-dates"),
]


@pytest.mark.parametrize(("item", "rule"), BROKEN, ids=lambda value: value if isinstance(value, str) else value.kind)
def test_a_broken_item_breaks_its_rule_and_no_other(item: Item, rule: str) -> None:
    assert rules(item) == {rule}


def test_a_law_item_that_names_its_law_is_good() -> None:
    assert rules(judge(topic="law", law=Law("专利法", "2020"), valid_to="2026-12-31")) == set()


def case_with(*clauses: ClauseShare, distractors: tuple[str, ...] = ()) -> Case:
    item = case()
    return replace(item, key=replace(item.key, clauses=clauses), distractors=distractors)


@pytest.mark.parametrize(
    "item",
    [
        case_with(ClauseShare("6.1.3", Fraction(1, 2))),
        case_with(ClauseShare("6.1.3", Fraction(1)), ClauseShare("6.1", Fraction(1))),
        case_with(ClauseShare("6.1.3", Fraction(1)), ClauseShare("6.1.3", Fraction(1, 2))),
        case_with(ClauseShare("6.1.3", Fraction(1)), ClauseShare("6.1", Fraction(1, 2)), distractors=("6.1",)),
        case_with(),
    ],
)
def test_a_case_has_one_clause_that_is_hit(item: Case) -> None:
    assert rules(item) == {"shares-add-up"}


@pytest.mark.parametrize(
    ("file", "rule"),
    [
        ("5.2-part/5.2-02.yaml", "id-equals-file-name"),
        ("5.3-part/5.2-01.yaml", "item-lies-in-its-clause-folder"),
        ("5.2.1-part/5.2-01.yaml", "item-lies-in-its-clause-folder"),
    ],
)
def test_an_item_lies_where_its_id_and_clause_say(file: str, rule: str) -> None:
    assert rules(single("5.2-01"), file) == {rule}


@pytest.mark.parametrize(
    ("stem", "line"),
    [
        ("stem: {zh_CN: No Chinese here, en: English}", 11),
        ("stem: {zh_CN: 中文和汉字对, en: English with 汉字}", 11),
        ('stem: {zh_CN: "半角,逗号", en: English}', 11),
        ("stem:\n  zh_CN: 结尾是半角问号?\n  en: English", 12),
    ],
)
def test_languages_are_kept_apart(tmp_path: Path, stem: str, line: int) -> None:
    entry = content.read_folder(bank_folder(tmp_path, {"5.2-01": item_file(stem=stem)})).items[0]
    found = check_item(entry.item, KNOWN, entry.file, entry.root)
    assert [(finding.rule, finding.line) for finding in found] == [("chinese-is-chinese", line)]


def whole(*items: Item, paper: Specification | None = None) -> list[str]:
    placed = [Stood(f"{item.id}.yaml", item) for item in items]
    papers = [Stood("papers/trial.yaml", single(), paper)] if paper else []
    return [finding.rule for finding in check_bank(placed, papers, Random(1))]


STEMS = (
    "最高管理者怎样证明方针得到理解",
    "采购合同应当写明哪些权属内容",
    "离职面谈时审核员会查看什么记录",
    "参加展会之前企业先要做的事情",
)
ENGLISH = (
    "How can top management show that the policy is understood?",
    "Which ownership terms belong in a purchase contract?",
    "What would an auditor look at after an exit interview?",
    "Before a trade fair, the company first has to do one thing",
)


def varied(number: str, stem: int, **changes: object) -> Item:
    stems = {"zh_CN": STEMS[stem], "en": ENGLISH[stem]}
    return judge(number, stem=stems, **changes)


def test_different_items_are_no_duplicates() -> None:
    assert whole(*(varied(f"5.2-0{place}", place) for place in range(4))) == []


def test_nearly_the_same_words_are_found_in_each_language() -> None:
    first = varied("5.2-01", 0)
    chinese = replace(varied("5.2-02", 1), stem={"zh_CN": STEMS[0] + "吗", "en": ENGLISH[1]})
    english = replace(varied("5.2-03", 2), stem={"zh_CN": STEMS[2], "en": ENGLISH[0].replace("show", "prove")})
    assert whole(first, chinese) == ["near-duplicates"]
    assert whole(first, english) == ["near-duplicates"]
    assert whole(first, replace(first, id="5.2-09")) == ["near-duplicates", "near-duplicates"]


def test_likeness_is_the_jaccard_index() -> None:
    texts = {"a": "abcdefghij", "b": "abcdefgxyz"}
    # seven letters of ten are shared; in pieces of three: 5 shared of 8 + 8 - 5
    assert list(alike(texts, "zh_CN", 0.1)) == [("a", "b", 5 / 11)]
    assert list(alike(texts, "zh_CN", 0.5)) == []
    assert list(alike({"a": "", "b": ""}, "en", 0.1)) == []


def test_an_id_is_used_once() -> None:
    placed = [Stood("a/5.2-01.yaml", varied("5.2-01", 0)), Stood("b/5.2-01.yaml", varied("5.2-01", 1))]
    assert [finding.rule for finding in check_bank(placed, [], Random(1))] == ["id-equals-file-name"]


def test_enemies_exist_and_are_mutual() -> None:
    rule = "enemies-exist-and-are-mutual"
    first, second = varied("5.2-01", 0, enemies=("5.2-02",)), varied("5.2-02", 1, enemies=("5.2-01",))
    assert whole(first, second) == []
    assert whole(first, replace(second, enemies=())) == [rule]
    assert whole(first) == [rule]
    assert whole(varied("5.2-01", 0, enemies=("5.2-01",))) == [rule]


def choice_of(number: int, right: str, wrong: str) -> Item:
    words = [right, wrong, wrong[:-1], wrong[:-2]]
    options = tuple(
        Option({"zh_CN": word, "en": word}, place == 0, None if place == 0 else text("no"))
        for place, word in enumerate(words)
    )
    return replace(single(f"5.2-{number:02}"), options=options)


def test_the_longest_option_is_not_too_often_right() -> None:
    long_right = [choice_of(number, "right and long", "wrong") for number in range(11)]
    long_wrong = [choice_of(number, "right", "wrong and longer") for number in range(11, 21)]
    assert "longest-option-is-not-always-right" in whole(*long_right, *long_wrong)
    assert "longest-option-is-not-always-right" not in whole(*long_right[:-1], *long_wrong)
    assert longest_share([*long_right, *long_wrong], "en")[:2] == (11, 21)


def test_half_of_the_exam_asks_to_apply() -> None:
    applied = [judge(f"5.2-{n:02}", level="apply") for n in range(10)]
    recalled = [judge(f"5.2-{n:02}", level="recall") for n in range(10, 22)]
    assert "half-is-applied" not in whole(*applied, *recalled)
    assert "half-is-applied" in whole(*applied[1:], *recalled)


def paper(count: int, **margins: dict[str, int]) -> Specification:
    sections = (Section("judge", count, 1),)
    rule = PassRule(Fraction("0.7"))
    return Specification("trial", "trial", "gbt29490-2013", text("trial"), 30, sections, rule, margins)


POOL = [
    varied("5.2-01", 0, level="recall"),
    varied("5.2-02", 1, level="apply"),
    varied("6.3-01", 2, level="recall"),
    varied("6.3-02", 3, level="apply"),
]


@pytest.mark.parametrize(
    ("specification", "found"),
    [
        (paper(4), []),
        (paper(2, group={"5": 1, "6": 1}, level={"recall": 1, "apply": 1}), []),
        (paper(5), ["specification-can-be-filled"]),
        (paper(2, group={"7": 1, "6": 1}), ["specification-can-be-filled"]),
        (paper(2, group={"5": 1}), ["specification-adds-up"]),
        # each margin has enough items, but no two of them meet all three
        (paper(2, group={"5": 2}, level={"recall": 2}), ["specification-can-be-filled"]),
    ],
)
def test_a_specification_can_be_filled(specification: Specification, found: list[str]) -> None:
    assert whole(*POOL, paper=specification) == found


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ([({"kind": "judge", "group": "5"}, 1)], []),
        ([({"level": "recall", "group": "5"}, 1), ({"level": "recall", "group": "6"}, 0)], []),
        ([({"kind": "judge", "group": "5"}, 2)], [("cells-fit-the-margins", 40)]),
        ([({"kind": "case", "group": "5"}, 1)], [("cells-fit-the-margins", 40)]),
        (
            [({"level": "recall", "group": "5"}, 1), ({"level": "recall", "group": "6"}, 1)],
            [("cells-fit-the-margins", 41)],
        ),
        ([({"kind": "judge", "group": "5"}, 1)] * 2, [("cells-fit-the-margins", 41)] * 2),
        # within the margins, and yet the other margins leave no room for it
        (
            [({"level": "recall", "group": "5"}, 1), ({"group": "6", "level": "apply"}, 0)],
            [("specification-can-be-filled", 7)],
        ),
    ],
)
def test_cells_fit_the_margins_and_are_named_with_their_line(
    cells: list[tuple[dict[str, str], int]], found: list[tuple[str, int | None]]
) -> None:
    wanted = paper(2, group={"5": 1, "6": 1}, level={"recall": 1, "apply": 1})
    wanted = replace(wanted, cells=tuple(Cell(where, count) for where, count in cells))
    placed = [Stood(f"{item.clause}/{item.id}.yaml", item) for item in POOL]
    findings = check_bank(placed, [Stood("papers/trial.yaml", POOL[0], wanted)], Random(1))
    assert [(one.rule, one.line) for one in findings] == found


def test_items_of_one_kind_have_the_same_marks_everywhere() -> None:
    wanted = replace(paper(4), sections=(Section("judge", 2, 1), Section("judge", 2, 2)))
    assert whole(*POOL, paper=wanted) == ["specification-adds-up"]


def test_only_approved_items_of_the_exam_pool_fill_a_paper() -> None:
    for change in ({"status": "draft"}, {"status": "retired"}, {"pool": "practice"}):
        pool = [*POOL[:3], replace(POOL[3], **change)]
        assert "specification-can-be-filled" in whole(*pool, paper=paper(4))


def test_a_drawn_paper_meets_its_margins_and_holds_no_enemies() -> None:
    first, second, *rest = POOL
    pool = [replace(first, enemies=(second.id,)), replace(second, enemies=(first.id,)), *rest]
    drawn = draw(paper(3), pool, Random(1))
    assert drawn is not None
    assert {"6.3-01", "6.3-02"} < {item.id for item in drawn}
    assert len({item.id for item in drawn}) == 3
    assert draw(paper(4), pool, Random(1)) is None


def test_margins_compare_what_is_asked_with_the_stock() -> None:
    report = margins_of(paper(2, group={"5": 1, "6": 1}), [*POOL, single("6.3-09")])
    assert [(m.dimension, m.value, m.asked, m.stock) for m in report] == [
        ("kind", "judge", 2, 4),
        ("group", "5", 1, 2),
        ("group", "6", 1, 2),
    ]


def law_item(**changes: object) -> Item:
    return judge("7.6-01", topic="law", **{"law": Law("专利法", "2020"), **changes})


@pytest.mark.parametrize(
    ("item", "rule"),
    [
        (law_item(law=Law("专利法", "1984")), "law-items-carry-edition"),
        (law_item(law=Law("商标法", "2019")), "law-items-carry-edition"),
        (law_item(law=Law("商标法", "2019"), valid_to="2027-01-01"), "law-items-carry-edition"),
        (law_item(also={"gbt29490-2023": "8.9"}), "clause-exists-in-edition"),
        (law_item(also={"gbt29490-1999": "8"}), "clause-exists-in-edition"),
        (law_item(also={"gbt29490-2013": "7.6"}), "also-fits-every-edition"),
        (law_item(also={"gbt29490-2023": "8"}, stem=text("clause 7.6")), "also-fits-every-edition"),
        (law_item(also={"gbt29490-2023": "8"}, why=text("GB/T 29490-2013")), "also-fits-every-edition"),
        (judge(also={"gbt29490-2023": "8"}), "also-fits-every-edition"),
        (case(topic="audit", also={"gbt29490-2023": "8"}), "also-fits-every-edition"),
        (blank(stem=text("one ____")), "blanks-match-the-stem"),
        (replace(blank(), gaps=blank().gaps[:1]), "blanks-match-the-stem"),
        (judge(rating=(Fraction(1, 2),)), "rating-in-range"),
        (judge(readings=judge().readings[:1]), "approved-items-were-read"),
    ],
)
def test_rules_of_editions_laws_blanks_and_readings(item: Item, rule: str) -> None:
    assert rule in rules(item)


@pytest.mark.parametrize(
    "item",
    [
        law_item(also={"gbt29490-2023": "8"}, stem=text("5 per cent, 4.5 % a month")),
        law_item(law=Law("商标法", "2019"), valid_to="2026-12-31"),
        judge(status="draft", rating=(Fraction(1, 2),), readings=judge().readings[:1]),
    ],
)
def test_what_those_rules_leave_alone(item: Item) -> None:
    assert rules(item) == set()


def test_the_right_options_are_not_longer_over_the_bank() -> None:
    level = [choice_of(n, "long", "longer") for n in range(1, 21)]  # wrong: 6, 5 and 4 characters
    assert "right-is-not-longer" not in whole(*level)
    assert "right-is-not-longer" in whole(
        *level[:-1], choice_of(20, "much longer than all of the wrong ones", "longer")
    )


def test_a_bank_is_held_to_its_plan() -> None:
    plan = Plan({"judge": 3}, {"standard": Fraction(1, 2), "audit": Fraction(1, 2)}, {"5": Fraction(1)})
    stood = [Stood(one.id, one) for one in (judge("5.2-01"), judge("5.2-02"), judge("5.2-03", topic="audit"))]
    found = {finding.fault for finding in check_bank(stood, [], Random(1), bank=Owner(plan))}
    assert any("standard" in fault and "66.7%" in fault for fault in found)
    assert not any("judge" in fault for fault in found)
    fewer = {finding.fault for finding in check_bank(stood[:2], [], Random(1), bank=Owner(plan))}
    assert any(fault.startswith("2 of 3 judge") for fault in fewer)


def test_banks_beside_each_other_share_no_id_and_lend_items_of_both_editions() -> None:
    own = [Stood("a", judge("5.2-01")), Stood("b", varied("5.2-02", 1))]
    lent = Stood("other/c", law_item(also={"gbt29490-2023": "8"}))
    assert "id-equals-file-name" in {
        f.rule for f in check_bank(own, [], Random(1), beside=[Stood("other/x", own[0].item)])
    }
    of_2023 = replace(paper(1), edition="gbt29490-2023")
    assert [item.id for item in stock_for(of_2023, own, [lent])] == ["5.2-01", "5.2-02", "7.6-01"]
    assert stock_for(of_2023, own, [lent], "practice") == []
    assert [item.id for item in stock_for(paper(1), [], [lent])] == []
