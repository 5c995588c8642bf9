import datetime
import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from qdrant_client import QdrantClient

from searchsvc.errors import StoreAwayError, StoreError
from searchsvc.model import Point, SparseVector
from searchsvc.store.protocol import DenseQuery
from searchsvc.store.qdrant import (
    QdrantStore,
    drop_generation,
    generations,
    live_generation,
    make_live,
    open_qdrant,
)


@pytest.fixture
def client() -> Iterator[QdrantClient]:
    made = QdrantClient(":memory:")
    yield made
    made.close()


class Answering(HTTPServer):
    """A web server whose `answer` (status, body) and `seen` headers a test sets and reads."""

    answer: tuple[int, bytes] = (200, b"{}")
    seen: Mapping[str, str] = MappingProxyType({})


@pytest.fixture
def server() -> Iterator[Answering]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.seen = dict(self.headers)
            status, body = made.answer
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    made = Answering(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def a_store(client: QdrantClient, generation: str, collection: str = "docs") -> QdrantStore:
    return QdrantStore(client, collection=collection, generation=generation, dimensions=2)


def test_generations_are_kept_apart_and_switched_in_one_step(client: QdrantClient) -> None:
    assert (generations(client, "docs"), live_generation(client, "docs")) == ([], None)
    old, new = a_store(client, "a1"), a_store(client, "b2")
    a_store(client, "c3", collection="docs-test")
    assert generations(client, "docs") == ["a1", "b2"]
    make_live(client, "docs", "a1")
    assert live_generation(client, "docs") == "a1"
    dense = np.array([1, 0], dtype=np.float32)
    payload = {"resource_id": "r", "ordinal": 0}
    new.upsert([Point("00000000-0000-0000-0000-000000000001", dense, SparseVector((1,), (1.0,)), payload)])
    make_live(client, "docs", "b2")
    assert live_generation(client, "docs") == "b2"
    assert old.query([DenseQuery(dense, 5)]) == [[]], "a store stays with its own generation"
    assert client.count("docs").count == 1
    with pytest.raises(StoreError, match="is live"):
        drop_generation(client, "docs", "b2")
    drop_generation(client, "docs", "a1")
    drop_generation(client, "docs", "a1")
    assert generations(client, "docs") == ["b2"]
    with pytest.raises(StoreError):
        make_live(client, "docs", "a1")
    assert live_generation(client, "docs") == "b2"


def test_a_generation_that_is_gone_is_one_line(client: QdrantClient) -> None:
    store = a_store(client, "a1")
    drop_generation(client, "docs", "a1")
    with pytest.raises(StoreError) as caught:
        store.count()
    assert "\n" not in str(caught.value)


def test_a_server_that_does_not_answer_is_named_without_its_password(server: Answering) -> None:
    server.server_close()
    with pytest.raises(StoreError) as caught:
        open_qdrant(f"http://user:secret@127.0.0.1:{server.server_port}")
    assert str(caught.value) == (
        f"Qdrant at http://127.0.0.1:{server.server_port} does not answer; start it, or set qdrant_url."
    )


@pytest.mark.parametrize(
    ("status", "body", "line"),
    [
        (403, b"no", "turned the request down; set qdrant_api_key."),
        (500, json.dumps({"status": {"error": "disk\nfull"}}).encode(), "failed with 500: disk full"),
        (502, b"<html>", "failed with 502: Bad Gateway"),
        (200, b"hello", "answered what is no Qdrant answer"),
    ],
)
def test_what_a_server_says_is_one_line(server: Answering, status: int, body: bytes, line: str) -> None:
    server.answer = (status, body)
    with pytest.raises(StoreError) as caught:
        open_qdrant(f"http://127.0.0.1:{server.server_port}")
    assert line in str(caught.value) and "\n" not in str(caught.value)


def test_a_key_over_plain_http_and_another_version_are_logged(
    server: Answering, caplog: pytest.LogCaptureFixture
) -> None:
    server.answer = (200, json.dumps({"title": "qdrant", "version": "1.2.0"}).encode())
    open_qdrant(f"http://127.0.0.1:{server.server_port}", "the-key").close()
    assert server.seen["api-key"] == "the-key"
    assert "unencrypted" in caplog.text and "version 1.2.0" in caplog.text
    assert "the-key" not in caplog.text


def test_what_is_no_url_is_refused() -> None:
    with pytest.raises(StoreError, match="is not the URL"):
        open_qdrant("ftp://here")


def test_what_may_pass_is_told_from_what_will_not(server: Answering) -> None:
    for status, kind in ((500, StoreAwayError), (503, StoreAwayError), (400, StoreError)):
        server.answer = (status, json.dumps({"status": {"error": "0 of 0 read operations failed"}}).encode())
        with pytest.raises(StoreError, match="0 of 0 read operations failed") as caught:
            open_qdrant(f"http://127.0.0.1:{server.server_port}")
        assert type(caught.value) is kind


def test_a_certificate_that_is_not_trusted_is_told_as_that_and_can_be_trusted(
    server: Answering, tmp_path: Path
) -> None:
    certificate = _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, tmp_path / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.answer = (200, json.dumps({"title": "qdrant", "version": "1.20.0"}).encode())
    url = f"https://127.0.0.1:{server.server_port}"
    with pytest.raises(StoreAwayError, match="certificate that is not trusted here; set qdrant_ca"):
        open_qdrant(url)
    open_qdrant(url, ca=certificate).close()
    with pytest.raises(StoreError, match=r"qdrant_ca: .* holds no certificates"):
        open_qdrant(url, ca=tmp_path / "key.pem")


def _certificate(folder: Path) -> Path:
    """Of 127.0.0.1, signed by itself; its key is beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "here")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    plain = serialization.NoEncryption()
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(pem, pkcs8, plain))
    (folder / "certificate.pem").write_bytes(made.public_bytes(pem))
    return folder / "certificate.pem"
