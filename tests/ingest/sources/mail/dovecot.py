"""A real IMAP server on loopback, over TLS with a certificate of its own."""

from __future__ import annotations

import grp
import mailbox
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

__all__ = ["PASSWORD", "USER", "Imap", "missing", "served"]

USER, PASSWORD = "coordinator@example.org", "a-secret-word"
_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {who.internal}
default_internal_group = {who.group}
default_login_user = {who.login}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{folder}/mail
ssl = required
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
auth_failure_delay = 0
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={who.mail} gid={who.mail_group} home={folder}/mail
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
"""


@dataclass(frozen=True, slots=True)
class Imap:
    """mail: the Maildir of USER. context: that believes the server's certificate."""

    port: int
    mail: Path
    context: ssl.SSLContext


def missing() -> str:
    """Why there is none here; empty when there is one."""
    return "" if shutil.which("dovecot") else "Debian's dovecot-imapd is not installed"


@contextmanager
def served(letters: Mapping[str, Sequence[bytes]]) -> Iterator[Imap]:
    """letters: by folder, as its name stands on the disk, such as `.Alerts`; `` is the inbox."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))  # those whom it runs as must get there
    folder.chmod(0o755)
    (folder / "run").mkdir()
    (folder / "state").mkdir()
    port, certificate, who = _free_port(), _certificate(folder), _Users.here()
    for name, inside in letters.items():
        box = mailbox.Maildir(folder / "mail" / name)
        for data in inside:
            box.add(data)
        box.close()
    if who.mail != os.getuid():
        for place in (folder / "mail", *(folder / "mail").rglob("*")):
            os.chown(place, who.mail, who.mail_group)
    config = folder / "dovecot.conf"
    config.write_text(_CONFIG.format(folder=folder, port=port, password=PASSWORD, who=who))
    server = subprocess.Popen(
        ["dovecot", "-F", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _until_it_answers(port, server, folder / "log")
        yield Imap(port, folder / "mail", ssl.create_default_context(cafile=str(certificate)))
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class _Users:
    """As whom its processes run. None of those that speak with strangers or read mail may be root."""

    internal: str
    login: str
    group: str
    mail: int
    mail_group: int

    @classmethod
    def here(cls) -> Self:
        uid, gid = os.getuid(), os.getgid()
        if uid == 0:
            nobody = pwd.getpwnam("nobody")
            return cls("dovecot", "dovenull", "dovecot", nobody.pw_uid, nobody.pw_gid)
        name = pwd.getpwuid(uid).pw_name
        return cls(name, name, grp.getgrgid(gid).gr_name, uid, gid)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _until_it_answers(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.05)
    raise RuntimeError(log.read_text() if log.exists() else "dovecot does not start")


def _certificate(folder: Path) -> Path:
    """Of `localhost`, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    return folder / "cert.pem"
