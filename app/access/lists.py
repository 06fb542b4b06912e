"""Hot lists: the route class that reads a page without paying for what a page does not need."""

import inspect
from typing import Any, get_args

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from app.access.caller import current_actor
from app.access.rows import require_ever
from app.core.db import Manner
from app.core.paging import ListParams
from app.core.routing import Handler, UnitRoute


class ListRoute(UnitRoute):
    """A page of a list: a read-only transaction on a bare driver connection, without ORM and dependency solving.

    The endpoint takes exactly (request, actor, unit, filters) and answers a Response; its signature and its
    `needs(...)` describe it in the contract as any other. FastAPI's solver costs more than the page's SQL.
    """

    manner = Manner.READING

    def bare_handler(self) -> Handler:
        """Return a handler that reads the caller, checks the role, reads the filters and calls the endpoint."""
        endpoint = self.endpoint
        filters_model = get_args(inspect.signature(endpoint, eval_str=True).parameters["filters"].annotation)[
            0
        ]
        (action,) = (found.dependency.kithwork_action for found in self.dependencies)  # type: ignore[union-attr] # set by needs()

        async def handle(request: Request) -> Response:
            actor = await current_actor(request)
            require_ever(actor, action)
            filters = read_filters(filters_model, request)
            response: Response = await endpoint(
                request=request, actor=actor, unit=request.state.unit, filters=filters
            )
            return response

        return handle


def read_filters(model: type[ListParams], request: Request) -> ListParams:
    """Read a list's filters from the query; raises RequestValidationError as FastAPI does."""
    given: dict[str, Any] = {}
    for name, value in request.query_params.multi_items():
        if name in given:
            raise RequestValidationError(
                [
                    {
                        "type": "given_twice",
                        "loc": ("query", name),
                        "msg": "give this filter once",
                        "input": value,
                    }
                ]
            )
        given[name] = value
    try:
        return model.model_validate(given)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False)
        raise RequestValidationError(
            [{**fault, "loc": ("query", *fault["loc"])} for fault in faults]
        ) from error
