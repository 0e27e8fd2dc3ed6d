"""How is a claimant told in a sentence why a waterfall paid what it paid?"""

from __future__ import annotations

from dataclasses import dataclass

from moneyed import Money

from investors.domain.waterfall import Step
from ledger.domain.words import money_text
from loans.domain.fees import percent_text


@dataclass(frozen=True, slots=True)
class ClaimStory:
    """What happened to one claim: the step and what it is a share `of`, the `wanted` of all at it, the money that was
    `left` for it, where the money ended before it, and the claimant's name, claim and payment."""

    step: Step
    of: str
    wanted: Money
    left: Money
    dry_at: str
    name: str
    claim: Money
    paid: Money

    @property
    def is_alone(self) -> bool:
        """Whether nobody else claims anything at the step."""
        return self.claim == self.wanted


def why(story: ClaimStory) -> str:
    """The sentence for a claim, whose shortfall stays owed or lapses."""
    if not story.claim:
        return f"{story.name} claimed nothing for {story.step.label}."
    what = f"{story.name} claimed {money_text(story.claim)} for {story.step.label}{_as_a_share(story)}"
    if story.paid == story.claim:
        return f"{what} and got all of it."
    rest = f"{money_text(story.claim - story.paid)} {story.step.unpaid.words}."
    if not story.left:
        return f"{what} and got nothing, because {story.dry_at}; {rest}"
    if story.is_alone:
        return f"{what}; {money_text(story.left)} was left, and it got that; {rest}"
    return (
        f"{what}; {money_text(story.left)} was left for claims of {money_text(story.wanted)}, shared in proportion, "
        f"and its part is {money_text(story.paid)}; {rest}"
    )


def _as_a_share(story: ClaimStory) -> str:
    if story.step.rate is None:
        return ""
    return f", by the rate of {percent_text(story.step.rate)} of what {story.of} was paid,"


def residual_words(
    name: str, label: str, left: Money, entitlement: Money, whole: Money, part: Money, dry_at: str
) -> str:
    """The sentence for a part of what is left."""
    if not left:
        return f"{name} got nothing as {label}, because {dry_at}."
    if not entitlement:
        return f"{name} has no entitlement to {label}."
    if entitlement == whole:
        return f"{name} got all that was left, {money_text(part)}, as {label}."
    return (
        f"{name} got {money_text(part)} of the {money_text(left)} that was left as {label}, in proportion to "
        f"{money_text(entitlement)} of {money_text(whole)}."
    )


def no_cash_words() -> str:
    """Why nobody gets anything where no cash was found."""
    return "there was no cash"
