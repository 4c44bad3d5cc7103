"""The promises of the statistics as often as they are asked for: 1,000 intervals, 500 selections."""

from __future__ import annotations

import pytest

from validation.proofs import known_proofs, queue_proofs, queue_selection_proof, selection_proofs
from validation.shares import share_proofs, share_selection_proofs

pytestmark = pytest.mark.slow


def test_intervals_of_queues() -> None:
    assert [proof for proof in queue_proofs(1000) if not proof.is_kept] == []


def test_intervals_of_known_distributions() -> None:
    assert [proof for proof in known_proofs(1000) if not proof.is_kept] == []


def test_selection_of_the_best() -> None:
    assert [one for one in [*selection_proofs(500), queue_selection_proof(500)] if not one.is_kept] == []


def test_shares() -> None:
    assert [proof for proof in [*share_proofs(1000), *share_selection_proofs(500)] if not proof.is_kept] == []
