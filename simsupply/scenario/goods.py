"""What households use up: groups of goods, and who needs them."""

from __future__ import annotations

from simsupply.config.spec import Name, Positive, Range, Spec


class Goods(Spec):
    """One group of goods.

    `pantry_days` is what is at home when the run begins, in days of use. With `needed_by` only
    households of that kind use it up (infants, chronic patients); without, all do.
    """

    kg_per_person_day: Positive
    pantry_days: Range
    needed_by: Name | None = None
