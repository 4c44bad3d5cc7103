"""The promises of the statistics, with few repetitions; `make validation` measures them with many."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.oracles.laws.test_queueing_formulas import sojourns
from validation import __main__ as command
from validation.operations.plans import Outcome
from validation.operations.published import read_published
from validation.operations.rates import minutes_of
from validation.proofs import known_proofs, queue_proofs, queue_selection_proof, selection_proofs
from validation.queues import exact_sojourn, played_sojourns
from validation.shares import share_proofs, share_selection_proofs


@pytest.mark.lengthy
def test_intervals_of_queues() -> None:
    """Within four standard errors of 93-97 %; the paired interval is the narrower one."""
    assert [proof for proof in queue_proofs(40, replications=8, customers=400) if not proof.is_kept] == []


@pytest.mark.lengthy
def test_intervals_of_known_distributions() -> None:
    assert [proof for proof in known_proofs(200) if not proof.is_kept] == []


@pytest.mark.lengthy
def test_selection_of_the_best() -> None:
    proofs = [*selection_proofs(60), queue_selection_proof(20, customers=400)]
    assert [proof for proof in proofs if not proof.is_kept] == []


def test_shares() -> None:
    """All or nothing with .80, .90, .95 and .99, nearly so, and smooth; selecting among them."""
    proofs = [*share_proofs(60), *share_selection_proofs(25)]
    assert [proof for proof in proofs if not proof.is_kept] == []


def test_exact_sojourn_by_hand() -> None:
    """M/M/1, rate 1, service 1, three customers.

    The second finds the first with 1/2: wait 1/2. Then there are two or one, with 1/2 each. Of two the third finds
    two with 1/2 and one with 1/4, of one it finds one with 1/2: wait 2 * 1/4 + (1/8 + 1/4) = 7/8.
    """
    assert exact_sojourn(3, 1.0, 1) == pytest.approx(1 + (0 + 1 / 2 + 7 / 8) / 3)


@pytest.mark.lengthy
def test_exact_sojourn_tends_to_the_steady_state() -> None:
    """M/M/3 at a load of 0.8: 1 + Erlang C / (3 - 2.4) = 2.078652, see tests/oracles/laws."""
    found = exact_sojourn(1000, 2.4, 3)
    assert found == pytest.approx(1 + 11.52 / 17.8 / 0.6, rel=0.02)
    assert exact_sojourn(50, 2.4, 3) < found


def test_one_server_by_lindley() -> None:
    """Waits by Lindley's recursion over independent draws agree with the chain within four standard errors."""
    rng = np.random.default_rng(6)
    gaps, services = rng.exponential(1 / 0.7, (4000, 30)), rng.exponential(1.0, (4000, 30))
    wait, total = np.zeros(4000), np.zeros(4000)
    for at in range(30):
        total += wait + services[:, at]
        if at < 29:
            wait = np.maximum(0.0, wait + services[:, at] - gaps[:, at + 1])
    means = total / 30
    assert means.mean() == pytest.approx(exact_sojourn(30, 0.7, 1), abs=4 * means.std() / np.sqrt(4000))


def test_the_queue_is_that_of_the_oracles() -> None:
    """The same plan as tests/oracles/laws/test_queueing_formulas.py writes, to the last digit."""
    ours = played_sojourns(60, 1.2, 3, replications=2)
    theirs = sojourns(60, 1.2, 3, "exponential", replications=2, warm_up=0)
    assert ours == pytest.approx(theirs, abs=1e-9)


def test_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A promise that is not kept is said on the page and by the exit status."""
    # Operations have tests of their own; the simulator is not asked here.
    plain = [Outcome(o, m, o.quantity, o.quantity, False) for o in read_published() if (m := minutes_of(o))]
    kept = known_proofs(30)[:1]
    broken = [type(one)(one.promise, one.measured, one.asked, False) for one in kept]
    shares = ("share_proofs", "share_selection_proofs")
    for name in ("queue_proofs", "short_queue_proofs", "known_proofs", "selection_proofs", *shares):
        monkeypatch.setattr(command, name, lambda num, workers=1: kept)
    monkeypatch.setattr(command, "queue_selection_proof", lambda num, workers=1: kept[0])
    monkeypatch.setattr(command, "outcomes", lambda operations: plain)
    monkeypatch.setattr("sys.argv", ["validation", "--output", str(tmp_path / "page.md")])
    assert command.main() == 0
    assert "**not kept**" not in (tmp_path / "page.md").read_text(encoding="utf-8")
    monkeypatch.setattr(command, "known_proofs", lambda num: broken)
    assert command.main() == 1
    assert "**not kept**" in (tmp_path / "page.md").read_text(encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["validation", "--repetitions", "3"])
    with pytest.raises(SystemExit):
        command.main()
