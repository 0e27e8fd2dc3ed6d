"""Payment files for the bank: the customer credit transfer initiation of ISO 20022."""

from ledger.pain001.message import write_pain001

__all__ = ["write_pain001"]
