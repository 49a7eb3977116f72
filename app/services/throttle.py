"""Wrong passwords slow down whoever tries them; nobody is ever locked out for good.

Attempts are counted by account and by address, in the database, so that every process sees them. Each is
written before its password is looked at: a hundred at once are counted too. An address from which the account
was used lately is judged by its own attempts alone: somebody elsewhere cannot keep people out.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Person, SignIn, SignInAttempt

WINDOW = timedelta(minutes=15)
FREE_BY_ACCOUNT, FREE_BY_CLIENT = 5, 30  # wrong ones before waiting begins
LONGEST_WAIT_S = 60
KEPT = timedelta(days=1)
KNOWN_CLIENT = timedelta(days=30)


def keyed(key: bytes, said: str) -> str:
    """What stands for an account or an address in the tables: the same each time, and not to be read back."""
    return hmac.new(key, said.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]


def client_of(key: bytes, address: str | None) -> str:
    """Who asks, as far as an address tells: of IPv6 the network of one household (/64)."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return keyed(key, "unknown")
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False).network_address
    return keyed(key, str(ip))


def attempt(session: Session, key: bytes, account: str, client: str, now: datetime) -> int:
    """Write down that a password is about to be tried; refused while it is too early.

    Returns the attempt's id, for `succeeded`.
    """
    about = keyed(key, account)
    for lock in sorted((about, client)):  # one at a time, always in the same order
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(lock, 0))))
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - KEPT))
    seconds = max(
        _wait_s(session, now, FREE_BY_ACCOUNT, account=about, client=client)
        if _known(session, account, client, now)
        else _wait_s(session, now, FREE_BY_ACCOUNT, account=about),
        _wait_s(session, now, FREE_BY_CLIENT, client=client),
    )
    if seconds > 0:
        raise Refusal("sign_in_too_often", seconds=seconds)
    row = SignInAttempt(account=about, client=client, at=now)
    session.add(row)
    session.flush()
    return row.id


def succeeded(session: Session, attempt_id: int) -> None:
    """The password was right: the attempt, and the account's others from there, count no more."""
    row = session.get_one(SignInAttempt, attempt_id)
    session.execute(
        delete(SignInAttempt).where(SignInAttempt.account == row.account, SignInAttempt.client == row.client)
    )


def _wait_s(session: Session, now: datetime, free: int, **of: str) -> int:
    """Seconds until the next attempt may be made: doubled with each beyond the free ones."""
    chosen = [getattr(SignInAttempt, name) == value for name, value in of.items()]
    count, last = session.execute(
        select(func.count(), func.max(SignInAttempt.at)).where(*chosen, SignInAttempt.at > now - WINDOW)
    ).one()
    if count < free:
        return 0
    wait = timedelta(seconds=min(2 ** min(count - free, 10), LONGEST_WAIT_S))
    return max(0, -int((now - last - wait) // timedelta(seconds=1)))


def _known(session: Session, account: str, client: str, now: datetime) -> bool:
    """Whether the account was used from there lately."""
    used = (
        select(SignIn.id)
        .join(Person, Person.id == SignIn.person_id)
        .where(Person.account == account, SignIn.client == client, SignIn.begun_at > now - KNOWN_CLIENT)
    )
    return session.scalar(select(used.exists())) or False
