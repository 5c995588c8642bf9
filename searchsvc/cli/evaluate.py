"""`eval`: how good the ranking is, whether a change helped, and the gate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from searchsvc.cli.counting import counted
from searchsvc.cli.state import State

if TYPE_CHECKING:
    from eval.measure import Scores
    from eval.rank import Run
    from eval.report import Measured
    from searchsvc.search.ranker import Mode
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
    own: Annotated[
        bool, typer.Option("--own", help="Your archive, with the queries and grades of `searchsvc judge`.")
    ] = False,
    mode: Annotated[str, typer.Option(help="hybrid, semantic or keyword.")] = "hybrid",
    run_out: Annotated[Path | None, typer.Option(help="Write the ranking here, in TREC run format.")] = None,
    json: AsJson = False,
) -> None:
    """Ask every query of a test set and measure the answers."""
    from eval.measure import interval
    from eval.rank import write_run
    from searchsvc.cli.output import as_json, console

    state: State = context.obj
    if own and (set_ or split):
        raise typer.BadParameter("choose your own archive or a set, not both.")
    name, made, scores = (
        _measured_own(state.settings(), mode) if own else _measured(state.settings(), set_, split, mode, quiet=json)
    )
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
    differences = [compared(measure, first.by_query[measure], second.by_query[measure]) for measure in first.by_query]
    if json:
        as_json({"a": str(a), "b": str(b), "measures": [asdict(one) for one in differences]})
        return
    out = console()
    for difference in differences:
        out.print(
            f"{difference.measure:<12} {difference.mean_a:.4f} -> {difference.mean_b:.4f}  "
            f"{difference.difference:+.4f} [dim]({difference.low:+.4f} to {difference.high:+.4f}), "
            f"p = {difference.p:.4f}[/]"
        )
    out.print(f"\nQueries that moved most in {differences[0].measure}:")
    for query, moved in differences[0].moved:
        out.print(f"  {moved:+.3f}  {query}  [dim]{shorten(words.get(query, ''), 90)}[/]")


@app.command()
def gate(
    context: typer.Context,
    sets: Annotated[Path | None, typer.Option(help="A folder of sets in BEIR layout to measure as well.")] = None,
    networks: Annotated[
        Path | None, typer.Option(help="A folder of networks (coast, awards) to measure beside the sample archive's.")
    ] = None,
    own: Annotated[
        bool, typer.Option("--own", help="Your archive, with the queries and grades of `searchsvc judge`.")
    ] = False,
    update: Annotated[
        bool,
        typer.Option(
            "--update",
            help="Make what is measured the baseline of this machine's precision; what was not measured stays.",
        ),
    ] = False,
    json: AsJson = False,
) -> None:
    """Fail when the ranking is worse than the committed baseline by more than the tolerance.

    --own holds your archive, and the queries and grades of `searchsvc judge`, against what `--own --update` kept.
    """
    from dataclasses import asdict

    from eval.gate import (
        LANGUAGES_SET,
        NETWORK_SET,
        NETWORKS_HELD,
        TOLERANCE,
        falls,
        known_sets,
        precision_here,
        read_baseline,
        write_baseline,
    )
    from eval.languages import can_be_measured, measured_languages
    from eval.network import measured_network
    from searchsvc.cli.output import as_json, console
    from searchsvc.errors import QueryError

    state: State = context.obj
    if own:
        _own_gate(state.settings(), update=update, json=json)
        return
    means: dict[str, dict[str, float]] = {}
    precision = precision_here()
    before = {} if update else read_baseline(precision)
    chosen: list[Path | None] = [None]
    if sets:
        chosen += [sets / name for name in known_sets() if (sets / name).is_dir()]
    for one in chosen:
        name, _, scores = _measured(state.settings(), one, None, "hybrid", quiet=json)
        means[name] = {measure: mean for measure, mean in scores.means.items() if measure != "Judged@10"}
        if not json:
            console().print(f"{name}: " + ", ".join(f"{m} {v:.4f}" for m, v in means[name].items()))
    if can_be_measured():
        answered = measured_languages(state.settings())
        means[LANGUAGES_SET] = {f"nDCG@10 {language}": mean for language, mean in answered.means.items()}
        means[LANGUAGES_SET] |= {f"Answered {language}": share for language, share in answered.answered.items()}
        means[LANGUAGES_SET] |= {"FalseAlarm elsewhere": answered.elsewhere}
        if not json:
            console().print(f"{LANGUAGES_SET}: " + ", ".join(f"{m} {v:.4f}" for m, v in means[LANGUAGES_SET].items()))
    elif update and LANGUAGES_SET in known_sets():
        raise QueryError("the baseline has other languages as well; install searchsvc[multilingual] to update it.")
    for name in NETWORKS_HELD:
        if name == "sample" or (networks and (networks / name).is_dir()):
            found = measured_network(name, networks, state.settings())
            held = NETWORK_SET.format(name)
            means[held] = {measure: value for measure, value in found.items() if not measure.endswith(" s")}
            if not json:
                console().print(f"{held}: " + ", ".join(f"{m} {v:.4f}" for m, v in means[held].items()))
    if update:
        write_baseline(means, precision)
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
        console().print("No measure fell by more than its tolerance.")


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


@app.command()
def truth(
    context: typer.Context,
    sample: Annotated[bool, typer.Option("--sample", help="Try the sample archive instead of your own.")] = False,
    generated: Annotated[int, typer.Option(min=0, help="Try an archive of so many generated texts instead.")] = 0,
    words: Annotated[int, typer.Option(min=0, help="How many words are looked for.")] = 200,
    queries: Annotated[
        int, typer.Option(min=0, help="Of how many titles filters, pages and exclusions are tried.")
    ] = 30,
    seed: Annotated[int, typer.Option(help="Another one tries others.")] = 0,
    json: AsJson = False,
) -> None:
    """Try what must hold on any archive: words are found where they stand, counts are true, pages repeat nothing."""
    from contextlib import ExitStack, closing
    from dataclasses import asdict

    from rich.progress import Progress

    from eval.index import archive_indexed, generated_indexed
    from eval.truth import tried
    from searchsvc.cli.output import as_json, console, escape
    from searchsvc.service import Service

    if sample and generated:
        raise typer.BadParameter("choose the sample archive or generated texts, not both.")
    state: State = context.obj
    with Progress(console=console(to_errors=True), disable=json, transient=True) as bar, ExitStack() as opened:
        task = bar.add_task("indexing", total=None)

        def told(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of)

        if generated:
            service = opened.enter_context(generated_indexed(generated, state.settings(), told, seed=seed))
        elif sample:
            service = opened.enter_context(archive_indexed(state.settings(), told))
        else:
            service = opened.enter_context(closing(Service(state.settings(), work=False)))
        bar.update(task, description="searching", completed=0, total=None)
        found = tried(service, words=words, queries=queries, seed=seed)
    if json:
        as_json(asdict(found))
    else:
        for fault in found.faults:
            console().print(f"[red]{escape(fault.query)}[/] {escape(fault.says)}")
        console().print(f"{counted(found.searches, 'search', 'searches')}, {counted(len(found.faults), 'fault')}")
    if found.faults:
        raise typer.Exit(1)


@app.command("languages")
def languages(
    context: typer.Context,
    encoder: Annotated[
        str | None, typer.Option(help="Another encoder than multilingual-e5-small, such as the bundled one.")
    ] = None,
    mode: Annotated[str, typer.Option(help="hybrid, semantic or keyword.")] = "hybrid",
    json: AsJson = False,
) -> None:
    """Ask the sample archive the same in English, French, Spanish and Portuguese. Needs the extra `multilingual`."""
    from rich.progress import Progress

    from eval.languages import MEASURE, measured_languages
    from eval.measure import interval
    from searchsvc.cli.output import as_json, console
    from searchsvc.encode.models import MULTILINGUAL

    state: State = context.obj
    with Progress(console=console(to_errors=True), disable=json, transient=True) as bar:
        task = bar.add_task("indexing", total=None)
        answered = measured_languages(
            state.settings(),
            encoder=encoder or MULTILINGUAL,
            mode=_mode(mode),
            progress=lambda done, of: bar.update(task, completed=done, total=of),
        )
    means = answered.means
    if json:
        shares = dict(answered.answered)
        as_json({"measure": str(MEASURE), "means": means, "answered": shares, "elsewhere": answered.elsewhere})
        return
    out = console()
    for language, mean in means.items():
        low, high = interval(list(answered.by_language[language].values()))
        share = f"{mean / means['en']:.2f} of English" if means["en"] else ""
        out.print(
            f"  {language}  {MEASURE} {mean:.4f}   [dim]{low:.4f} to {high:.4f}[/]  {share}"
            f"  answered {answered.answered[language]:.3f}"
        )
    out.print(f"  FalseAlarm elsewhere {answered.elsewhere:.4f}")


@app.command("limits")
def limits(
    context: typer.Context,
    encoder: Annotated[str | None, typer.Option(help="Another encoder than that of the settings.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Use them in this home from now on.")] = False,
    json: AsJson = False,
) -> None:
    """Learn how near is near for an encoder: the limits of what is relevant, and of the bands."""
    from dataclasses import asdict

    from eval.limits import kept, languages_of, learned, rates, seen
    from searchsvc.cli.output import as_json, console
    from searchsvc.encode.models import BUNDLED
    from searchsvc.parts import LIMITS

    state: State = context.obj
    settings = state.settings()
    name = encoder or settings.encoder
    bundled = seen(settings.model_copy(update={"encoder": BUNDLED}), ("en",))
    found = seen(settings.model_copy(update={"encoder": name}), languages_of(name)) if name != BUNDLED else bundled
    limits = learned(found, bundled)
    told = rates(found, limits)
    if keep:
        kept(name, limits, settings.home / LIMITS)
    if json:
        as_json({"encoder": name, "limits": limits.written(), "rates": [asdict(one) for one in told]})
        return
    out = console()
    for what, value in limits.written().items():
        out.print(f"  {what:<16} {value:.3f}")
    for one in told:
        out.print(
            f"  {one.language}  own questions that fall short {one.missed:.2f}, strangers' that do not {one.passed:.2f}"
        )
    if keep:
        out.print("They are used from the next start on.")


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


def _mode(name: str) -> Mode:
    """Raises QueryError."""
    from searchsvc.errors import QueryError
    from searchsvc.search.ranker import MODES

    for mode in MODES:
        if mode == name:
            return mode
    raise QueryError(f"the mode is one of {', '.join(MODES)}, not {name!r}.")


def _measured_own(settings: Settings, mode: str) -> tuple[str, Run, Scores]:
    from eval.own import measured_own, own_qrels
    from searchsvc.service import Service

    with Service(settings, work=False) as service:
        qrels = own_qrels(service)
        return "own", *measured_own(service, qrels, _mode(mode))


def _own_gate(settings: Settings, *, update: bool, json: bool) -> None:
    from dataclasses import asdict

    from eval.own import held_against, keep, kept, measured_own, own_qrels
    from searchsvc.cli.output import as_json, console
    from searchsvc.errors import QueryError
    from searchsvc.generations import GENERATION
    from searchsvc.service import Service

    with Service(settings, work=False) as service:
        qrels = own_qrels(service)
        _, scores = measured_own(service, qrels)
        if update:
            keep(service, qrels, scores, service.catalogue.meta(GENERATION) or "")
            console().print(f"Kept, of {counted(len(qrels.queries), 'query', 'queries')}: " + _listed(scores.means))
            return
        before = kept(service)
    if before is None:
        raise QueryError("nothing is kept to hold it against; `searchsvc eval gate --own --update` keeps what is now.")
    held = held_against(before, scores)
    if held is None:
        raise QueryError("none of the queries that were kept is judged any more; keep anew with --own --update.")
    if json:
        as_json({**asdict(held), "falls": held.falls, "means": scores.means})
    else:
        console(to_errors=held.falls).print(f"{'[red]worse[/] ' if held.falls else ''}{held}.")
    if held.falls:
        raise typer.Exit(1)


def _listed(means: dict[str, float]) -> str:
    return ", ".join(f"{measure} {value:.4f}" for measure, value in means.items())


def _measured(
    settings: Settings, folder: Path | None, split: str | None, mode: Any, *, quiet: bool
) -> tuple[str, Run, Scores]:
    """(name of the set, run, scores); indexes the set first when it has not been."""
    from rich.progress import Progress

    from eval.index import archive_indexed, set_indexed
    from eval.judgments import load
    from eval.measure import Scores, measured, measured_elsewhere, measured_places, qrels_of
    from eval.rank import run_elsewhere, run_queries, run_topics
    from eval.sets import load_beir
    from searchsvc.cli.output import console

    mode = _mode(mode)
    with Progress(console=console(to_errors=True), disable=quiet, transient=True) as bar:
        task = bar.add_task("indexing", total=None)

        def progress(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of)

        if folder is None:
            topics = load()
            with archive_indexed(settings, progress) as service:
                made = run_topics(service, topics, mode=mode)
                strangers = measured_elsewhere(run_elsewhere(service, mode=mode))
            scores = (measured(made, qrels_of(topics)), measured_places(made, topics), strangers)
            return "archive", made, Scores({name: values for one in scores for name, values in one.by_query.items()})
        given = load_beir(folder, split)
        with set_indexed(given, settings, progress) as service:
            made = run_queries(service, given.queries, name=given.name, mode=mode)
        return given.name, made, measured(made, given.qrels)
