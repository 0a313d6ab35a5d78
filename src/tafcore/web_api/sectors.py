"""Sector resources: what plugins offer below /api/v1/<plugin>/, each behind the permission it declares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import jsonify, request
from flask.blueprints import BlueprintSetupState

from tafcore import hooks
from tafcore.contributions import ApiResource
from tafcore.families.covering import covered_in
from tafcore.permissions import actor, requires
from tafcore.web_api.asking import AUDIENCE, for_worker
from tafcore.web_api.operations import operation


def add_routes(state: BlueprintSetupState) -> None:
    """One GET route for each resource of each plugin of the application that registers the API."""
    manager = state.app.extensions["tafcore.plugins"]
    for plugin, many in hooks.each("api_resources", manager):
        for one in many:
            segment = plugin.replace("_", "-")
            state.add_url_rule(
                f"/{segment}/{one.path}", f"{plugin}_{one.path.replace('/', '_')}", _view(one), methods=["GET"]
            )


def _view(one: ApiResource) -> Callable[[], Any]:
    @operation(one.title, one.response, query=(AUDIENCE,) if one.tells else ())
    @requires(one.permission)
    def resource() -> Any:
        alone = not one.tells or for_worker()
        found = one.handle(actor(), request.args.to_dict())
        return jsonify(found if alone else _before_the_family(found, one.tells))

    return resource


def _before_the_family(found: dict[str, Any], tells: frozenset[str]) -> dict[str, Any]:
    """Without those of a family in which one of these facts is kept from somebody."""
    covered = covered_in({item["family"] for item in found["items"] if item["family"]})
    kept = {ref for ref, facts in covered.items() if facts & tells}
    return {**found, "items": [item for item in found["items"] if item["family"] not in kept]}
