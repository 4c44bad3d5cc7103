"""Every kind of release and how its orders come about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simsupply.base.spec import Spec
from simsupply.model.orders.release.allot_intake import AllotIntake
from simsupply.model.orders.release.group_intake import GroupIntake
from simsupply.model.orders.release.order_list_intake import OrderListIntake
from simsupply.model.orders.release.release_intake import IntakeParts, ReleaseIntake
from simsupply.model.orders.release.single_orders_intake import SingleOrdersIntake
from simsupply.model.orders.release.visit_intake import VisitIntake
from simsupply.strategy.channels import Channel
from simsupply.strategy.release import Allotment, GroupRelease, OrderRelease, VisitRelease

RELEASE_KINDS: dict[type[Spec], Callable[[Channel, int, Any, IntakeParts], ReleaseIntake[Any]]] = {
    Allotment: AllotIntake,
    OrderRelease: OrderListIntake,
    GroupRelease: GroupIntake,
    VisitRelease: VisitIntake,
}


def release_intake(channel: Channel, number: int, parts: IntakeParts) -> ReleaseIntake[Any]:
    """Order intake of one channel; where orders come singly there are no lists."""
    release, demand = channel.release, parts.scenario.spec.demand
    if demand.kind == "poisson" and release.kind == "order":
        return SingleOrdersIntake(channel, number, release, parts, demand)
    return RELEASE_KINDS[type(release)](channel, number, release, parts)
