"""What goes wrong, told to people as a page and to programs as a problem document (RFC 9457)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable
from werkzeug.http import HTTP_STATUS_CODES

from index.errors import ArchiveError
from search.errors import EngineUnavailable, RequestError
from web.opening import opener

PROBLEM = "application/problem+json"

RETRY_SECONDS = 10
"""When to ask again after 503: about what a reindex of a small archive takes."""


def register(app: Flask) -> None:
    """Answer every error, expected or not, in the form the asker reads."""
    app.register_error_handler(RequestError, bad_request)
    app.register_error_handler(ArchiveError, unavailable)
    app.register_error_handler(EngineUnavailable, unavailable)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, unexpected)


def bad_request(error: RequestError) -> Response:
    """400 with the field, its value and what was expected."""
    members = {"field": error.field, "value": error.value, "expected": error.expected}
    if wants_json():
        return _problem(400, str(error), members)
    return _page(400, str(error), members | {"without": _without(error.field)})


def unavailable(error: ArchiveError | EngineUnavailable) -> Response:
    """503: there is no index yet, or it cannot be read; the message says what to run."""
    current_app.logger.warning("%s: %s", type(error).__name__, error)
    opener().forget()
    response = _answer(ServiceUnavailable.code, str(error))
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def http_error(error: HTTPException) -> Response:
    """404, 405 and their like."""
    response = _answer(error.code or InternalServerError.code, error.description or "")
    response.headers.extend(
        (name, value)
        for name, value in error.get_headers(request.environ)
        if name not in ("Content-Type", "Content-Length")
    )
    return response


def unexpected(error: Exception) -> Response:
    """500: the log has the traceback, the answer nothing of it."""
    current_app.logger.error("Unexpected error at %s", request.path, exc_info=error)
    return _answer(InternalServerError.code, "Something went wrong here. The log says what.")


def wants_json() -> bool:
    """Whether the request is to the API."""
    return request.path.startswith(("/api/", "/healthz"))


def _answer(status: int, detail: str) -> Response:
    return _problem(status, detail) if wants_json() else _page(status, detail)


def _page(status: int, detail: str, members: dict[str, Any] | None = None) -> Response:
    title = HTTP_STATUS_CODES.get(status, "Error")
    page = render_template("error.html", status=status, title=title, detail=detail, **members or {})
    return make_response(page, status)


def _problem(status: int, detail: str, members: dict[str, Any] | None = None) -> Response:
    title = HTTP_STATUS_CODES.get(status, "Error")
    problem = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    response = jsonify(problem | (members or {}))
    response.status_code = status
    response.mimetype = PROBLEM
    return response


def _without(field: str) -> str | None:
    """The address that was asked for without a parameter, if it has that."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != field]
    if field not in request.args:
        return None
    return f"{request.path}?{urlencode(kept)}" if kept else request.path
