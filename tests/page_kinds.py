"""Invented pages of every kind: fronts, lists and hubs, and the articles that look like them."""

from __future__ import annotations

from itertools import islice, product

from newscrawl.records import PageType
from tests.documents import HEADLINE, MARKUP, ld

SITE = "https://www.tern.example"
_NAV = (
    "<header><a href=/>The Tern</a><nav><ul>"
    + "".join(f"<li><a href=/{s}>{s.title()}</a>" for s in ("news", "sport", "culture", "travel"))
    + "</ul></nav></header>"
)
_FOOTER = (
    "<footer><p>© 2026 The Tern</p><a href=/imprint>Imprint</a> <a href=/privacy>Privacy</a>"
    " <a href=/contact>Contact</a></footer>"
)
_WHO = ("The town council", "A retired teacher", "The ferry company", "A group of bakers")
_WHAT = ("opens a new bridge", "sues the tax office", "buys back the old mill", "bans grey paint")
_WHERE = ("after ten years", "in Port Alder", "despite the rain", "on the last day of March")
TITLES = [" ".join(words) for words in product(_WHO, _WHAT, _WHERE)]
TEXTS = [
    f"{who} surprised its neighbours this week: nobody had expected that it {what}, {where}, and "
    "least of all without a word to the papers."
    for who, what, where in product(_WHO, _WHAT, _WHERE)
]
MORE = (
    "The plan had been on the table since the autumn, but a vote was put off again and again. "
    "Now there is a date, a budget and, it seems, even a colour that everybody can live with."
)
_TITLES_DE = [
    f"{wer} {was}"
    for wer, was in product(
        ("Der Stadtrat", "Eine Lehrerin aus Erlach", "Die Bahn", "Ein Bäcker"),
        ("streitet über die neue Brücke", "klagt gegen das Finanzamt", "kauft die alte Mühle"),
    )
]
_TEXT_DE = (
    "Damit hatte niemand gerechnet: Schon im Frühjahr soll der Umbau beginnen, und bezahlen wird "
    "ihn am Ende doch das Land."
)
_TITLES_JA = [
    f"{who}、{what}"
    for who, what in product(
        ("市議会", "港湾局", "地元の漁協", "県の教育委員会"),
        ("新しい橋の建設を承認", "来春の再開を発表", "予算の見直しを求める", "説明会を開く"),
    )
]
_TEXT_JA = "関係者によると、工事は来年の春に始まり、費用の大半は県が負担する見通しだという。"


def page(main: str, *, head: str = "", title: str = "The Tern") -> str:
    """A page of the publication around its main part."""
    return (
        f"<html><head><title>{title}</title>{head}</head><body>{_NAV}<main>{main}</main>"
        f"{_FOOTER}</body></html>"
    )


def cards(
    count: int, form: str, titles: list[str] = TITLES, texts: list[str] = TEXTS, start: int = 0
) -> str:
    """Teasers: ``form`` with a title, a text and a number each."""
    pairs = islice(zip(titles[start:], texts[start:], strict=False), count)
    return "".join(form.format(t=t, x=x, n=n, m=MORE) for n, (t, x) in enumerate(pairs, 1))


_CARD = "<article><h3><a href=/news/{n}>{t}</a></h3><p>{x}</p><time>{n} hours ago</time></article>"
_BIG_LINK = "<a class=card href=/news/{n}><img src={n}.jpg><h3>{t}</h3><p>{x}</p></a>"
_KICKER = (
    "<div class=item><a href=/s/{n}><span>Region</span> <h2>{t}</h2></a><p>{x} <a href=/s/{n}>mehr"
    "</a></p></div>"
)
_POST = (
    "<div class=post><h2><a href=/2026/{n}>{t}</a></h2><p class=meta>May {n}, 2026 by "
    "<a href=/ruth>Ruth Alder</a></p><p>{x}</p><p>{x} {m}</p>"
    "<p><a href=/2026/{n}>Continue reading</a></p></div>"
)
_CELL = "<tr><td><img src={n}.gif><td><a href=/n/{n}><b>{t}</b></a><p>{x}</p></tr>"
_RESULT = "<li><a href=/news/{n}>{t}</a><p>… {x} …</p><cite>tern.example › news › {n}</cite></li>"
_TAGGED = (
    "<article><h2><a href=/news/{n}>{t}</a></h2><p>{x} {m}</p><span>{n} May 2026</span></article>"
)
_VIDEO = "<li><a href=/watch/{n}><img src={n}.jpg><span>{n}:12</span><p>{t}</p></a></li>"
_PHOTO = "<figure><img src={n}.jpg><figcaption>{t}.</figcaption></figure>"

H1 = f"<h1>{HEADLINE}</h1>"
_BY = "<p>By Ruth Alder</p><time datetime=2026-05-03>3 May 2026</time>"
_LEDE = (
    "<p>Every spring the same letters reach this paper, and every spring we answer a few of them. "
    "This year most of you asked about the harbour, its ferries and the smell.</p>"
)

OTHERS: dict[str, tuple[str, str, PageType]] = {
    "front": ("/", page(f"<section>{cards(14, _CARD)}</section>"), "section"),
    "front of cards that are links": (
        "/news",
        page(f"<h1>News</h1>{cards(14, _BIG_LINK)}"),
        "section",
    ),
    "German front": (
        "/politik/",
        page(f"<h1>Politik</h1>{cards(12, _KICKER, _TITLES_DE, [_TEXT_DE] * 12)}"),
        "section",
    ),
    "Japanese front": (
        "/",
        page(f"<section>{cards(16, _CARD, _TITLES_JA, [_TEXT_JA] * 16)}</section>"),
        "section",
    ),
    "front of a blog": ("/", page(cards(7, _POST)), "section"),
    "front in a table": ("/index.html", page(f"<table>{cards(10, _CELL)}</table>"), "section"),
    "front of titles": (
        "/sport",
        page(f"<h1>Sport</h1><ul>{cards(30, '<li><a href=/sport/{n}>{t}</a>')}</ul>"),
        "section",
    ),
    "search results": (
        "/search?q=bridge",
        page(f"<h1>Results for “bridge”</h1><p>1–10 of 214</p><ol>{cards(10, _RESULT)}</ol>"),
        "search",
    ),
    "tag page": ("/tag/bridges", page(f"<h1>Bridges</h1>{cards(8, _TAGGED)}"), "section"),
    "video hub": ("/videos", page(f"<h1>Videos</h1><ul>{cards(24, _VIDEO)}</ul>"), "section"),
    "video": (
        "/watch/7",
        page(f"{H1}<p>3:12</p>", head=ld({"@type": "VideoObject", "name": HEADLINE})),
        "video",
    ),
    "gallery": (
        "/photos/7",
        page(H1 + cards(9, _PHOTO), head=ld({"@type": "ImageGallery", "name": HEADLINE})),
        "gallery",
    ),
    "page that isn't there": (
        "/news/gone",
        page("<h1>Page not found</h1><p>Sorry, the page that you asked for has moved or never was. "
             f"Try the search.</p><ul>{cards(5, '<li><a href=/{n}>{t}</a>')}</ul>"),
        "error",
    ),
    "German page that isn't there": (
        "/weg",
        page("<p>Bitte versuchen Sie es mit der Suche.</p>", title="Seite nicht gefunden | Tern"),
        "error",
    ),
    "live blog": (
        "/live/storm",
        page(
            H1 + cards(8, "<article><time>{n}:30</time><h2>{t}</h2><p>{x}</p></article>"),
            head=ld({"@type": "LiveBlogPosting", "headline": HEADLINE}),
        ),
        "live",
    ),
}  # fmt: skip
"""Path, page and type of pages that are no common articles."""

ARTICLES: dict[str, tuple[str, str]] = {
    "wire story among teasers": (
        "/news/harbour",
        page(
            f"{H1}<p>PORT ALDER (AP) — {TEXTS[5]}</p><p>{MORE}</p><section><h2>More news</h2>"
            f"{cards(8, _CARD, start=8)}</section><aside><h2>Most read</h2><ol>"
            f"{cards(20, '<li><a href=/{n}>{t}</a>', start=20)}</ol></aside>"
        ),
    ),
    "list of linked titles": (
        "/culture/seven-books",
        page(
            f"<h1>Seven books for a rainy week</h1>{_BY}{_LEDE}"
            + cards(
                7, "<h2><a href=https://books.example/{n}>{n}. {t}</a></h2><p>{x} {m}</p><p>{m}</p>"
            )
        ),
    ),
    "round-up of links": (
        "/blog/links-for-may",
        page(
            f"<h1>Links for May</h1>{_BY}{_LEDE}<ul>"
            + cards(9, "<li><a href=https://else{n}.example/>{t}</a>: {x} {m}</li>")
            + "</ul><p>That's all for May. Send me yours.</p>"
        ),
    ),
    "questions and answers": (
        "/news/harbour-questions",
        page(f"{H1}{_BY}{_LEDE}" + cards(7, "<h3>What if {t}?</h3><p>{x} {m}</p>")),
    ),
    "letter at a site's root": (
        "/",
        page(f"<h1>Dear readers</h1>{MARKUP}<p>{MORE}</p><p>Ruth Alder, editor</p>"),
    ),
    "story at the root with a query": ("/?p=31228", page(H1 + _BY + MARKUP)),
    "story of list items with links": (
        "/news/what-changes",
        page(
            f"<h1>What changes in June</h1>{_BY}<ul>"
            + cards(12, "<li>{x} <a href=/news/{n}>{t}</a>. {m}</li>")
            + "</ul>"
        ),
    ),
    "forum thread": (
        "/forum/thread-7",
        page(
            "<h1>Harbour: which berth?</h1>"
            + cards(
                8,
                "<div class=post><a href=/u/{n}>user{n}</a> <a href=#{n}>#{n}</a><div>{x} {m}</div>"
                "<a href=/quote/{n}>Quote</a></div>",
            )
        ),
    ),
    "technical post": (
        "/blog/cd",
        page(
            f"<h1>Replacing cd</h1>{_BY}{_LEDE}<ul>{cards(16, '<li><a href=#s{n}>{t}</a>')}</ul>"
            + cards(8, "<h2><a href=#s{n}>{t}</a></h2><p>{x} {m}</p><pre>cd -{n}\ncd ..</pre>")
        ),
    ),
    "story with teasers between paragraphs": (
        "/news/harbour-2",
        page(
            H1 + _BY
            + cards(6, "<p>{x} {m}</p><p>{m}</p><p><a href=/news/{n}>{t}</a></p>", start=4)
        ),
    ),
    "declared article that looks like a list": (
        "/news/today",
        page(
            f"<h1>The day in seven stories</h1>{cards(7, _CARD)}",
            head=ld({"@type": "NewsArticle", "headline": "The day in seven stories"}),
        ),
    ),
    "story about pages not found": (
        "/news/404",
        page(f"<h1>“Page not found”: a history</h1>{_BY}{MARKUP}"),
    ),
}  # fmt: skip
"""Path and page of articles that look like something else."""
