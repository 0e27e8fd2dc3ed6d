"""Many keys in one parameter: a query about ten thousand things is as short as one about two.

Django writes a parameter for each member of a list, which it, the driver and PostgreSQL then each read. One array is
looked up by its hash; as rows to join with, PostgreSQL goes through all of them for each row it expects too few of.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import BooleanField, F, Func, Model, Q, Value


class _IsAmong(Func):
    template = "%(expressions)s::bigint[])"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def among(field: str, things: Iterable[Model] | Iterable[int]) -> Q:
    """That a field is one of many things, or keys of things; of none Django knows the answer without asking."""
    keys = [one.pk if isinstance(one, Model) else one for one in things]
    return Q(_IsAmong(F(field), Value(keys))) if keys else Q(pk__in=())
