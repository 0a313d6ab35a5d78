"""The OpenAPI 3.1 document, made from the routes, their commands and their answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from flask import Flask
from pydantic import BaseModel, create_model
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule

from tafcore import __version__, permissions
from tafcore.vocabulary import Part
from tafcore.web_api.operations import Operation, described

PREFIX = "/api/v1"
NAMES = {"family_ref": "ref"}
"""Names of the addresses' parts as outsiders know them."""

TEXT = {"type": "string"}
FAULT = {"type": "object", "required": ["path", "message"], "properties": {"path": TEXT, "message": TEXT}}
PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `errors` has one JSON path per fault; nothing that was sent is repeated.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
    },
}
FAULTS = {
    400: "No JSON, or no Idempotency-Key",
    401: "No valid token",
    403: "The token may not do this",
    404: "No such record, or none this token may know of",
    415: "Not application/json",
    422: "Something in it cannot be accepted",
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Your own name for this request, new for each. Sent again with the same body it gives the same "
    "answer and does nothing; with another body it is refused.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}


def document(app: Flask) -> dict[str, Any]:
    """The whole document of `app`."""
    routes = list(_routes(app))
    models: list[tuple[type[BaseModel], Any]] = []
    for _, one, _ in routes:
        models += [(_shape(one), "validation")] if one.body else []
        models += [(one.answer, "serialization")] if one.answer else []
    names, schemas = models_json_schema(list(dict.fromkeys(models)), ref_template="#/components/schemas/{model}")
    paths: dict[str, Any] = {}
    for rule, one, permission in routes:
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda part: "{" + NAMES.get(part[1], part[1]) + "}", rule.rule)
        method = "post" if "POST" in (rule.methods or ()) else "get"
        paths.setdefault(path.removeprefix(PREFIX), {})[method] = _described(rule, one, permission, names)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "tafcore",
            "version": __version__,
            "description": "The Early Help record for partner systems.",
        },
        "servers": [{"url": PREFIX}],
        "security": [{"token": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {**schemas.get("$defs", {}), "Fault": FAULT, "Problem": PROBLEM},
        },
    }


@cache
def _shape(one: Operation) -> type[BaseModel]:
    """The body as it is sent: the command without what the address says. Only its schema is used."""
    if one.body is None or not one.without:
        return one.body or Part
    fields = one.body.model_fields.items()
    kept: dict[str, Any] = {name: (info.annotation, info) for name, info in fields if name not in one.without}
    return create_model(f"{one.body.__name__}Body", __base__=Part, __doc__=one.body.__doc__, **kept)


def _routes(app: Flask) -> Iterator[tuple[Rule, Operation, str]]:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        one = described(view)
        if one is not None:
            yield rule, one, permissions.declared(view) or ""


def _described(rule: Rule, one: Operation, permission: str, names: Any) -> dict[str, Any]:
    faults = dict(FAULTS) if one.body else {status: FAULTS[status] for status in (401, 403, 404, 422)}
    answers: dict[str, Any] = {str(status): _problem(words) for status, words in faults.items()}
    content = {"application/json": {"schema": names[one.answer, "serialization"] if one.answer else {}}}
    answers[str(one.status)] = {"description": one.title, "content": content}
    made: dict[str, Any] = {
        "operationId": rule.endpoint.removeprefix("web_api.").replace(".", "_"),
        "summary": one.title,
        "description": f"Needs the permission `{permission}`.",
        "parameters": [*_in_path(rule), *_in_query(one)],
        "responses": answers,
    }
    if one.body:
        made["parameters"].append(KEY)
        schema = names[_shape(one), "validation"]
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return made


def _in_path(rule: Rule) -> Iterator[dict[str, Any]]:
    for name in sorted(rule.arguments):
        yield {"name": NAMES.get(name, name), "in": "path", "required": True, "schema": {"type": "string"}}


def _in_query(one: Operation) -> Iterator[dict[str, Any]]:
    for each in one.query:
        yield {"name": each.name, "in": "query", "description": each.words, "schema": each.schema}


def _problem(words: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": words, "content": {"application/problem+json": {"schema": schema}}}
