"""Pipelines: from a page to a record, or to the reason why there is none."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import logging

import pytest
from scrapy import Spider
from scrapy.http import Request

from newscrawl.feeds.rejects import NotModified
from newscrawl.pipelines import (
    DuplicatesPipeline,
    ExtractPipeline,
    FetchedPipeline,
    Rejected,
    ShortLog,
    ValidatePipeline,
)
from newscrawl.records import Article, Page
from newscrawl.settling.reading import Manner, Reader, ReadPage
from tests.misbehaving import front_page, story

URL = "https://news.example/town-rebuilds-sea-wall-1"
FETCHED = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


def _read(page: Page) -> ReadPage:
    return asyncio.run(ExtractPipeline(Reader(Manner(run_id="run"), jobs=1)).process_item(page))


def _extract(page: Page) -> Article:
    return _read(page).article


def _page(body: bytes, url: str = URL) -> Page:
    headers = {"content-type": "text/html; charset=utf-8"}
    return Page(url=url, body=body, status=200, headers=headers, fetched_at=FETCHED)


def test_extract_makes_an_article_of_a_story() -> None:
    """The record has the story, the URL, the time of the fetch and the run."""
    article = _extract(_page(story(1)))
    assert article.headline == "Town rebuilds sea wall 1"
    assert article.body is not None
    assert "number 1.5" in article.body
    assert (article.url, article.fetched_at, article.run_id) == (URL, FETCHED, "run")


def test_failed_fetch_keeps_its_code() -> None:
    """What wasn't fetched is rejected under its own code; a page that was comes through."""
    with pytest.raises(Rejected) as caught:
        FetchedPipeline().process_item(Page(url=URL, failure="timeout", detail="30 s"))
    assert (caught.value.code, caught.value.detail) == ("timeout", "30 s")
    page = _page(story(1))
    assert FetchedPipeline().process_item(page) is page


def test_extract_rejects_with_a_code() -> None:
    """A page without a story gets the code that says so."""
    with pytest.raises(Rejected) as caught:
        _extract(_page(front_page("/a", "/b", "/c"), "https://news.example/"))
    assert caught.value.code == "not_article"


def test_validate_passes_what_holds() -> None:
    """A record that keeps the contract comes through unchanged."""
    read = _read(_page(story(1)))
    assert ValidatePipeline().process_item(read) is read


def test_validate_rejects_what_breaks_the_contract() -> None:
    """A record that contradicts itself never reaches the feed."""
    read = _read(_page(story(1)))
    broken = dataclasses.replace(read.article, content_hash="0" * 64)
    with pytest.raises(Rejected) as caught:
        ValidatePipeline().process_item(dataclasses.replace(read, article=broken))
    assert caught.value.code == "invalid_record"
    assert caught.value.detail


def test_duplicates_by_id_and_by_canonical_url() -> None:
    """The same story is taken once, whatever makes it the same; others are taken."""
    read = _read(_page(story(1)))

    def other(**facts: str | None) -> ReadPage:
        return dataclasses.replace(read, article=dataclasses.replace(read.article, **facts))  # type: ignore[arg-type]

    first = other(id="a", canonical_url=URL)
    pipeline = DuplicatesPipeline()
    assert pipeline.process_item(first) is first.article
    for twin in (other(id="a", canonical_url=None), other(id="b", canonical_url=URL)):
        with pytest.raises(Rejected) as caught:
            pipeline.process_item(twin)
        assert caught.value.code == "duplicate"
    last = other(id="c", canonical_url=None)
    assert pipeline.process_item(last) is last.article


def test_not_modified_is_no_reject() -> None:
    """The page of an answer 304 is dropped without a reason code: its story is known."""
    with pytest.raises(NotModified):
        FetchedPipeline().process_item(Page(url=URL, status=304))


def test_log_lines_are_short_and_safe() -> None:
    """A dropped page is a line of URL and code, without its body or any control character."""
    page = Page(url="javascript:\x1b[31m\nred", body=b"secret")
    line = ShortLog().dropped(page, Rejected("bad_url"), None, Spider("x"))
    text = line["msg"] % line["args"]
    assert line["level"] == logging.INFO
    assert text == "rejected javascript:\\x1b[31m\\nred bad_url"


def test_log_line_of_a_defect_has_no_page_text() -> None:
    """An exception in a pipeline is named, its message, which may quote the page, isn't."""
    line = ShortLog().item_error(_page(b"secret"), ValueError("secret"), None, Spider("x"))
    assert "secret" not in str(line)
    assert Request(URL).url in str(line["args"])
