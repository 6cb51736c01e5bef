"""Spiders against a server that misbehaves: every URL ends as a record or a reason code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from newscrawl.errors import UsageError
from newscrawl.spiders.article import ArticleSpider
from newscrawl.spiders.fetching import failure_code
from newscrawl.spiders.site import SiteSpider
from tests.driver import ENVIRONMENT, Finished, crawl, lines, run_crawls
from tests.misbehaving import Server

CHECKOUT = Path(__file__).parents[1]

STORIES = [
    "/story/of-the-wall-1",
    "/good-gzip",
    "/wrong-charset",
    "/reload",
    "/slow",
    "/to-story",
    "/to-spaces",
    "/leave-the-site-with-this-story",
]
REJECTS = {
    "/status/404": "http_404",
    "/status/410": "http_410",
    "/status/500": "http_500",
    "/loop": "too_many_redirects",
    "/to-file": "bad_redirect",
    "/to-script": "bad_redirect",
    "/to-malformed": "bad_redirect",
    "/to-nowhere": "bad_redirect",
    "/refresh-to-malformed": "bad_redirect",
    "/cut-gzip": "incomplete",
    "/broken-gzip": "incomplete",
    "/plain-as-gzip": "incomplete",
    "/cut-deflate": "incomplete",
    "/bomb": "too_large",
    "/big": "too_large",
    "/big-without-length": "too_large",
    "/length-lie": "incomplete",
    "/partial": "incomplete",
    "/never": "timeout",
    "/drip": "timeout",
    "/hang-up": "connection",
    "/pdf": "not_html",
    "/empty": "empty_page",
    "/blank": "empty_page",
    "/section": "not_article",
    "/copy-of-story": "duplicate",
    "/forbidden/story-of-the-wall": "robots",
}
"""Paths of the server, and the reason code that each ends with."""
ELSEWHERE = {
    "http://127.0.0.1:1/x": "refused",
    "http://name.invalid/x": "dns",
    "http://a..b/": "dns",
    "http://" + "a" * 300 + ".example/": "dns",
    "http://xn--/": "dns",
    "http://ü..example/": "dns",
    "javascript:alert(1)": "bad_url",
    "file:///etc/passwd": "bad_url",
    "news.example/story": "bad_url",
    "http://": "bad_url",
    "http://[::bad/": "bad_url",
    "http://news.example:99999/": "bad_url",
    "http://me:secret@news.example/": "bad_url",
    "http://news%2e.example/": "bad_url",
    "http://news<.example/": "bad_url",
    "https://news.example/a b": "bad_url",
    "http://x/" + "a" * 3000: "bad_url",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, server: Server) -> Path:
    """A folder with the output of one crawl of everything."""
    folder = tmp_path_factory.mktemp("spiders")
    urls = [server.url + path for path in [*STORIES, *REJECTS]]
    urls += [*ELSEWHERE, f"{server.url}/junk", f"{server.url}/slow?utm_source=again"]
    done = run_crawls(folder, [crawl(urls=urls)])
    assert (done.returncode, done.stderr) == (0, "")
    assert (done.outcome["status"], done.outcome["left"]) == ("done", 0)
    return folder


@pytest.fixture(scope="module")
def codes(folder: Path) -> dict[str, str]:
    """The reason code of each URL that was given."""
    rejects = lines(folder / "out.rejected.jsonl")
    return {reject["requested_url"] or reject["url"]: reject["code"] for reject in rejects}


def test_stories_give_records(folder: Path, server: Server) -> None:
    """Good pages come through among the bad ones, redirected and compressed ones, too."""
    found = {
        record["url"].rpartition(str(server.port))[2] for record in lines(folder / "out.jsonl")
    }
    moved = {"/to-story": "/story/of-the-wall-3", "/to-spaces": "/story/of%20the%20wall-9"}
    moved["/leave-the-site-with-this-story"] = "/story/of-another-site-1"
    assert found == {moved.get(path, path) for path in STORIES}


@pytest.mark.parametrize(("path", "code"), REJECTS.items())
def test_bad_pages_give_codes(codes: dict[str, str], server: Server, path: str, code: str) -> None:
    """Each kind of bad answer has its own reason code."""
    assert codes[server.url + path] == code


@pytest.mark.parametrize(("url", "code"), ELSEWHERE.items())
def test_bad_urls_give_codes(codes: dict[str, str], url: str, code: str) -> None:
    """So has what can't be fetched at all."""
    assert codes[url] == code


def test_a_url_given_twice_is_fetched_once(codes: dict[str, str], server: Server) -> None:
    """The same URL, tracking parameters aside, is a duplicate."""
    assert codes[f"{server.url}/slow?utm_source=again"] == "duplicate"


@pytest.mark.parametrize("bad", ["http://a.example/\udcff", "http://a.example/?\udcff&utm_id=1"])
def test_a_url_that_is_no_text_costs_no_other(tmp_path: Path, server: Server, bad: str) -> None:
    """Bytes that aren't UTF-8, as a command line may have them, are a bad URL; the next is read."""
    good = f"{server.url}/story/of-the-wall-1"
    run_crawls(tmp_path, [crawl(urls=[bad, good])])
    assert [record["url"] for record in lines(tmp_path / "out.jsonl")] == [good]
    assert [reject["code"] for reject in lines(tmp_path / "out.rejected.jsonl")] == ["bad_url"]


def test_nothing_vanishes(folder: Path, codes: dict[str, str]) -> None:
    """There are as many records and rejects as there were URLs; binary junk is among them."""
    given = len(STORIES) + len(REJECTS) + len(ELSEWHERE) + 2
    assert len(lines(folder / "out.jsonl")) + len(codes) == given


def test_user_agent_is_honest(tmp_path: Path, server: Server) -> None:
    """The server learns who crawls, and whom to ask."""
    server.user_agents.clear()
    run_crawls(
        tmp_path,
        [crawl(urls=[f"{server.url}/story/of-the-wall-1"])],
        options={"contact": "https://desk.example/bot"},
    )
    (agent,) = server.user_agents
    assert agent.startswith("newscrawl/")
    assert agent.endswith(" (+https://desk.example/bot)")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, server: Server) -> tuple[Path, Finished]:
    """A crawl of the server as a site."""
    folder = tmp_path_factory.mktemp("site")
    server.requests.clear()
    return folder, run_crawls(folder, [crawl("site", start=f"{server.url}/")])


def test_site_fetches_its_articles(site: tuple[Path, Finished], server: Server) -> None:
    """The links that look like articles are fetched, each once; others aren't."""
    folder, _done = site
    found = {record["url"] for record in lines(folder / "out.jsonl")}
    assert found == {f"{server.url}/story/of-the-wall-{number}" for number in (1, 2)}
    assert server.requests.count("/story/of-the-wall-1") == 1
    assert not {"/tag/walls", "/logo.png"} & set(server.requests)


def test_site_is_not_left(site: tuple[Path, Finished]) -> None:
    """Links elsewhere aren't followed; a redirect off the site is a reject, and isn't, either."""
    folder, done = site
    rejects = {reject["code"]: reject for reject in lines(folder / "out.rejected.jsonl")}
    assert set(rejects) == {"http_404", "offsite", "robots"}
    assert rejects["offsite"]["requested_url"].endswith("/leave-the-site-with-this-story")
    assert done.outcome["status"] == "done"


def test_site_obeys_its_limit(tmp_path: Path, server: Server) -> None:
    """``limit`` is the most articles that are fetched."""
    run_crawls(tmp_path, [crawl("site", start=f"{server.url}/", limit=1)])
    assert len(lines(tmp_path / "out.jsonl")) == 1


@pytest.mark.parametrize(
    ("path", "code"), [("/status/500", "http_500"), ("/pdf", "not_html"), ("/", "private_address")]
)
def test_site_whose_start_page_fails(tmp_path: Path, server: Server, path: str, code: str) -> None:
    """A site without a start page has failed, and its reject says why."""
    done = run_crawls(
        tmp_path,
        [crawl("site", start=server.url + path)],
        options={"allow_private": path != "/"},
    )
    assert (done.outcome["status"], done.outcome["rejected"]) == ("failed", {code: 1})


def test_site_without_links_is_told(tmp_path: Path, server: Server) -> None:
    """A start page that leads nowhere isn't a failure, but doesn't pass in silence."""
    done = run_crawls(tmp_path, [crawl("site", start=f"{server.url}/story/of-the-wall-1")])
    assert done.outcome["status"] == "done"
    assert "no links to articles on" in done.stderr


@pytest.mark.parametrize(
    ("spider", "argument"),
    [("article", "urls={0}/story/of-the-wall-1,{0}/empty {0}/to-story"), ("site", "start={0}/")],
)
def test_scrapy_crawl_gives_the_same(
    tmp_path: Path, server: Server, spider: str, argument: str
) -> None:
    """``scrapy crawl`` in the checkout writes the records that newscrawl itself writes."""
    argument = argument.format(server.url)
    output = tmp_path / "scrapy.jsonl"
    command = [sys.executable, "-m", "scrapy", "crawl", spider, "-a", argument, "-O", str(output)]
    for setting in ("NEWSCRAWL_ALLOW_PRIVATE=1", "DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=0"):
        command += ["-s", setting]
    subprocess.run(
        command, cwd=CHECKOUT, env=ENVIRONMENT, check=True, capture_output=True, timeout=60
    )
    name, _, value = argument.partition("=")
    run_crawls(tmp_path, [crawl(spider, **{name: value})])
    assert _timeless(output) == _timeless(tmp_path / "out.jsonl") != []


def _timeless(path: Path) -> list[dict[str, Any]]:
    records = sorted(lines(path), key=lambda record: str(record["url"]))
    return [record | {"fetched_at": None, "run_id": None} for record in records]


@pytest.mark.parametrize(
    ("urls", "expected"),
    [
        ("https://a.example/x,1,2.html", ["https://a.example/x,1,2.html"]),
        (
            "https://a.example/1,https://a.example/2, https://a.example/3\nhttps://a.example/4",
            [f"https://a.example/{number}" for number in range(1, 5)],
        ),
        (" https://a.example/1 , ", ["https://a.example/1"]),
        ("https://a.example/1,javascript:x", ["https://a.example/1", "javascript:x"]),
        ("", []),
        (["https://a.example/a b", " "], ["https://a.example/a b"]),
    ],
)
def test_urls_are_told_apart(urls: str | list[str], expected: list[str]) -> None:
    """White space, and commas before a scheme, separate; other commas belong to the URL."""
    assert ArticleSpider(urls=urls).left() == expected


@pytest.mark.parametrize("limit", ["0", "-1", "many"])
def test_limit_that_is_none(limit: str) -> None:
    """A limit is a number of articles."""
    with pytest.raises(UsageError, match=r"limit is .*: give a number"):
        SiteSpider(start="https://news.example/", limit=limit)


def test_unknown_failures_have_a_code() -> None:
    """What nobody foresaw is a defect, and counted as such."""
    assert failure_code(KeyError("x")) == "internal_error"
