"""Where a link in a mail leads in the end, and whether that is something to read. Pure; nothing is asked."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

from ingest.sources.web.address import address
from searchsvc.errors import QueryError

__all__ = ["is_to_be_read", "target_of"]

# Hosts that pass on: the end of the host, a part of the path, and the parameter that has the target.
_PASSING_ON = (
    ("scholar.google.", "/scholar_url", ("url",)),
    ("google.", "/url", ("url", "q")),
    ("google.", "/alerts/", ("url",)),
    ("safelinks.protection.outlook.com", "/", ("url",)),
    ("linkprotect.cudasvc.com", "/url", ("a",)),
    ("l.facebook.com", "/l.php", ("u",)),
    ("lm.facebook.com", "/l.php", ("u",)),
    ("linkedin.com", "/redir/redirect", ("url",)),
    ("slack-redir.net", "/link", ("url",)),
    ("click.email.", "/", ("url",)),
    ("protect-us.mimecast.com", "/", ("domain",)),
)
_PROOFPOINT_3 = re.compile(r"^https?://urldefense\.(?:com|us)/v3/__(.+?)__;", re.I)
_PROOFPOINT_2 = re.compile(r"^https?://urldefense\.proofpoint\.com/v2/url$", re.I)
_TRACKING = re.compile(
    r"(?i)^(?:utm_\w+|mc_[ce]id|fbclid|gclid|dclid|msclkid|igshid|_hs(?:enc|mi)|mkt_tok|vero_\w+|oly_\w+|ck_subscriber_id"
    r"|wt\.mc_id|cmpid|s_cid|ns_\w+|trk|trkcampaign|elqtrack\w*|ml_subscriber\w*|ref_src|spm)$"
)
_NO_HOSTS = (
    "scholar.google.",
    "facebook.com", "twitter.com", "x.com", "instagram.com", "linkedin.com", "tiktok.com", "t.me", "wa.me",
    "whatsapp.com", "pinterest.com", "addtoany.com", "addthis.com", "sharethis.com", "mendeley.com", "doubleclick.net",
    "google-analytics.com", "w3.org", "schema.org", "fonts.googleapis.com", "apps.apple.com", "play.google.com",
    "zoom.us", "teams.microsoft.com", "meet.google.com", "accounts.google.com", 
)  # fmt: skip
# Parts of addresses, and words of links, that lead to nothing to read. Each is a pattern.
_NO_PATHS = (
    r"unsubscri", r"opt[-_]?out", r"d[eé]sabonn", r"desuscri", r"abbestell", r"abmelden", r"/preferences",
    r"email[-_ ]?preferences", r"manage[-_]?(?:subscription|preferences|alerts?)", r"update[-_]?profile",
    r"view[-_]?in[-_]?browser", r"webversion", r"forward-to-friend", r"/mailman/(?:options|listinfo)", r"/login\b",
    r"/signin", r"/signup", r"/register\b", r"/privacy", r"/terms", r"/legal", r"/cookies?\b", r"/share\?", r"/sharer",
    r"scholar_alerts", r"scholar_share", r"/citations\?", r"update_op=", r"view_op=", r"/intent/", r"/open\.aspx",
    r"/wf/open", r"/track/open", r"\.(?:gif|png|jpe?g|svg|ics|css|js)$",
)  # fmt: skip
_NO_WORDS = (
    r"unsubscribe", r"opt[ -]out", r"manage (?:your )?(?:subscription|preferences|alerts?)",
    r"update (?:your )?(?:profile|preferences)", r"privacy (?:policy|notice)",
    r"terms (?:of (?:use|service)|and conditions)",
    r"view (?:(?:this|it|the) )?(?:(?:e?mail|message|newsletter) )?(?:in|on) (?:(?:your|a|the) )?(?:web )?browser",
    r"view online", r"web version", r"forward (?:this )?to a friend", r"cancel alert", r"list alerts", r"se désabonner",
    r"désinscription", r"abmelden", r"abbestellen", r"darse de baja", r"cancelar (?:la )?suscripción",
)  # fmt: skip
_NO_PATH = re.compile("(?i)" + "|".join(_NO_PATHS))
_NO_WORD = re.compile(rf"(?i)\b(?:{'|'.join(_NO_WORDS)})\b")
_MOST_PASSES = 5


def target_of(link: str) -> str | None:
    """The address behind services that pass on and say where to, without parameters that say who came from where.

    None for what is no address of the web.
    """
    url = link.strip().strip("<>").rstrip(".,;")
    for _ in range(_MOST_PASSES):
        passed = _passed_on(url)
        if passed is None:
            break
        url = passed
    try:
        whole = address(url)
        parts = urlsplit(whole)
    except (QueryError, ValueError):
        return None
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [pair for pair in pairs if not _TRACKING.match(pair[0])]
    return whole if len(kept) == len(pairs) else parts._replace(query=urlencode(kept)).geturl()


def is_to_be_read(url: str, words: str = "") -> bool:
    """Whether there may be something to read at `url`, which is called `words`: not how to unsubscribe, not a profile,
    not the first page of a site, which stands below every letter."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = (parts.hostname or "").removeprefix("www.")
    if any(_is_of(host, one) for one in _NO_HOSTS) or _NO_WORD.search(words):
        return False
    if parts.path in ("", "/") and not parts.query:
        return False
    return not _NO_PATH.search(unquote(parts.path + (f"?{parts.query}" if parts.query else "")))


def _passed_on(url: str) -> str | None:
    if proofpoint := _PROOFPOINT_3.match(url):
        return re.sub(r"^(https?):/+", r"\1://", proofpoint[1])
    try:
        parts = urlsplit(url)
        asked = parse_qs(parts.query)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if _PROOFPOINT_2.match(url.partition("?")[0]) and "u" in asked:
        return unquote(asked["u"][0].replace("-", "%").replace("_", "/"))
    for ending, path, names in _PASSING_ON:
        if _is_of(host, ending) and parts.path.startswith(path):
            there = next((asked[name][0] for name in names if name in asked), "")
            if there.startswith(("http://", "https://")):
                return there
    return None


def _is_of(host: str, ending: str) -> bool:
    """Whether `host` is `ending` or below it; `google.` is google in every country."""
    if ending.endswith("."):
        return bool(re.search(rf"(?:^|\.){re.escape(ending)}[a-z]{{2,3}}(?:\.[a-z]{{2}})?$", host))
    return host == ending or host.endswith(f".{ending}")
