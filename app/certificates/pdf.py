"""Drawing a certificate 证书: linted claims become one tagged A4 page in Chinese and English, ready to be signed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from reportlab.lib.pagesizes import A4, landscape

from app.certificates import border
from app.certificates.claims import Claims, to_json
from app.certificates.lint import Linted
from app.certificates.wording import day_en, day_zh
from app.documents import qr
from app.documents.breaking import balanced, lines
from app.documents.drawing import Colour, Drawing
from app.documents.file import Facts
from app.documents.pdf import Prepared, Sheet, SignatureField

WIDTH, HEIGHT = landscape(A4)
MIDDLE = WIDTH / 2
LEFT, RIGHT = 74.0, WIDTH - 74.0
INK: Colour = (0.10, 0.13, 0.17)
SOFT: Colour = (0.29, 0.35, 0.40)
AZURITE: Colour = (0.094, 0.353, 0.553)
PALE: Colour = (0.72, 0.80, 0.87)
ATTACHMENT = "claims.json"
SEAL_BOX = (LEFT + 252, 60.0, LEFT + 492, 128.0)


@dataclass(frozen=True)
class Signing:
    """Who will sign the page, when (aware), with how many bytes, and what a reader needs to check it (as DER)."""

    signer: str
    at: datetime
    room: int
    certificates: tuple[bytes, ...]
    revocation_lists: tuple[bytes, ...]


def draw(linted: Linted, signing: Signing, fonts: Path) -> Prepared:
    """The page with a hole for the signature. `fonts` is the folder where the typefaces are or will be unpacked."""
    claims, words = linted.claims, linted.wording
    title = {language: f"{words.title[language]} {claims.number}" for language in ("zh_CN", "en")}
    facts = Facts(
        title_zh=title["zh_CN"], title_en=title["en"], author=claims.issuer_zh, subject=claims.programme_zh,
        at=signing.at, identity=f"{claims.number}/{claims.issue}",
    )  # fmt: skip
    sheet = Sheet(fonts, (WIDTH, HEIGHT), facts)
    with sheet.decoration():
        frame = border.border(WIDTH, HEIGHT)
        sheet.stamp("Border", frame.drawing, frame.parts)
    _heading(sheet, linted)
    below = _holder(sheet, linted)
    below = _facts(sheet, claims, below - 10)
    _fine_print(sheet, linted, below - 5)
    _issuer(sheet, claims)
    _code(sheet, claims)
    data = json.dumps(to_json(claims), ensure_ascii=False, indent=1).encode("utf-8")
    sheet.attach(ATTACHMENT, data, "application/json", "What this certificate states, for machines")
    place = SignatureField(
        box=SEAL_BOX, signer=signing.signer, reason=f"{words.title['zh_CN']} {claims.number}", location="CN",
        tooltip=f"数字签名 Digital signature: {signing.signer}", certificates=signing.certificates,
        revocation_lists=signing.revocation_lists, room=signing.room,
    )  # fmt: skip
    sheet.sign_here(place, _seal(sheet, signing))
    return sheet.finish()


def _heading(sheet: Sheet, linted: Linted) -> None:
    claims, words = linted.claims, linted.wording
    with sheet.tagged("P"):
        sheet.text((MIDDLE, 521), claims.issuer_zh, 13, ink=AZURITE, align="centre", spacing=1.5)
    with sheet.tagged("P", "en"):
        sheet.text((MIDDLE, 506), claims.issuer_en, 9.5, ink=SOFT, align="centre")
    with sheet.tagged("H1"):
        sheet.text((MIDDLE, 461), words.title["zh_CN"], 34, face="bold", ink=AZURITE, align="centre", spacing=5)
    with sheet.tagged("H1", "en"):
        sheet.text((MIDDLE, 440), words.title["en"], 13.5, ink=AZURITE, align="centre", spacing=0.4)


def _holder(sheet: Sheet, linted: Linted) -> float:
    """Who, and what was done; returns the place below."""
    claims, words = linted.claims, linted.wording
    with sheet.tagged("P"):
        sheet.text((MIDDLE, 418), f"{words.lead['zh_CN']}　{words.lead['en']}", 9.5, ink=SOFT, align="centre")
    name = claims.holder()
    size = _fitting(sheet, name, 30, 560)
    with sheet.tagged("H2"):
        sheet.text((MIDDLE, 382), name, size, ink=INK, align="centre", spacing=size / 12 if len(name) < 5 else 0)
    if claims.holder_latin and claims.holder_latin != name:
        with sheet.tagged("P", "en"):
            size = _fitting(sheet, claims.holder_latin, 13, 560)
            sheet.text((MIDDLE, 364), claims.holder_latin, size, ink=SOFT, align="centre")
    with sheet.decoration():
        sheet.line((MIDDLE - 130, 355), (MIDDLE + 130, 355), 0.5, PALE)
    fill = {"hours": claims.hours}
    zh = words.body["zh_CN"].format(programme=claims.programme_zh, examined_on=day_zh(claims.examined_on), **fill)
    en = words.body["en"].format(programme=claims.programme_en, examined_on=day_en(claims.examined_on), **fill)
    top = _paragraph(sheet, zh, 12, 337, language="zh-CN", ink=INK, width=640, leading=1.5)
    return _paragraph(sheet, en, 9.5, top, language="en", ink=SOFT, width=640, leading=1.4)


def _facts(sheet: Sheet, claims: Claims, top: float) -> float:
    """Two columns of label and value; returns the place below."""
    valid = f"{claims.valid_from.isoformat()} — {claims.valid_until.isoformat()}"
    issue = f"（第 {claims.issue} 次签发 issue {claims.issue}）" if claims.issue > 1 else ""
    left = [
        ("依据标准", "Standard", f"{claims.standard}《{claims.standard_zh}》", claims.standard_en),
        ("证书范围", "Scope", claims.scope_zh, claims.scope_en),
    ]
    right = [
        ("证书编号", "Certificate No.", claims.number + issue, ""),
        ("考试结果", "Result", f"{claims.examined_on.isoformat()}　合格 passed", ""),
        ("签发日期", "Issued", claims.issued_on.isoformat(), ""),
        ("有效期", "Valid", valid, ""),
    ]
    if claims.holder_id:
        left.insert(0, ("证件号码", "Identity No.", claims.holder_id, ""))
    elif claims.candidate_number:
        left.insert(0, ("准考证号", "Candidate No.", claims.candidate_number, ""))
    return min(
        _column(sheet, left, LEFT, top, 440),
        _column(sheet, right, LEFT + 452, top, RIGHT - LEFT - 452),
    )


def _column(sheet: Sheet, rows: list[tuple[str, str, str, str]], x: float, top: float, width: float) -> float:
    """Label in both languages, value, and its English text below it."""
    y = top
    for label, label_en, value, english in rows:
        with sheet.tagged("P"):
            sheet.text((x, y), f"{label} ", 9.5, ink=SOFT)
            sheet.text((x + 42, y), f"{label_en} ", 7.5, ink=SOFT)
            y = _wrapped(sheet, value, (x + 106, y), 9.5, width=width - 106, ink=INK)
        if english:
            with sheet.tagged("P", "en"):
                y = _wrapped(sheet, latin(english), (x + 106, y + 1), 7.2, width=width - 106, ink=SOFT)
        y -= 3
    return y


def _wrapped(sheet: Sheet, text: str, at: tuple[float, float], size: float, *, width: float, ink: Colour) -> float:
    y = at[1]
    for line in lines(text, width, lambda part: sheet.width(part, size)):
        sheet.text((at[0], y), line, size, ink=ink)
        y -= size * 1.42
    return y


def latin(text: str) -> str:
    """English text with the straight quotes: the curly ones of a Chinese typeface are as wide as a character."""
    return text.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'})


def _fine_print(sheet: Sheet, linted: Linted, top: float) -> None:
    """That the edition was replaced, that this is no registration, and the conditions."""
    claims, words = linted.claims, linted.wording
    said: list[tuple[str, str]] = []
    if claims.replaced_on is not None:
        zh = f"{claims.standard} 已由 {claims.replaced_by} 自 {day_zh(claims.replaced_on)}起代替。"
        en = f"{claims.standard} was replaced by {claims.replaced_by} on {day_en(claims.replaced_on)}."
        said.append((zh, en))
    if words.registration:
        said.append((words.registration["zh_CN"], words.registration["en"]))
    said.append((words.conditions["zh_CN"], words.conditions["en"]))
    zh, en = "".join(zh for zh, _ in said), " ".join(en for _, en in said)
    place = {"width": RIGHT - LEFT, "left": LEFT, "leading": 1.36}
    top = _paragraph(sheet, zh, 7.2, top, language="zh-CN", ink=SOFT, **place)
    _paragraph(sheet, en, 6.4, top, language="en", ink=SOFT, **place)


def _issuer(sheet: Sheet, claims: Claims) -> None:
    with sheet.tagged("P"):
        sheet.text((LEFT, 120), "签发机构 ", 8.5, ink=SOFT)
        sheet.text((LEFT + 38, 120), "Issued by ", 7, ink=SOFT)
        sheet.text((LEFT, 105), claims.issuer_zh, _fitting(sheet, claims.issuer_zh, 11, 232), ink=INK)
        sheet.text((LEFT, 94), claims.issuer_code, 7, ink=SOFT)
    with sheet.tagged("P"):
        sheet.text((LEFT, 78), "授权签发人 ", 8.5, ink=SOFT)
        sheet.text((LEFT + 46, 78), "Authorised by ", 7, ink=SOFT)
        english = claims.signer_en if claims.signer_en != claims.signer_zh else ""
        signer = f"{claims.signer_zh}　{english}".strip("　")
        sheet.text((LEFT, 63), signer, _fitting(sheet, signer, 11, 232), ink=INK)


def _code(sheet: Sheet, claims: Claims) -> None:
    """The QR code at the lower right, with the number under it."""
    side, runs = qr.rectangles(claims.address)
    size = 70.0
    unit = size / side
    x, y = RIGHT - size, 67.0
    boxes = [(x + column * unit, y + size - (row + 1) * unit, length * unit, unit) for column, row, length in runs]
    with sheet.tagged("Figure", alternative=f"二维码：查验地址 QR code, address for verification: {claims.address}"):
        sheet.rectangles(boxes, INK)
    site = claims.address.split("/v/")[0].split("://")[-1] + "/verify"
    with sheet.tagged("P"):
        sheet.text((x - 9, y + 61), "扫码查验 ", 9.5, ink=INK, align="right")
        sheet.text((x - 9, y + 50), "Scan to verify ", 7.5, ink=SOFT, align="right")
        sheet.text((x - 9, y + 39), f"{site} ", _fitting(sheet, site, 7, 84), ink=SOFT, align="right")
        sheet.text((RIGHT, 57), claims.number, 7.5, ink=INK, align="right")


def _seal(sheet: Sheet, signing: Signing) -> Drawing:
    """What the signature field shows: words and a line, and nothing that looks like an official seal."""
    width, height = SEAL_BOX[2] - SEAL_BOX[0], SEAL_BOX[3] - SEAL_BOX[1]
    look = Drawing(sheet.document, sheet.faces)
    look.box((0.4, 0.4, width - 0.4, height - 0.4), ink=PALE, width=0.6)
    look.box((0.4, 0.4, 3.4, height - 0.4), ink=AZURITE)
    look.text((13, height - 16), "数字签名", 9.5, face="regular", ink=AZURITE)
    look.text((54, height - 16), "Digitally signed", 7.5, ink=AZURITE)
    size = 9.0
    while look.width(signing.signer, size) > width - 24 and size > 5:
        size -= 0.25
    look.text((13, height - 32), signing.signer, size, ink=INK)
    look.text((13, height - 45), f"{signing.at:%Y-%m-%d %H:%M:%S} 北京时间 UTC+08:00", 7, ink=SOFT)
    look.text((13, height - 56), "改动本文件会使签名失效 Any change voids the signature", 6.2, ink=SOFT)
    return look


def _paragraph(
    sheet: Sheet, text: str, size: float, top: float, *, language: str, ink: Colour, width: float,
    leading: float = 1.42, left: float | None = None,
) -> float:  # fmt: skip
    """Lines from `top` downwards, centred unless `left` is given; returns the place of the next line."""
    text = latin(text) if language == "en" else text
    with sheet.tagged("P", language):
        broken = (balanced if left is None else lines)(text, width, lambda part: sheet.width(part, size))
        for line in broken:
            at = (MIDDLE if left is None else left, top)
            sheet.text(at, line, size, ink=ink, align="centre" if left is None else "left")
            top -= size * leading
    return top


def _fitting(sheet: Sheet, text: str, size: float, width: float) -> float:
    """The size, made smaller where the text would be wider than `width`."""
    return min(size, size * width / max(sheet.width(text, size), 0.01))
