"""Every move of an application is in the table or refused."""

import itertools

import pytest

from loans.domain.application import MOVES, ApplicationStatus, Move, allowed_moves, moved
from loans.domain.errors import MoveNotAllowed


@pytest.mark.parametrize("status, move", sorted(set(itertools.product(ApplicationStatus, Move)) - set(MOVES)))
def test_what_is_not_in_the_table_is_refused(status, move):
    with pytest.raises(MoveNotAllowed, match=f"A-0132 is .*: you cannot {move} it now. Nothing was changed."):
        moved("A-0132", status, move)


def test_a_decision_is_taken_only_on_what_waits_for_one():
    for move in (Move.APPROVE, Move.DECLINE, Move.SEND_BACK):
        assert [status for status in ApplicationStatus if move in allowed_moves(status)] == [
            ApplicationStatus.SUBMITTED
        ]


def test_what_is_decided_stays_decided():
    assert allowed_moves(ApplicationStatus.APPROVED) == allowed_moves(ApplicationStatus.DECLINED) == frozenset()
