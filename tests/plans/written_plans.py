"""A plan and a strategy as a planner writes them: by hand, with comments, in two languages, in every layout."""

from __future__ import annotations

# One hundred households; every line that a test changes stands here once.
PLAN = """\
# 我的小区：一百户，两个投放点。
# My estate; numbers are marked as in the built-in plans.

scenario:   # 地点与目标
  name: my_estate
  title:
    en: My estate
    zh: 我的小区（一百户）   # 中文标题
  horizon_days: 3              # A
  run_out_days: 2              # A

  # 目标：两天内每户都拿到
  service_target_days: 2       # A
  priority_target_hours: 24    # A
  geography:
    kind: listed
    depots:
      - {name: hall, docks: 1}
    drop_points:   # 投放点
      - name: gate_a
        households: 40
        distance_km: 1.2
      - name: gate_b   # 北门
        households: 50
        distance_km: 2.0
      - {name: gate_c, households: 10, distance_km: 2.5}
  households:   # 谁住在这里
    persons_mean: 2.5          # A
    lift_share: 0.5
    households_per_building: 10
    priority_share: 0.1
    pantry_days: {low: 0, high: 2}   # 家中存粮

demand:
  kind: cycle
  need_kg_per_household_week: 13.0
  cycle_days: 7
  lines_per_order: 12
  release_time: "00:00"

staffing:
  attendance: 0.9   # 到岗率
  crews:
    clerks:   # 文员
      at: depot
      headcount: 3
      at_shift_end: finish
      shifts:
        - {start: "08:00", end: "18:00", breaks: [{start: "12:00", end: "13:00"}]}
    site_workers:
      at: depot
      headcount: 6
      at_shift_end: finish
      shifts:
        - start: "08:30"
          end: "18:00"
    door_team: {at: drop_point, headcount: 4, at_shift_end: finish, shifts: [{start: "09:00", end: "18:00"}]}

fleet:
  vans:
    at: depot
    count: 2
    payload_kg: 500            # A
    payload_parcels: 50
    speed_km_h: 28
    shifts:
      - {start: "07:00", end: "18:00"}
"""

# The same place, with built-in options for the other sections.
SHORT_PLAN = PLAN[: PLAN.index("demand:")] + "demand: weekly_13kg\nstaffing: subdistrict   # 人员\nfleet: box_vans\n"

STRATEGY = """\
# 我的办法：标准箱
name: my_way
title: {en: My way, zh: 我的办法}
channels:
  crates:   # 自己的渠道
    name: crates
    title:
      en: Crates
      zh: 标准箱
    release: {kind: allot}
    parcel:
      lines: 5                 # 五种
    steps:
      - stage:   # 汇总
          name: compile
          at: depot
          crew: clerks
          per: consignment
          effort: {per_consignment_min: 3}
      - stage:
          name: pack
          at: depot
          crew: site_workers
          effort:
            per_order_min: 1.5
            per_line_min: 1.0
      - leg:
          name: deliver
          from: depot
          to: drop_point
          fleet: vans
          load: {per_consignment_min: 5, per_parcel_min: 0.15}
          unload: {per_consignment_min: 10, per_parcel_min: 0.15}
      - delay: {name: drop_point, minutes: 10}
      - stage:   # 上门
          name: door
          at: drop_point
          crew: door_team
          per: round
          effort: {per_order_min: 0.25}
          rounds:
            households: 4
            carry_kg: 60
            walk_min: 6
            door_with_lift_min: 1.0
            door_without_lift_min: 2.0
calendar:
  - {channel: crates, from_day: 0}   # 从第一天起
"""


def edited(text: str, *edits: tuple[str, str]) -> str:
    """Text with each first part, which must stand in it exactly once, replaced by the second."""
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the text"
        text = text.replace(old, new)
    return text


def line_of(text: str, part: str) -> int:
    """Number, from 1, of the only line that holds `part`."""
    lines = [number for number, line in enumerate(text.split("\n"), start=1) if part in line]
    assert len(lines) == 1, f"{part!r} stands in lines {lines}"
    return lines[0]
