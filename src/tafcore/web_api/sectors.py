"""Sector resources: what plugins offer below /api/v1/<plugin>/, each behind the permission it declares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import jsonify, request
from flask.blueprints import BlueprintSetupState

from tafcore import hooks
from tafcore.contributions import ApiResource
from tafcore.permissions import actor, requires
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
    @operation(one.title, one.response)
    @requires(one.permission)
    def resource() -> Any:
        return jsonify(one.handle(actor(), request.args.to_dict()))

    return resource
