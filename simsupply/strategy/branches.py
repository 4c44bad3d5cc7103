"""Branches: shares of a channel's orders that go another way through its steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from simsupply.base.catalogue import Message, message
from simsupply.base.problems import nearest
from simsupply.base.quantities import Share
from simsupply.base.spec import OptionalTitle, Spec, key_help
from simsupply.strategy.steps.kinds import Step

REST = "rest"
"""Branch of the orders that belong to none of those named."""
_ROUNDING = 1e-9


class Branch(Spec):
    """A share of the orders of a channel; steps with its name under `branch` are for them."""

    title: OptionalTitle = None
    share: Annotated[
        Share,
        key_help(
            "Share of the channel's orders that are of this branch, drawn order by order; all branches together at "
            "most 1, what is left is the branch `rest`.",
            "该渠道中属于此分支的订单占比，逐单抽取；各分支合计不超过 1，余下的订单属于分支 `rest`。",
            unit="share",
            example=0.3,
        ),
    ]


def branch_shares(branches: Mapping[str, Branch]) -> dict[str, float]:
    """Share of each branch, in the order of the plan; what is left is that of the rest, if anything is.

    Examples
    --------
    >>> branch_shares({"cold_chain": Branch(share=0.25)})
    {'cold_chain': 0.25, 'rest': 0.75}
    >>> branch_shares({})
    {'rest': 1.0}
    """
    shares = {name: branch.share for name, branch in branches.items()}
    left = 1.0 - sum(shares.values())
    return shares if left <= _ROUNDING else {**shares, REST: left}


def branch_misfits(branches: Mapping[str, Branch], steps: Sequence[Step]) -> list[tuple[str, object, Message]]:
    """Everything that is wrong with branches and the steps that name them: key below the channel, value, allowed."""
    found: list[tuple[str, object, Message]] = []
    total = sum(branch.share for branch in branches.values())
    if total > 1 + _ROUNDING:
        found.append(("branches", round(total, 9), message("branch_shares_at_most_one")))
    known = list(branch_shares(branches))
    named = {name for step in steps for name in step.branches}
    for name, branch in branches.items():
        if name == REST:
            found.append((f"branches.{name}", name, message("another_name", meaning=message("rest_of_orders"))))
        elif branch.share == 0:
            found.append((f"branches.{name}.share", branch.share, message("branch_share_above_zero")))
        elif name not in named and REST not in named:
            # Its orders go the way of the rest.
            found.append((f"branches.{name}", name, message("branch_of_a_step")))
    for number, step in enumerate(steps):
        key = f"steps.{number}.branch"
        if step.branches and not branches:
            found.append((key, list(step.branches), message("branch_with_branches")))
            continue
        # Shares that exceed 1 leave no rest; that is said once.
        valid = [*known, REST] if total > 1 + _ROUNDING else known
        if REST in step.branches and REST not in valid:
            found.append((key, REST, message("no_rest_left")))
        unknown = [name for name in step.branches if name not in valid and name != REST]
        found += [(key, name, nearest(name, valid)) for name in unknown]
        if step.branches and not unknown and set(step.branches) >= set(known):
            found.append((key, list(step.branches), message("branch_of_some_orders")))
    return found
