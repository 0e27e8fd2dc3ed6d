"""Many keys in one parameter: a query about ten thousand things is as short as one about two.

Django writes a parameter for each member of a list, which it, the driver and PostgreSQL then each read.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import BigIntegerField, Model
from django.db.models.expressions import RawSQL


def keys_of(things: Iterable[Model]) -> RawSQL | tuple[()]:
    """What `…__in=` asks about things, as one array of their keys."""
    return among(one.pk for one in things)


def among(keys: Iterable[int]) -> RawSQL | tuple[()]:
    """What `…__in=` asks about keys, as one array; of no keys Django knows the answer without asking."""
    known = list(keys)
    return RawSQL("SELECT unnest(%s::bigint[])", [known], output_field=BigIntegerField()) if known else ()
