"""Stories wait on disk, compressed, in order."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from newscrawl.records import Discovered, Page
from newscrawl.settling.reading import Manner, ReadPage, read
from newscrawl.settling.spool import Spool
from tests.changing_site import story

NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)


def _read(name: str) -> ReadPage:
    said = Discovered(source="feed", found_at="https://news.example/feed", title=name)
    url = f"https://news.example/{name}"
    page = Page(url=url, body=story(name), status=200, fetched_at=NOW, discovered=said)
    return read(page, Manner(run_id="run"))


def test_spool_gives_back_what_it_was_given(tmp_path: Path) -> None:
    """Pages and stories come back whole and in order, as often as asked, and more may follow."""
    reads = [_read(name) for name in "abc"]
    spool = Spool(tmp_path)
    for one in reads[:2]:
        spool.add(one)
    assert list(spool) == list(spool) == reads[:2]
    spool.add(reads[2])
    assert list(spool) == reads
    spool.close()


def test_spool_has_no_name(tmp_path: Path) -> None:
    """Nothing in the folder tells of it, before or after."""
    spool = Spool(tmp_path)
    spool.add(_read("a"))
    assert list(tmp_path.iterdir()) == []
    spool.close()
    assert list(tmp_path.iterdir()) == []


def test_spool_goes_on_behind_its_end(tmp_path: Path) -> None:
    """Adding while it is read doesn't overwrite what is there."""
    reads = [_read(name) for name in "abc"]
    spool = Spool(tmp_path)
    spool.add(reads[0])
    spool.add(reads[1])
    assert next(iter(spool)) == reads[0]
    spool.add(reads[2])
    assert list(spool) == reads
    spool.close()
