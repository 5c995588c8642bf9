"""A provider of sign-in on loopback, as OpenID Connect has it: it checks what it is sent, and signs with a key."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

CLIENT, SECRET = "archive", "a secret: with signs"


class Issuer(ThreadingHTTPServer):
    """person: who is signed in there. spoils: what is put into its tokens instead; more: of its description."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.key: RSAKey | ECKey = RSAKey.generate_key(2048, {"kid": "one"})
        self.algorithm = "RS256"
        self.person: dict[str, Any] = {"sub": "7", "email": "Ann@Example.org", "email_verified": True}
        self.spoils: dict[str, Any] = {}
        self.more: dict[str, Any] = {}
        self.elsewhere: dict[str, Any] | None = None  # what it says at userinfo
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/realm"

    def close(self) -> None:
        self.shutdown()
        self.server_close()

    def comes_back(self, address: str) -> str:
        """Where it sends the browser that came with this address, when the person has agreed."""
        given = dict(parse_qsl(urlsplit(address).query))
        assert address.startswith(f"{self.url}/authorize?") and given["client_id"] == CLIENT
        assert given["response_type"] == "code" and given["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self.codes[code] = given
        return f"{given['redirect_uri']}?{urlencode({'code': code, 'state': given['state'], 'iss': self.url})}"

    def describes(self) -> dict[str, Any]:
        return {
            "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token", "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/me", **self.more,
        }  # fmt: skip

    def gives(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """Tokens for a code, once, for who has its secret and verifier."""
        begun = self.codes.pop(form.get("code", ""), None)
        scheme, _, pair = authorization.partition(" ")
        user, _, secret = base64.b64decode(pair).decode().partition(":")
        if begun is None or scheme != "Basic" or (unquote_plus(user), unquote_plus(secret)) != (CLIENT, SECRET):
            return None
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode()
        if challenge.rstrip("=") != begun["code_challenge"] or form["redirect_uri"] != begun["redirect_uri"]:
            return None
        now = int(time.time())
        claims = {
            "iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": begun["nonce"], **self.person,
            **self.spoils,
        }  # fmt: skip
        header = {"alg": self.algorithm, "kid": self.key.kid or ""}
        token = jwt.encode(header, claims, self.key, algorithms=[self.algorithm])
        return {"access_token": "access", "token_type": "Bearer", "id_token": token}


class _Handler(BaseHTTPRequestHandler):
    server: Issuer

    def do_GET(self) -> None:
        issuer = self.server
        issuer.asked.append(self.path)
        match self.path:
            case "/realm/.well-known/openid-configuration":
                self._say(200, issuer.describes())
            case "/realm/keys":
                self._say(200, KeySet([issuer.key]).as_dict(private=False))
            case "/realm/me" if issuer.elsewhere is not None and self.headers["Authorization"] == "Bearer access":
                self._say(200, issuer.elsewhere)
            case _:
                self._say(404, {})

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        tokens = self.server.gives({name: one[0] for name, one in form.items()}, self.headers["Authorization"] or "")
        self._say(200 if tokens else 400, tokens or {"error": "invalid_grant"})

    def _say(self, status: int, body: Any) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        pass
