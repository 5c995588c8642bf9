"""What commands may rely on who read the answers of a service."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from searchsvc.api.ingest.schemas import JobsBody
from searchsvc.cli.connection import ApiError, Connection

JOBS = {"jobs": [], "counts": {"failed": 2}, "of a later version": True}


class _Says:
    """A service that answers everything with one thing."""

    def __init__(self, said: Any) -> None:
        self._said = said

    def send(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        return httpx.Response(200, json=self._said)

    def close(self) -> None:
        pass


def test_an_answer_is_read_as_a_type_and_shown_as_it_came() -> None:
    answer = Connection(_Says(JOBS), "the service").get("/v1/jobs", into=JobsBody)
    assert answer.body.counts == {"failed": 2}
    assert answer.raw == JOBS


@pytest.mark.parametrize("said", [[], None, "jobs", 7])
def test_what_is_no_such_answer_at_all_is_said_in_one_line(said: Any) -> None:
    with pytest.raises(ApiError, match=r"JobsBody is not what is expected \(the whole: "):
        _ = Connection(_Says(said), "the service").get("/v1/jobs", into=JobsBody).body


def test_what_is_no_json_is_said_in_one_line() -> None:
    class Proxy(_Says):
        def send(self, method: str, path: str, **arguments: Any) -> httpx.Response:
            return httpx.Response(200, text="<html>Sign in</html>")

    with pytest.raises(ApiError, match="the service answered GET /v1/jobs with what is no JSON"):
        Connection(Proxy(None), "the service").get("/v1/jobs", into=JobsBody)


def test_a_service_of_another_version_is_named_in_one_line_and_its_json_is_shown_all_the_same() -> None:
    answer = Connection(_Says({"jobs": []}), "the service").get("/v1/jobs", into=JobsBody)
    assert answer.raw == {"jobs": []}
    with pytest.raises(ApiError) as error:
        _ = answer.body
    assert (
        str(error.value)
        == "the service is of another version: its JobsBody is not what is expected (counts: Field required)."
    )
