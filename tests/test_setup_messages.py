"""What script/setup and script/serve say when something stands in the way: one sentence, with the remedy.

They run in a copy of what they need, with a PATH that holds only what each test puts there: no package
is ever asked for.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = (
    *("awk", "bash", "cat", "dirname", "env", "flock", "grep", "head", "mkdir", "mktemp", "rm", "sed"),
    *("sha256sum", "sh", "sort", "tail", "touch", "tr"),
)
COPIED = (
    *("script/setup", "script/serve", "app/__init__.py", "app/errors.py", "app/cluster.py"),
    "app/geo/split/__init__.py",
)
# What a machine of its own answers, unless a test says otherwise: all packages there, room, root.
MACHINE = {
    "df": "printf 'Filesystem 1024-blocks Used Available Capacity Mounted\\n/dev/x 9 9 9000000 1%% /\\n'",
    "dpkg-query": "echo 'install ok installed'",
    "id": "echo 0",
    "chromium": "exit 0",
    "apt-get": "exit 0",
    "npm": "exit 0",
}
NOTHING_INSTALLED = {"dpkg-query": "exit 1", "chromium": None}
ORDINARY = {"id": "echo 1000"}
OLD_PYTHON = """
case "$*" in *platform*) echo 3.9.2 ;; *sys.exit*) exit 1 ;; esac
"""


class Machine:
    """A checkout and a PATH, both made up."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.checkout, self.bin = folder / "checkout", folder / "bin"
        self.bin.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool) or f"/usr/bin/{tool}")
        self.say(python3=f'exec "{Path(sys.base_prefix) / "bin/python3"}" -B "$@"', **MACHINE)
        for name in COPIED:
            (self.checkout / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.checkout / name)
        for name in ("requirements.lock", "requirements-uv.lock", "pyproject.toml", "package.json"):
            (self.checkout / name).write_text("")
        (self.checkout / "package-lock.json").write_text("")
        self.environment = {"PATH": str(self.bin), "GRIDKEEPER_CLUSTER": "/tmp/gk-never"}  # noqa: S108

    def say(self, **programs: str | None) -> None:
        """Put programs on PATH, each a few lines of shell; None takes one away."""
        for name, words in programs.items():
            program = self.bin / name
            program.unlink(missing_ok=True)
            if words is not None:
                program.write_text(f"#!/bin/sh\n{words}\n")
                program.chmod(0o755)

    def has_environment(self, **programs: str) -> None:
        """A .venv with these programs in it."""
        (self.checkout / ".venv/bin").mkdir(parents=True)
        for name, words in {"python": "exit 0", "uv": "exit 0", **programs}.items():
            (self.checkout / ".venv/bin" / name).write_text(f"#!/bin/sh\n{words}\n")
            (self.checkout / ".venv/bin" / name).chmod(0o755)

    def run(self, script: str, *arguments: str, prefix: tuple[str, ...] = ()) -> str:
        """The sentence a failing script ends with."""
        done = subprocess.run(
            [*prefix, str(self.checkout / "script" / script), *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        lines = [line for line in done.stderr.splitlines() if not line.endswith("…")]
        assert done.returncode == 1, done.stderr
        assert done.stdout == ""
        assert len(lines) == 1, done.stderr
        return lines[0]


@pytest.fixture
def machine():
    """In a folder others may enter, so that an ordinary user can be tried."""
    with tempfile.TemporaryDirectory(prefix="gk") as folder:
        Path(folder).chmod(0o755)
        yield Machine(Path(folder))


def test_an_unknown_option_is_named(machine):
    assert machine.run("setup", "--fast") == "setup: unknown option “--fast”; the only one is --runtime."
    assert machine.run("serve", "--prot=9") == (
        "serve: unknown option “--prot=9”; script/serve --help names them."
    )


def test_python_is_missing(machine):
    machine.say(python3=None)

    assert "install Debian's package python3" in machine.run("setup")


def test_python_is_too_old(machine):
    machine.say(python3=OLD_PYTHON)

    assert machine.run("setup") == (
        "setup: python3 is 3.9.2, but 3.11 or 3.12 is needed; put one of these first on PATH."
    )


def test_the_folder_may_not_be_written(machine):
    machine.checkout.chmod(0o555)
    as_nobody = (str(shutil.which("setpriv")), "--reuid=65534", "--regid=65534", "--clear-groups")

    said = machine.run("setup", prefix=as_nobody if os.geteuid() == 0 else ())

    assert said.startswith("setup: you may not write in ")
    assert said.endswith("clone Gridkeeper into a folder of your own.")


def test_the_disk_is_nearly_full(machine):
    machine.say(df="printf 'x\\n/dev/x 9 9 512000 99%% /\\n'")

    assert "only 512 MB are free here, but 3,000 MB are needed; make room" in machine.run("setup")


def test_nothing_can_be_written_in_the_temporary_folder(machine):
    machine.environment["TMPDIR"] = "/nowhere"
    machine.has_environment()

    assert "nothing can be written in /nowhere; make room there, or name another" in machine.run("setup")


def test_the_sockets_path_is_too_long_and_said_before_anything_is_fetched(machine):
    machine.environment["GRIDKEEPER_CLUSTER"] = "/tmp/" + "d" * 120  # noqa: S108
    machine.say(**NOTHING_INSTALLED)

    assert "set GRIDKEEPER_CLUSTER to a folder with a short one." in machine.run("setup")


def test_only_root_may_install_packages(machine):
    machine.say(**NOTHING_INSTALLED, **ORDINARY)

    said = machine.run("setup")

    assert "postgresql-15 postgresql-15-postgis-3 chromium fonts-noto-cjk" in said
    assert "; run as root: apt-get install postgresql-15" in said


def test_what_only_tests_need_is_not_asked_for_to_serve(machine):
    machine.say(**NOTHING_INSTALLED, **ORDINARY)

    assert "chromium" not in machine.run("setup", "--runtime")


def test_an_account_may_not_use_sudo(machine):
    machine.say(**NOTHING_INSTALLED, **ORDINARY, sudo="echo 'sudo: a password is required' >&2; exit 1")

    said = machine.run("setup")

    assert "your account may not use sudo" in said
    assert "; run as root: apt-get install" in said


def test_a_system_without_apt(machine):
    machine.say(**NOTHING_INSTALLED, **{"apt-get": None})

    assert "there is no apt-get" in machine.run("setup")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "echo \"E: Failed to fetch http://x/y  Temporary failure resolving 'x'\"; exit 100",
            "(Failed to fetch http://x/y  Temporary failure resolving 'x'); check the network",
        ),
        (
            "echo 'E: Write error - write (28: No space left on device)'; exit 100",
            "the disk is full; make room",
        ),
    ],
)
def test_apt_does_not_succeed(machine, words, expected):
    machine.say(**NOTHING_INSTALLED, **{"apt-get": f'[ "$1" = update ] && exit 0; {words}'})

    said = machine.run("setup")

    assert said.startswith("setup: apt-get could not install postgresql-15")
    assert expected in said


def test_the_environment_cannot_be_made(machine):
    machine.say(python3='[ "$2" = venv ] && { echo "Error: no ensurepip."; exit 1; }; exit 0')

    assert machine.run("setup") == (
        "setup: the Python environment could not be made in .venv (no ensurepip); remove that folder and try "
        "again."
    )


@pytest.mark.parametrize(
    ("programs", "expected"),
    [
        (
            {"uv": "echo 'error: Failed to fetch: `https://pypi.org/simple/numpy/`' >&2; exit 2"},
            "setup: the Python packages could not be installed (Failed to fetch: "
            "`https://pypi.org/simple/numpy/`); check the network (PyPI must be reachable) and try again.",
        ),
        (
            {"uv": "echo 'error: failed to write: No space left on device (os error 28)' >&2; exit 2"},
            "setup: the Python packages could not be installed: the disk is full; make room and try again.",
        ),
    ],
)
def test_python_packages_cannot_be_fetched(machine, programs, expected):
    machine.has_environment(**programs)

    assert machine.run("setup") == expected


def test_the_installer_cannot_be_fetched(machine):
    machine.has_environment(python="echo 'ERROR: Could not find a version of uv' >&2; exit 1")
    (machine.checkout / ".venv/bin/uv").unlink()

    assert "uv could not be fetched (Could not find a version of uv); check the network" in machine.run(
        "setup"
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "npm error code ENOTFOUND",
            "(code ENOTFOUND); check the network (the npm registry must be reachable)",
        ),
        (
            "npm error nospc ENOSPC: no space left on device, write",
            "the disk is full; make room and try again.",
        ),
    ],
)
def test_javascript_cannot_be_fetched(machine, words, expected):
    machine.has_environment(npm=f"echo '{words}' >&2; exit 1")

    said = machine.run("setup")

    assert said.startswith("setup: the JavaScript packages could not be fetched")
    assert expected in said


def test_a_taken_port_is_said_before_the_set_up(machine):
    machine.say(**NOTHING_INSTALLED, **ORDINARY)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        said = machine.run("serve", "--port", str(port))

    assert said == (
        f"serve: port {port} is in use by another program; stop that, or choose another: "
        f"script/serve --port {port + 1}"
    )


def test_serving_stops_where_the_set_up_does(machine):
    machine.say(**NOTHING_INSTALLED, **ORDINARY)

    assert machine.run("serve", "--port", "0").startswith("setup: these packages are missing")
