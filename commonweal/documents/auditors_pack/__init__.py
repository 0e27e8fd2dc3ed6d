"""The auditor's pack: one ZIP from which somebody outside can add up the books of a period without asking anybody."""

from commonweal.documents.auditors_pack.about import PackAbout
from commonweal.documents.auditors_pack.issuing import issue_pack
from commonweal.documents.auditors_pack.making import STEPS, write_pack

__all__ = ["STEPS", "PackAbout", "issue_pack", "write_pack"]
