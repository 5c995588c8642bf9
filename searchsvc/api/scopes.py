"""What each route needs: the one declaration. A test walks all routes, and fails for one that is not named here."""

from __future__ import annotations

import re
from collections.abc import Iterator

from starlette.routing import compile_path

from searchsvc.access.callers import Scope

__all__ = ["FROM_PROVIDER", "ROUTES", "SIGN_IN", "declared", "needed", "route_of"]

FROM_PROVIDER = "/signin/provider/back"  # a session begins with GET, as the standard has it
SIGN_IN = ("/signin", "/signin/link")  # whose forms carry a token before anybody is known

# Paths as the routes have them. HEAD is as GET. None: whoever reaches the service.
ROUTES: dict[Scope | None, tuple[str, ...]] = {
    None: (
        "GET /healthz",
        "GET /readyz",
        "GET /metrics",
        "GET /openapi.json",
        "GET /docs",
        "GET /opensearch.xml",
        "GET /robots.txt",
        "GET /letters/{secret}/stop",  # whose address is the key
        "POST /letters/{secret}/stop",
        "GET /feeds/{secret}.atom",  # whose address is the key
        "GET /feeds/{secret}.ics",
        "GET /static/{version}/{path:path}",
        "GET /widget.js",
        "GET /widget-{version}-{digest}.js",
        "GET /widget.json",
        "GET /widget/{name}.{kind}",
        "GET /widget",
        "GET /widget/foreign",
        "GET /signin",
        "POST /signin",
        "GET /signin/link",
        "POST /signin/link",
        "GET /signin/provider",
        "GET /signin/provider/back",
        "POST /signout",
        "GET /account",  # says who is signed in, and nothing to others
        "POST /account/password",
        "POST /account/sessions",
    ),
    Scope.SEARCH: (
        "GET /v1/search",
        "GET /v1/calendar",
        "GET /v1/suggest",
        "GET /v1/status",
        "GET /v1/doubts",
        "GET /v1/jobs",
        "GET /v1/resources/{resource_id}",
        "GET /v1/resources/{resource_id}/related",
        "GET /v1/resources/{resource_id}/report",
        "GET /v1/resources/{resource_id}/file",
        "GET /v1/resources/{resource_id}/seen",
        "GET /v1/resources/{resource_id}/view",
        "GET /v1/passages/{passage_id}",
        "POST /v1/clicks",
        "POST /mcp",
        "GET /",
        "GET /search.atom",
        "GET /events.ics",
        "GET /search.{suffix}",
        "GET /opensearch.json",
        "GET /oai",
        "POST /oai",
        "GET /sitemap.xml",
        "GET /sitemap-{number}.xml",
        "GET /watches",  # one's own
        "POST /watches",
        "POST /watches/{watch_id}/remove",
        "POST /watches/{watch_id}/address",
        "GET /resources/{resource_id}",
        "GET /resources/{resource_id}.{suffix}",
        "GET /resources/{resource_id}/pages/{number}.jpg",
        "GET /resources/{resource_id}/read",
        "GET /resources/{resource_id}/related",
        "GET /resources/{resource_id}/slides/{number}.svg",
    ),
    Scope.PEOPLE: (
        "GET /v1/register",
        "GET /v1/people",
        "GET /v1/people/{person_id}",
        "GET /v1/identities",
        "GET /v1/organizations",
        "GET /v1/organizations/{organization_id}",
        "GET /v1/projects",
        "GET /v1/projects/{project_id}",
        "GET /v1/projects/{project_id}/complementary",
        "GET /v1/investments",
        "GET /v1/events",
        "GET /v1/events/{event_id}",
        "GET /v1/collaborators",
        "GET /v1/complementary",
        "GET /v1/duplicates",
        "GET /v1/gaps",
        "GET /v1/landscape",
        "GET /v1/landscape/topics/{topic_id}",
        "GET /v1/network",
        "GET /v1/network/path",
        "GET /v1/digest",
        "GET /people",
        "GET /people/{entry_id}",
        "GET /people/{entry_id}/meet",
        "GET /organizations",
        "GET /organizations/{entry_id}",
        "GET /projects",
        "GET /projects/{entry_id}",
        "GET /projects/{entry_id}/meet",
        "GET /resources/{entry_id}/meet",
        "GET /network",
        "GET /gaps",
        "GET /duplicates",
        "GET /network.json",
        "GET /network.{suffix}",
        "GET /landscape",
        "GET /landscape.{suffix}",
        "GET /landscape/topics/{topic_id}",
        "GET /landscape/projects",
        "GET /landscape/untold",
    ),
    Scope.INGEST: (
        "POST /v1/resources",
        "DELETE /v1/resources/{resource_id}",
        "POST /v1/jobs/retry",
        "POST /v1/jobs/again",
        "GET /v1/sources",
        "POST /v1/sources",
        "GET /v1/sources/{source_id}",
        "DELETE /v1/sources/{source_id}",
        "POST /v1/sources/{source_id}/sync",
        "POST /v1/sources/{source_id}/pause",
        "POST /v1/sources/{source_id}/resume",
        "POST /v1/sources/{source_id}/confirm",
        "GET /sources",
        "POST /sources",
        "POST /sources/{source_id}",
    ),
    Scope.CURATE: (
        "PUT /v1/register",
        "PATCH /v1/resources/{resource_id}",
        "PATCH /v1/people/{person_id}",
        "POST /v1/people/{person_id}/merge",
        "POST /v1/people/{person_id}/split",
        "POST /v1/people/{person_id}/hide",
        "POST /v1/people/{person_id}/unhide",
        "POST /v1/people/{person_id}/confirm",
        "POST /v1/people/{person_id}/reject",
        "PATCH /v1/organizations/{organization_id}",
        "PATCH /v1/projects/{project_id}",
        "PATCH /v1/investments/{investment_id}",
        "PATCH /v1/events/{event_id}",
        "GET /v1/introductions",
        "POST /v1/introductions",
        "GET /v1/introductions/remembered",
        "GET /v1/introductions/{introduction_id}",
        "POST /v1/introductions/{introduction_id}",
        "POST /v1/opinions",
        "GET /v1/mail/recipients",
        "POST /v1/mail/recipients",
        "DELETE /v1/mail/recipients/{person_id}",
        "POST /v1/mail/send",
        "GET /v1/mail/letters",
        "POST /v1/mail/bounces",
        "GET /v1/watches",
        "POST /v1/watches",
        "DELETE /v1/watches/{watch_id}",
        "POST /v1/watches/{watch_id}/address",
        "GET /v1/verdicts",
        "POST /v1/verdicts",
        "DELETE /v1/verdicts/{verdict_id}",
        "POST /verdicts",
        "GET /v1/curation",
        "POST /v1/curation",
        "GET /v1/curation/decisions",
        "POST /v1/curation/decisions/{decision_id}/undo",
        "POST /v1/curation/completions",
        "GET /v1/judging",
        "POST /v1/judging/queries",
        "DELETE /v1/judging/queries/{query_id}",
        "POST /v1/judging/judgments",
        "POST /v1/judging/undo",
        "GET /v1/judging/qrels",
        "GET /v1/judging/corpus",
        "GET /judge",
        "POST /judge",
        "POST /judge/queries",
        "POST /judge/undo",
        "GET /curate",
        "POST /curate",
        "POST /curate/undo",
        "GET /introductions",
        "GET /desk",
        "POST /introductions/{introduction_id}",
        "POST /verdicts/{verdict_id}/undo",
    ),
    Scope.ADMIN: (
        "GET /v1/insights",
        "GET /v1/people/{person_id}/data",
        "POST /v1/people/{person_id}/erase",
        "POST /v1/verify",
        "POST /v1/backup",
        "POST /v1/restore",
        "GET /v1/audit",
        "GET /v1/keys",
        "POST /v1/keys",
        "DELETE /v1/keys/{key_id}",
        "GET /v1/users",
        "POST /v1/users",
        "PATCH /v1/users/{user_id}",
        "DELETE /v1/users/{user_id}",
        "POST /v1/users/{user_id}/link",
        "POST /v1/users/{user_id}/password",
        "GET /audit",
        "GET /audit.csv",
    ),
}


def needed(method: str, path: str) -> Scope | None:
    """What a request needs. Where there is no route: what reading there needs, and all to write where nothing is."""
    if method == "OPTIONS":  # says which pages may ask, and nothing else
        return None
    method = "GET" if method == "HEAD" else method
    for scope in (*declared(method, path), *declared("GET", path)):
        return scope
    return Scope.SEARCH if method == "GET" else Scope.ADMIN


def declared(method: str, path: str) -> Iterator[Scope | None]:
    """What stands above; nothing when nothing does."""
    if f"{method} {path}" in _FIXED:
        yield _FIXED[f"{method} {path}"]
    for form, scope in _FORMS.get(method, ()):
        if form.match(path):
            yield scope


def route_of(method: str, path: str) -> tuple[str, str | None]:
    """Method and path as the routes have them, and the first id that stands in the path."""
    if f"{method} {path}" in _FIXED:
        return f"{method} {path}", None
    for (of, form), template in _TEMPLATES.items():
        if of == method and (found := form.match(path)):
            return f"{method} {template}", next(iter(found.groupdict().values()), None)
    return f"{method} (no such route)", None


def _read() -> tuple[dict[str, Scope | None], dict[str, list[tuple[re.Pattern[str], Scope | None]]]]:
    """Routes with a fixed path, and the forms of the others by method."""
    fixed: dict[str, Scope | None] = {}
    forms: dict[str, list[tuple[re.Pattern[str], Scope | None]]] = {}
    for scope, routes in ROUTES.items():
        for route in routes:
            method, _, path = route.partition(" ")
            if "{" in path:
                forms.setdefault(method, []).append((compile_path(path)[0], scope))
            else:
                fixed[route] = scope
    return fixed, forms


_FIXED, _FORMS = _read()
_TEMPLATES = {
    (method, compile_path(path)[0]): path
    for routes in ROUTES.values()
    for method, _, path in (route.partition(" ") for route in routes)
    if "{" in path
}
