"""`python -m tests.search.added_filter HOME`: the product with two more filters. Prints what becomes of them, as JSON.

A process of its own, since parameters and options are made when the modules that have them are imported.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, cast

from searchsvc.filters import FILTERS, FilterField

ADDED = (
    FilterField("media_type", "media_type", "such as text/html", since=6),
    FilterField("words", "words", "length", since=6, bounds=(0, 1_000_000)),
)
NAMES = {
    "facet.media_type": "Type of file", "facet.words": "Length", "filters.words_from": "From words",
    "filters.words_to": "To words",
}  # fmt: skip
FILES = {
    "ring.md": "# The ring\n\nWomen kept the vaginal ring for ninety days.\n",
    "long.md": "# Rings\n\n" + "The vaginal ring was kept by all of the women of the study, and some kept two. " * 5,
    "page.html": "<html><head><title>A page</title></head><body><p>The vaginal ring was kept for a month by most.</p>"
    "</body></html>",
}


def main(home: Path) -> dict[str, Any]:
    cast("dict[str, FilterField]", FILTERS).update((one.name, one) for one in ADDED)

    from typer.testing import CliRunner

    from ingest.points import POINTS
    from searchsvc.api.app import create_app
    from searchsvc.api.context import Running
    from searchsvc.cli.app import app as program
    from searchsvc.service import Service
    from searchsvc.settings import Settings
    from searchsvc.store.protocol import indexed
    from searchsvc.texts import texts
    from searchsvc.web.site import add_site
    from tests.conftest import until_finished
    from tests.web.conftest import Browser

    cast("dict[str, str]", texts("en").by_key).update(NAMES)
    settings = Settings(home=home, encoder="hashing", public_url="http://here")
    with Service(settings) as service:
        app = create_app(Running(settings, service))
        add_site(app)
        ask = Browser(app)
        owner = {"Authorization": f"Bearer {app.state.running.owner_key}"}
        files = [("file", (name, text.encode())) for name, text in FILES.items()]
        batch = ask("/v1/resources", "POST", files=files, headers=owner).json()["batch"]
        until_finished(lambda: ask("/v1/jobs", params={"batch": batch}).json()["jobs"])
        points = [
            one.id for resource in service.catalogue.resources() for one in service.catalogue.passages_of(resource.id)
        ]
        payloads = [one.payload for one in service.store.points(points).values()]
        report: dict[str, Any] = {
            "points": POINTS,
            "indexed": indexed(),
            "payload": sorted({str(one["media_type"]) for one in payloads}),
            "parameters": [one["name"] for one in app.openapi()["paths"]["/v1/search"]["get"]["parameters"]],
            "page": ask.page("/?q=ring&media_type=text%2Fmarkdown&words_from=30"),
        }
        for name, asked in (("searched", "q=vaginal+ring&"), ("listed", "")):
            body = ask(f"/v1/search?{asked}media_type=text%2Fmarkdown&words_from=30").json()
            report[name] = [hit["resource"]["file_name"] for hit in body["hits"]]
            report[f"{name}_facets"] = {
                facet: {one["value"]: one["count"] for one in body["facets"][facet]}
                for facet in ("media_type", "words")
            }
    os.environ.update(SEARCHSVC_HOME=str(home), SEARCHSVC_ENCODER="hashing", COLUMNS="200")
    typed = ["search", "ring", "--media-type", "text/markdown", "--words-from", "30", "--json"]
    done = CliRunner().invoke(program, typed)
    report["command"] = [hit["resource"]["file_name"] for hit in json.loads(done.stdout)["hits"]]
    return report


if __name__ == "__main__":
    json.dump(main(Path(sys.argv[1])), sys.stdout)
