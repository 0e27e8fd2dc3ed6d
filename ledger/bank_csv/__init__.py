"""What does a bank's CSV say? Read by the mapping that a person confirmed, with a proposal to begin with."""

from ledger.bank_csv.proposal import propose_mapping
from ledger.bank_csv.reading import MappedAccount, PreviewLine, parse_csv, preview_csv
from ledger.bank_csv.table import is_csv, read_table

__all__ = ["MappedAccount", "PreviewLine", "is_csv", "parse_csv", "preview_csv", "propose_mapping", "read_table"]
