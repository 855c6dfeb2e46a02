"""The people of the demonstration 演示: every name ends in 例 (example), so that nobody takes them for real."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.credit_code import check_character

PASSWORD = "zhishen-demo"  # noqa: S105 -- the demonstration's, printed by make run and refused by no rule of secrecy

STAFF: tuple[tuple[str, str, str, str], ...] = (
    ("guanli", "base-administrator", "管一例", "GUAN Yili"),
    ("jiaoshi", "teacher", "沈二例", "SHEN Erli"),
    ("mingti", "item-writer", "文三例", "WEN Sanli"),
    ("shenti", "item-reviewer", "审四例", "SHEN Sili"),
    ("kaowu", "exam-officer", "考五例", "KAO Wuli"),
    ("jiankao", "invigilator", "监六例", "JIAN Liuli"),
    ("yuejuan", "marker", "阅七例", "YUE Qili"),
    ("fazheng", "decision-maker", "法八例", "FA Bali"),
    ("chayan", "verifier", "查九例", "CHA Jiuli"),
    ("shenji", "auditor", "计十例", "JI Shili"),
    ("pingtai", "platform-administrator", "平台例", "PING Taili"),
)
"""Account, role, name, name in Latin letters; one person for each role of staff."""

ACCOUNTS: tuple[tuple[str, str], ...] = (
    ("xueyuan", "trainee, has finished the course and may sit the exam now"),
    ("xueyuan02", "trainee with a certificate (xueyuan03 … xueyuan30: other states)"),
    ("guize", "trainee of a class with study rules (guize02 has met them, guize03 is admitted by exception)"),
    ("shixi", "auditor trainee with a certificate"),
    *((account, role.replace("-", " ")) for account, role, _name, _latin in STAFF),
)
"""Account and what it is for, as make run prints them."""

_SURNAMES = (
    ("赵", "ZHAO"),
    ("钱", "QIAN"),
    ("孙", "SUN"),
    ("李", "LI"),
    ("周", "ZHOU"),
    ("吴", "WU"),
    ("郑", "ZHENG"),
    ("王", "WANG"),
    ("冯", "FENG"),
    ("陈", "CHEN"),
    ("褚", "CHU"),
    ("卫", "WEI"),
    ("蒋", "JIANG"),
    ("沈", "SHEN"),
    ("韩", "HAN"),
    ("杨", "YANG"),
    ("朱", "ZHU"),
    ("秦", "QIN"),
    ("尤", "YOU"),
    ("许", "XU"),
    ("何", "HE"),
    ("吕", "LYU"),
    ("施", "SHI"),
    ("张", "ZHANG"),
    ("孔", "KONG"),
    ("曹", "CAO"),
    ("严", "YAN"),
    ("华", "HUA"),
    ("金", "JIN"),
    ("魏", "WEI"),
)
_GIVEN = (("安", "An"), ("平", "Ping"), ("和", "He"), ("明", "Ming"), ("清", "Qing"), ("正", "Zheng"))
_EMPLOYERS = (
    "示例精密阀门有限公司",
    "示例电子材料有限公司",
    "示例生物医药有限公司",
    "示例智能装备有限公司",
    "示例新材料科技有限公司",
)


@dataclass(frozen=True)
class Trainee:
    """One of the thirty: `number` from 1, and what the demonstration lets happen to the person."""

    number: int
    account: str
    name: str
    latin: str
    employer: str
    identity_masked: str
    fate: str


FATES: tuple[str, ...] = (
    "ready",
    "certified", "certified", "certified", "certified", "suspended", "withdrawn",
    "decide", "decide",
    "mark", "mark",
    "failed", "failed", "failed",
    "sitting",
    "done", "done", "done",
    "part", "part", "part", "part", "part", "part", "part", "part",
    "new", "new", "new", "new",
)  # fmt: skip
"""What happens to each of the thirty: waits to sit, was certified, waits for a decision or a marker, failed, …"""


def trainees() -> list[Trainee]:
    """The thirty, in the order of their admission numbers."""
    return [
        Trainee(
            number=number,
            account="xueyuan" if number == 1 else f"xueyuan{number:02}",
            name=f"{surname}{_GIVEN[number % len(_GIVEN)][0]}例",
            latin=f"{latin} {_GIVEN[number % len(_GIVEN)][1]}li",
            employer=_EMPLOYERS[number % len(_EMPLOYERS)],
            identity_masked=f"000000********{number:03}X",
            fate=fate,
        )
        for number, ((surname, latin), fate) in enumerate(zip(_SURNAMES, FATES, strict=True), start=1)
    ]


RULED: tuple[Trainee, ...] = (
    Trainee(1, "guize", "卫规例", "WEI Guili", _EMPLOYERS[0], "000000********971X", "part"),
    Trainee(2, "guize02", "章规例", "ZHANG Guili", _EMPLOYERS[1], "000000********972X", "done"),
    Trainee(3, "guize03", "季规例", "JI Guili", _EMPLOYERS[2], "000000********973X", "part"),
)
"""The people of the class with study rules."""


def credit_code() -> str:
    """A unified social credit code of a region that does not exist (000000), with its right check character."""
    first = "52000000DEMA00001"
    return first + check_character(first)
