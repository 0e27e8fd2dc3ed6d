"""What does a bank's OFX file say? Bank statements of OFX 1 (SGML) and OFX 2 (XML), read strictly.

Why by a reader of our own: `docs/decisions/0024-a-reader-of-our-own-for-ofx.md`.
"""

from ledger.ofx.header import is_ofx
from ledger.ofx.message import parse_ofx

__all__ = ["is_ofx", "parse_ofx"]
