"""The frame and the macros as HTML, without a browser."""

from __future__ import annotations

import re
import timeit
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, StringField, TextAreaField

from tests.look.kitchen import KitchenForm, create_app
from tests.look.markup import tokens

ERRORS = sorted(path.stem for path in (Path(__file__).parents[2] / "src/tafcore/templates/errors").glob("[0-9]*.html"))


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app()


@pytest.fixture
def form(app: Flask) -> Iterator[KitchenForm]:
    with app.test_request_context():
        yield KitchenForm()


def render(form: Form, body: str) -> str:
    words = (
        '{% from "macros/fields.html" import field, fields, rows, group, section, error_summary_for, draft_fields %}'
    )
    return render_template_string(words + body, form=form)


def starts(html: str, tag: str) -> list[dict[str, str]]:
    return [dict(token[2]) for token in tokens(html) if token[:2] == ("start", tag)]  # type: ignore[arg-type]


FIELDS = (
    *("name", "email", "phone", "find", "password", "children", "born", "words"),
    *("level", "place", "agreed", "share", "told", "letter"),
)


@pytest.mark.parametrize("name", FIELDS)
def test_every_kind_of_field_names_itself_and_its_faults(form: KitchenForm, name: str) -> None:
    form[name].errors = ["Say which"]
    html = render(form, "{{ field(form." + name + ") }}")
    ids = {values.get("id") for tag in ("input", "select", "textarea") for values in starts(html, tag)}
    assert form[name].id in ids
    assert form[name].label.text in html
    assert "Say which" in html and f'id="{form[name].id}-error"' in html
    described = re.search(r'aria-describedby="([^"]*)"', html)
    assert described and f"{form[name].id}-error" in described[1]


def test_attributes_of_render_kw_reach_the_input(form: KitchenForm) -> None:
    html = render(form, "{{ field(form.email) }}")
    assert 'autocomplete="email"' in html and 'spellcheck="false"' in html and 'type="email"' in html


def test_a_password_is_never_sent_back(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"password": "secret words"}):
        assert "secret words" not in render(KitchenForm(), "{{ field(form.password) }}")


def test_radios_reveal_what_the_answer_asks_for(form: KitchenForm) -> None:
    html = render(form, "{{ field(form.agreed, conditional={'not_now': field(form.why)}) }}")
    assert (
        'data-aria-controls="conditional-agreed-2"' in html
        and 'id="conditional-agreed-2"' in html
        and 'id="why"' in html
    )


def test_text_comes_back_byte_for_byte(app: Flask) -> None:
    class One(Form):
        words = TextAreaField("Words")
        line = StringField("Line")

    said = "\n\n  two newlines first </textarea> & \"quotes\" <script>alert('x')</script>"
    with app.test_request_context():
        html = render(One(MultiDict({"words": said, "line": '"><b>'})), "{{ fields(form) }}")
    assert "aria-describedby" not in html
    assert Markup.escape(said) in html and "<script>" not in html and "<b>" not in html
    inside = html.split('rows="5">', 1)[1].split("</textarea>", 1)[0]
    assert inside == "\n" + Markup.escape(said)


def test_rows_work_without_javascript(form: KitchenForm) -> None:
    html = render(form, '{{ rows(form.people, "Person", "Add person") }}')
    names = [values.get("name") for values in starts(html, "button")]
    assert names == [None, "_remove-people-0", "_remove-people-__row__", "_add-people"]
    assert 'name="people-0-forename"' in html and 'name="people-__row__-forename"' in html


def test_a_row_may_be_laid_out_by_the_page(form: KitchenForm) -> None:
    html = render(
        form,
        '{% call(row, number) rows(form.people, "Person") %}<i>{{ number }}</i>{{ field(row.forename) }}{% endcall %}',
    )
    assert "<i>1</i>" in html and "<i>__number__</i>" in html and "people-0-role" not in html


def test_no_more_rows_than_allowed(app: Flask) -> None:
    with app.test_request_context():
        form = KitchenForm(data={"people": [{"forename": "A"}] * 4})
        html = render(form, '{{ rows(form.people, "Person") }}')
    assert re.search(r"<button[^>]*_add-people[^>]*hidden", html)


def test_the_summary_links_to_every_input_at_fault(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"people-0-role": "child"}):
        form = KitchenForm()
        form.validate()
        form.people.errors = ["Name at least one child"]
        html = render(form, "{{ error_summary_for(form, problems=['Held by somebody else']) }}")
        page = render(form, "{{ fields(form) }}")
    links = re.findall(r'href="#([^"]+)"', html)
    assert {
        "name",
        "agreed",
        "share",
        "told",
        "home-postcode",
        "people",
        "people-0-forename",
        "people-0-living_here",
    } <= set(links)
    assert "Held by somebody else" in html
    assert [link for link in links if f'id="{link}"' not in page] == []


def test_faults_put_on_a_row_after_validation_are_in_the_summary(form: KitchenForm) -> None:
    form.people.entries[0].form.forename.errors = ["Two people have this name"]
    assert 'href="#people-0-forename"' in render(form, "{{ error_summary_for(form) }}")


def test_no_summary_without_faults(form: KitchenForm) -> None:
    assert render(form, "{{ error_summary_for(form) }}").strip() == ""


def test_revisions_survive_the_attribute(app: Flask) -> None:
    with app.test_request_context():
        html = render_template_string(
            '{% from "macros/fields.html" import draft_fields %}{{ draft_fields(draft) }}', draft={"revs": {'a"<b': 2}}
        )
    assert starts(html, "input")[0]["value"] == '{"a\\"\\u003cb": 2}'


@pytest.mark.parametrize(
    "path", ["/kitchen", "/kitchen?errors=1", "/meeting", "/draft", *(f"/error/{code}" for code in ERRORS)]
)
def test_pages_have_one_heading_unique_ids_and_nothing_inline(app: Flask, path: str) -> None:
    html = app.test_client().get(path).get_data(as_text=True)
    assert len(starts(html.split("<dialog")[0], "h1")) == 1
    without_templates = re.sub(r"<template.*?</template>", "", html, flags=re.S)
    ids = re.findall(r'\sid="([^"]+)"', without_templates)
    assert sorted(ids) == sorted(set(ids))
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", html)
    for script in starts(html, "script"):
        assert script["type"] == "module" and script["nonce"]


def test_the_title_says_error(app: Flask) -> None:
    client = app.test_client()
    assert "<title>Error: Kitchen - " in client.get("/kitchen?errors=1").get_data(as_text=True)
    assert "<title>Kitchen - " in client.get("/kitchen").get_data(as_text=True)


def test_error_pages_need_no_user_and_no_session(app: Flask) -> None:
    assert {"400", "403", "404", "405", "413", "415", "422", "429", "500", "503"} <= set(ERRORS)
    for code in ERRORS:
        html = app.test_client().get(f"/error/{code}").get_data(as_text=True)
        assert "Sign out" not in html and "csrf_token" not in html and "A. Patel" not in html


def test_a_form_costs_less_than_the_librarys_own_widgets(form: KitchenForm, app: Flask) -> None:
    body = '{% from "macros/fields.html" import field %}{% for n in names %}{{ field(form[n]) }}{% endfor %}'
    template = app.jinja_env.from_string(body)
    sixteen = (*FIELDS, "why", "words")
    ours = min(timeit.repeat(lambda: template.render(form=form, names=sixteen), number=5, repeat=9))
    theirs = min(timeit.repeat(lambda: [form[name]() for name in sixteen], number=5, repeat=9))
    # Half again is room for a busy machine; it measures about two thirds.
    assert ours < theirs * 1.5


def _as_params(f: Field) -> dict[str, Any]:
    params: dict[str, Any] = {"id": f.id, "idPrefix": f.id, "name": f.name, "attributes": f.render_kw or {}}
    params["label"] = {"text": f.label.text, "classes": "govuk-label--s"}
    params["fieldset"] = {"legend": {"text": f.label.text, "classes": "govuk-fieldset__legend--s"}}
    if f.description:
        params["hint"] = {"text": f.description}
    if f.errors:
        params["errorMessage"] = {"text": f.errors[0]}
    if hasattr(f, "iter_choices"):
        params["items"] = [
            {"value": one.value, "text": one.label, "selected": one.selected, "checked": one.selected}
            for one in f.iter_choices()
        ]
    return params


@pytest.mark.parametrize("errors", [[], ["Say which"]])
@pytest.mark.parametrize(
    ("name", "macro", "more"),
    [
        ("name", "input", {}),
        ("email", "input", {"type": "email"}),
        ("children", "input", {"inputmode": "numeric", "classes": "govuk-input--width-5"}),
        ("born", "input", {"classes": "govuk-input--width-10"}),
        ("why", "textarea", {}),
        ("level", "select", {}),
        ("agreed", "radios", {}),
        ("share", "checkboxes", {}),
    ],
)
def test_fields_have_the_markup_of_the_components(
    form: KitchenForm, app: Flask, name: str, macro: str, more: dict[str, Any], errors: list[str]
) -> None:
    form[name].errors = errors
    macros = app.jinja_env.get_template("macros/govuk.html").make_module()
    component = getattr(macros, macro)({**_as_params(form[name]), **more})
    assert sorted(tokens(render(form, "{{ field(form." + name + ") }}"))) == sorted(tokens(component))
