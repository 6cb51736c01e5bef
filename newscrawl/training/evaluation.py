"""How good a labeller is on sites that it wasn't trained on, and where it errs."""

from __future__ import annotations

import hashlib
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from newscrawl.errors import UsageError
from newscrawl.extraction.extract import read_page
from newscrawl.extraction.labelling.model import LABELS, Model
from newscrawl.input import read_page_file
from newscrawl.records import Article, LabelName
from newscrawl.training.corpus import LabelledPage
from newscrawl.training.evidence import UNKNOWN, astray_line, evidence, passage_key, shingles

_UNKNOWN_LANGUAGE = "unknown"
_BOUNDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
"""Confidences that are told apart, each up to the next."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One page as a model reads it, beside what is known of it."""

    page: LabelledPage
    article: Article
    """Its id is the page's."""
    pairs: Counter[tuple[LabelName, LabelName]]
    """How many blocks have this label and were given that one."""
    sure: Counter[tuple[float, bool]]
    """How many labels were given with a confidence from this one of ``_BOUNDS`` on, and were right
    or not."""
    likeness: tuple[float, float] | None
    """Precision and recall of the text, in runs of four words; ``None`` without a ``body``."""
    passages: Counter[tuple[str, bool]]
    """How many that the story holds ("with"), and doesn't hold ("without"), were found in it."""
    astray: Sequence[str]
    """Labelled texts that are on no block of the page."""


def folds(pages: Sequence[LabelledPage], count: int) -> list[list[LabelledPage]]:
    """The pages in ``count`` parts, by site: no site is in two of them.

    Each has a site with evidence. Fewer of those than parts raise ``UsageError``.
    """
    telling = {page.site for page in pages if page.is_evidence}
    if len(telling) < count:
        raise UsageError(
            f"{count} folds need pages of {count} sites at least, and {len(telling)} have labels: "
            + (f"use --folds {len(telling)}, or " if len(telling) > 1 else "")
            + "label pages of more sites"
        )
    sites = sorted({page.site for page in pages}, key=lambda s: (s not in telling, _digest(s)))
    part_of = {site: number % count for number, site in enumerate(sites)}
    parts: list[list[LabelledPage]] = [[] for _ in range(count)]
    for page in pages:
        parts[part_of[page.site]].append(page)
    return parts


def _digest(site: str) -> bytes:
    """Orders sites by chance, and always the same."""
    return hashlib.sha256(site.encode("utf-8", "replace")).digest()


def out_of_fold(
    pages: Sequence[LabelledPage],
    count: int,
    fitted: Callable[[Sequence[LabelledPage]], Model],
) -> list[Judged]:
    """Each page, in order, as a model reads it that ``fitted`` made of the other folds' pages."""
    judged: dict[str, Judged] = {}
    for part in folds(pages, count):
        held = {page.id for page in part}
        model = fitted([page for page in pages if page.id not in held])
        judged |= {page.id: judge(page, model) for page in part}
    return [judged[page.id] for page in pages]


def judge(page: LabelledPage, model: Model) -> Judged:
    """What a model makes of a page, by the way that every page takes. Raises ``InputError``."""
    reading = read_page(
        read_page_file(page.path), url=page.url, id=page.id, removed="all", model=model
    )
    text = _text(reading.article)
    known = evidence(page, [block for block, _ in reading.given])
    labels = [
        (LABELS[own], label)
        for own, (_, label) in zip(known.labels, reading.given, strict=True)
        if own != UNKNOWN
    ]
    return Judged(
        page=page,
        article=reading.article,
        pairs=Counter((own, label.name) for own, label in labels),
        sure=Counter((_bound(label.confidence), own == label.name) for own, label in labels),
        likeness=_likeness(page, text),
        passages=_passages(page, text),
        astray=known.astray,
    )


def _text(article: Article) -> str:
    return "\n".join(filter(None, (article.standfirst, article.body)))


def _bound(confidence: float) -> float:
    return max(bound for bound in _BOUNDS if bound <= confidence)


def _likeness(page: LabelledPage, text: str) -> tuple[float, float] | None:
    if not page.body:
        return None
    truth = shingles(page.body)
    found = shingles(text)
    shared = (truth & found).total()
    return shared / max(1, found.total()), shared / max(1, truth.total())


def _passages(page: LabelledPage, text: str) -> Counter[tuple[str, bool]]:
    whole = passage_key(text)
    kinds = (("with", page.holds), ("without", page.lacks))
    return Counter((kind, passage_key(p) in whole) for kind, passages in kinds for p in passages)


def report(judged: Sequence[Judged]) -> Iterator[str]:
    """Lines: precision and recall of each label, confusions, how often confidences are right,
    texts' F1 by language and site, how many passages are in the stories, and what is labelled and
    on no page."""
    pairs = sum((one.pairs for one in judged), Counter[tuple[LabelName, LabelName]]())
    if pairs:
        yield from _label_lines(pairs)
        yield from _confusion_lines(judged, pairs)
        yield from _sure_lines(judged)
    with_text = [one for one in judged if one.likeness]
    if with_text:
        yield ""
        yield f"{'texts':<32}{'pages':>7}{'F1':>8}{'precision':>11}{'recall':>8}"
        yield _text_line("all", with_text)
        yield from _group_lines("language", with_text, lambda one: one.article.language)
        yield from _group_lines("site", with_text, lambda one: one.page.site)
    if passages := sum((one.passages for one in judged), Counter[tuple[str, bool]]()):
        yield ""
        yield f"{'passages':<14}{'labelled':>11}{'kept':>8}"
        for kind in ("with", "without"):
            kept = passages[kind, True]
            labelled = kept + passages[kind, False]
            yield f"{kind:<14}{labelled:>11}{_share(kept, labelled):>8}"
    if line := astray_line((one.page.id, one.astray) for one in judged):
        yield ""
        yield line


def _label_lines(pairs: Counter[tuple[LabelName, LabelName]]) -> Iterator[str]:
    yield f"{'blocks':<14}{'precision':>11}{'recall':>8}{'labelled':>10}{'given':>7}"
    for name in LABELS:
        right = pairs[name, name]
        labelled = sum(n for (own, _), n in pairs.items() if own == name)
        given = sum(n for (_, found), n in pairs.items() if found == name)
        if labelled or given:
            precision, recall = _share(right, given), _share(right, labelled)
            yield f"{name:<14}{precision:>11}{recall:>8}{labelled:>10}{given:>7}"


def _confusion_lines(
    judged: Sequence[Judged], pairs: Counter[tuple[LabelName, LabelName]]
) -> Iterator[str]:
    wrong = Counter({pair: n for pair, n in pairs.items() if pair[0] != pair[1]})
    if wrong:
        yield ""
        yield "most confused: labelled -> given, and the page with most of it"
        for pair, count in wrong.most_common(_SHOWN):
            most = max(judged, key=lambda one: one.pairs[pair])
            yield f"  {pair[0]} -> {pair[1]}: {count}, {most.pairs[pair]} in {most.page.id}"


_SHOWN = 12


def _sure_lines(judged: Sequence[Judged]) -> Iterator[str]:
    sure = sum((one.sure for one in judged), Counter[tuple[float, bool]]())
    yield ""
    yield f"{'confidence':<14}{'given':>11}{'right':>8}"
    for bound in _BOUNDS:
        right, wrong = sure[bound, True], sure[bound, False]
        if given := right + wrong:
            yield f"from {bound:<9.2f}{given:>11}{_share(right, given):>8}"


def _group_lines(
    title: str, judged: Sequence[Judged], key: Callable[[Judged], str | None]
) -> Iterator[str]:
    """The languages by pages, the sites by how bad they are."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[key(one) or _UNKNOWN_LANGUAGE].append(one)
    if title == "site":
        ranked = sorted(groups, key=lambda name: (_f1(groups[name])[0], name))
        heading = f"by site, the worst {min(_SHOWN, len(ranked))} of {len(ranked)}"
    else:
        ranked = sorted(groups, key=lambda name: (-len(groups[name]), name))
        heading = f"by {title}"
    yield heading
    for name in ranked[:_SHOWN]:
        yield _text_line(f"  {name}", groups[name])


def _text_line(name: str, judged: Sequence[Judged]) -> str:
    f1, precision, recall = _f1(judged)
    return f"{name[:31]:<32}{len(judged):>7}{f1:>8.3f}{precision:>11.3f}{recall:>8.3f}"


def _f1(judged: Iterable[Judged]) -> tuple[float, float, float]:
    found = [one.likeness for one in judged if one.likeness]
    precision, recall = (statistics.fmean(values) for values in zip(*found, strict=True))
    both = precision + recall
    return (2 * precision * recall / both if both else 0.0), precision, recall


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"
