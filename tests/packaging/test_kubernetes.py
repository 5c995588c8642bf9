"""docs/kubernetes.yaml is what Kubernetes takes, and names only what exists. Nothing is applied here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from typer.main import get_command

from searchsvc.api.app import ROUTERS
from searchsvc.cli.app import app
from searchsvc.settings import _FILES, Settings

ROOT = Path(__file__).resolve().parents[2]
ENTRIES: list[dict[str, Any]] = list(yaml.safe_load_all((ROOT / "docs" / "kubernetes.yaml").read_text("utf-8")))
DEPLOYMENTS = [one for one in ENTRIES if one["kind"] == "Deployment"]
NAMES = [one["metadata"]["name"] for one in DEPLOYMENTS]


def named(kind: str) -> dict[str, Any]:
    (found,) = [one for one in ENTRIES if one["kind"] == kind]
    return found


@pytest.mark.parametrize("entry", ENTRIES, ids=[f"{one['kind']} {one['metadata']['name']}" for one in ENTRIES])
@pytest.mark.parametrize("version", ["1.30", "1.34"])
def test_every_entry_is_one_that_kubernetes_takes(entry: dict[str, Any], version: str) -> None:
    kubernetes_validate.validate(entry, version, strict=True)


def test_every_setting_that_is_named_exists_and_every_secret_is_there() -> None:
    settings, secrets = named("ConfigMap")["data"], named("Secret")["stringData"]
    names = {key.removeprefix("SEARCHSVC_").lower() for key in settings}
    assert names <= set(Settings.model_fields) | set(_FILES)
    files = {value.removeprefix("/secrets/") for value in settings.values() if value.startswith("/secrets/")}
    assert files == set(secrets)
    assert not Settings(
        home=Path("/data"), database_url=secrets["database_url"], qdrant_url=settings["SEARCHSVC_QDRANT_URL"]
    ).embedded


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=NAMES)
def test_pods_are_confined_keep_nothing_and_have_time_to_stop(deployment: dict[str, Any]) -> None:
    pod = deployment["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    program, command, *_ = container["args"]
    assert program == "searchsvc"
    assert command in get_command(app).commands  # type: ignore[attr-defined]
    inside = container["securityContext"]
    assert inside["readOnlyRootFilesystem"] and inside["capabilities"] == {"drop": ["ALL"]}
    assert inside["allowPrivilegeEscalation"] is False and pod["securityContext"]["runAsNonRoot"] is True
    assert f"--uid {pod['securityContext']['runAsUser']} " in (ROOT / "Dockerfile").read_text("utf-8")
    assert pod["terminationGracePeriodSeconds"] > Settings.model_fields["stop_s"].default
    assert {one["name"] for one in container["volumeMounts"]} == {one["name"] for one in pod["volumes"]}
    places = {one["name"]: one["mountPath"] for one in container["volumeMounts"]}
    settings = named("ConfigMap")["data"]
    assert settings["SEARCHSVC_HOME"] == places["home"]
    assert settings["SEARCHSVC_FILES_URL"] == f"file://{places['files']}"


def test_probes_ask_paths_that_exist_under_a_name_that_is_answered() -> None:
    (service,) = [one for one in DEPLOYMENTS if one["metadata"]["name"] == "searchsvc"]
    (container,) = service["spec"]["template"]["spec"]["containers"]
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        asked = container[probe]["httpGet"]
        assert asked["path"].removeprefix("/") in ROUTERS["operation.routes"]
        assert asked["httpHeaders"] == [{"name": "Host", "value": "localhost"}]


@pytest.mark.parametrize("kind", ["Service", "PodDisruptionBudget"])
def test_what_selects_pods_finds_some(kind: str) -> None:
    labels = [one["spec"]["template"]["metadata"]["labels"] for one in DEPLOYMENTS]
    for one in ENTRIES:
        if one["kind"] == kind:
            selector = one["spec"]["selector"]
            assert selector.get("matchLabels", selector) in labels
