"""`python -m tests.register.added_field HOME`: two more fields of a person. Prints what becomes of them, as JSON.

A process of its own, since others are made of the model when the modules that have them are imported.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, cast

from pydantic.fields import FieldInfo

from searchsvc.register.model import Person, Text, Texts

ADDED = {
    "pronouns": FieldInfo.from_annotated_attribute(cast("Any", Text), None),
    "tongues": FieldInfo.from_annotated_attribute(Texts, ()),
}
NAMES = {"fact.pronouns": "Pronouns", "fact.tongues": "Speaks"}
TABLE = b"id,name,since,tongues,pronouns\namara,Amara Okonjo,2020,Igbo; English,she\n"


def main(home: Path) -> dict[str, Any]:
    Person.model_fields.update(ADDED)
    Person.model_rebuild(force=True)

    from searchsvc.api.app import create_app
    from searchsvc.api.context import Running
    from searchsvc.service import Service
    from searchsvc.settings import Settings
    from searchsvc.texts import texts
    from searchsvc.web.site import add_site
    from tests.web.conftest import Browser

    cast("dict[str, str]", texts("en").by_key).update(NAMES)
    settings = Settings(home=home, encoder="hashing", public_url="http://here")
    with Service(settings) as service:
        app = create_app(Running(settings, service))
        add_site(app)
        ask = Browser(app)
        owner = {"Authorization": f"Bearer {app.state.running.owner_key}"}
        tongues = {"tongues": ["Igbo"], "pronouns": None}
        ask("/v1/register", "PUT", files=[("file", ("people.csv", TABLE))], headers=owner)
        return {
            "read": ask("/v1/people/amara").json(),
            "written": ask("/v1/register?format=yaml", headers=owner).text,
            "page": ask.page("/people/amara"),
            "set": ask("/v1/people/amara", "PATCH", json=tongues, headers=owner).status_code,
            "now": ask("/v1/people/amara").json(),
            "refused": ask("/v1/people/amara", "PATCH", json={"tongues": "Igbo"}, headers=owner).json()["detail"],
            "described": app.openapi()["paths"]["/v1/people/{person_id}"]["patch"]["requestBody"],
        }


if __name__ == "__main__":
    json.dump(main(Path(sys.argv[1])), sys.stdout)
