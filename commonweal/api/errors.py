"""What the API itself refuses, before any service is asked."""

from __future__ import annotations

from rest_framework import status
from rest_framework.exceptions import APIException


class IdempotencyKeyMissing(APIException):
    """A request that moves money came without an `Idempotency-Key`. Send one, new for each request."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "idempotency_key_missing"
    default_detail = (
        "This request moves money, so it needs the header Idempotency-Key: 1 to 100 letters, digits, dots, dashes or "
        "underscores, new for each request and the same when you repeat one. Nothing was changed."
    )


class IdempotencyKeyMalformed(APIException):
    """An `Idempotency-Key` is empty, too long, or has other characters than it may. Make another."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "idempotency_key_malformed"
    default_detail = (
        "An Idempotency-Key has 1 to 100 letters, digits, dots, dashes or underscores. Send one such; "
        "nothing was changed."
    )


class IdempotencyKeyReused(APIException):
    """An `Idempotency-Key` came again with another request. Use a new key for a new request."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "idempotency_key_reused"
    default_detail = "This Idempotency-Key was used for another request. Use a new key; nothing was changed."


class RequestTooLarge(APIException):
    """A request body or file is larger than the operation takes, and was not read. Send less."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "request_too_large"

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(f"{what} has more than {limit:,} bytes, which is the most that is taken. Nothing was changed.")


class NothingToSeal(APIException):
    """A book is to be sealed that has no entries whose transaction is over. Post something first."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "nothing_to_seal"
    default_detail = "The book has no entries yet, so there is nothing to seal. Nothing was changed."
