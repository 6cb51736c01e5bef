"""Evaluation is about sites that a model wasn't trained on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from newscrawl.errors import UsageError
from newscrawl.extraction.labelling.model import Model, shipped_model
from newscrawl.training.corpus import LabelledPage, read_corpus
from newscrawl.training.evaluation import folds, judge, out_of_fold, report
from newscrawl.training.evidence import digest, text_key
from tests.cases import LABELLED

CORPUS = read_corpus(LABELLED)


def _pages(*sites: str, body: str | None = "A story.") -> list[LabelledPage]:
    return [
        LabelledPage(id=f"{site}-{n}", path=Path("a"), url=f"https://www.{site}/{n}", body=body)
        for site in sites
        for n in range(3)
    ]


def test_no_page_of_a_held_out_site_is_trained_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page is judged once, by the model that was fitted without any page of its site."""
    trained: dict[int, set[str]] = {}
    models: list[Model] = []  # kept, so that each has an identity of its own

    def fitted(pages: Sequence[LabelledPage]) -> Model:
        models.append(replace(shipped_model()))
        trained[id(models[-1])] = {page.site for page in pages}
        return models[-1]

    judged_by: dict[str, int] = {}

    def judging(page: LabelledPage, model: Model) -> object:
        assert page.id not in judged_by
        judged_by[page.id] = id(model)
        return judge(page, model)

    monkeypatch.setattr("newscrawl.training.evaluation.judge", judging)
    judged = out_of_fold(CORPUS, 3, fitted)
    assert [one.page for one in judged] == CORPUS
    assert [one.article.id for one in judged] == [page.id for page in CORPUS]
    assert len(trained) == 3
    for page in CORPUS:
        assert page.site not in trained[judged_by[page.id]]
        assert trained[judged_by[page.id]]


@pytest.mark.parametrize("count", range(2, 7))
def test_folds_part_sites(count: int) -> None:
    """Folds hold all pages, no site is in two, and they are as even as the sites allow."""
    parts = folds(CORPUS, count)
    sites = [{page.site for page in part} for part in parts]
    assert sorted(page.id for part in parts for page in part) == sorted(p.id for p in CORPUS)
    assert sum(map(len, sites)) == len(set().union(*sites)) == 6
    assert max(map(len, sites)) - min(map(len, sites)) <= 1
    assert folds(CORPUS[::-1], count) == [part[::-1] for part in parts]


def test_every_fold_has_something_to_learn_from() -> None:
    """Sites without evidence are dealt after the others, so that no fold is without these."""
    pages = [*_pages(*(f"plain{n}.example" for n in range(8)), body=None)]
    pages += _pages("one.example", "two.example")
    for part in folds(pages, 2):
        assert len({page.site for page in part if page.is_evidence}) == 1
        assert len({page.site for page in part}) == 5


def test_more_folds_than_sites() -> None:
    """A fold needs a site of its own with labels: others don't count, and the line says so."""
    pages = [*_pages("one.example", "two.example"), *_pages("plain.example", body=None)]
    with pytest.raises(UsageError, match=r"and 2 have labels: use --folds 2, or label"):
        folds(pages, 3)


def test_one_site_has_no_folds() -> None:
    """Where no number of folds would do, none is advised."""
    with pytest.raises(UsageError, match=r"and 1 have labels: label pages of more sites$"):
        folds(_pages("one.example"), 5)


def test_report() -> None:
    """The report has a row a label, the confusions, and the texts by language and site."""
    judged = [judge(page, shipped_model()) for page in CORPUS]
    lines = list(report(judged))
    pairs = sum((one.pairs for one in judged), Counter())
    row = next(line for line in lines if line.startswith("nav "))
    name, precision, recall, labelled, given = row.split()
    right = pairs["nav", "nav"]
    assert (name, int(labelled)) == ("nav", sum(n for (own, _), n in pairs.items() if own == "nav"))
    assert float(recall) == pytest.approx(right / int(labelled), abs=5e-4)
    assert float(precision) == pytest.approx(right / int(given), abs=5e-4)
    worst = max((n, pair) for pair, n in pairs.items() if pair[0] != pair[1])
    most = max(judged, key=lambda one: one.pairs[worst[1]])
    where = f"{most.pairs[worst[1]]} in {most.page.id}"
    assert f"  {worst[1][0]} -> {worst[1][1]}: {worst[0]}, {where}" in lines
    sure = [line.split()[1:] for line in lines if line.startswith("from ")]
    assert sum(int(given) for _, given, _ in sure) == pairs.total()
    rightly = sum(int(given) * float(right) for _, given, right in sure)
    right_ones = sum(n for pair, n in pairs.items() if pair[0] == pair[1])
    assert rightly == pytest.approx(right_ones, abs=1)
    assert {f"  {page.site}" for page in CORPUS} <= {line[:32].rstrip() for line in lines}
    assert any(line.startswith("  de  ") for line in lines)


def test_report_without_blocks_or_texts() -> None:
    """What nothing is known of isn't reported: no table, and no division by nothing."""
    page = replace(CORPUS[0], body=None, blocks=(), holds=(), lacks=())
    assert list(report([judge(page, shipped_model())])) == []
    assert list(report([])) == []


def test_passages_are_reported() -> None:
    """Pages of which only passages are known: how many of them the stories hold."""
    page = replace(
        CORPUS[0], body=None, blocks=(), holds=("Weir  Lane", "More on this"), lacks=("or",)
    )
    lines = list(report([judge(page, shipped_model())]))
    assert [line.split() for line in lines[2:]] == [
        ["with", "2", "0.500"],
        ["without", "1", "1.000"],
    ]


def test_digests_are_judged() -> None:
    """Blocks labelled by digests of their texts are judged like those labelled by the texts."""
    page = CORPUS[0]
    digests = tuple((label, digest(text_key(text))) for label, text in page.blocks)
    by_digest = judge(replace(page, blocks=(), digests=digests), shipped_model())
    assert by_digest.pairs == judge(page, shipped_model()).pairs != Counter()


def test_labels_of_nothing_are_told() -> None:
    """A labelled text that no block of the page has counts for nothing, and the report says so."""
    page = replace(CORPUS[0], blocks=(*CORPUS[0].blocks, ("nav", "Menu of\nanother page")))
    *_, told = report([judge(page, shipped_model())])
    assert told.startswith(
        "labelled texts that aren't on their pages: 1, the first of fenwickledger/comments-longer-"
        "than-story: 'Menu of\\nanother page': "
    )
    assert "aren't on" not in "".join(report([judge(CORPUS[0], shipped_model())]))
