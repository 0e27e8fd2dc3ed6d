"""A change has one effect however often it is asked for: same key, same answer; other content, refused."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.http import QueryDict
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from commonweal.access.models import User
from commonweal.api.errors import IdempotencyKeyMalformed, IdempotencyKeyMissing, IdempotencyKeyReused
from commonweal.api.models import IdempotentAnswer

HEADER = "Idempotency-Key"
REPEATED = "Idempotent-Replayed"
"""The header of an answer that was given before."""

KEY = re.compile(r"[A-Za-z0-9._-]{1,100}")
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 7414))"


def key_of(request: Request, *, is_required: bool) -> str | None:
    """The request's key, or None. Raises IdempotencyKeyMissing and IdempotencyKeyMalformed."""
    key: str | None = request.headers.get(HEADER)
    if key is None and is_required:
        raise IdempotencyKeyMissing
    if key is not None and not KEY.fullmatch(key):
        raise IdempotencyKeyMalformed
    return key


def effect_key(by: User, key: str) -> str:
    """The name under which the services know what the request does: the same for a repeat, nobody else's, and short."""
    return f"api:{hashlib.sha256(f'{by.pk}:{key}'.encode()).hexdigest()[:40]}"


@transaction.atomic
def once(request: Request, *, key: str, by: User, act: Callable[[], Response]) -> Response:
    """Act, unless this person's key has an answer already; a repeat waits for the first, and gets its status and body.

    Effect and answer are kept in one transaction: both stand or neither. A refusal keeps nothing, so a corrected
    request may use its key again. Raises IdempotencyKeyReused.
    """
    content = fingerprint(request)
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, [f"{by.pk}:{key}"])
    kept = IdempotentAnswer.objects.filter(user=by, key=key).first()
    if kept is not None:
        if kept.fingerprint != content:
            raise IdempotencyKeyReused
        return Response(json.loads(kept.body), status=kept.status, headers={REPEATED: "true"})
    response = act()
    body = JSONRenderer().render(response.data).decode()
    IdempotentAnswer.objects.create(user=by, key=key, fingerprint=content, status=response.status_code, body=body)
    return response


def fingerprint(request: Request) -> str:
    """A hash of what is asked: the method, the address, and the content with that of every file."""
    said = json.dumps([request.method, request.get_full_path(), _content(request.data)], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _content(data: Any) -> Any:
    if isinstance(data, QueryDict):
        return {name: [_part(part) for part in data.getlist(name)] for name in data}
    return data


def _part(part: Any) -> Any:
    if not isinstance(part, UploadedFile):
        return part
    digest = hashlib.sha256()
    chunks: Iterable[bytes] = part.chunks()
    for chunk in chunks:
        digest.update(chunk)
    part.seek(0)
    return [part.name, digest.hexdigest()]
