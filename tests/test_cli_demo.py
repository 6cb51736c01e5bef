"""``newscrawl demo``: the bundled site, served and crawled."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from newscrawl.cli.demo_site import serve_demo_site
from newscrawl.contract import json_schema
from tests.command import message, newscrawl


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """The address of the site while it is served."""
    with serve_demo_site() as address:
        yield address


def _get(url: str, method: str = "GET") -> tuple[int, str, str]:
    """Status, content type and text of an answer."""
    request = urllib.request.Request(url, method=method)  # noqa: S310 - our own server
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own server
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], error.read().decode()


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/about", "text/html; charset=utf-8"),
        ("/news/", "text/html; charset=utf-8"),
        ("/about?from=menu", "text/html; charset=utf-8"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/feed.xml", "application/xml; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/images/logo.svg", "image/svg+xml; charset=utf-8"),
    ],
)
def test_page_is_served(origin: str, path: str, content_type: str) -> None:
    """Pages have no extension, folders an index, and each file its own type."""
    assert _get(origin + path)[:2] == (200, content_type)
    assert _get(origin + path, "HEAD") == (200, content_type, "")


@pytest.mark.parametrize("path", ["/nowhere", "/../pyproject.toml", "/%2e%2e/README.md", "/news"])
def test_nothing_else_is_served(origin: str, path: str) -> None:
    """What isn't a page of the site is a small page with status 404."""
    status, content_type, text = _get(origin + path)
    assert (status, content_type) == (404, "text/html; charset=utf-8")
    assert "Not found" in text


@pytest.mark.parametrize("path", ["/", "/robots.txt", "/feed.xml", "/sitemap-index.xml"])
def test_site_believes_in_its_address(origin: str, path: str) -> None:
    """The publication's own address is the server's, everywhere."""
    text = _get(origin + path)[2]
    assert origin in text
    assert "saltmarshcourier.example/" not in text


def test_demo_prints_what_it_publishes(tmp_path: Path) -> None:
    """The first run ends as JSONL that keeps the contract, on standard output and in a file."""
    done = newscrawl(tmp_path, "demo")
    assert done.returncode == 0
    said = re.fullmatch(
        r"demo: (\d+) stories, .* -> (output/demo/[\d-]+/\S+\.jsonl)", message(done)
    )
    assert said
    published = tmp_path / said[2]
    assert published.read_bytes() == done.stdout
    lines = done.stdout.decode().split("\n")[:-1]
    assert len(lines) == int(said[1]) >= 12
    validator = jsonschema.Draft202012Validator(json_schema())
    for line in lines:
        validator.validate(json.loads(line))
    files = [str(path) for path in published.parent.glob("*.jsonl")]
    assert newscrawl(tmp_path, "check", *files).returncode == 0


def test_demo_passes_by_a_proxy(tmp_path: Path) -> None:
    """A proxy for the network has no part in a crawl of this machine."""
    proxy = "http://127.0.0.1:9"
    done = newscrawl(tmp_path, "demo", "--limit", "1", http_proxy=proxy, HTTP_PROXY=proxy)
    assert (done.returncode, done.stdout.count(b"\n")) == (0, 1)
