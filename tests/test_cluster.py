"""The private cluster: made, started, stopped, mended after a crash, and its refusals."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg2
import pytest

from app import cluster as clusters
from app.cluster import APP, DATABASE, OWNER, PUBLIC, Cluster, connect, ensure, own_cluster, stop
from app.config import cluster_logins, logins
from app.db import open_engine
from app.errors import Refusal

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def short_folder():
    """pytest's own temporary folders are closed to the postgres account and deep."""
    with tempfile.TemporaryDirectory(prefix="gk", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="module")
def cluster(short_folder):
    """A private cluster as script/setup makes it."""
    made = Cluster(short_folder / "own")
    ensure(made)
    yield made
    stop(made)


def question(cluster, role, words, database=DATABASE):
    connection = connect(cluster, role, database)
    try:
        with connection.cursor() as cursor:
            cursor.execute(words)
            return cursor.fetchone()[0]
    finally:
        connection.close()


@pytest.mark.parametrize("role", [OWNER, APP, PUBLIC])
def test_each_role_comes_in_as_itself(cluster, role):
    assert question(cluster, role, "SELECT current_user") == role


def test_nothing_listens_on_the_network_and_nothing_acknowledged_is_lost(cluster):
    settings = (
        "listen_addresses",
        "jit",
        "fsync",
        "full_page_writes",
        "synchronous_commit",
        "data_checksums",
    )

    said = [question(cluster, APP, f"SHOW {setting}") for setting in settings]

    assert said == ["", "off", "on", "on", "on", "on"]


def test_secrets_are_for_the_owner_of_the_checkout_alone(cluster):
    files = [cluster.secret_file(role) for role in (APP, PUBLIC)]

    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600, 0o600]
    assert stat.S_IMODE(files[0].parent.stat().st_mode) == 0o700
    assert files[0].read_text() != files[1].read_text()
    assert all(len(file.read_text()) >= 40 for file in files)


@pytest.mark.parametrize("password", [None, "guessed"])
def test_without_the_secret_nobody_comes_in_as_the_app(cluster, password):
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(host=str(cluster.sockets), user=APP, dbname=DATABASE, password=password)


def test_the_app_sees_no_other_database(cluster):
    with pytest.raises(psycopg2.OperationalError, match="reject"):
        connect(cluster, APP, "postgres")


def test_secrets_are_not_told_to_the_server(cluster):
    log = cluster.log.read_text(encoding="utf-8")

    assert cluster.secret(APP) not in log
    assert repr(cluster_logins(cluster)).count(cluster.secret(APP)) == 0


def test_a_second_time_changes_nothing(cluster):
    before, secret = question(cluster, OWNER, "SELECT pg_postmaster_start_time()"), cluster.secret(APP)

    ensure(cluster)

    assert question(cluster, OWNER, "SELECT pg_postmaster_start_time()") == before
    assert cluster.secret(APP) == secret


def test_a_killed_server_is_started_again_with_all_that_was_committed(cluster):
    connection = connect(cluster, OWNER)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 42 AS answer")
    connection.close()
    os.kill(int((cluster.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    ensure(cluster)

    assert question(cluster, OWNER, "SELECT answer FROM kept") == 42


def test_stop_stops_and_start_starts(cluster):
    assert stop(cluster)
    assert not clusters.is_ready(cluster)
    assert not stop(cluster)

    clusters.start(cluster)

    assert clusters.is_ready(cluster)


@pytest.mark.parametrize("number", ["killed", "of another program"])
def test_what_a_killed_server_left_behind_is_removed(short_folder, number):
    made = Cluster(short_folder / "left", throwaway=True)
    ensure(made)
    left = made.data / "postmaster.pid"
    words = left.read_text()
    server = int(words.split()[0])
    os.kill(server, signal.SIGKILL)
    while clusters._runs(made):
        time.sleep(0.01)
    if number != "killed":
        left.write_text(words.replace(str(server), str(os.getpid()), 1))

    assert not stop(made)
    clusters.remove(made)

    assert not made.folder.exists()


def test_a_half_made_cluster_is_made_anew(short_folder):
    made = Cluster(short_folder / "half", throwaway=True)
    (made.folder / "data.new" / "base").mkdir(parents=True)
    made.folder.chmod(0o700)

    ensure(made)

    assert question(made, APP, "SELECT current_user") == APP
    assert stat.S_IMODE(made.sockets.stat().st_mode) == 0o700
    assert stat.S_IMODE(made.folder.stat().st_mode) == 0o700
    clusters.remove(made)
    assert not made.folder.exists()


def test_only_a_throw_away_cluster_is_removed(cluster):
    with pytest.raises(ValueError, match="throw-away"):
        clusters.remove(cluster)

    assert cluster.data.exists()


def test_a_socket_path_that_is_too_long_is_refused_before_anything_is_made(tmp_path):
    deep = tmp_path / ("d" * 120)

    with pytest.raises(
        Refusal, match=r"has \d+ bytes, more than the 107 possible. Move the checkout"
    ) as refusal:
        ensure(Cluster(deep))

    assert refusal.value.code == "socket_path_too_long"
    assert not deep.exists()


def test_the_command_refuses_with_one_sentence():
    done = subprocess.run(
        [sys.executable, "-m", "app.cluster", "ensure"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "GRIDKEEPER_CLUSTER": "/tmp/" + "d" * 120},  # noqa: S108
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "GRIDKEEPER_CLUSTER to a folder with a short one." in done.stderr


def test_a_missing_postgresql_is_refused_with_the_remedy(monkeypatch, short_folder):
    monkeypatch.setenv("GRIDKEEPER_PG_BIN", "/nowhere")
    clusters._binaries.cache_clear()

    with pytest.raises(Refusal, match="Run script/setup, or set DATABASE_URL"):
        ensure(Cluster(short_folder / "none"))

    clusters._binaries.cache_clear()


def test_a_cluster_of_another_major_version_is_left_alone(short_folder):
    old = Cluster(short_folder / "old")
    old.data.mkdir(parents=True)
    (old.data / "PG_VERSION").write_text("13\n")

    with pytest.raises(Refusal, match="made by PostgreSQL 13, but 15 is used"):
        ensure(old)


def test_a_server_that_will_not_start_says_why(short_folder, monkeypatch):
    broken = Cluster(short_folder / "broken", throwaway=True)
    ensure(broken)
    stop(broken)
    settings = broken.data / "gridkeeper.conf"
    settings.write_text(settings.read_text() + "work_memory = much\n")
    monkeypatch.setattr(clusters, "RETRY_SECONDS", 0)

    with pytest.raises(Refusal, match=r"could not be made or started: FATAL: .*configuration file"):
        ensure(broken)

    clusters.remove(broken)


@pytest.mark.parametrize("act", [clusters.start, lambda cluster: cluster.secret(APP)])
def test_a_cluster_that_was_never_made_is_refused(short_folder, act):
    with pytest.raises(Refusal, match="Run script/setup once"):
        act(Cluster(short_folder / "never"))


def test_a_folder_where_nothing_can_be_written_is_refused(short_folder):
    (short_folder / "file").write_text("")

    with pytest.raises(Refusal, match="could not be made or started"):
        ensure(Cluster(short_folder / "file" / "within"))


def test_a_closed_home_folder_sends_root_to_a_system_folder(monkeypatch, tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    monkeypatch.setattr(clusters, "CHECKOUT", home)
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    assert own_cluster({}).folder.parent == clusters.SYSTEM_FOLDER
    assert own_cluster({"GRIDKEEPER_CLUSTER": "/short"}).folder == Path("/short")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert own_cluster({}).folder == home / ".cluster"


# --- another server ---


def test_database_url_is_used_instead(cluster):
    owner = f"postgresql://gridkeeper_owner@/{DATABASE}?host={cluster.sockets}"
    ways = logins({"DATABASE_URL": owner, "DATABASE_APP_URL": "postgres://a:b@db.example/town"})

    assert (ways.owner.url.database, ways.owner.role) == (DATABASE, None)
    assert (ways.app.url.host, ways.app.url.drivername, ways.app.role) == (
        *("db.example", "postgresql+psycopg2", None),
    )
    assert (ways.public.url, ways.public.role) == (ways.owner.url, PUBLIC)


def test_an_owner_steps_down_to_the_role_it_is_given(test_cluster):
    owner = f"postgresql://postgres@/{DATABASE}?host={test_cluster.sockets}"
    engine = open_engine(logins({"DATABASE_URL": owner}).app)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT current_user").scalar() == APP
    engine.dispose()


@pytest.mark.parametrize(
    "url", ["town", "mysql://a:hidden@b/c", "postgresql://a:hidden@b", "postgresql://a:b:c:d/e"]
)
def test_a_malformed_database_url_is_refused_without_repeating_it(url):
    with pytest.raises(Refusal, match="Write it as postgresql://") as refusal:
        logins({"DATABASE_URL": url})

    assert "hidden" not in str(refusal.value)
