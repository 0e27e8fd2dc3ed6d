"""Tables of investors and of the participations in loans."""

from investors.models.investor import Investor

__all__ = ["Investor"]
