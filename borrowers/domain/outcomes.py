"""For whom does something change, in which area of life, and how are figures of many businesses put together?

The nine areas are those of the Outcomes Matrix (Good Finance); the groups are ours.
"""

from __future__ import annotations

from enum import StrEnum


class OutcomeArea(StrEnum):
    """Where a change is felt."""

    ARTS = "arts"
    CITIZENSHIP = "citizenship"
    NATURE = "nature"
    WORK = "work"
    FAMILY = "family"
    HOUSING = "housing"
    INCOME = "income"
    MIND = "mind"
    BODY = "body"

    @property
    def words(self) -> str:
        """The area's name."""
        return _AREAS[self]


_AREAS = {
    OutcomeArea.ARTS: "Arts, heritage, sports and faith",
    OutcomeArea.CITIZENSHIP: "Citizenship and community",
    OutcomeArea.NATURE: "Conservation of the natural environment",
    OutcomeArea.WORK: "Employment, education and training",
    OutcomeArea.FAMILY: "Family, friends and relationships",
    OutcomeArea.HOUSING: "Housing and local facilities",
    OutcomeArea.INCOME: "Income and financial inclusion",
    OutcomeArea.MIND: "Mental health and wellbeing",
    OutcomeArea.BODY: "Physical health",
}


class Group(StrEnum):
    """Who benefits. Groups overlap: one person may be counted in several."""

    EVERYBODY = "everybody"
    WOMEN = "women"
    YOUNG = "young"
    OLDER = "older"
    DISABLED = "disabled"
    LOW_INCOME = "low-income"
    OUT_OF_WORK = "out-of-work"
    MINORITY_ETHNIC = "minority-ethnic"
    CARERS = "carers"
    PARENTS = "parents"
    HEALTH = "health"
    MENTAL_HEALTH = "mental-health"
    HOMELESS = "homeless"
    ADDICTION = "addiction"
    EX_OFFENDERS = "ex-offenders"
    HARMED = "harmed"
    MIGRANTS = "migrants"

    @property
    def words(self) -> str:
        """How the group is called in a sentence."""
        return _GROUPS[self]


_GROUPS = {
    Group.EVERYBODY: "everybody who lives here",
    Group.WOMEN: "women",
    Group.YOUNG: "young people under 25",
    Group.OLDER: "people over 65",
    Group.DISABLED: "disabled people",
    Group.LOW_INCOME: "people on low incomes",
    Group.OUT_OF_WORK: "people out of work for long",
    Group.MINORITY_ETHNIC: "people of minority ethnic groups",
    Group.CARERS: "unpaid carers",
    Group.PARENTS: "parents who need support",
    Group.HEALTH: "people with long-term illness",
    Group.MENTAL_HEALTH: "people with poor mental health",
    Group.HOMELESS: "people without a home of their own",
    Group.ADDICTION: "people who live with addiction",
    Group.EX_OFFENDERS: "people who were in prison",
    Group.HARMED: "people who lived through crime or abuse",
    Group.MIGRANTS: "refugees and people who came from abroad",
}


class Measure(StrEnum):
    """Whether a figure stands at the end of a period, or adds up over its days. The two never meet in one total."""

    STOCK = "stock"
    FLOW = "flow"

    @property
    def words(self) -> str:
        """When it is counted."""
        return "as it stands on the last day" if self is Measure.STOCK else "over the whole period"


class AddUp(StrEnum):
    """How the figures of several businesses may be put together, or a business's own over time."""

    SUM = "sum"
    LATEST = "latest"
    UNIQUE_PEOPLE = "unique-people"
    AVERAGE = "average"
    NEVER = "never"

    @property
    def words(self) -> str:
        """The rule in a sentence."""
        return _RULES[self]

    @property
    def across_businesses(self) -> bool:
        """Whether the figures of several businesses may be summed as they are."""
        return self in (AddUp.SUM, AddUp.LATEST)


_RULES = {
    AddUp.SUM: "adds up over businesses and periods",
    AddUp.LATEST: "the latest of each business adds up; never over periods",
    AddUp.UNIQUE_PEOPLE: "counts people once, so it is never added up over businesses",
    AddUp.AVERAGE: "an average, weighted by another figure",
    AddUp.NEVER: "is never added up",
}


class Risk(StrEnum):
    """What may keep a change from coming about, or make it less than it seems."""

    EVIDENCE = "evidence"
    EXTERNAL = "external"
    PARTICIPATION = "participation"
    DROP_OFF = "drop-off"
    EFFICIENCY = "efficiency"
    EXECUTION = "execution"
    ALIGNMENT = "alignment"
    ENDURANCE = "endurance"
    UNEXPECTED = "unexpected"

    @property
    def words(self) -> str:
        """What is at risk."""
        return _RISKS[self]


_RISKS = {
    Risk.EVIDENCE: "we may not be able to show it well",
    Risk.EXTERNAL: "something outside our reach may undo it",
    Risk.PARTICIPATION: "the people it is for may not be part of it",
    Risk.DROP_OFF: "it may not last",
    Risk.EFFICIENCY: "it could be had for less",
    Risk.EXECUTION: "we may not do what we plan",
    Risk.ALIGNMENT: "our trade may pull the other way",
    Risk.ENDURANCE: "we may stop before it is reached",
    Risk.UNEXPECTED: "it may do harm that nobody expects",
}


class Use(StrEnum):
    """For what a business lets the fund use its name, its words or its pictures; each is asked for by itself."""

    NAMED = "named"
    STORY = "story"
    PHOTO = "photo"
    OPEN_DATA = "open-data"

    @property
    def words(self) -> str:
        """What is allowed."""
        return _USES[self]

    @property
    def explained(self) -> str:
        """What it means for the business."""
        return _EXPLAINED[self]


_USES = {
    Use.NAMED: "Name us in statements to investors",
    Use.STORY: "Tell our story",
    Use.PHOTO: "Show our photographs",
    Use.OPEN_DATA: "Publish our loan as open data",
}
_EXPLAINED = {
    Use.NAMED: "Without it we say “a village shop in the North West”, never who you are.",
    Use.STORY: "Your own words, as you wrote them here, in statements and on our pages.",
    Use.PHOTO: "Pictures that you sent us. Ask the people in them first.",
    Use.OPEN_DATA: "Amount, dates, place and what it was for, for anybody to use. Never names of people or contacts.",
}
