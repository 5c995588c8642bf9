"""The page `/docs`, which tries out the API: Swagger UI from this host, as nothing here is loaded from another."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from searchsvc.web.render import page

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

# Swagger UI sets styles of elements by attribute, and its pictures are data.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)


@router.get("/docs")
def reference(request: Request) -> Response:
    """Every route of the API, to read and to try."""
    return page(request, "reference.html", policy=_POLICY)
