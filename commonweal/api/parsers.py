"""Reading request bodies with a limit: nothing larger is held in memory, nothing deeper is followed."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, JSONParser, MultiPartParser

from commonweal.api.errors import RequestTooLarge
from ledger.files import MAX_FILE_BYTES
from ledger.services import MAX_BANK_FILE_BYTES
from loans.calculators.errors import CalculatorError
from loans.calculators.lines import parsed_json

KIND = Mapping[str, Any] | None


class SmallJson(BaseParser):
    """JSON of ordinary requests. Raises RequestTooLarge, and ParseError for what is no JSON or nested too deep.

    It is no JSONParser, because to those the framework gives a body that it has read whole, and no larger than 2.5 MB.
    """

    media_type = "application/json"
    limit = 256 * 1024

    def parse(self, stream: Any, media_type: str | None = None, parser_context: KIND = None) -> Any:
        content = stream.read(self.limit + 1)
        if len(content) > self.limit:
            raise RequestTooLarge("The request", self.limit)
        try:
            return JSONParser().parse(io.BytesIO(content), media_type, parser_context)
        except RecursionError as error:
            raise ParseError("The JSON is nested too deep. Nothing was changed.") from error


class LineJson(SmallJson):
    """A line for a calculator: as the commands read it, no digit is lost and no field given twice is passed over."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: KIND = None) -> Any:
        content = stream.read(self.limit + 1)
        if len(content) > self.limit:
            raise RequestTooLarge("The request", self.limit)
        try:
            return parsed_json(content)
        except CalculatorError as error:
            raise ParseError(str(error)) from error


class JsonWithAttachment(SmallJson):
    """JSON with a file of at most 10 MB in base64."""

    limit = 15 * 1024 * 1024


class JsonWithBooks(SmallJson):
    """JSON with the files of a book of loans in base64."""

    limit = 2 * MAX_FILE_BYTES * 4 // 3 + 256 * 1024


class JsonWithBankFile(SmallJson):
    """JSON with a bank file in base64."""

    limit = MAX_BANK_FILE_BYTES * 4 // 3 + 64 * 1024


class BankFileForm(MultiPartParser):
    """A form with a bank file. Raises RequestTooLarge before anything is read, where the length is told."""

    limit = MAX_BANK_FILE_BYTES + 64 * 1024

    def parse(self, stream: Any, media_type: str | None = None, parser_context: KIND = None) -> Any:
        told = str((parser_context or {})["request"].META.get("CONTENT_LENGTH", ""))
        if told.isdigit() and int(told) > self.limit:
            raise RequestTooLarge("The file", MAX_BANK_FILE_BYTES)
        return super().parse(stream, media_type, parser_context)
