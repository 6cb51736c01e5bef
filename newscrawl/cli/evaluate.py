"""``newscrawl evaluate``: how good the labeller is, and where it errs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

import click

from newscrawl.cli.messages import counted, say, write_out
from newscrawl.cli.options import options
from newscrawl.cli.output import open_output, output_file
from newscrawl.cli.progress import progress
from newscrawl.cli.train import require_packages
from newscrawl.contract import to_json_line
from newscrawl.errors import UsageError
from newscrawl.extraction.labelling.model import Model, read_model
from newscrawl.terminal import printable
from newscrawl.training.corpus import LabelledPage, corpus_files, read_corpus
from newscrawl.training.evaluation import Judged, judge, out_of_fold, report

_FOLDS = 5
_Show = Callable[[str], None]


@click.command("evaluate")
@options("pages", "blocks", "folds", "model", "predictions", "seed")
def command(  # noqa: PLR0913 - its options
    *,
    pages: str,
    blocks: str | None,
    folds: int | None,
    model: str | None,
    predictions: str | None,
    seed: int,
    quiet: bool,
    debug: bool,  # noqa: ARG001 - main's
) -> None:
    """Judge each labelled page of DIR by a model that was trained on other sites' pages.

    Prints precision and recall of each label, what is confused, and how well the texts agree, by
    language and site. With --model nothing is trained: every page is judged by that model.

    \b
    Example:
      newscrawl evaluate --pages labelled --folds 2 --predictions predictions.jsonl
      newscrawl evaluate --pages labelled --model model.npz
    """
    if model is not None and folds:
        raise UsageError("--folds trains, --model doesn't: give one of the two")
    read = (*corpus_files(Path(pages)), blocks, model)
    path = _predictions_file(predictions, read)
    with open_output(path) as write:
        corpus = read_corpus(Path(pages), Path(blocks) if blocks else None)
        with progress(wanted=not quiet) as show:
            if model is not None:
                heading, judged = _by_model(corpus, model, show)
            else:
                heading, judged = _by_folds(corpus, folds or _FOLDS, seed, show)
        if path is not None:
            for one in judged:
                write(f"{to_json_line(one.article)}\n".encode())
    for line in (heading, "", *report(judged)):
        write_out(f"{printable(line)}\n".encode(errors="replace"))
    if path is not None and not quiet:
        say(f"evaluate: {counted(len(judged), 'record')} -> {path}")


def _predictions_file(name: str | None, read: Sequence[str | Path | None]) -> Path | None:
    if name == "-":
        raise UsageError("the report goes to standard output: name a file for --predictions")
    return output_file(name, *read) if name else None


def _by_model(corpus: Sequence[LabelledPage], file: str, show: _Show) -> tuple[str, list[Judged]]:
    """What the report says about itself, and each page as a model reads it."""
    model = read_model(file)
    judged = []
    for page in corpus:
        judged.append(judge(page, model))
        show(f"{len(judged)} of {len(corpus)} pages")
    return f"{_size(corpus)}, judged by {file}: it may have been trained on some of them", judged


def _by_folds(
    corpus: Sequence[LabelledPage], folds: int, seed: int, show: _Show
) -> tuple[str, list[Judged]]:
    """The same, each page as the model reads it that the other folds' pages give."""
    require_packages()
    from newscrawl.training.fitting import read_training_pages, train  # noqa: PLC0415 - with JAX
    from newscrawl.training.network import Settings  # noqa: PLC0415 - the same

    read = read_training_pages(corpus)
    numbers = count(1)

    def fitted(pages: Sequence[LabelledPage]) -> Model:
        number = next(numbers)
        known = [read[page.id] for page in pages if page.id in read]
        return train(known, Settings(), seed, lambda text: show(f"fold {number}: {text}"))

    judged = out_of_fold(corpus, folds, fitted)
    return f"{_size(corpus)} in {folds} folds, each judged by a model of the other folds", judged


def _size(corpus: Sequence[LabelledPage]) -> str:
    sites = counted(len({page.site for page in corpus}), "site")
    return f"{counted(len(corpus), 'page')} of {sites}"
