"""Which indicators does Commonweal bring along? Names and wording are ours; the ids are those of IRIS+ release 5.3.

Source of the ids: the IRIS+ catalogue of the Global Impact Investing Network, whose definitions are not repeated here.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from borrowers.domain.indicators import IRIS_VERSION, Definition, Range
from borrowers.domain.outcomes import AddUp, Group, Measure, OutcomeArea
from borrowers.domain.readings import Direction

MONEY = Range(Decimal(0), None, 2)
HALVES = Range(Decimal(0), None, 1)
PEOPLE = (Group.WOMEN, Group.YOUNG, Group.OLDER, Group.DISABLED, Group.LOW_INCOME)
STAFF = (Group.WOMEN, Group.YOUNG, Group.DISABLED, Group.OUT_OF_WORK)

COUNT = Definition(
    code="-",
    name="-",
    unit="-",
    direction=Direction.INCREASE,
    range=Range(Decimal(0), None, 0),
    iris_version=IRIS_VERSION,
)
AT_WORK = replace(COUNT, unit="people", area=OutcomeArea.WORK, adds_up=AddUp.LATEST, sdg_targets=("8.5",))
JOBS = replace(COUNT, unit="jobs", area=OutcomeArea.WORK, measure=Measure.FLOW, range=HALVES, sdg_targets=("8.5",))
REACHED = replace(
    COUNT, unit="people", area=OutcomeArea.CITIZENSHIP, measure=Measure.FLOW, adds_up=AddUp.UNIQUE_PEOPLE, groups=PEOPLE
)
FACILITY = replace(COUNT, area=OutcomeArea.HOUSING, measure=Measure.FLOW, sdg_targets=("11.7",), needs_baseline=False)
POUNDS = replace(COUNT, unit="pounds", range=MONEY, area=OutcomeArea.INCOME, measure=Measure.FLOW)
OWN = replace(POUNDS, area=None, from_ledger=True, needs_baseline=False)

TYPED = (
    replace(
        REACHED,
        code="people-reached",
        iris_id="PI4060",
        name="People reached",
        question="How many different people used what you offer?",
        hint="Count each person once, however often they came.",
        sdg_targets=("11.7",),
    ),
    replace(
        REACHED,
        code="low-income-people-reached",
        iris_id="PI7098",
        name="People on low incomes reached",
        question="How many of the people who used what you offer live on a low income?",
        hint="By what you know of them, such as help with fares or free meals.",
        area=OutcomeArea.INCOME,
        groups=(Group.WOMEN, Group.YOUNG, Group.OLDER, Group.DISABLED),
        sdg_targets=("1.4", "10.2"),
    ),
    replace(
        COUNT,
        code="organisations-reached",
        iris_id="PI9652",
        name="Organisations reached",
        unit="organisations",
        question="How many other organisations used what you offer?",
        hint="Clubs, charities and businesses; each once.",
        area=OutcomeArea.CITIZENSHIP,
        measure=Measure.FLOW,
        adds_up=AddUp.NEVER,
        sdg_targets=("17.17",),
    ),
    replace(
        COUNT,
        code="communities-served",
        iris_id="PI2476",
        name="Communities served",
        unit="communities",
        question="How many villages or neighbourhoods do you serve?",
        hint="Count a place where people come from regularly.",
        area=OutcomeArea.CITIZENSHIP,
        adds_up=AddUp.NEVER,
        sdg_targets=("11.a",),
    ),
    replace(
        AT_WORK,
        code="people-in-work",
        iris_id="PI4874",
        name="People in work",
        question="How many people worked for you?",
        hint="Everyone on the payroll on the last day, full time or part time. Volunteers are not counted here.",
        groups=STAFF,
    ),
    replace(
        AT_WORK,
        code="permanent-staff",
        iris_id="OI8869",
        name="Permanent staff",
        question="How many people had a permanent contract with you?",
        hint="Full time or part time, on the last day.",
        groups=STAFF,
    ),
    replace(
        AT_WORK,
        code="permanent-staff-women",
        iris_id="OI2444",
        name="Women in permanent work",
        question="How many of your permanent staff were women?",
        hint="On the last day.",
        sdg_targets=("5.5", "8.5"),
    ),
    replace(
        AT_WORK,
        code="permanent-staff-disabled",
        iris_id="OI4038",
        name="Disabled people in permanent work",
        question="How many of your permanent staff are disabled people?",
        hint="By what they told you, on the last day.",
    ),
    replace(
        AT_WORK,
        code="living-wage",
        iris_id="OI4724",
        name="Staff on at least the living wage",
        question="How many of your staff earned at least the real living wage?",
        hint="The rate that was in force on the last day.",
        area=OutcomeArea.INCOME,
    ),
    replace(
        COUNT,
        code="volunteer-hours",
        iris_id="OI1166",
        name="Hours given by volunteers",
        unit="hours",
        question="How many hours did volunteers give?",
        hint="Add up the rota, or guess a usual week and multiply.",
        area=OutcomeArea.CITIZENSHIP,
        measure=Measure.FLOW,
        range=HALVES,
        sdg_targets=("17.17",),
    ),
    replace(
        JOBS,
        code="jobs-new",
        iris_id="PI3687",
        name="Net new jobs, full-time equivalent",
        question="How many more full-time jobs did you have at the end than at the beginning?",
        hint="Two half-time jobs make one. Take jobs that ended off; fewer jobs is a minus.",
        range=Range(None, None, 1),
        groups=STAFF,
        needs_baseline=False,
    ),
    replace(
        JOBS,
        code="jobs-kept",
        iris_id="PI5691",
        name="Jobs kept",
        question="How many jobs would have gone without the loan?",
        hint="Jobs that were at risk and are still there.",
        groups=STAFF,
        needs_baseline=False,
    ),
    replace(
        JOBS,
        code="jobs-new-low-income",
        iris_id="PI2251",
        name="Jobs created in low-income areas",
        question="How many new jobs are in a low-income area?",
        hint="By where the work is done.",
        sdg_targets=("8.5", "10.1"),
        needs_baseline=False,
    ),
    replace(
        JOBS,
        code="jobs-kept-low-income",
        iris_id="PI2688",
        name="Jobs kept in low-income areas",
        question="How many of the jobs that were kept are in a low-income area?",
        hint="By where the work is done.",
        sdg_targets=("8.5", "10.1"),
        needs_baseline=False,
    ),
    replace(
        POUNDS,
        code="revenue",
        iris_id="FP6510",
        name="Income of the business",
        question="How much money came in?",
        hint="Sales, rents and grants together, before costs.",
        sdg_targets=("8.2",),
    ),
    replace(
        POUNDS,
        code="assets",
        iris_id="FP5293",
        name="What the business owns",
        question="What was everything worth that you own?",
        hint="Total assets, as your balance sheet says on the last day.",
        measure=Measure.STOCK,
        adds_up=AddUp.LATEST,
        sdg_targets=("8.2",),
    ),
    replace(
        FACILITY,
        code="community-facilities",
        iris_id="PI8007",
        name="Community facilities opened or kept open",
        unit="places",
        question="How many places for the community did the loan open or keep open?",
        hint="A hall, a shop, a pitch, a workshop.",
    ),
    replace(
        FACILITY,
        code="community-facilities-value",
        iris_id="PI2410",
        name="Money spent on community facilities",
        unit="pounds",
        question="How much was spent on places for the community?",
        hint="From all sources, the loan among them.",
        range=MONEY,
    ),
    replace(
        FACILITY,
        code="homes",
        iris_id="PI5965",
        name="Homes built or brought back",
        unit="homes",
        question="How many homes did you finish?",
        hint="Built, or made fit to live in again.",
        sdg_targets=("11.1",),
    ),
    replace(
        COUNT,
        code="greenhouse-gases",
        iris_id="OI1479",
        name="Greenhouse gases",
        unit="tonnes of CO2 equivalent",
        direction=Direction.DECREASE,
        question="How many tonnes of greenhouse gases did you cause?",
        hint="From your energy bills with a calculator of your choice; say which.",
        area=OutcomeArea.NATURE,
        measure=Measure.FLOW,
        range=Range(Decimal(0), None, 2),
        sdg_targets=("13.2",),
    ),
)
"""What businesses are asked. PI4874 stands for the business's own people in work."""

FROM_LEDGER = tuple(
    replace(
        OWN,
        code=code,
        iris_id=iris,
        name=name,
        unit=unit,
        measure=measure,
        direction=direction,
        adds_up=AddUp.LATEST if measure is Measure.STOCK else AddUp.SUM,
    )
    for code, iris, name, unit, measure, direction in (
        ("lent-value", "PI5476", "Lent in the period", "pounds", Measure.FLOW, Direction.INCREASE),
        ("lent-number", "PI8381", "Loans drawn in the period", "loans", Measure.FLOW, Direction.INCREASE),
        ("outstanding-value", "PI7569", "Outstanding at the end", "pounds", Measure.STOCK, Direction.INCREASE),
        ("outstanding-number", "PI1478", "Loans outstanding at the end", "loans", Measure.STOCK, Direction.INCREASE),
        ("late-30", "FP2635", "Loans over 30 days late", "pounds", Measure.STOCK, Direction.DECREASE),
        ("late-60", "FP6354", "Loans over 60 days late", "pounds", Measure.STOCK, Direction.DECREASE),
        ("late-90", "FP6373", "Loans over 90 days late", "pounds", Measure.STOCK, Direction.DECREASE),
        ("written-off", "FP9717", "Written off", "pounds", Measure.FLOW, Direction.DECREASE),
        ("recovered", "FP3939", "Recovered after write-off", "pounds", Measure.FLOW, Direction.INCREASE),
        ("repaid-value", "FP9954", "Wholly repaid on time", "pounds", Measure.FLOW, Direction.INCREASE),
        ("repaid-number", "FP5979", "Loans wholly repaid on time", "loans", Measure.FLOW, Direction.INCREASE),
    )
)
"""What the ledger answers by itself; nobody may type it."""

CATALOGUE: tuple[Definition, ...] = TYPED + FROM_LEDGER
