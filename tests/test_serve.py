"""`gridkeeper serve` as a process: it answers, keeps its job worker alive, and leaves nothing behind."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

COMMAND = str(Path(sys.executable).parent / "gridkeeper")
READY = re.compile(r"Gridkeeper is at http://([0-9.]+):([0-9]+) ")
SECONDS = 40


class Server:
    """A running `gridkeeper serve`, and what it has said."""

    def __init__(self, environment: dict[str, str], log: Path, *options: str) -> None:
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [COMMAND, "serve", "--port", "0", *options],
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.port = int(until(lambda: READY.search(self.said()), self.process)[2])

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def ask(self, path: str, **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def job_worker(self) -> psutil.Process | None:
        return next((child for child in self.family() if self._does(child, "jobs")), None)

    def web_processes(self) -> list[psutil.Process]:
        """Those that answer requests; the one above them only watches."""
        return [child for child in self.family() if self._does(child, "web") and not child.children()]

    @staticmethod
    def _does(child: psutil.Process, act: str) -> bool:
        try:
            return act in child.cmdline()
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            return False


def until(true: Callable[[], object], process: subprocess.Popen[bytes] | None = None) -> object:
    """Wait for something; fail when it does not come, or the process that should bring it has ended."""
    deadline = time.monotonic() + SECONDS
    while not (found := true()):
        assert time.monotonic() < deadline, "waited in vain"
        assert process is None or process.poll() is None, "the process ended"
        time.sleep(0.05)
    return found


def is_open(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def environment(new_database, worker_id, tmp_path_factory):
    """A database at the head of the migrations, and folders of its own."""
    ways = new_database(f"serve_{worker_id}")
    address = {
        name: login.url.set(drivername="postgresql").render_as_string(hide_password=False)
        for name, login in (("DATABASE_URL", ways.owner), ("DATABASE_APP_URL", ways.app))
    }
    folder = tmp_path_factory.mktemp("serve")
    return {
        "PATH": os.environ["PATH"],
        "GRIDKEEPER_CLUSTER": str(folder),
        "GRIDKEEPER_SECRET_KEY": "k" * 64,
        **address,
    }


@pytest.fixture(scope="module")
def server(environment, tmp_path_factory):
    running = Server(environment, tmp_path_factory.mktemp("log") / "serve.log")
    yield running
    running.process.kill()
    running.process.wait()


def refused(environment: dict[str, str], *options: str) -> str:
    """The one sentence of a server that will not start."""
    done = subprocess.run(
        [COMMAND, "serve", *options],
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr.strip()


def test_it_answers_and_does_not_tell_its_version(server):
    answer = server.ask("/health")

    assert answer.status == 200
    assert not any(char.isdigit() for char in answer.headers["Server"])


def test_a_request_is_one_line_of_the_log_without_its_query(server):
    answer = server.ask("/sign-in%0Aforged?next=/secret-word")

    line = until(lambda: next((line for line in server.said().splitlines() if "/sign-in" in line), None))

    assert f" {answer.headers['X-Request-ID']} GET /sign-in%0Aforged 404 " in line
    assert "secret-word" not in server.said()
    assert "/health" not in server.said()


def test_headers_beyond_measure_are_refused(server):
    assert 400 <= server.ask("/health", **{"X-Long": "x" * 20_000}).status < 500
    assert 400 <= server.ask("/" + "x" * 20_000).status < 500
    assert server.ask("/health").status == 200


def test_a_job_worker_that_dies_is_started_again(server):
    first = until(server.job_worker)
    first.kill()

    second = until(lambda: (found := server.job_worker()) and found.pid != first.pid and found)

    assert second.is_running()
    assert "The job worker ended; it is started again in 1 s." in server.said()
    assert server.ask("/health").status == 200


def test_a_web_process_that_dies_is_replaced(server):
    before = {child.pid for child in server.web_processes()}
    psutil.Process(min(before)).kill()

    until(lambda: {child.pid for child in server.web_processes()} - before)

    assert server.ask("/health").status == 200


def test_told_to_stop_it_ends_in_order_with_all_it_started(environment, tmp_path):
    running = Server(environment, tmp_path / "log")
    family = running.family()

    running.process.send_signal(signal.SIGTERM)

    assert running.process.wait(SECONDS) == 0
    until(lambda: not any(child.is_running() for child in family))
    assert not is_open(running.port)
    assert "Traceback" not in running.said()


@pytest.mark.slow
def test_killed_it_leaves_nothing_behind(environment, tmp_path):
    running = Server(environment, tmp_path / "log", "--host", "0.0.0.0")  # noqa: S104 - for a moment
    family = running.family()

    running.process.kill()
    running.process.wait()

    until(lambda: not any(child.is_running() for child in family))
    assert not is_open(running.port)
    assert "must reach it through HTTPS" in running.said()


def test_a_taken_port_is_refused_with_the_next_one(environment):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert refused(environment, "--port", str(port)) == (
            f"Port {port} is in use by another program. Stop that, or choose another with --port {port + 1}."
        )


def test_an_address_that_is_not_ours_is_refused(environment):
    assert "no address 192.0.2.1 to listen at" in refused(environment, "--host", "192.0.2.1", "--port", "0")


def test_a_schema_that_is_behind_is_refused_with_the_remedy(environment, new_database, worker_id):
    bare = new_database(f"serve_bare_{worker_id}", "bare").owner.url.set(drivername="postgresql")

    said = refused({**environment, "DATABASE_URL": bare.render_as_string()}, "--port", "0")

    assert said.startswith("The database's schema is empty, but this Gridkeeper needs 00")
    assert said.endswith("Run `gridkeeper db upgrade`, after a backup.")


def test_a_database_that_was_never_made_is_refused_with_the_remedy(tmp_path):
    environment = {"PATH": os.environ["PATH"], "GRIDKEEPER_CLUSTER": str(tmp_path / "none")}

    assert refused(environment, "--port", "0").endswith("Run script/setup once to make it.")
