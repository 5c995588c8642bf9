"""`eval`: how good the ranking is, whether a change helped, and the gate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from searchsvc.cli.state import State

if TYPE_CHECKING:
    from eval.measure import Scores
    from eval.rank import Run
    from eval.report import Measured
    from searchsvc.settings import Settings

__all__ = ["app"]

app = typer.Typer(help="Judge the ranking, with the code that serves searches.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]
Set = Annotated[Path | None, typer.Option("--set", help="A folder in BEIR layout; the sample archive when not given.")]
Split = Annotated[str | None, typer.Option(help="Of the set's qrels; needed when there are several.")]


@app.command()
def run(
    context: typer.Context,
    set_: Set = None,
    split: Split = None,
    mode: Annotated[str, typer.Option(help="hybrid, semantic or keyword.")] = "hybrid",
    run_out: Annotated[Path | None, typer.Option(help="Write the ranking here, in TREC run format.")] = None,
    json: AsJson = False,
) -> None:
    """Ask every query of a test set and measure the answers."""
    from eval.measure import interval
    from eval.rank import write_run
    from searchsvc.cli.output import as_json, console

    state: State = context.obj
    name, made, scores = _measured(state.settings(), set_, split, mode, quiet=json)
    if run_out:
        write_run(made, run_out)
    means = scores.means
    intervals = {measure: interval(list(scores.by_query[measure].values())) for measure in means}
    if json:
        as_json(
            {
                "set": name, "mode": mode, "queries": len(next(iter(scores.by_query.values()), {})),
                "measures": means,
                "intervals": intervals,
                "failures": dict(made.failures), "median_ms": made.median_ms,
            }
        )  # fmt: skip
        return
    out = console()
    out.print(f"[bold]{name}[/], {mode}, median {made.median_ms:.1f} ms")
    for measure, mean in means.items():
        low, high = intervals[measure]
        out.print(f"  {measure:<12} {mean:.4f}   [dim]{low:.4f} to {high:.4f}[/]")
    for query, reason in list(made.failures.items())[:5]:
        out.print(f"  [red]failed[/] {query}: {reason}")


@app.command()
def compare(
    context: typer.Context,
    a: Annotated[Path, typer.Argument(help="A run, as `eval run --run-out` writes it.")],
    b: Annotated[Path, typer.Argument(help="Another run of the same queries.")],
    set_: Set = None,
    split: Split = None,
    json: AsJson = False,
) -> None:
    """Compare two runs: paired randomisation test, bootstrap interval, and the queries that moved most."""
    from dataclasses import asdict

    from eval.compare import compared
    from eval.judgments import load
    from eval.measure import measured, qrels_of
    from eval.rank import read_run
    from eval.sets import load_beir
    from searchsvc.cli.output import as_json, console, shorten

    if set_:
        given = load_beir(set_, split)
        qrels, words = given.qrels, dict(given.queries)
    else:
        topics = load()
        qrels, words = qrels_of(topics), {topic.id: topic.query for topic in topics}
    first, second = measured(read_run(a), qrels), measured(read_run(b), qrels)
    found = [compared(measure, first.by_query[measure], second.by_query[measure]) for measure in first.by_query]
    if json:
        as_json({"a": str(a), "b": str(b), "measures": [asdict(one) for one in found]})
        return
    out = console()
    for one in found:
        out.print(
            f"{one.measure:<12} {one.mean_a:.4f} -> {one.mean_b:.4f}  {one.difference:+.4f} "
            f"[dim]({one.low:+.4f} to {one.high:+.4f}), p = {one.p:.4f}[/]"
        )
    out.print(f"\nQueries that moved most in {found[0].measure}:")
    for query, difference in found[0].moved:
        out.print(f"  {difference:+.3f}  {query}  [dim]{shorten(words.get(query, ''), 90)}[/]")


@app.command()
def gate(
    context: typer.Context,
    sets: Annotated[Path | None, typer.Option(help="A folder of sets in BEIR layout to measure as well.")] = None,
    update: Annotated[bool, typer.Option("--update", help="Make what is measured the baseline.")] = False,
    json: AsJson = False,
) -> None:
    """Fail when the ranking is worse than the committed baseline by more than the tolerance."""
    from dataclasses import asdict

    from eval.gate import TOLERANCE, falls, read_baseline, write_baseline
    from searchsvc.cli.output import as_json, console

    state: State = context.obj
    means: dict[str, dict[str, float]] = {}
    before = {} if update and sets is None else read_baseline()
    chosen: list[Path | None] = [None]
    if sets:
        chosen += [sets / name for name in sorted(before) if (sets / name).is_dir()]
    for one in chosen:
        name, _, scores = _measured(state.settings(), one, None, "hybrid", quiet=json)
        means[name] = {measure: mean for measure, mean in scores.means.items() if measure != "Judged@10"}
        if not json:
            console().print(f"{name}: " + ", ".join(f"{m} {v:.4f}" for m, v in means[name].items()))
    if update:
        write_baseline({**before, **means})
        console().print("The baseline is written.")
        return
    worse = falls(before, means, only=frozenset(means))
    if json:
        as_json({"means": means, "falls": [asdict(one) for one in worse], "tolerance": TOLERANCE})
    for fall in worse:
        now = "missing" if fall.now is None else f"{fall.now:.4f}"
        console(to_errors=True).print(f"[red]worse[/] {fall.set} {fall.measure}: {fall.before:.4f} -> {now}")
    if worse:
        raise typer.Exit(1)
    if not json:
        console().print(f"No measure fell by more than {TOLERANCE}.")


@app.command()
def report(
    context: typer.Context,
    sets: Annotated[Path | None, typer.Option(help="A folder of sets in BEIR layout to measure as well.")] = None,
    split: Annotated[str, typer.Option(help="Of the sets that have several.")] = "test",
    out: Annotated[Path | None, typer.Option(help="Write the report here, in Markdown.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write it here as a web page with plots.")] = None,
    json: AsJson = False,
) -> None:
    """Say how good the ranking is, on what, and which queries fail. Markdown, unless --html alone is given."""
    from datetime import date

    import searchsvc
    from eval.report import as_html, as_markdown, report_of
    from eval.report import as_json as as_data
    from eval.sets import sets_in
    from searchsvc.cli.output import as_json, console
    from searchsvc.errors import QueryError

    state: State = context.obj
    settings = state.settings()
    measured, left_out = [], []
    for folder in (None, *(sets_in(sets) if sets else ())):
        try:
            measured.append(_measured_in_all_modes(settings, folder, split, quiet=json))
        except QueryError as error:
            if folder is None:
                raise
            left_out.append((folder.name, str(error)))
    about = {"searchsvc": searchsvc.__version__, "encoder": settings.encoder, "measured on": date.today().isoformat()}
    made = report_of(measured, about=about, left_out=left_out)
    if html:
        _write(as_html(made), html)
    if out:
        _write(as_markdown(made), out)
    if json:
        as_json(as_data(made))
    elif not (html or out):
        typer.echo(as_markdown(made), nl=False)
    else:
        for path in filter(None, (out, html)):
            console().print(f"The report is written to {path}.", markup=False)


@app.command("complementary")
def complementary(context: typer.Context, json: AsJson = False) -> None:
    """Measure the suggestions of complementary projects on the sample archive."""
    from rich.progress import Progress

    from eval.complementary import measured
    from eval.index import archive_indexed
    from searchsvc.cli.output import as_json, console

    state: State = context.obj
    with Progress(console=console(to_errors=True), disable=json, transient=True) as bar:
        task = bar.add_task("indexing", total=None)
        with archive_indexed(state.settings(), lambda done, of: bar.update(task, completed=done, total=of)) as service:
            scores = measured(service)
    if json:
        counted = ("duplicates_as_complementary", "known_as_complementary")
        as_json(
            {
                **{name: int(value) if name in counted else round(value, 4) for name, value in scores.means.items()},
                "topics": scores.by_topic,
                "wrong": scores.wrong,
            }
        )
        return
    for name, value in scores.means.items():
        console().print(f"  {name:<28} {value:.4f}")
    for topic, names in scores.wrong.items():
        console().print(f"  [red]duplicates suggested[/] {topic}: {', '.join(names)}")


def _write(text: str, path: Path) -> None:
    from searchsvc.errors import QueryError

    try:
        path.write_text(text, "utf-8", errors="replace")
    except OSError as error:
        raise QueryError(f"the report cannot be written to {path}: {error.strerror}.") from None


def _measured_in_all_modes(settings: Settings, folder: Path | None, wanted: str, *, quiet: bool) -> Measured:
    from eval.judgments import load
    from eval.measure import qrels_of
    from eval.report import MODES, Measured
    from eval.sets import has_split, load_beir

    split = wanted if folder and has_split(folder, wanted) else None
    runs, scores, name = {}, {}, ""
    for mode in MODES:
        name, runs[mode], scores[mode] = _measured(settings, folder, split, mode, quiet=quiet)
    if folder is None:
        topics = load()
        words, types = {topic.id: topic.query for topic in topics}, {topic.id: topic.type for topic in topics}
        return Measured(name, words, qrels_of(topics), runs, scores, types)
    given = load_beir(folder, split)
    titles = {doc.id: doc.title or doc.text for doc in given.corpus}
    return Measured(name, given.queries, given.qrels, runs, scores, titles=titles)


def _measured(
    settings: Settings, folder: Path | None, split: str | None, mode: Any, *, quiet: bool
) -> tuple[str, Run, Scores]:
    """(name of the set, run, scores); indexes the set first when it has not been."""
    from rich.progress import Progress

    from eval.index import archive_indexed, set_indexed
    from eval.judgments import load
    from eval.measure import Scores, measured, measured_places, qrels_of
    from eval.rank import run_queries, run_topics
    from eval.sets import load_beir
    from searchsvc.cli.output import console
    from searchsvc.errors import QueryError
    from searchsvc.search.ranker import MODES

    if mode not in MODES:
        raise QueryError(f"the mode is one of {', '.join(MODES)}, not {mode!r}.")
    with Progress(console=console(to_errors=True), disable=quiet, transient=True) as bar:
        task = bar.add_task("indexing", total=None)

        def progress(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of)

        if folder is None:
            topics = load()
            with archive_indexed(settings, progress) as service:
                made = run_topics(service, topics, mode=mode)
            scores = measured(made, qrels_of(topics))
            return "archive", made, Scores({**scores.by_query, **measured_places(made, topics).by_query})
        given = load_beir(folder, split)
        with set_indexed(given, settings, progress) as service:
            made = run_queries(service, given.queries, name=given.name, mode=mode)
        return given.name, made, measured(made, given.qrels)
