"""How are the published formats shaped? Our own reading of them, closed: what is not listed is not published.

SEDL (Social Economy Data Lab specification, alpha, 8 October 2018, dormant) and 360Giving 1.4, as JSON Schema 2020-12.
The published schemas are more open than this: they take unknown fields, negative amounts and years written twice. Tests
compare the two on every example. Contacts have no place in here at all.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

Schema = dict[str, Any]

EXTENSION = r"^commonweal[A-Z][A-Za-z]*$"
"""Fields of our own: flat, and text, because a CSV between two programs knows no other type."""


class Standard(StrEnum):
    """What can be published."""

    SEDL = "sedl"
    GIVING = "360giving"

    @property
    def words(self) -> str:
        """The standard as it is named on a page."""
        return {Standard.SEDL: "SEDL (alpha, 2018)", Standard.GIVING: "360Giving 1.4"}[self]

    @property
    def things(self) -> tuple[str, str]:
        """What a data set in it is a list of: one, and many."""
        return {Standard.SEDL: ("deal", "deals"), Standard.GIVING: ("grant", "grants")}[self]


TEXT: Schema = {"type": "string", "minLength": 1}
AMOUNT: Schema = {"type": "number", "minimum": 0}
MONTHS: Schema = {"type": "integer", "minimum": 0}
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
YES_NO: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
ADDRESS: Schema = {"type": "string", "format": "uri"}
DATE: Schema = {"type": "string", "format": "partial-date"}
DAY: Schema = {"type": "string", "format": "date"}
WORDS: Schema = {"type": "array", "minItems": 1, "items": TEXT | {"pattern": "^[^;]*$"}}


def one_of(*words: str) -> Schema:
    """One word of a closed list."""
    return {"enum": list(words)}


def many(items: Schema) -> Schema:
    """One or more."""
    return {"type": "array", "minItems": 1, "items": items}


def thing(required: str, **properties: Schema) -> Schema:
    """An object with these properties, ours beside them, and no others."""
    return {
        "type": "object",
        "required": required.split(),
        "properties": properties,
        "patternProperties": {EXTENSION: TEXT},
        "additionalProperties": False,
    }


STATUSES = one_of("requested", "offered", "expected", "confirmed", "cancelled")
PURPOSES = many(
    one_of(
        *("acquisition", "asset", "bridgingLoan", "capital", "developmentCapital", "growthFinance", "multiple"),
        *("property", "propertyRefurbishment", "other", "restructuringFinance", "startupCosts", "workingCapital"),
    )
)
CURRENCY = one_of("GBP", "EUR", "USD")
FORMS = one_of(
    "CIO - Charitable Incorporated Organisation",
    "CLG - Company Limited by Guarantee",
    "CLS - Company Limited by Shares",
    "IPS - Industrial and Provident Society",
    "LLP - Limited Liability Partnership",
    "LA - Local Authority",
    "CU - Mutual (Credit Union)",
    "FS - Mutual (Friendly Society)",
    "PLC - Public Listed Company",
    "BENCOM - Registered Society (BenCom)",
    "COOP - Registered Society (Cooperative)",
    "UNINC - Unincorporated Organisation",
    "OTH - Other",
)
PLACE = thing(
    "",
    id=TEXT,
    name=TEXT,
    description=TEXT,
    countryCode=TEXT,
    postcode=TEXT,
    geoCode=TEXT,
    geoCodeType=TEXT,
    latitude=TEXT,
    longitude=TEXT,
)
ORGANISATION = thing(
    "id name",
    id=TEXT,
    name=TEXT,
    alternateName=TEXT,
    charityNumber=TEXT,
    companyNumber=TEXT,
    addressLocality=TEXT,
    addressRegion=TEXT,
    addressCountry=TEXT,
    postalCode=TEXT,
    description=TEXT,
    organizationType=FORMS,
    industryClassifications=WORDS,
    startDate=MOMENT,
    endDate=MOMENT,
    url=ADDRESS,
    location=many(PLACE),
    dateModified=MOMENT,
)
INTEREST_RATE = thing(
    "",
    base=one_of("BofE", "LIBOR"),
    margin=SHARE,
    effectiveRate=SHARE,
    hasAddedConditions=YES_NO,
    isVariable=YES_NO,
    details=TEXT,
)
CREDIT = thing(
    "id",
    id=TEXT,
    status=STATUSES,
    purpose=PURPOSES,
    description=TEXT,
    currency=CURRENCY,
    estimatedValue=AMOUNT,
    dateOffered=MOMENT,
    dateAgreed=MOMENT,
    value=AMOUNT,
    durationInMonths=MONTHS,
    initialRepaymentHoliday=MONTHS,
    interestRate=INTEREST_RATE,
    interestPayable=AMOUNT,
    fundingOrganization=ORGANISATION,
    notes=TEXT,
)
GRANT_PART = thing(
    "id",
    id=TEXT,
    status=STATUSES,
    purpose=PURPOSES,
    description=TEXT,
    currency=CURRENCY,
    amountRequested=AMOUNT,
    amountCommitted=AMOUNT,
    amountDisbursed=AMOUNT,
    dateOffered=MOMENT,
    dateAgreed=MOMENT,
    fundingOrganization=ORGANISATION,
    isMatchFunding=YES_NO,
    notes=TEXT,
)
PROJECT = thing(
    "id",
    id=TEXT,
    title=TEXT,
    description=TEXT,
    status=one_of("planned", "ongoing", "completed", "didNotProceed"),
    startDate=MOMENT,
    endDate=MOMENT,
    editionDate=MOMENT,
    estimatedValue=AMOUNT,
    raisedValue=AMOUNT,
    achieved=YES_NO,
    classification=many(
        thing(
            "scheme code", scheme=one_of("ptcCommunityBusiness", "bscOutcome", "bscBeneficiary"), code=TEXT, title=TEXT
        )
    ),
    purposeOfFinance=PURPOSES,
    locations=many(PLACE),
    notes=TEXT,
)
DEAL = thing(
    "id title dealDate",
    id=TEXT,
    title=TEXT,
    status=one_of("pipeline", "live", "didNotProceed", "closed"),
    dealDate=DATE,
    currency=CURRENCY,
    estimatedValue=AMOUNT,
    value=AMOUNT,
    recipientOrganization=ORGANISATION,
    arrangingOrganization=ORGANISATION,
    projects=many(PROJECT),
    investments=thing("", summary=TEXT, credit=many(CREDIT), grants=many(GRANT_PART)),
    dateModified=MOMENT,
    dataSource=ADDRESS,
)
SEDL: Schema = {
    "type": "object",
    "required": ["deals"],
    "properties": {"deals": many(DEAL)},
    "additionalProperties": False,
}

GIVING_PLACE = PLACE | {
    "properties": PLACE["properties"] | {"latitude": {"type": "number"}, "longitude": {"type": "number"}}
}
GIVING_ORGANISATION = thing(
    "id name",
    id=TEXT,
    name=TEXT,
    charityNumber=TEXT,
    companyNumber=TEXT,
    addressLocality=TEXT,
    addressRegion=TEXT,
    addressCountry=TEXT,
    postalCode=TEXT,
    description=TEXT,
    url=ADDRESS,
    dateModified=MOMENT,
)
TRANSACTION = thing(
    "id transactionDate currency value",
    id=TEXT,
    transactionDate=DAY,
    currency=CURRENCY,
    value={"type": "number", "exclusiveMinimum": 0},
    description=TEXT,
    provider=TEXT,
    recipient=TEXT,
)
GIVING_GRANT = thing(
    "id title description currency amountAwarded awardDate recipientOrganization fundingOrganization dateModified",
    id={"type": "string", "pattern": r"^360G-[A-Za-z0-9]+-[A-Za-z0-9._-]+$"},
    title={"type": "string", "minLength": 1, "maxLength": 140},
    description=TEXT,
    currency=CURRENCY,
    amountAwarded={"type": "number", "exclusiveMinimum": 0},
    amountDisbursed=AMOUNT,
    awardDate=DAY,
    recipientOrganization=many(GIVING_ORGANISATION) | {"maxItems": 1},
    fundingOrganization=many(GIVING_ORGANISATION) | {"maxItems": 1},
    beneficiaryLocation=many(GIVING_PLACE),
    disbursementTransaction=many(TRANSACTION),
    dataSource=ADDRESS,
    dateModified=MOMENT,
)
GIVING: Schema = {
    "type": "object",
    "required": ["version", "grants"],
    "properties": {"version": one_of("1.4"), "grants": many(GIVING_GRANT)},
    "additionalProperties": False,
}

SCHEMAS: dict[Standard, Schema] = {Standard.SEDL: SEDL, Standard.GIVING: GIVING}
