"""Community Investment Tax Relief: what a fund has to keep to, and what its investors may claim.

Sources: Income Tax Act 2007 Part 7 (ITA 2007), the Accreditation Regulations 2003 (SI 2003/96 as amended), SI 2023/518,
and HMRC's manual by page (CITM). Where the reading is ours a result says that it is an estimate. Individuals' tax years
alone are known here: companies claim by accounting period (CTA 2010 Part 7).
"""
