"""The running server: the web server and the job worker side by side, watched by one small process.

The watcher opens the port, starts both, starts the job worker again when it dies, and ends both when it is
told to stop. Should the watcher itself be killed, the kernel ends its children: nothing is ever left behind.
"""

from __future__ import annotations

import ctypes
import errno
import http.client
import ipaddress
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from app import cluster
from app.config import MOST_STREAMS, logins
from app.db import check_schema
from app.errors import Refusal

# Each open progress stream keeps a thread; at least these remain for everything else.
THREADS_BESIDE_STREAMS = 8
LEAST_THREADS = MOST_STREAMS + THREADS_BESIDE_STREAMS
THREADS = MOST_STREAMS + 2 * THREADS_BESIDE_STREAMS
WEB_PROCESSES = 2  # should one die, the other answers while it is started again
READY_SECONDS = 60
SILENT_CLIENT_SECONDS = 20
STOP_SECONDS = 15  # for requests and jobs to end in order; then they are ended
PAUSE_SECONDS, PAUSE_MOST_SECONDS, LONG_LIFE_SECONDS = 1.0, 30.0, 60.0
PR_SET_PDEATHSIG = 1  # of <linux/prctl.h>

Say = Callable[[str], None]


@dataclass(frozen=True)
class Serving:
    """What to serve where. threads: of each web process; jobs: whether to run background jobs too."""

    host: str
    port: int
    threads: int = THREADS
    jobs: bool = True


def prepare_database() -> None:
    """Start our own database where it does not run; refuse one whose schema is not this programme's."""
    if not os.environ.get("DATABASE_URL"):
        cluster.start(cluster.own_cluster())
    check_schema(logins().owner)


def serve(wanted: Serving, say: Say) -> int:
    """Serve until told to stop, or until the web server gives up. Returns the exit status."""
    with _listener(wanted.host, wanted.port) as listener:
        prepare_database()
        host, port = listener.getsockname()[:2]
        listener.set_inheritable(True)
        web = _Child(["web", str(listener.fileno()), str(wanted.threads)], listener.fileno())
        children = [web, *([_Child(["jobs"])] if wanted.jobs else [])]
        stop = _stop_signals()
        web.start()
    try:
        if _is_ready(host, port, web, stop):
            say(f"Gridkeeper is at {_address(host, port)} (Ctrl-C stops it).")
            if not ipaddress.ip_address(host).is_loopback:
                say("People elsewhere must reach it through HTTPS: docs/operate.md tells how.")
        if web.lives() and not stop.is_set():
            for child in children[1:]:  # only now: it must not slow down the first page
                child.start()
        while not stop.wait(0.2) and web.lives():
            for child in children[1:]:
                child.keep_alive(say)
        return 0 if stop.is_set() else 1
    finally:
        _end(children)


def run_web(descriptor: int, threads: int) -> None:
    """The web server, on a port that is open already."""
    from app.web_server import WebServer  # the watcher does without

    WebServer(descriptor, processes=WEB_PROCESSES, threads=threads).run()


def run_jobs() -> None:
    """The job worker."""
    from app.jobs import run_worker

    run_worker()


# --- The port --------------------------------------------------------------------------------------------


def _listener(host: str, port: int) -> socket.socket:
    """The open port; what stands in the way becomes a refusal with its remedy."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.create_server(address[:2], family=family, backlog=1024)
        # Headers and body go out in two pieces: without this the second waits 40 ms for the browser's thanks.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Handed on to each connection: a client that falls silent half-way through a request must not keep
        # a thread for good.
        listener.setsockopt(
            socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", SILENT_CLIENT_SECONDS, 0)
        )
        return listener
    except socket.gaierror:
        raise Refusal("host_unknown", host=host) from None
    except PermissionError:
        raise Refusal("port_not_allowed", port=port) from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Refusal("port_taken", port=port, other=port + 1) from None
        raise Refusal("host_unknown", host=host) from None


def _address(host: str, port: int) -> str:
    """What to type into the browser.

    >>> _address("127.0.0.1", 8000), _address("::1", 8000), _address("0.0.0.0", 80)
    ('http://127.0.0.1:8000', 'http://[::1]:8000', 'http://127.0.0.1:80')
    """
    host = _reached_at(host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _reached_at(host: str) -> str:
    """Where a server bound to every address is reached from here."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not bound


def _is_ready(host: str, port: int, web: _Child, stop: threading.Event) -> bool:
    """Wait until the server answers; False when it gave up or is to stop."""
    deadline = time.monotonic() + READY_SECONDS
    while not stop.is_set() and web.lives() and time.monotonic() < deadline:
        asked = http.client.HTTPConnection(_reached_at(host), port, timeout=5)
        with suppress(OSError, http.client.HTTPException):
            asked.request("GET", "/health")
            if asked.getresponse().status == http.HTTPStatus.OK:
                return True
        asked.close()
        stop.wait(0.1)
    return False


# --- The children ----------------------------------------------------------------------------------------


class _Child:
    """One process beside the watcher, in a group of its own so that ^C reaches the watcher alone."""

    def __init__(self, act: Sequence[str], *descriptors: int) -> None:
        self._act, self._descriptors = act, descriptors
        self._process: subprocess.Popen[bytes] | None = None
        self._started = self._pause = 0.0
        self._died: float | None = None

    def start(self) -> None:
        """Start it, told who its parent is."""
        self._started, self._died = time.monotonic(), None
        self._process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-m", "app.serving", str(os.getpid()), *self._act],
            stdin=subprocess.DEVNULL,
            pass_fds=self._descriptors,
            start_new_session=True,
        )

    def lives(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def keep_alive(self, say: Say) -> None:
        """Start it again some time after it died; longer each time when it dies young."""
        now = time.monotonic()
        if self.lives():
            return
        if self._died is None:
            self._died = now
            young = now - self._started < LONG_LIFE_SECONDS
            self._pause = min(max(self._pause * 2, PAUSE_SECONDS), PAUSE_MOST_SECONDS) if young else 0.0
            say(f"The job worker ended; it is started again in {self._pause:.0f} s.")
        elif now - self._died >= self._pause:
            self.start()

    def signal(self, number: int) -> None:
        """Signal it, and with SIGKILL all it has started too."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            if number == signal.SIGKILL:
                os.killpg(self._process.pid, number)
            elif self.lives():
                self._process.send_signal(number)


def _end(children: Sequence[_Child]) -> None:
    """Let all end in order, then end what is left of them."""
    for child in children:
        child.signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while any(child.lives() for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    for child in children:
        child.signal(signal.SIGKILL)


def _stop_signals() -> threading.Event:
    """Set when somebody asks us to stop."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _die_with(parent: int) -> None:
    """Have the kernel end us when the parent ends, however it ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:  # it was quicker
        sys.exit(0)


def main(arguments: Sequence[str]) -> None:
    """`python -m app.serving PARENT web DESCRIPTOR THREADS` or `… PARENT jobs`: a child's own start."""
    parent, act, *rest = arguments
    _die_with(int(parent))
    try:
        if act == "web":
            run_web(int(rest[0]), int(rest[1]))
        else:
            run_jobs()
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
