"""What a request brings: who sends it, its key, its body, its place in a list. Faults never repeat what was sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, current_app, g, request
from pydantic import BaseModel
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from tafcore.accounts import service as accounts
from tafcore.actor import VISITOR
from tafcore.contributions import Problem
from tafcore.permissions import actor
from tafcore.vocabulary import PLAIN, Part
from tafcore.web_api import service
from tafcore.web_api.operations import Query
from tafcore.work import Refused

P = TypeVar("P", bound=Part)

LONGEST_KEY = 200
MOST = 100
USUAL = 25


def identify(_endpoint: str | None = None, _values: Any = None) -> None:
    """Whoever the bearer token stands for acts in this request; a browser's session counts for nothing here."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    found = accounts.partner(token.strip()) if scheme == "Bearer" and token.strip() else None
    g.actor = found or VISITOR


def body() -> dict[str, Any]:
    """The JSON object sent. Raises UnsupportedMediaType, BadRequest, Refused."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Send application/json")
    try:
        sent = json.loads(request.get_data(), parse_constant=_no_number)
    except (ValueError, RecursionError) as fault:
        raise BadRequest("This is not JSON") from fault
    if not isinstance(sent, dict):
        raise Refused([Problem(PLAIN["model_type"])])
    return sent


def _no_number(_text: str) -> float:
    raise ValueError("NaN and Infinity are not JSON")


def command(kind: type[P], sent: dict[str, Any], **ours: Any) -> P:
    """The command of a body; `ours` is what the address says and the body may not. Raises ValidationError, Refused."""
    twice = [Problem(PLAIN["extra_forbidden"], name) for name in ours if name in sent]
    if twice:
        raise Refused(twice)
    return kind.model_validate({**sent, **ours})


def done_once(act: Callable[[dict[str, Any]], tuple[int, BaseModel]]) -> Response:
    """The answer of `act(body)`, the same however often this request comes."""
    key = idempotency_key()
    sent = body()

    def acted() -> tuple[int, str]:
        status, answer = act(sent)
        return status, answer.model_dump_json()

    asked = service.digest(request.method, request.path, sent)
    status, text = service.once(actor().id or 0, key, asked, acted)
    return current_app.response_class(text, status, mimetype="application/json")


def idempotency_key() -> str:
    """The key every POST must give: the sender's own name for this request."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key or len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise BadRequest("Give an Idempotency-Key of 1 to 200 plain characters")
    return key


def answered(answer: BaseModel) -> Response:
    """200 with `answer` as JSON."""
    return current_app.response_class(answer.model_dump_json(), mimetype="application/json")


def limit() -> int:
    """How many rows of a list are wanted: 1 to 100, 25 if nothing is said. Raises Refused."""
    text = request.args.get("limit", str(USUAL))
    if not text.isdecimal() or not text.isascii() or not 1 <= int(text[:9]) <= MOST:
        raise Refused([Problem(f"Enter a whole number from 1 to {MOST}", "limit")])
    return int(text)


AUDIENCES = ("family", "worker")
AUDIENCE = Query(
    "audience",
    {"type": "string", "enum": list(AUDIENCES), "default": "family"},
    "Who will look at it: `family` leaves out what safety rules keep from anybody in the family",
)


def for_worker() -> bool:
    """Whether the caller says that no family member will look at the answer. Raises Refused."""
    return choice("audience", AUDIENCES, "family") == "worker"


def choice(name: str, known: tuple[str, ...], usual: str) -> str:
    """A query parameter that is one of `known`. Raises Refused."""
    value = request.args.get(name, usual)
    if value not in known:
        raise Refused([Problem(f"Choose one of {', '.join(known)}", name)])
    return value
