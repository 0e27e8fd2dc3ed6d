"""How fast do the peers post, on the same server? Run by the peers' own Python; prints one line of JSON a part."""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import UTC, date, datetime

import django
from django.conf import settings

SINGLES = 400
BULK = 5_000
FEW = 60


def configure(peer: str) -> None:
    """Django with nothing but what the peer needs."""
    apps = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"]
    apps += {"hordak": ["mptt", "hordak"], "django_ledger": ["django_ledger"]}[peer]
    settings.configure(
        SECRET_KEY="bench",
        INSTALLED_APPS=apps,
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": os.environ["PEER_DATABASE"],
                "USER": os.environ["PEER_USER"],
                "HOST": os.environ["PEER_HOST"],
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        DEFAULT_CURRENCY="GBP",
        CURRENCIES=["GBP"],
    )
    django.setup()


def hordak() -> dict[str, object]:
    """django-hordak: `transfer_to` one at a time, and its rows made by bulk_create, 5,000 transactions in one block."""
    from django.db import transaction
    from hordak.models import Account, Leg, Transaction
    from moneyed import Money

    one = Account.objects.create(name="Bank", code="1", type="AS", currencies=["GBP"])
    other = Account.objects.create(name="Suspense", code="2", type="LI", currencies=["GBP"])
    amount = Money("12.50", "GBP")
    one.transfer_to(other, amount)
    start = time.perf_counter()
    for _ in range(SINGLES):
        one.transfer_to(other, amount)
    transfer = SINGLES / (time.perf_counter() - start)
    start = time.perf_counter()
    with transaction.atomic():
        made = Transaction.objects.bulk_create([Transaction(date=date(2021, 1, 1)) for _ in range(BULK)])
        legs = [Leg(transaction=t, account=one, credit=amount) for t in made]
        Leg.objects.bulk_create(legs + [Leg(transaction=t, account=other, debit=amount) for t in made])
    return {"transfer_to": transfer, "bulk_create": BULK / (time.perf_counter() - start)}


def django_ledger() -> dict[str, object]:
    """django-ledger: `commit_txs`, one journal entry a call."""
    from django.contrib.auth import get_user_model
    from django_ledger.models import EntityModel

    user = get_user_model().objects.create_user("bench")
    entity = EntityModel.create_entity(name="Bench", use_accrual_method=True, admin=user, fy_start_month=1)
    coa = entity.create_chart_of_accounts(assign_as_default=True, commit=True, coa_name="Bench")
    accounts = [
        entity.create_account(coa_model=coa, code=code, name=name, role=role, balance_type=side, active=True)
        for code, name, role, side in (
            ("1010", "Bank", "asset_ca_cash", "debit"),
            ("4010", "Income", "in_operational", "credit"),
        )
    ]
    ledger = entity.create_ledger(name="Bench", posted=True)
    lines = [
        {"account": accounts[0], "tx_type": "debit", "amount": 12.5, "description": ""},
        {"account": accounts[1], "tx_type": "credit", "amount": 12.5, "description": ""},
    ]
    when = datetime(2021, 1, 1, tzinfo=UTC)
    ledger.commit_txs(je_timestamp=when, je_txs=lines, je_posted=True, je_desc="warm")
    start = time.perf_counter()
    for number in range(FEW):
        ledger.commit_txs(je_timestamp=when, je_txs=lines, je_posted=True, je_desc=str(number))
    return {"commit_txs": FEW / (time.perf_counter() - start)}


if __name__ == "__main__":
    peer = sys.argv[1]
    configure(peer)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(json.dumps({"part": peer, **{"hordak": hordak, "django_ledger": django_ledger}[peer]()}), flush=True)
