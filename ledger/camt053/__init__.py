"""What does a bank's CAMT.053 file say? ISO 20022 bank-to-customer statements, versions 2 to 13, read strictly."""

from ledger.camt053.message import parse_camt053, read_camt053

__all__ = ["parse_camt053", "read_camt053"]
