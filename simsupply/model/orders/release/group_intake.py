"""Group buying: lists of each compound that are closed after a window of days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simsupply.model.orders.asked_orders import asked_orders
from simsupply.model.orders.decisions import Decision, IntakeCounts, Moment
from simsupply.model.orders.group_buying import Groups
from simsupply.model.orders.known_state import KnownState
from simsupply.model.orders.release.release_intake import IntakeParts, ListIntake
from simsupply.strategy.channels import Channel
from simsupply.strategy.release import GroupRelease

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class GroupIntake(ListIntake[GroupRelease]):
    """Households join the group of their compound; groups that are large enough buy."""

    def __init__(self, channel: Channel, number: int, release: GroupRelease, parts: IntakeParts) -> None:
        super().__init__(channel, number, release, parts)
        scenario = parts.scenario
        self.groups = Groups(release, scenario.households.compound, len(scenario.compound_drop_point))
        parts.who_waits.in_group.append(self.groups.is_waiting)

    @property
    def time(self) -> float:
        """When the window is closed."""
        return self.release.closes

    def is_due(self, day: int, since: Any) -> bool | BoolArray:
        """On the last day of every window."""
        is_day: bool | BoolArray = (day - since + 1) % self.release.window_days == 0
        return is_day

    def decide(self, uses: Sequence[int], moment: Moment, state: KnownState) -> Sequence[Decision]:
        """Close the window."""
        demand, choice, waits = self.parts.demand, self.parts.choice, self.parts.waits
        asking = self._callers(uses, moment)
        joining, attempted = asking.households, asking.num_attempts
        groups = self.groups
        complete, dissolved = groups.close(joining, choice.compounds_due(uses), asking.at_once)
        asked = asked_orders(complete, len(self.parts.scenario.households), groups.sets_of(complete))
        is_paid = self._are_paid(asked, np.ones(len(asked), dtype=bool), moment.day)
        # Whoever waits in a group looks for nothing else; whose group gave up does.
        nobody = np.zeros(len(joining), dtype=bool)
        demand.settle(moment.day, joining, nobody, ~nobody)
        waves, positions, waiting = self.parts.writer.send(self.channel, asked.take(is_paid), moment)
        is_sent = is_paid.copy()
        is_sent[np.flatnonzero(is_paid)[positions]] = False
        # A household is turned away only with all of its orders.
        pays, is_served = asked.any_of(is_paid), asked.any_of(is_sent)
        unpaid, refused = complete[~pays], complete[pays & ~is_served]
        for households, is_refused in ((dissolved, True), (unpaid, False), (refused, True)):
            what = np.full(len(households), is_refused)
            demand.settle(moment.day, households, what, np.zeros(len(households), dtype=bool))
        choice.refuse(dissolved, moment.day + 1)
        choice.refuse(refused, moment.day + 1)
        # Whoever joins a group that is too small waits to be taken on.
        waits.turn_away(np.setdiff1d(joining, complete, assume_unique=True), moment.time, self.number, "admission")
        waits.turn_away(refused, moment.time, self.number, "goods")
        waits.take_on(complete, moment.time, but=refused)
        # Of several attempts of one household one is answered by the group, the others were refused.
        num_joining, num_refused = groups.num_sets(joining), len(positions)
        in_vain = attempted - num_joining
        counts = IntakeCounts(
            self.number,
            moment.day,
            attempted=attempted,
            accepted=len(asked) - num_refused,
            rejected=groups.num_sets(dissolved) + in_vain + num_refused,
            cancelled=len(asked) - int(is_paid.sum()),
            collecting=num_joining - len(asked) - groups.num_sets(dissolved),
            tries=asking.tries,
            callers=asking.by_half,
        )
        return (Decision(counts, moment.time, waves, waiting),)

    @property
    def has_ended(self) -> bool:
        """Whether there are unfinished groups in compounds where the channel is not used any more."""
        return bool(len(self._left_over()))

    def _left_over(self) -> IntArray:
        members = np.flatnonzero(self.groups.is_waiting)
        if not len(members):
            return members
        return members[~self.parts.choice.opens(self.channel.name)[self.groups.compound[members]]]

    def end(self, moment: Moment) -> Sequence[Decision]:
        """Send the members of unfinished groups away."""
        members = self._left_over()
        self.groups.is_waiting[members] = False
        everybody = np.ones(len(members), dtype=bool)
        self.parts.demand.settle(moment.day, members, everybody, ~everybody)
        # Today's lists are still to be closed.
        self.parts.choice.refuse(members, moment.day)
        number = self.groups.num_sets(members)
        counts = IntakeCounts(self.number, moment.day, rejected=number, collecting=-number)
        return (Decision(counts, moment.time),)
