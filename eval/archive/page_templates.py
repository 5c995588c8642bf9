"""Three ways to build a page, as three generations of web sites did it.

a: HTML5 with header, main, article and aside; teasers below the article.
b: boxes with classes and nothing else, the title in a banner outside the text, comments below.
c: the sidebar first in the source, facts in a table, the notice on cookies at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["TEMPLATES", "PageParts"]

_STYLE_A = """body{margin:0;font:17px/1.55 Georgia,serif;color:#222}\
header,footer{background:#123c4a;color:#fff;padding:1em 2em}
header a,footer a{color:#cde}nav ul{list-style:none;display:flex;gap:1.2em;padding:0}\
main{display:grid;grid-template-columns:2fr 1fr;gap:2.5em;
max-width:70em;margin:2em auto;padding:0 1em}\
.cookie-consent{position:fixed;bottom:0;background:#fff;border-top:2px solid #123c4a;padding:1em}
table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.3em .6em}\
dt{font-weight:bold}.lead{font-size:1.15em}"""
_STYLE_B = """body{margin:0;font:16px/1.6 Verdana,sans-serif;background:#eee}\
#wrap{width:1060px;margin:auto;background:#fff}
.banner{background:#5b7b2f;color:#fff;padding:40px}.menu a{margin-right:18px}\
.col-main{float:left;width:690px;padding:20px 40px}
.col-side{float:left;width:230px;font-size:13px}.clear{clear:both}\
.foot{background:#333;color:#ccc;padding:24px 40px;font-size:12px}
.entry table td,.entry table th{border:1px solid #ccc;padding:4px 8px}\
.comment{border-left:3px solid #ddd;padding-left:12px}"""
_STYLE_C = """body{font:15px/1.5 Arial,Helvetica,sans-serif;margin:0;color:#111}\
#top{border-bottom:4px solid #3d5a98;padding:10px 30px}
#page{display:flex;flex-direction:row-reverse;max-width:1180px;margin:0 auto}\
#side{width:280px;padding:20px;background:#f3f5f9}#content{flex:1;padding:20px 30px}
table.facts th{text-align:left;padding-right:1em;vertical-align:top}\
#bottom{border-top:1px solid #ccc;padding:20px 30px;font-size:12px}
.pills span{background:#e2e8f4;padding:2px 8px;margin-right:6px}"""


@dataclass(frozen=True, slots=True)
class PageParts:
    """What a template puts together. All texts are HTML."""

    head: str
    title: str
    site: str
    host: str
    words: dict[str, str]
    language: str
    navigation: list[str]
    lead: str  # empty without a description
    byline: str  # empty without authors
    date: str
    day: str  # ISO
    facts: list[tuple[str, str]]
    body: str
    keywords: list[str]
    related: list[str]
    comments: list[tuple[str, str]]
    address: str
    year: int
    invented: str


def _links(texts: list[str], item: str = "li") -> str:
    return "\n".join(f'<{item}><a href="#{number}">{text}</a></{item}>' for number, text in enumerate(texts, start=1))


def _start(parts: PageParts, style: str) -> str:
    return f'<!DOCTYPE html>\n<html lang="{parts.language}">\n<head>\n{parts.head}\n<style>{style}</style>\n</head>'


def _semantic(parts: PageParts) -> str:
    words = parts.words
    facts = "".join(f"<dt>{label}</dt><dd>{value}</dd>\n" for label, value in parts.facts)
    teasers = "\n".join(
        f'<article class="teaser"><h3><a href="#t">{one}</a></h3></article>' for one in parts.related[:3]
    )
    return f"""{_start(parts, _STYLE_A)}
<body>
<a class="skip-link" href="#main">{words["skip"]}</a>
<div class="cookie-consent" role="dialog" aria-label="Cookies">
<p>{words["cookies"]}</p>
<button type="button">{words["accept"]}</button> <button type="button">{words["decline"]}</button>
</div>
<header>
<a class="logo" href="https://{parts.host}/"><svg width="28" height="28" aria-hidden="true">\
<circle cx="14" cy="14" r="12" fill="#cde"/></svg> {parts.site}</a>
<nav aria-label="{words["menu"]}"><ul>
{_links(parts.navigation)}
</ul></nav>
<form role="search" action="#"><input type="search" placeholder="{words["search"]}">\
<button>{words["search"]}</button></form>
</header>
<nav class="breadcrumb"><a href="https://{parts.host}/">{words["home"]}</a> \
› <a href="#section">{parts.navigation[0]}</a> › <span aria-current="page">{parts.title}</span></nav>
<main id="main">
<article>
<h1>{parts.title}</h1>
{f'<p class="lead">{parts.lead}</p>' if parts.lead else ""}
<p class="meta">{f'{words["by"]} <span class="author">{parts.byline}</span> · ' if parts.byline else ""}\
<time datetime="{parts.day}">{parts.date}</time></p>
<ul class="share" aria-label="{words["share"]}"><li><a href="#mail">E-mail</a></li>\
<li><a href="#link">Link</a></li><li><a href="#print">PDF</a></li></ul>
{f'<dl class="facts">{facts}</dl>' if facts else ""}
{parts.body}
<p class="tags">{words["tags"]}: {", ".join(parts.keywords)}</p>
</article>
<aside>
<section class="related"><h2>{words["related"]}</h2><ul>
{_links(parts.related)}
</ul></section>
<section class="newsletter"><h2>{words["newsletter"]}</h2><p>{words["newsletter_text"]}</p>
<form action="#"><input type="email" placeholder="name@mail.example">\
<button>{words["subscribe"]}</button></form></section>
</aside>
</main>
<section class="read-next"><h2>{words["next"]}</h2>
{teasers}
</section>
<footer>
<address>{parts.site}<br>{parts.address}<br><a href="mailto:info@{parts.host}">info@{parts.host}</a></address>
<p><a href="#privacy">{words["privacy"]}</a> | <a href="#imprint">{words["imprint"]}</a> \
| <a href="#contact">{words["contact"]}</a></p>
<p>© {parts.year} {parts.site}. {parts.invented}</p>
</footer>
</body>
</html>
"""


def _boxes(parts: PageParts) -> str:
    words = parts.words
    facts = "".join(f'<div class="fact"><b>{label}:</b> {value}</div>\n' for label, value in parts.facts)
    comments = "\n".join(
        f'<div class="comment"><div class="comment-author">{name}</div><p>{text}</p></div>'
        for name, text in parts.comments
    )
    byline = f' {words["by"].lower()} <a href="#author" rel="author">{parts.byline}</a>' if parts.byline else ""
    return f"""{_start(parts, _STYLE_B)}
<body class="single single-post">
<div id="wrap">
<div class="topbar"><div class="brand"><a href="https://{parts.host}/">{parts.site}</a></div>
<div class="menu">{_links(parts.navigation, "span")}</div></div>
<div id="cookie-banner" class="cookie-notice"><p>{words["cookies"]}</p>\
<a class="btn" href="#ok">{words["accept"]}</a> <a class="btn" href="#no">{words["decline"]}</a></div>
<div class="banner"><div class="crumbs"><a href="https://{parts.host}/">{words["home"]}</a> \
/ <a href="#s">{parts.navigation[-1]}</a></div>
<h1 class="entry-title">{parts.title}</h1>
<div class="byline">{words["published"]} <span class="date" title="{parts.day}">{parts.date}</span>{byline}</div></div>
<div class="col-main">
<div class="sharing"><span>{words["share"]}</span> \
<a href="#m">E-mail</a> <a href="#l">Link</a> <a href="#p">Print</a></div>
<div class="entry">
{f"<p><strong>{parts.lead}</strong></p>" if parts.lead else ""}
{f'<div class="factbox">{facts}</div>' if facts else ""}
{parts.body}
</div>
<div class="tagcloud">{words["tags"]}: {_links(parts.keywords, "span")}</div>
<div id="comments" class="comments"><h3>{words["comments"]} ({len(parts.comments)})</h3>
{comments}
</div>
</div>
<div class="col-side">
<div class="widget"><h4>{words["related"]}</h4>{_links(parts.related, "div")}</div>
<div class="widget widget-newsletter"><h4>{words["newsletter"]}</h4><p>{words["newsletter_text"]}</p>
<form action="#"><input name="email" value=""><input type="submit" value="{words["subscribe"]}"></form></div>
</div>
<div class="clear"></div>
<div class="foot"><p>{parts.site}, {parts.address}. info@{parts.host}</p>
<p><a href="#privacy">{words["privacy"]}</a> · <a href="#imprint">{words["imprint"]}</a> \
· <a href="#contact">{words["contact"]}</a></p>
<p>{parts.invented}</p></div>
</div>
</body>
</html>
"""


def _sidebar_first(parts: PageParts) -> str:
    words = parts.words
    facts = "".join(f'<tr><th scope="row">{label}</th><td>{value}</td></tr>\n' for label, value in parts.facts)
    people = f'<p class="authors">{parts.byline}</p>' if parts.byline else ""
    return f"""{_start(parts, _STYLE_C)}
<body>
<div id="top"><span class="site-name">{parts.site}</span>
<ul id="main-nav">
{_links(parts.navigation)}
</ul></div>
<p id="path">{words["home"]} &gt; {parts.navigation[0]} &gt; {parts.title}</p>
<div id="page">
<div id="side">
<h3>{words["related"]}</h3>
<ul>
{_links(parts.related)}
</ul>
<h3>{words["newsletter"]}</h3>
<form action="#"><label>{words["newsletter_text"]} <input type="email"></label> \
<button>{words["subscribe"]}</button></form>
<h3>{words["share"]}</h3>
<p><a href="#1">E-mail</a> <a href="#2">Link</a></p>
</div>
<div id="content" role="main">
<h1>{parts.title}</h1>
{people}
<p class="pubdate">{words["published"]}: <time datetime="{parts.day}">{parts.date}</time></p>
{f'<div class="summary"><p>{parts.lead}</p></div>' if parts.lead else ""}
{f'<table class="facts">{facts}</table>' if facts else ""}
<div class="text">
{parts.body}
</div>
<p class="pills">{" ".join(f"<span>{one}</span>" for one in parts.keywords)}</p>
<div class="next"><h3>{words["next"]}</h3><p><a href="#n">{parts.related[0]}</a></p></div>
</div>
</div>
<div id="bottom">
<p>{parts.site} · {parts.address}</p>
<p><a href="#privacy">{words["privacy"]}</a> <a href="#imprint">{words["imprint"]}</a> \
<a href="#contact">{words["contact"]}</a></p>
<p>{parts.invented}</p>
</div>
<div id="cookiebar" class="notice"><span>{words["cookies"]}</span> \
<button>{words["accept"]}</button> <button>{words["decline"]}</button></div>
</body>
</html>
"""


TEMPLATES: Mapping[str, Callable[[PageParts], str]] = MappingProxyType(
    {"a": _semantic, "b": _boxes, "c": _sidebar_first}
)
