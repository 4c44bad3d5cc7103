"""Channels and strategies: how goods get from a list of wishes to a door, and who uses which way when.

A channel is a release (how orders come about) and an ordered list of steps; a strategy is a mix
of channels by time, tier, area and kind of household, with triggers that switch between them.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from simsupply.base.catalogue import Message, message
from simsupply.base.problems import Misfit, Misfits, nearest
from simsupply.base.quantities import Count, Days, Kg, NonNegative, Share, WholeDays, WholeDaysOrZero
from simsupply.base.spec import Name, Spec, Title, key_help
from simsupply.scenario.place_kinds import PLACE_KINDS, PlaceKind
from simsupply.scenario.tiers import TierName
from simsupply.strategy.allocation import BetweenDepots, Rule, WhenShort, is_sharing
from simsupply.strategy.branches import Branch, branch_misfits, branch_shares
from simsupply.strategy.release import Acceptance, Release
from simsupply.strategy.steps.kinds import Step
from simsupply.strategy.steps.leg import Leg


class ParcelContent(Spec):
    """What is in a parcel.

    Attributes
    ----------
    lines
        Different articles; without it, as many as the demand says.
    kg
        Weight; without it and without `content`, what the household needs until the next one.
    content
        kg by goods: one fixed content for everybody.
    per
        `content` is for a ``household``, or for each ``person`` of it.
    goods
        Goods that are carried, in proportion to the need; without it, all.
    """

    lines: Count | None = None
    kg: Kg | None = None
    content: dict[Name, Kg] | None = None
    per: Literal["household", "person"] = "household"
    goods: tuple[Name, ...] | None = None
    sizes: Annotated[
        tuple[Count, ...],
        key_help(
            "Sizes in which a content per person is packed, in persons: each household gets the "
            "smallest that is enough for"
            " it, or the largest. Without it, as many persons' as it has.",
            "按人份配箱时的规格（人数）：每户得到够用的最小规格，人数更多的得到最大规格；不填则按实际人数。",
            example=[1, 3, 5],
        ),
    ] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.content is not None and not self.content:
            raise Misfit("parcel_of_some_goods", key="content")
        if self.goods is not None and not self.goods:
            raise Misfit("parcel_of_some_goods", key="goods")
        if self.content is not None and (self.kg is not None or self.goods is not None):
            raise Misfit("parcel_content_by_itself")
        if self.per == "person" and self.content is None:
            raise Misfit("parcel_per_person_with_content")
        if self.sizes and (self.per != "person" or any(a >= b for a, b in pairwise(self.sizes))):
            raise Misfits(("sizes", list(self.sizes), message("parcel_sizes_rise_per_person")))
        return self


class Bundle(ParcelContent):
    """One of a few fixed sets to choose from; `share` of the households choose it."""

    title: Title
    share: Share

    @model_validator(mode="after")
    def _filled(self) -> Self:
        if self.content is None and self.kg is None and self.goods is None:
            raise Misfit("bundle_of_something")
        return self


class Channel(Spec):
    """A way of supply, from list to door.

    Attributes
    ----------
    bundles
        Sets to choose from, instead of `parcel`.
    consignment
        What travels together: what is for the same ``drop_point`` or for the same ``compound``.
    from_stock
        Whether its orders are filled from the stock of the depots; else they hold all that they should, and stocks,
        reserves and rationing have no part in it.
    branches
        Shares of the orders that go another way through the steps; what is left is the branch ``rest``.
    """

    name: Name
    title: Title
    release: Release
    acceptance: Acceptance | None = None
    parcel: ParcelContent = ParcelContent()
    bundles: dict[Name, Bundle] = Field(default_factory=dict)
    consignment: Literal["drop_point", "compound"] = "drop_point"
    from_stock: Annotated[
        bool,
        key_help(
            "Whether what orders hold comes out of the stock of the depots; false: it comes with the channel, such as a"
            " donation that belongs to its receiver, or what a township buys itself. Needs a section supply.",
            "订单所装物资是否取自保供点库存；`false` 表示物资随渠道而来"
            "（归受赠单位的定向捐赠、乡镇自行采购），需有 `supply`。",
            example=False,
        ),
    ] = True
    branches: Annotated[
        dict[Name, Branch],
        key_help(
            "Shares of the orders that go another way: which steps they pass is said by `branch` of the steps.",
            "走另一条路径的订单占比：经过哪些步骤由各步骤的 `branch` 说明。",
            example={"cold_chain": {"share": 0.3}},
        ),
    ] = Field(default_factory=dict)
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]

    @property
    def branch_shares(self) -> dict[str, float]:
        """Share of the orders of each branch, the rest included; they add up to 1."""
        return branch_shares(self.branches)

    def of_branch(self, branch: str) -> Channel:
        """The channel with the steps that orders of a branch pass; there may be none."""
        steps = tuple(step for step in self.steps if not step.branches or branch in step.branches)
        return self if len(steps) == len(self.steps) else self.model_copy(update={"steps": steps})

    @property
    def parcels(self) -> tuple[ParcelContent, ...]:
        """Every content that an order of the channel can have."""
        return tuple(self.bundles.values()) or (self.parcel,)

    @property
    def has_legs(self) -> bool:
        """Whether vehicles take the goods anywhere; else they are wherever a step is."""
        return any(step.leg for step in self.steps)

    def misfit(self, has_legs: bool | None = None) -> Message | None:
        """What is wrong with the places of the steps, in their order: what it ought to be.

        `has_legs`: whether there are legs, of other branches maybe; without it, whether there are any here.
        """
        place: PlaceKind = "depot"
        has_legs = self.has_legs if has_legs is None else has_legs
        for step in self.steps:
            if step.stage:
                if step.stage.at != place and has_legs:
                    return message("stage_where_goods_are", step=step.stage.name, place=place, given=step.stage.at)
            elif step.leg:
                if step.leg.origin != place:
                    return message("leg_from_where_goods_are", leg=step.leg.name, place=place)
                place = step.leg.to
        return self._load_misfit()

    def _load_misfit(self) -> Message | None:
        """What is wrong with steps that take loads as they came."""
        before: Leg | None = None
        rank = PLACE_KINDS.index
        for step in self.steps:
            takes_loads = (step.stage and step.stage.per == "load") or (step.leg and step.leg.keeps_loads)
            name = step.body.name
            if takes_loads and (before is None or before.leave.kind != "planned"):
                return message("planned_leg_before_its_loads", step=name)
            if before and step.leg and step.leg.keeps_loads and rank(before.destination) < rank(step.leg.to):
                return message(
                    "loads_for_end_of_kept_loads",
                    to=step.leg.to,
                    before=before.name,
                    leg=name,
                    destination=before.destination,
                )
            if step.leg and not step.leg.keeps_loads:
                before = step.leg
        return None

    @model_validator(mode="after")
    def _steps_fit(self) -> Self:
        names = [step.body.name for step in self.steps]
        doubled = sorted(name for name, times in Counter(names).items() if times > 1)
        misfits = branch_misfits(self.branches, self.steps)
        if doubled and misfits:
            misfits.append(("steps", doubled, message("step_names_differ", doubled=doubled)))
        if misfits:
            raise Misfits(*misfits)
        if doubled:
            raise Misfit("step_names_differ", doubled=doubled)
        # With conditional steps it depends on day and tier, so on the scenario, which way the goods go.
        if any(step.when for step in self.steps):
            return self
        if not self.branches:
            misfit = self.misfit()
            if misfit:
                raise Misfit(misfit.code, **misfit.values)
            return self
        ways = {branch: self.of_branch(branch) for branch in self.branch_shares}
        misfits = [
            ("steps", message("orders_of_branch", branch=branch), wrong)
            for branch, way in ways.items()
            if (wrong := way.misfit(self.has_legs) if way.steps else message("steps_of_every_branch"))
        ]
        if misfits:
            raise Misfits(*misfits)
        return self

    @model_validator(mode="after")
    def _bundles_fit(self) -> Self:
        total = sum(bundle.share for bundle in self.bundles.values())
        if self.bundles and abs(total - 1) > 1e-9:
            raise Misfit("bundle_shares_add_up_to_one", total=total)
        return self


class Use(Spec):
    """When, where and for whom a channel is used; one that is no longer used still delivers what it has begun.

    Attributes
    ----------
    from_day, to_day
        First day, and the first day on which it is not used any more.
    tiers, districts
        Only in compounds under one of these tiers, or in these districts; without, everywhere.
    households, excludes
        Only for households of one of these kinds (``priority``: those of all priority kinds), and
        not for those.
    share
        Share of the households that turn to this channel when they want something; what is left
        over is shared evenly by the channels without one. Of no effect for channels of kind allot.
    when, unless
        Only while this trigger is on, or off.
    """

    channel: Name
    from_day: WholeDaysOrZero = 0
    to_day: WholeDays | None = None
    tiers: tuple[TierName, ...] = ()
    districts: tuple[str, ...] = ()
    households: tuple[Name, ...] = ()
    excludes: tuple[Name, ...] = ()
    share: Share | None = None
    when: Name | None = None
    unless: Name | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.to_day is not None and self.from_day >= self.to_day:
            raise Misfit("from_day_before_to_day", from_day=self.from_day, to_day=self.to_day)
        return self


class Trigger(Spec):
    """A switch that watches the system at midnight, with hysteresis.

    It goes on when `metric` has been above `above` at `above_days` midnights in a row, and off
    again when it has been below `below` at `below_days` midnights in a row; without `below` it
    stays on.

    Attributes
    ----------
    title
        What it is called in figures and answers; without it, its name.
    metric
        ``backlog_days``: open orders / orders a day that the slowest stage at the depots can do;
        ``rejection_rate``: rejected / attempted orders of the day before; ``households_past_days``:
        share of households that have waited longer than `past_days` for a delivery.
    channel
        Of which channel the orders count; without it, of all.
    """

    title: Title | None = None
    metric: Literal["backlog_days", "rejection_rate", "households_past_days"]
    channel: Name | None = None
    past_days: Days | None = None
    above: NonNegative
    above_days: WholeDays = 1
    below: NonNegative | None = None
    below_days: WholeDays = 1

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.metric == "households_past_days") != (self.past_days is not None):
            raise Misfit("past_days_with_its_metric")
        if self.metric == "households_past_days" and self.channel is not None:
            raise Misfit("no_channel_with_households_past_days")
        if self.below is not None and self.below > self.above:
            raise Misfit("trigger_below_at_most_above", below=self.below, above=self.above)
        if self.metric != "backlog_days" and self.above >= 1:
            raise Misfits(("above", self.above, message("trigger_share_below_one", metric=self.metric)))
        return self


class Turn(Spec):
    """From which day on a channel is used, instead of the one before it."""

    channel: Name
    from_day: WholeDaysOrZero


class StrategySpec(Spec):
    """What we decide: the channels, and who uses which of them when.

    Either a `calendar`, in which channels follow one another, or a `mix`, in which they work side
    by side. The last three keys matter where the scenario has a section `supply`.

    Attributes
    ----------
    allocation
        Who gets goods of which a depot has too few: rules applied one after the other, at most the
        last of which shares goods out among equals. Without it, ``proportional_to_need``; where it
        ends without sharing, equals are served in building order.
    when_short
        What becomes of an order for which there is not enough: it is sent with less (``partial``;
        one that would hold nothing is turned away), waits for new goods, or is turned away.
    allocation_between_depots
        Which depot gets goods of which a source or reserve has too few.
    """

    name: Name
    title: Title
    channels: Annotated[dict[Name, Channel], Field(min_length=1)]
    calendar: tuple[Turn, ...] = ()
    mix: tuple[Use, ...] = ()
    triggers: dict[Name, Trigger] = Field(default_factory=dict)
    allocation: tuple[Rule, ...] = ()
    when_short: WhenShort = "partial"
    allocation_between_depots: BetweenDepots = "proportional_to_need"

    @model_validator(mode="after")
    def _shares_last(self) -> Self:
        sharing = [number for number, rule in enumerate(self.allocation) if is_sharing(rule)]
        misfits: list[tuple[str, object, Message]] = [
            (f"allocation.{number}.kind", self.allocation[number].kind, message("sharing_rule_as_last"))
            for number in sharing
            if number < len(self.allocation) - 1
        ]
        if sharing and self.when_short != "partial":
            misfits.append(("when_short", self.when_short, message("partial_with_sharing_rule")))
        if misfits:
            raise Misfits(*misfits)
        return self

    @property
    def uses(self) -> tuple[Use, ...]:
        """The mix; for a calendar, one use after the other."""
        ends = [turn.from_day for turn in self.calendar[1:]]
        turns = zip(self.calendar, [*ends, None], strict=False)
        return self.mix or tuple(
            Use(channel=turn.channel, from_day=turn.from_day, to_day=to_day) for turn, to_day in turns
        )

    @model_validator(mode="after")
    def _uses_fit(self) -> Self:
        if bool(self.calendar) == bool(self.mix):
            raise Misfit("calendar_or_mix")
        days = [turn.from_day for turn in self.calendar]
        if days and (days[0] != 0 or any(a >= b for a, b in pairwise(days))):
            raise Misfit("calendar_in_order_from_day_0")
        entries: tuple[Use | Turn, ...] = self.calendar or self.mix
        where = "calendar" if self.calendar else "mix"
        channels = [(f"{where}.{number}.channel", entry.channel) for number, entry in enumerate(entries)]
        channels += [
            (f"triggers.{name}.channel", trigger.channel) for name, trigger in self.triggers.items() if trigger.channel
        ]
        triggers = [
            (f"mix.{number}.{key}", name)
            for number, use in enumerate(self.mix)
            for key, name in (("when", use.when), ("unless", use.unless))
            if name
        ]
        misfits = [
            (key, name, message("name_among", section=section, names=nearest(name, known)))
            for section, names, known in (
                ("channels", channels, list(self.channels)),
                ("triggers", triggers, list(self.triggers)),
            )
            for key, name in names
            if name not in known
        ]
        if misfits:
            raise Misfits(*misfits)
        return self
