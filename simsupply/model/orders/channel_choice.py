"""Who may use which channel on a day, and which one a household turns to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simsupply.model.city.tier_calendar import TierCalendar
from simsupply.model.kernels.choosing import turn_to
from simsupply.scenario.tiers import TIERS
from simsupply.scenario.world import Scenario
from simsupply.strategy.channels import StrategySpec, Use
from simsupply.strategy.release import Release
from simsupply.strategy.routes import NO_TIERS
from simsupply.streams.keyed import Streams

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
NOT_OPEN = -1


@dataclass
class _SettledChoice:
    """Which of the `rivals` each household turns to, and who has been refused since that was settled on `day`."""

    rivals: list[int]
    use: NDArray[np.int32]
    day: int
    changed: list[IntArray] = field(default_factory=list)


class ChannelChoice:
    """The uses of a strategy, for every household and day.

    Attributes
    ----------
    since : list of int or None
        Day from which each use has been in force without a pause; None: it is not now.
    open_since : dict of int to int array, shape (compounds,)
        The same of each compound, for uses that are not open under every tier: from when on its tier has opened the
        use; `NOT_OPEN`: not now.
    """

    def __init__(self, scenario: Scenario, strategy: StrategySpec, tiers: TierCalendar, streams: Streams) -> None:
        self.scenario, self.strategy, self.tiers, self.streams = scenario, strategy, tiers, streams
        self.uses = strategy.uses
        self.since: list[int | None] = [None] * len(self.uses)
        self.members = [self._members(use) for use in self.uses]
        settings = scenario.spec.tiers or NO_TIERS
        self.is_open = np.array(
            [
                [
                    (not use.tiers or tier in use.tiers)
                    and strategy.channels[use.channel].release.kind in settings.of(tier).open
                    for tier in TIERS
                ]
                for use in self.uses
            ]
        )
        self.open_since: dict[int, IntArray] = {
            number: np.full(len(scenario.compound_drop_point), NOT_OPEN)
            for number in range(len(self.uses))
            if not self.is_open[number].all()
        }
        # Compounds whose turn it is today, by use; None: all of them.
        self._due: dict[int, BoolArray | None] = {}
        # Where a household stands among those it can choose from: its own number, till it is refused.
        self.preference: NDArray[np.float64] | None = None
        self.day = -1
        # What follows from a day's tiers is kept until they change.
        self._allowed: dict[int, BoolArray | None] = {}
        self._allowed_under = -1
        self._choice: dict[bool, _SettledChoice] = {}

    def new_day(self, day: int, is_on: dict[str, bool]) -> None:
        """Settle which uses are in force today, given the state of the triggers."""
        if self._allowed_under < 0 or (self.tiers.number[day] != self.tiers.number[self._allowed_under]).any():
            self._allowed, self._choice = {}, {}
        self.day = self._allowed_under = day
        self._due = {}
        for number, use in enumerate(self.uses):
            in_force = (
                use.from_day <= day
                and (use.to_day is None or day < use.to_day)
                and (use.when is None or is_on[use.when])
                and (use.unless is None or not is_on[use.unless])
            )
            if not in_force:
                self.since[number] = None
            elif self.since[number] is None:
                self.since[number] = day
            if number in self.open_since:
                since = self.open_since[number]
                is_open = self.is_open[number][self.tiers.number[day]] & in_force
                since[~is_open] = NOT_OPEN
                since[is_open & (since == NOT_OPEN)] = day

    def begun(self, number: int, *, by_compound: bool) -> int | IntArray | None:
        """Day from which the rhythm of use `number` counts; None: it is not in force.

        Parameters
        ----------
        by_compound : bool
            Whether it may count from another day in each compound, shape (compounds,).
        """
        since = self.since[number]
        return self.open_since.get(number, since) if by_compound and since is not None else since

    def note_due(self, number: int, is_due: bool | BoolArray) -> bool:
        """Note in which compounds it is the turn of use `number` today; whether it is in any."""
        if not isinstance(is_due, np.ndarray):
            # Where the use is not open nobody may use it anyway.
            self._due[number] = None
            return bool(is_due)
        due = is_due & (self.open_since[number] != NOT_OPEN) if number in self.open_since else is_due
        self._due[number] = None if due.all() else due
        return bool(due.any())

    def compounds_due(self, numbers: Sequence[int]) -> BoolArray | None:
        """Compounds in which it is the turn of any of these uses today; None: all of them."""
        due = [self._due[number] for number in numbers]
        found = [compounds for compounds in due if compounds is not None]
        return np.logical_or.reduce(found) if len(found) == len(due) else None

    def opens(self, channel: str) -> BoolArray:
        """In which compounds any use of a channel is in force and open, shape (compounds,)."""
        is_open = np.zeros(len(self.scenario.compound_drop_point), dtype=bool)
        for number, use in enumerate(self.uses):
            if use.channel == channel and self.since[number] is not None:
                is_open |= self.open_since[number] != NOT_OPEN if number in self.open_since else True
        return is_open

    def allowed(self, number: int) -> BoolArray | None:
        """Which households may use channel use `number` today; None: all of them."""
        if number not in self._allowed:
            who = self.members[number]
            is_open = self.is_open[number]
            if not is_open.all():
                tier = self.tiers.number[self.day]
                if not is_open[tier].all():
                    here = is_open[tier][self.scenario.households.compound]
                    who = here if who is None else who & here
            self._allowed[number] = who
        return self._allowed[number]

    def _may_use(self, number: int, whose_turn: bool) -> BoolArray | None:
        who, due = self.allowed(number), self._due.get(number) if whose_turn else None
        if due is None:
            return who
        here = due[self.scenario.households.compound]
        return here if who is None else who & here

    def allowed_by(self, numbers: Sequence[int], *, whose_turn: bool = False) -> BoolArray | None:
        """Which households may use any of these uses today; None: all of them.

        Parameters
        ----------
        whose_turn : bool
            Only where it is the turn of the use today (`note_due`).
        """
        can = np.zeros(len(self.scenario.households), dtype=bool)
        for number in numbers:
            who = self._may_use(number, whose_turn)
            if who is None:
                return None
            can |= who
        return can

    def choosers(self, numbers: Sequence[int]) -> BoolArray | None:
        """Which households would turn to one of these uses of a channel now, if they wanted something.

        Only those in compounds where it is the turn of the use today. None: all of them.
        """
        choice = self._choose(visits=self._release(numbers[0]).is_visit)
        if choice is None:
            return self.allowed_by(numbers, whose_turn=True)
        if len(numbers) == 1 or any(self._due.get(number) is not None for number in numbers):
            is_chosen = np.zeros(len(choice), dtype=bool)
            for number in numbers:
                here, due = choice == number, self._due.get(number)
                is_chosen |= here if due is None else here & due[self.scenario.households.compound]
            return is_chosen
        # -1, no use at all, is looked up at the end.
        is_meant = np.zeros(len(self.uses) + 1, dtype=bool)
        is_meant[list(numbers)] = True
        return is_meant[choice]

    def reachable(self, visits: bool) -> BoolArray | None:
        """Which households have a shop (or: a channel with orders) open to them today; None: all."""
        return self.allowed_by(self._rivals(visits))

    def refuse(self, households: IntArray, day: int) -> None:
        """Let households that were turned away look elsewhere from `day` on."""
        if self.preference is not None and len(households):
            self.preference[households] = self.streams.uniform_at("demand/channel", day, households)
            for choice in self._choice.values():
                choice.changed.append(households)

    def is_sole(self, number: int) -> bool:
        """Whether everybody who may use it turns to use `number`, which residents ask for: it has no rival today."""
        return self._rivals(visits=False) == [number] and self.uses[number].share is None

    def _release(self, number: int) -> Release:
        return self.strategy.channels[self.uses[number].channel].release

    def _rivals(self, visits: bool) -> list[int]:
        """Uses in force among which a household chooses."""
        return [
            number
            for number in range(len(self.uses))
            if self.since[number] is not None
            and not self._release(number).is_allotted
            and self._release(number).is_visit == visits
        ]

    def _choose(self, visits: bool) -> NDArray[np.int32] | None:
        """Number of the use each household turns to today, -1: none; None: there is no choice.

        Settled when it is first asked for on a day, so a household refused later on that day looks
        anew tomorrow. It is worked out again only where something has changed since.
        """
        rivals = self._rivals(visits)
        if len(rivals) == 1 and self.uses[rivals[0]].share is None:
            return None
        num = len(self.scenario.households)
        if self.preference is None:
            self.preference = self.streams.uniform("demand/channel", 0, num)
        held = self._choice.get(visits)
        if held is None or held.rivals != rivals:
            held = self._choice[visits] = _SettledChoice(rivals, np.empty(num, dtype=np.int32), self.day)
            self._look_around(held, np.arange(num))
        elif held.day < self.day:
            for households in held.changed:
                self._look_around(held, households)
            held.changed.clear()
            held.day = self.day
        return held.use

    def _look_around(self, held: _SettledChoice, households: IntArray) -> None:
        """Let these households choose."""
        assert self.preference is not None  # _choose
        may_use = np.zeros((len(held.rivals), len(households)), dtype=bool)
        shares = np.full(len(held.rivals), np.nan)
        is_everybody = len(households) == len(held.use)
        for row, number in enumerate(held.rivals):
            who, share = self.allowed(number), self.uses[number].share
            may_use[row] = True if who is None else who if is_everybody else who[households]
            if share is not None:
                shares[row] = share
        turn_to(np.array(held.rivals, dtype=np.int32), may_use, shares, households, self.preference, held.use)

    def _members(self, use: Use) -> BoolArray | None:
        """Households a use is for, whatever the tier; None: all of them."""
        households, places = self.scenario.households, self.scenario.places
        who = np.ones(len(households), dtype=bool)
        if use.districts:
            named = [{title.en, title.zh} & set(use.districts) != set() for title in places.districts]
            who &= np.array(named)[places.district][households.drop_point]
        if use.households:
            who &= households.of_kinds(use.households)
        release = self.strategy.channels[use.channel].release
        excluded = (*use.excludes, *release.excludes)
        if excluded:
            who &= ~households.of_kinds(excluded)
        who &= self._needs(use.channel)
        return None if who.all() else who

    def _needs(self, channel: str) -> BoolArray | bool:
        """Who needs any of the goods that a channel carries in proportion to the need."""
        goods, kinds = self.scenario.goods, np.uint8(0)
        for parcel in self.strategy.channels[channel].parcels:
            if parcel.content is not None or parcel.kg is not None:
                return True
            needed_by = goods.needed_by[goods.columns(parcel.goods)]
            if not needed_by.all():
                return True
            kinds = np.bitwise_or.reduce(needed_by) | kinds
        needs: BoolArray = (self.scenario.households.kinds & kinds) > 0
        return needs
