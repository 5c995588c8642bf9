"""Fields that the register does not know are kept, and shown to those who may write; to others as a setting says."""

from __future__ import annotations

from pathlib import Path

from searchsvc.service import Service
from searchsvc.settings import Settings
from tests.web.conftest import browser_of

NOTES = """
people: [{id: ann, name: Ann, mobile: "0123", pronouns: she}]
organizations: [{id: lab, name: Lab, notes: a secret, pronouns: it}]
projects: [{id: ring, name: Ring, budget: "0123", people: [ann]}]
investments: [{id: i, funder: lab, project: ring, note: a secret}]
events: [{id: meeting, name: Meeting, notes: {deep: a secret}}]
resources: [{file: talk.md, authors: [ann], note: a secret}]
"""
PLACES = ("/v1/register", "/v1/register?format=yaml", "/v1/people/ann", "/v1/organizations/lab", "/v1/projects/ring",
          "/v1/investments", "/v1/events", "/v1/events/meeting", "/v1/network", "/v1/collaborators?q=ring",
          "/people/ann", "/organizations/lab", "/projects/ring", "/projects/ring/meet", "/network", "/network.json",
          "/?q=ring")  # fmt: skip


def test_who_may_not_write_sees_no_field_that_no_setting_names(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path / "home", encoder="hashing", public_url="http://here", public_fields=("people.pronouns",)
    )
    with Service(settings, work=False) as service:
        ask = browser_of(settings, service)
        owner = {"Authorization": f"Bearer {ask.app.state.running.owner_key}"}
        taken = ask("/v1/register", "PUT", files={"file": ("r.yaml", NOTES.encode())}, headers=owner)
        assert taken.status_code == 200, taken.text
        made = [
            ask("/v1/keys", "POST", json={"name": scope, "scopes": [scope]}, headers=owner).json()["key"]
            for scope in ("people", "ingest", "curate")
        ]
        *readers, curator = ({"Authorization": f"Bearer {key}"} for key in made)
        for path in PLACES:
            for headers in ({}, *readers):
                answer = ask(path, headers=headers)
                assert answer.status_code == 200, path
                assert "0123" not in answer.text and "secret" not in answer.text, path
        assert ask("/v1/people/ann").json()["extra"] == {"pronouns": "she"}
        assert ask("/v1/organizations/lab").json()["extra"] == {}
        assert ask("/v1/register").json()["people"] == [{"id": "ann", "name": "Ann", "pronouns": "she"}]
        assert "<dt>pronouns</dt>" in ask("/people/ann").text
        assert ask("/v1/people/ann", headers=curator).json()["extra"] == {"mobile": "0123", "pronouns": "she"}
        whole = ask("/v1/register", headers=curator).text
        assert whole.count("secret") == 4 and whole.count("0123") == 2
