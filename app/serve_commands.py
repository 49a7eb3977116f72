"""`gridkeeper serve` and `gridkeeper worker`: the map in the browser, and the jobs behind it."""

from __future__ import annotations

import sys

import click

from app.db_commands import told_plainly


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen at; 0 takes any that is free.",
)
@click.option(
    "--threads",
    type=click.IntRange(1, 500),
    default=None,
    help="Threads of each web process; sixteen may carry progress streams.  [default: 32]",
)
@click.option("--no-worker", is_flag=True, help="Leave background jobs to `gridkeeper worker` elsewhere.")
def serve(host: str, port: int, threads: int | None, no_worker: bool) -> None:
    """Serve the map in the browser and run background jobs, until Ctrl-C.

    The private database is started when it does not run. DATABASE_URL names another.
    """
    from app import serving

    if threads is not None and threads < serving.LEAST_THREADS:
        words = f"at least {serving.LEAST_THREADS} are needed, or open progress streams stop everything else."
        raise click.BadParameter(words, param_hint="--threads")
    with told_plainly():
        wanted = serving.Serving(host, port, threads or serving.THREADS, jobs=not no_worker)
        sys.exit(serving.serve(wanted, lambda words: click.echo(words, err=True)))


@click.command("worker")
def worker() -> None:
    """Run background jobs alone, for `gridkeeper serve --no-worker` or beside it."""
    from app import serving

    with told_plainly():
        serving.prepare_database()
        serving.run_jobs()
