"""Sign-in by the provider that an organization has: OpenID Connect, authorization code with PKCE.

Nothing is kept for who is on the way: state, nonce and verifier are made of what the browser's cookie holds. An account
is bound to the provider's own id of the person (`sub`) when they come for the first time: an e-mail address that
somebody else gets later opens nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx

from searchsvc.access.users import digest_of
from searchsvc.errors import ProviderError

__all__ = ["Identity", "Provider"]

# What a provider signs with its own key. None that knows a shared secret, and not `none`.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"]
_LEEWAY_S = 60  # that clocks may differ
_KNOWN_S = 3600.0  # what the provider says of itself
_KEYS_AGAIN_S = 30.0  # a token with an unknown key makes the keys be asked for again, at most this often
_TIMEOUT_S = 10.0
_MAX_BYTES = 500_000  # of an answer
_MAX_VALUES = 1000  # of the claim with groups
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class Identity:
    """subject: digest of issuer and `sub`. login: what the chosen claim says. groups: values of the claim for groups,
    None when the provider is not asked for them."""

    subject: str
    login: str
    groups: frozenset[str] | None = None


class Provider:
    """Of one issuer. Safe to use from many threads. Every method raises ProviderError, which says in one line why
    nobody is let in, without what is secret.

    login_claim: `email` (which must be verified) or another claim of the token. now: seconds since 1970.
    """

    def __init__(
        self, issuer: str, client_id: str, client_secret: str | None, *, login_claim: str = "email",
        groups_claim: str | None = None, transport: httpx.BaseTransport | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self._issuer = issuer
        self._client_id = client_id
        self._secret = client_secret
        self._login_claim = login_claim
        self._groups_claim = groups_claim
        self._transport = transport
        self._now = now
        self._lock = threading.Lock()
        self._known: tuple[dict[str, Any], float] | None = None
        self._keys: tuple[Any, float] | None = None

    def address(self, secret: str, back: str) -> str:
        """Where the browser goes to sign in. secret: what its cookie holds. back: where it comes back to."""
        asked = {
            "response_type": "code", "client_id": self._client_id, "redirect_uri": back,
            "scope": "openid email" if self._login_claim == "email" else "openid profile email",
            "state": _made(secret, "state"), "nonce": _made(secret, "nonce"),
            "code_challenge": _coded(hashlib.sha256(_made(secret, "verifier").encode()).digest()),
            "code_challenge_method": "S256",
        }  # fmt: skip
        where = self._discovered()["authorization_endpoint"]
        return f"{where}{'&' if '?' in where else '?'}{urlencode(asked)}"

    def identity(self, given: Mapping[str, str], secret: str, back: str) -> Identity:
        """Who came back. given: parameters of the address that the browser came back to."""
        if not secret or not hmac.compare_digest(given.get("state", "").encode(), _made(secret, "state").encode()):
            raise ProviderError("the sign-in was begun in another browser, or too long ago.")
        if given.get("iss", self._issuer) != self._issuer:
            raise ProviderError("another provider answered.")
        if error := given.get("error"):
            raise ProviderError(f"the provider says {error[:100]!r}.")
        tokens = self._exchanged(given.get("code", ""), _made(secret, "verifier"), back)
        claims = self._claims(str(tokens.get("id_token") or ""), _made(secret, "nonce"))
        if self._login_claim not in claims or (self._groups_claim and self._groups_claim not in claims):
            claims = {**self._more(str(tokens.get("access_token") or ""), claims["sub"]), **claims}
        return self._read(claims)

    # -- what the provider says ---------------------------------------------------------------------------------------

    def _discovered(self) -> dict[str, Any]:
        with self._lock:
            if self._known and self._now() < self._known[1]:
                return self._known[0]
        told = self._asked("GET", f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        if told.get("issuer") != self._issuer:
            raise ProviderError(f"{self._issuer} calls itself another issuer; set oidc_issuer to what it says.")
        for name in _ENDPOINTS:
            _checked(str(told.get(name) or ""), name)
        with self._lock:
            self._known = (told, self._now() + _KNOWN_S)
        return told

    def _exchanged(self, code: str, verifier: str, back: str) -> dict[str, Any]:
        told = self._discovered()
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        methods = told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        basic = self._secret is not None and "client_secret_basic" in methods
        if not basic:
            form["client_id"] = self._client_id
            if self._secret is not None:
                form["client_secret"] = self._secret
        pair = urlencode({"": self._client_id})[1:], urlencode({"": self._secret or ""})[1:]  # RFC 6749, 2.3.1
        return self._asked("POST", told["token_endpoint"], data=form, auth=pair if basic else None)

    def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        """Of an ID token that is the provider's, for this service, for this sign-in, and of now."""
        from joserfc import jwt
        from joserfc.errors import JoseError

        for again in (False, True):
            try:
                claims: dict[str, Any] = jwt.decode(token, self._signers(again=again), algorithms=_ALGORITHMS).claims
                break
            except (JoseError, ValueError) as error:  # a key that is new, or a wrong one
                if again:
                    raise ProviderError(f"its token cannot be believed ({type(error).__name__}).") from None
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        times = [claims.get(name) for name in ("exp", "iat")]
        right = {
            "iss": claims.get("iss") == self._issuer,
            "aud": self._client_id in audiences,
            "azp": claims.get("azp", self._client_id if len(audiences) == 1 else None) == self._client_id,
            "nonce": hmac.compare_digest(str(claims.get("nonce") or "").encode(), nonce.encode()),
            "exp": _number(times[0]) > self._now() - _LEEWAY_S,
            "iat": 0 < _number(times[1]) < self._now() + _LEEWAY_S,
            "sub": isinstance(claims.get("sub"), str) and 0 < len(claims["sub"]) <= 255,
        }
        for name, is_right in right.items():
            if not is_right:
                raise ProviderError(f"its token is not for this sign-in ({name}).")
        return claims

    def _more(self, access_token: str, subject: str) -> dict[str, Any]:
        """What the provider says of the person elsewhere, where it says so."""
        where = str(self._discovered().get("userinfo_endpoint") or "")
        if not where or not access_token:
            return {}
        _checked(where, "userinfo_endpoint")
        told = self._asked("GET", where, headers={"Authorization": f"Bearer {access_token}"})
        if told.get("sub") != subject:
            raise ProviderError("it answers about somebody else.")
        return told

    def _read(self, claims: Mapping[str, Any]) -> Identity:
        login = claims.get(self._login_claim)
        if not isinstance(login, str) or not login:
            raise ProviderError(f"it says no {self._login_claim} of the person.")
        if self._login_claim == "email" and claims.get("email_verified") is not True:
            raise ProviderError("it does not say that the person's e-mail address is verified.")
        groups = None
        if self._groups_claim:
            said = claims.get(self._groups_claim) or []
            values = [said] if isinstance(said, str) else said if isinstance(said, list) else []
            groups = frozenset(one for one in values[:_MAX_VALUES] if isinstance(one, str))
        return Identity(digest_of(f"{self._issuer} {claims['sub']}"), login, groups)

    def _signers(self, *, again: bool) -> Any:
        """Keys of the provider; again: those of now, when those that are known are not of this moment."""
        from joserfc.jwk import KeySet

        with self._lock:
            known = self._keys
        wait = _KEYS_AGAIN_S if again else _KNOWN_S
        if known and self._now() < known[1] + wait:
            return known[0]
        told: Any = self._asked("GET", self._discovered()["jwks_uri"])
        try:
            keys = KeySet.import_key_set(told)
        except Exception:  # of whatever they sent
            raise ProviderError("its keys cannot be read.") from None
        with self._lock:
            self._keys = (keys, self._now())
        return keys

    def _asked(self, method: str, url: str, **given: Any) -> dict[str, Any]:
        """JSON of one page of the provider, no other; redirects are not followed."""
        host = urlsplit(url).netloc
        headers = {"Accept": "application/json", **given.pop("headers", {})}
        try:
            with (
                httpx.Client(transport=self._transport, timeout=_TIMEOUT_S, trust_env=True) as client,
                client.stream(method, url, headers=headers, **given) as answer,
            ):
                size, parts = 0, []
                for part in answer.iter_bytes():
                    size += len(part)
                    if size > _MAX_BYTES:
                        raise ProviderError(f"{host} answers with more than {_MAX_BYTES} bytes.")
                    parts.append(part)
        except httpx.HTTPError as error:
            raise ProviderError(f"{host} does not answer ({type(error).__name__}).", away=True) from None
        if answer.status_code != 200:
            raise ProviderError(f"{host} answers {answer.status_code}.", away=answer.status_code >= 500)
        try:
            told = json.loads(b"".join(parts))
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            raise ProviderError(f"{host} does not answer with JSON.")
        return told


def _made(secret: str, purpose: str) -> str:
    """43 letters that only who has the secret can make."""
    return _coded(hmac.new(secret.encode(), f"oidc {purpose}".encode(), "sha256").digest())


def _coded(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _checked(url: str, name: str) -> None:
    """Raises ProviderError for an address to which secrets could be read on the way."""
    parts = urlsplit(url)
    loopback = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and loopback)):
        raise ProviderError(f"its {name} is no address with https.")


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
