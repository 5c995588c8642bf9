"""Everything for browsers, on top of the API."""

from __future__ import annotations

from fastapi import FastAPI

from searchsvc.texts import languages
from searchsvc.web import assets, reference
from searchsvc.web.account import pages as account_pages
from searchsvc.web.account import provider, signin
from searchsvc.web.audit import pages as audit_pages
from searchsvc.web.calendar import pages as calendar_pages
from searchsvc.web.curation import pages as curation_pages
from searchsvc.web.desk import pages as desk_pages
from searchsvc.web.errors import answer_people
from searchsvc.web.harvest import pages as harvest
from searchsvc.web.judging import pages as judging_pages
from searchsvc.web.landscape import pages as landscape_pages
from searchsvc.web.letters import pages as letter_pages
from searchsvc.web.network import introductions
from searchsvc.web.network import pages as network_pages
from searchsvc.web.projects import pages as project_pages
from searchsvc.web.register import pages as entry_pages
from searchsvc.web.resources import reader
from searchsvc.web.search import pages
from searchsvc.web.sources import pages as source_pages
from searchsvc.web.watches import pages as watch_pages
from searchsvc.web.widget import pages as widget

__all__ = ["add_site"]


def add_site(app: FastAPI) -> None:
    """Add the routes of the widget and of the search page. None of them is part of the OpenAPI document.

    Raises SettingsError for a file of texts that cannot be used.
    """
    languages()
    for router in (
        widget.router,
        assets.router,
        reference.router,
        pages.router,
        reader.router,
        calendar_pages.router,
        harvest.router,
        entry_pages.router,
        network_pages.router,
        landscape_pages.router,
        introductions.router,
        desk_pages.router,
        curation_pages.router,
        judging_pages.router,
        project_pages.router,
        signin.router,
        provider.router,
        account_pages.router,
        watch_pages.router,
        letter_pages.router,
        audit_pages.router,
        source_pages.router,
    ):
        app.include_router(router)
    answer_people(app)
