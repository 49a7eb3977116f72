"""The private PostGIS cluster: made, started and stopped by ourselves, reached through a Unix socket alone.

It lives in the git-ignored folder `.cluster/` of the checkout, is run by the postgres account when we are
root (PostgreSQL refuses root) and by ourselves otherwise. Debian's own "main" cluster is never touched.
`python -m app.cluster ensure` does what is still missing and is quick when nothing is.

The owner comes in by peer (the kernel says who asks); app and public by a generated secret each.
A throw-away cluster for tests trusts whoever can enter its socket folder, and only we can.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import secrets
import shlex
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.errors import Refusal

MAJOR = "15"
DATABASE = "gridkeeper"
SUPERUSER, OWNER, APP, PUBLIC = "postgres", "gridkeeper_owner", "gridkeeper_app", "gridkeeper_public"
EXTENSIONS = ("postgis", "ltree", "btree_gist", "pg_trgm", "pgcrypto")
PORT = 5432  # only names the socket; nothing listens on the network
SOCKET_BYTES = 107  # sun_path holds 108 with its closing NUL
START_SECONDS = 60
RETRY_SECONDS = 8
CHECKOUT = Path(__file__).resolve().parent.parent
SYSTEM_FOLDER = Path("/var/lib/gridkeeper")

SETTINGS = """\
listen_addresses = ''
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
password_encryption = 'scram-sha-256'
log_checkpoints = off
# A failing statement may carry personal data: it is not written to the log.
log_min_error_statement = panic
"""
# Nothing here outlives the tests, so nothing need reach the disk.
# A test may ask thousands of questions in one transaction, each in a savepoint of its own, and each that
# writes holds a lock until the end.
THROWAWAY_SETTINGS = """\
fsync = off
synchronous_commit = off
full_page_writes = off
max_wal_size = '256MB'
max_locks_per_transaction = 512
deadlock_timeout = '50ms'
"""


@dataclass(frozen=True)
class Cluster:
    """Where a cluster lives. throwaway: for one run of the tests, in a folder only we can enter."""

    folder: Path
    throwaway: bool = False

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def sockets(self) -> Path:
        return self.folder / "socket"

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    @property
    def socket(self) -> Path:
        return self.sockets / f".s.PGSQL.{PORT}"

    def secret_file(self, role: str) -> Path:
        return self.folder / "secrets" / role

    def secret(self, role: str) -> str | None:
        """The password of the app or public role; the others need none."""
        if self.throwaway or role not in (APP, PUBLIC):
            return None
        try:
            return self.secret_file(role).read_text(encoding="ascii")
        except FileNotFoundError:
            raise Refusal("cluster_missing", folder=self.folder) from None
        except PermissionError:
            raise Refusal("cluster_not_yours", folder=self.folder) from None


def own_cluster(environ: Mapping[str, str] = os.environ) -> Cluster:
    """The cluster of this checkout: `.cluster/`, or the folder GRIDKEEPER_CLUSTER names.

    Where we are root and the checkout lies in a home folder closed to others, the postgres account could not
    reach it: then a system folder serves, one for each checkout.
    """
    if environ.get("GRIDKEEPER_CLUSTER"):
        return Cluster(Path(environ["GRIDKEEPER_CLUSTER"]).absolute())
    folder = CHECKOUT / ".cluster"
    if os.geteuid() == 0 and not open_to_others(CHECKOUT):
        folder = SYSTEM_FOLDER / hashlib.sha256(os.fsencode(CHECKOUT)).hexdigest()[:12]
    return Cluster(folder)


def open_to_others(folder: Path) -> bool:
    """Whether any account may pass through `folder` and everything above it."""
    return all(place.stat().st_mode & stat.S_IXOTH for place in (folder, *folder.parents))


def ensure(cluster: Cluster) -> None:
    """Make the cluster, start it, and make roles and database: whatever of it is missing."""
    _check_socket_path(cluster)
    with _alone(cluster):
        if is_ready(cluster) and _prepared(cluster).exists():
            return
        if not (cluster.data / "PG_VERSION").exists():
            _create(cluster)
        _start(cluster)
        if not _prepared(cluster).exists():
            _prepare(cluster)
            _prepared(cluster).touch()


def start(cluster: Cluster) -> None:
    """Start a cluster that was made before; nothing to do where it runs."""
    _check_socket_path(cluster)
    if not (cluster.data / "PG_VERSION").exists():
        raise Refusal("cluster_missing", folder=cluster.folder)
    with _alone(cluster):
        _start(cluster)


def stop(cluster: Cluster) -> bool:
    """Stop the server, ending its connections; False where none ran."""
    if not _runs(cluster):
        return False
    _server_program(cluster, "pg_ctl", "stop", "-D", str(cluster.data), "-m", "fast", "-w", "-s")
    return True


def remove(cluster: Cluster) -> None:
    """Stop a throw-away cluster and delete its folder."""
    if not cluster.throwaway:
        raise ValueError("only a throw-away cluster is ever removed")
    if _runs(cluster):
        _server_program(cluster, "pg_ctl", "stop", "-D", str(cluster.data), "-m", "immediate", "-w", "-s")
    shutil.rmtree(cluster.folder, ignore_errors=True)


def is_ready(cluster: Cluster) -> bool:
    """Whether the server answers."""
    return cluster.socket.exists() and _answer(cluster) == 0


def _runs(cluster: Cluster) -> bool:
    """Whether a process serves this cluster.

    A server that was killed leaves its postmaster.pid, and the number in it may be another program's by now:
    a server works in its data folder, which nothing else does.
    """
    try:
        number = int((cluster.data / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return False
    try:
        return Path(f"/proc/{number}/cwd").readlink() == cluster.data.resolve()
    except OSError:  # no such process, or one of another account
        return False


def program(name: str) -> Path:
    """One of PostgreSQL's own programs, beside initdb; Debian's wrapper of psql may fail."""
    return _binaries() / name


def connect(cluster: Cluster, role: str, database: str = DATABASE) -> Any:
    """A plain psycopg2 connection in autocommit, for what no migration can do."""
    import psycopg2

    connection = psycopg2.connect(
        host=str(cluster.sockets), port=PORT, user=role, dbname=database, password=cluster.secret(role)
    )
    connection.autocommit = True
    return connection


# --- Making it -------------------------------------------------------------------------------------------


def _check_socket_path(cluster: Cluster) -> None:
    length = len(os.fsencode(cluster.socket))
    if length > SOCKET_BYTES:
        raise Refusal("socket_path_too_long", path=cluster.socket, length=length, most=SOCKET_BYTES)


@contextmanager
def _alone(cluster: Cluster) -> Iterator[None]:
    """Only one process at a time makes or starts the cluster."""
    try:
        cluster.folder.mkdir(mode=0o700 if cluster.throwaway else 0o711, parents=True, exist_ok=True)
        with (cluster.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except PermissionError:
        raise Refusal("cluster_not_yours", folder=cluster.folder) from None
    except OSError as error:
        raise Refusal("cluster_failed", what=error.strerror or str(error)) from error


def _create(cluster: Cluster) -> None:
    """initdb into a folder beside, renamed when whole: an interrupted run leaves nothing half made."""
    server = _server_account()
    raw = cluster.folder / "data.new"
    if raw.exists():
        shutil.rmtree(raw)
    _prepared(cluster).unlink(missing_ok=True)
    for folder, mode in ((raw, 0o700), (cluster.sockets, 0o700 if cluster.throwaway else 0o755)):
        folder.mkdir(exist_ok=True)
        folder.chmod(mode)
        if server is not None:
            os.chown(folder, server.pw_uid, server.pw_gid)
    if cluster.throwaway and server is not None:  # the postgres account must pass through, nobody else may
        os.chown(cluster.folder, server.pw_uid, server.pw_gid)
    _server_program(
        cluster,
        *["initdb", "-D", str(raw), "-k", "-U", SUPERUSER, "-E", "UTF8", "--locale=C.UTF-8"],
        *["--auth-local=peer", "--auth-host=scram-sha-256"],
        *(["--no-sync"] if cluster.throwaway else []),
    )
    settings = SETTINGS + (THROWAWAY_SETTINGS if cluster.throwaway else "")
    (raw / "gridkeeper.conf").write_text(settings, encoding="utf-8")
    with (raw / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write("\ninclude 'gridkeeper.conf'\n")
    (raw / "pg_hba.conf").write_text(_who_may_enter(cluster), encoding="utf-8")
    (raw / "pg_ident.conf").write_text(_who_is_who(), encoding="utf-8")
    for name in ("gridkeeper.conf", "pg_hba.conf", "pg_ident.conf"):
        (raw / name).chmod(0o600)
        if server is not None:
            os.chown(raw / name, server.pw_uid, server.pw_gid)
    raw.rename(cluster.data)


def _who_may_enter(cluster: Cluster) -> str:
    if cluster.throwaway:
        return "local all all trust\n"
    return (
        f"local all {SUPERUSER},{OWNER} peer map=gridkeeper\n"
        f"local {DATABASE} {APP},{PUBLIC} scram-sha-256\n"
        "local all all reject\n"
    )


def _who_is_who() -> str:
    """Who made the cluster, and the account that runs the server, come in as its owner."""
    accounts = dict.fromkeys([pwd.getpwuid(os.geteuid()).pw_name, SUPERUSER])
    return "".join(f'gridkeeper "{account}" {role}\n' for account in accounts for role in (SUPERUSER, OWNER))


def _start(cluster: Cluster) -> None:
    """Ask pg_isready until it says yes, starting the server where nobody answers.

    `pg_ctl status` would be wrong right after a crash, and the first start may fail then, while what is left
    of the old server still goes.
    """
    made_by = (cluster.data / "PG_VERSION").read_text(encoding="ascii").strip()
    if made_by != MAJOR:
        raise Refusal("cluster_version", folder=cluster.folder, found=made_by, wanted=MAJOR)
    options = shlex.join(["-k", str(cluster.sockets), "-p", str(PORT)])
    begun = time.monotonic()
    while (answer := _answer(cluster)) != 0:
        passed = time.monotonic() - begun
        if passed > START_SECONDS:
            raise Refusal("cluster_silent", seconds=START_SECONDS, log=cluster.log)
        if answer != 1:  # 1: it is there and still recovering
            try:
                _server_program(
                    cluster,
                    *["pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-s", "-D", str(cluster.data)],
                    *["-l", str(cluster.log), "-o", options],
                )
            except Refusal:
                if passed > RETRY_SECONDS:
                    raise Refusal("cluster_failed", what=_last_words(cluster)) from None
        time.sleep(0.05)


def _prepare(cluster: Cluster) -> None:
    """Roles, secrets, database and extensions, as far as they are missing."""
    import psycopg2
    from psycopg2 import sql
    from psycopg2.extensions import encrypt_password

    def missing(cursor: Any, catalogue: str, column: str, name: str) -> bool:
        question = sql.SQL("SELECT 1 FROM {} WHERE {} = %s").format(*map(sql.Identifier, (catalogue, column)))
        cursor.execute(question, (name,))
        return cursor.fetchone() is None

    server = connect(cluster, SUPERUSER, "postgres")
    try:
        with server.cursor() as cursor:
            for role in (OWNER, APP, PUBLIC):
                name = sql.Identifier(role)
                if missing(cursor, "pg_roles", "rolname", role):
                    cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
                if role != OWNER and not cluster.throwaway:
                    # The server is told the SCRAM verifier, never the secret.
                    verifier = encrypt_password(_new_secret(cluster, role), role, server, "scram-sha-256")
                    cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD %s").format(name), (verifier,))
            if missing(cursor, "pg_database", "datname", DATABASE):
                words = "CREATE DATABASE {} OWNER {} TEMPLATE template0"
                cursor.execute(sql.SQL(words).format(*map(sql.Identifier, (DATABASE, OWNER))))
            words = "REVOKE ALL ON DATABASE {} FROM PUBLIC"
            cursor.execute(sql.SQL(words).format(sql.Identifier(DATABASE)))
            words = "GRANT CONNECT ON DATABASE {} TO {}, {}"
            cursor.execute(sql.SQL(words).format(*map(sql.Identifier, (DATABASE, APP, PUBLIC))))
    finally:
        server.close()
    database = connect(cluster, SUPERUSER)
    try:
        with database.cursor() as cursor:
            for extension in EXTENSIONS:
                cursor.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
    except psycopg2.errors.FeatureNotSupported:
        raise Refusal("extension_missing", extensions=", ".join(EXTENSIONS)) from None
    finally:
        database.close()


def _new_secret(cluster: Cluster, role: str) -> str:
    """A fresh secret in a file that only we can read."""
    path = cluster.secret_file(role)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.unlink(missing_ok=True)
    secret = secrets.token_urlsafe(32)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secret)
    return secret


def _prepared(cluster: Cluster) -> Path:
    """Stands when roles and database are there."""
    return cluster.folder / "prepared"


# --- PostgreSQL's own programs ---------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _binaries() -> Path:
    """The folder of initdb, pg_ctl and psql: where Debian's package put them, or GRIDKEEPER_PG_BIN."""
    if given := os.environ.get("GRIDKEEPER_PG_BIN"):
        found = [Path(given) / "initdb"]
    else:
        try:
            listed = subprocess.run(  # noqa: S603
                ["dpkg", "-L", f"postgresql-{MAJOR}"],  # noqa: S607 (Debian's own, on PATH)
                capture_output=True,
                text=True,
                check=False,
            ).stdout
        except FileNotFoundError:
            listed = ""
        found = [Path(line) for line in listed.splitlines() if line.endswith("/bin/initdb")]
    if not found or not found[0].exists():
        raise Refusal("postgres_missing", wanted=MAJOR)
    return found[0].parent


def _server_account() -> pwd.struct_passwd | None:
    """The account that runs the server: postgres where we are root, ourselves (None) otherwise."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        raise Refusal("postgres_missing", wanted=MAJOR) from None


def _server_program(cluster: Cluster, name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs as the server's account; what it complains of becomes the refusal."""
    as_server: Sequence[str] = ()
    if (account := _server_account()) is not None:
        as_server = ("setpriv", f"--reuid={account.pw_name}", f"--regid={account.pw_gid}", "--init-groups")
    # A file, not a pipe: the server inherits it and would keep a pipe open for ever.
    with (cluster.folder / "messages").open("w+b") as messages:
        done = subprocess.run(  # noqa: S603
            [*as_server, str(program(name)), *arguments],
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=messages,
            stderr=messages,
            start_new_session=True,  # ^C at the terminal stops the command, not the server
            check=False,
        )
        messages.seek(0)
        said = messages.read().decode("utf-8", "replace").strip().splitlines()
    if done.returncode != 0:
        raise Refusal("cluster_failed", what=_complaint(said) or f"{name} ended with {done.returncode}")


def _complaint(said: Sequence[str]) -> str:
    """The line that tells most: the first error, else the last line."""
    errors = [line for line in said if "error: " in line or "FATAL: " in line]
    return (errors or list(said[-1:]) or [""])[0].rstrip(".")


def _last_words(cluster: Cluster) -> str:
    """Why the server would not start, from the end of its log."""
    try:
        lines = cluster.log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:]
    except OSError:
        return f"it writes no log at {cluster.log}"
    return _complaint([line.split("] ", 1)[-1] for line in lines][::-1])


def _answer(cluster: Cluster) -> int:
    """pg_isready's answer: 0 yes, 1 not yet, 2 nobody there."""
    command = [str(program("pg_isready")), "-q", "-h", str(cluster.sockets), "-p", str(PORT)]
    someone = ["-U", SUPERUSER, "-d", "postgres"]  # who may enter, or the server logs each question
    return subprocess.run([*command, *someone], check=False).returncode  # noqa: S603


def main(arguments: Sequence[str]) -> int:
    """`python -m app.cluster check|ensure|start|stop|where`, for scripts; a refusal is one sentence.

    `check` needs no third-party package: script/setup asks it before it fetches any.
    """
    acts: dict[str, Callable[[Cluster], object]] = {
        "check": _check_socket_path,
        "ensure": ensure,
        "start": start,
        "stop": stop,
        "where": lambda cluster: print(cluster.folder),  # noqa: T201 - what it is for
    }
    if len(arguments) != 1 or arguments[0] not in acts:
        sys.stderr.write(f"usage: python -m app.cluster {'|'.join(acts)}\n")
        return 2
    if os.environ.get("DATABASE_URL"):
        return 0  # someone else's server: nothing of it is ours to make, start or stop
    try:
        acts[arguments[0]](own_cluster())
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
