"""What is done for and with investors, by the verbs that its users use."""

from investors.services.investors import register_investor

__all__ = ["register_investor"]
