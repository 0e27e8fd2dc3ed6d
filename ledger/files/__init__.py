"""Files from outside: what are they, may they be kept, and what stands in them?"""

from ledger.files.judging import MAX_FILE_BYTES, judge_file
from ledger.files.parts import IMPORTED
from ledger.files.rows import BadCell, Row, Value, address
from ledger.files.sheets import read_spreadsheet, sheet_names
from ledger.files.values import read_date, read_number, read_text

__all__ = [
    "IMPORTED",
    "MAX_FILE_BYTES",
    "BadCell",
    "Row",
    "Value",
    "address",
    "judge_file",
    "read_date",
    "read_number",
    "read_spreadsheet",
    "read_text",
    "sheet_names",
]
