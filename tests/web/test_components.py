"""The components of the pages: what a form, a table and a notice look like to a browser and to a screen reader."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, render_template_string
from wtforms import BooleanField, Form, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from app import create_app

UI = "{% import 'components/ui.html' as ui with context %}"


class Sample(Form):
    name = StringField("Name", [DataRequired(), Length(max=5)], description="as printed")
    password = PasswordField("Password", [DataRequired("Choose a password")])
    note = TextAreaField("Note", [Optional()])
    kind = RadioField(
        "Kind", [DataRequired("Choose one")], choices=[SelectChoice("a", "First"), SelectChoice("b", "Second")]
    )
    place = SelectField("Place", choices=[SelectChoice("x", "X")])
    agree = BooleanField("I agree")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    made = create_app(instance_path=tmp_path_factory.mktemp("instance"), TESTING=True, origin="http://localhost")
    with made.test_request_context("/patterns?state=a&state=b&page=2&lang=en"):
        yield made


def drawn(template: str, **values: object) -> str:
    return render_template_string(UI + template, **values)


@pytest.fixture
def refused() -> Sample:
    form = Sample(data={"name": "too long a name"})
    form.validate()
    return form


def test_a_button_keeps_its_value_and_escapes_its_label(app: Flask) -> None:
    html = drawn("{{ ui.btn('<b>', kind='primary s', name='do', value='go') }}")
    assert 'class="btn btn--primary btn--s"' in html
    assert 'name="do" value="go"' in html
    assert "&lt;b&gt;" in html


def test_a_link_button_is_a_link(app: Flask) -> None:
    assert drawn("{{ ui.btn('Open', '/x', icon='download') }}").startswith('<a class="btn" href="/x"><svg')


def test_a_field_ties_hint_and_error_to_its_control(app: Flask, refused: Sample) -> None:
    html = drawn("{{ ui.render_field(form.name) }}", form=refused)
    assert 'aria-describedby="name-hint name-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="name-hint"' in html
    assert 'id="name-error"' in html
    assert "too long a name" in html


def test_a_field_never_cuts_off_what_is_typed(app: Flask, refused: Sample) -> None:
    html = drawn("{{ ui.render_field(form.name, type='tel') }}", form=refused)
    assert "maxlength" not in html
    assert 'type="tel"' in html


def test_a_field_that_may_stay_empty_says_so(app: Flask, refused: Sample) -> None:
    assert "(optional)" in drawn("{{ ui.render_field(form.note) }}", form=refused)
    assert "(optional)" not in drawn("{{ ui.render_field(form.name) }}", form=refused)


def test_a_choice_is_a_group_with_a_legend(app: Flask, refused: Sample) -> None:
    html = drawn("{{ ui.render_field(form.kind) }}", form=refused)
    assert "<legend" in html
    assert html.count('type="radio"') == 2
    assert 'aria-describedby="kind-error"' in html


@pytest.mark.parametrize("name", ["name", "password", "note", "kind", "place", "agree"])
def test_every_control_has_a_label(app: Flask, refused: Sample, name: str) -> None:
    html = drawn("{{ ui.render_field(form[name]) }}", form=refused, name=name)
    first = f"{name}-0" if name == "kind" else name
    assert f'for="{first}"' in html
    assert f'id="{first}"' in html


def test_the_summary_repeats_each_error_and_leads_to_its_control(app: Flask, refused: Sample) -> None:
    html = drawn("{{ ui.err_summary(form) }}", form=refused)
    assert 'role="alert"' in html
    assert "autofocus" in html
    assert '<a href="#password">Choose a password</a>' in html
    assert '<a href="#kind-0">Choose one</a>' in html
    assert html.count("<li>") == len(refused.errors)


def test_a_form_without_errors_has_no_summary(app: Flask) -> None:
    assert drawn("{{ ui.err_summary(form) }}", form=Sample()).strip() == ""


@pytest.mark.parametrize(("pct", "width"), [(-5, "0"), (50, "50"), (33.333, "33.3"), (140, "100"), (None, "0")])
def test_a_bar_stays_inside_its_frame(app: Flask, pct: float | None, width: str) -> None:
    html = drawn("{{ ui.hbar(pct) }}", pct=pct)
    assert f'class="b" width="{width}' in html
    assert "style=" not in html


def test_the_pager_keeps_the_filter_and_marks_the_page(app: Flask) -> None:
    html = drawn("{{ ui.pager({'page': 2, 'pages': 9, 'total': 90, 'first': 11, 'last': 20}) }}")
    assert 'href="?state=a&amp;state=b&amp;page=3" rel="next"' in html
    assert html.count('aria-current="page"') == 1
    assert "90 in all, 11 to 20 shown" in html


def test_one_page_needs_no_links(app: Flask) -> None:
    html = drawn("{{ ui.pager({'page': 1, 'pages': 1, 'total': 4, 'first': 1, 'last': 4}) }}")
    assert "<a " not in html


def test_a_sorted_column_says_so_and_turns_round(app: Flask) -> None:
    html = drawn("{{ ui.sort_th('Name', 'name', 'name') }}")
    assert 'aria-sort="ascending"' in html
    assert "sort=-name" in html


def test_a_missing_value_is_a_dash(app: Flask) -> None:
    assert drawn("{{ ui.dl([('Marks', 0), ('Employer', none)]) }}").count("<dd>—</dd>") == 1


@pytest.mark.parametrize("page", ["pages/patterns.html", "errors/problem.html", "errors/maintenance.html"])
def test_a_page_has_one_heading_of_the_first_rank(app: Flask, page: str) -> None:
    from flask import render_template

    html = render_template(page, title="Title", what="What", kept="", todo="", incident="E-1")
    assert html.count("<h1") == 1
    assert "style=" not in html
    assert "onclick" not in html
