"""The words on the figures, in English and in Chinese."""

from simsupply.base.language import Language, display_name

TEXTS: dict[str, dict[Language, str]] = {
    "coverage_title": {"en": "Households served over time", "zh": "已送达家庭占比随时间变化"},
    "time_axis_days": {"en": "Days since start", "zh": "开始后的天数"},
    "target": {"en": "target: {duration}", "zh": "目标：{duration}"},
    "working_hours": {"en": "Working hours", "zh": "工作时段"},
    "utilisation_title": {
        "en": "Utilisation by stage: share of the available time in use",
        "zh": "各环节利用率：占可用时间的比例",
    },
    "utilisation_axis": {"en": "Utilisation", "zh": "利用率"},
    "longest_wait": {"en": "Orders wait longest here", "zh": "订单在此等待最久"},
    "mean_and_interval": {"en": "Mean and 95 % interval", "zh": "均值与95%区间"},
    "value_of_each": {"en": "Value of the parameter above", "zh": "上方所示参数的取值"},
    "confidence_interval": {"en": "95 % confidence interval", "zh": "95% 置信区间"},
    "deprivation_title": {"en": "Who goes without, and for how long", "zh": "谁缺什么、缺多久"},
    "mean_of_group": {"en": "Mean over the group", "zh": "该组均值"},
    "worst_decile": {"en": "Worst-off tenth of the group", "zh": "该组中最差的十分之一"},
    "everybody": {"en": "Mean over all households", "zh": "全部家庭均值"},
    "orders_title": {"en": "Orders day by day", "zh": "每日订单"},
    "all_asked": {"en": "All orders", "zh": "全部订单"},
    "all_sent": {"en": "All parcels sent by schedule", "zh": "全部按周期发放"},
    "all_visits": {"en": "All visits to shops", "zh": "全部到店采购"},
    "panel_asked": {"en": "{channel}", "zh": "{channel}"},
    "panel_sent": {"en": "{channel} (by schedule)", "zh": "{channel}（按周期）"},
    "panel_visits": {"en": "{channel} (visits)", "zh": "{channel}（到店）"},
    "asked_a_day": {"en": "Orders a day", "zh": "每日单数"},
    "sent_a_day": {"en": "Parcels a day", "zh": "每日份数"},
    "visits_a_day": {"en": "Visits a day", "zh": "每日人次"},
    "attempted": {"en": "Attempted", "zh": "提交"},
    "accepted": {"en": "Accepted", "zh": "接单"},
    "accepted_sent": {"en": "Accepted, or sent", "zh": "接单，或发放"},
    "delivered": {"en": "Delivered", "zh": "送达"},
    "delivered_visits": {"en": "Delivered, or visit", "zh": "送达，或到店"},
    "normal_orders": {"en": "Orders of a normal day", "zh": "平日订单"},
    "trigger_on": {"en": "A trigger is on", "zh": "触发期间"},
    "tiers": {"en": "Households by tier", "zh": "各级户数"},
    "staff_title": {"en": "Staff at work day by day, share of those planned", "zh": "每日到岗人员占应到人员的比例"},
    "staff_present": {"en": "At work", "zh": "在岗"},
    "staff_filled_in": {"en": "Filling in from another crew", "zh": "他岗支援"},
    "staff_lent": {"en": "Helping another crew", "zh": "支援他岗"},
    "staff_stayed_away": {"en": "Did not come", "zh": "未到岗"},
    "staff_turned_back": {"en": "Turned back at a checkpoint", "zh": "卡口劝返"},
    "staff_no_bed": {"en": "No bed on site", "zh": "无驻地床位"},
    "staff_quarantined": {"en": "Quarantined", "zh": "隔离"},
    "staff_infected": {"en": "Infected", "zh": "感染"},
    "staff_closed": {"en": "Place closed for cases", "zh": "因阳性病例关停"},
    "staff_not_called_up": {"en": "Not called up yet", "zh": "尚未征用"},
    "staff_shock": {"en": "Off duty for a shock", "zh": "突发事件停工"},
    "stock_title": {"en": "Stock by goods, in days of cover", "zh": "各类物资库存（可保障天数）"},
    "days_of_cover": {"en": "Days of cover", "zh": "可保障天数"},
    "stock_depots": {"en": "At depots", "zh": "保供点库存"},
    "stock_in_transit": {"en": "At depots and on the way there", "zh": "保供点库存加在途"},
    "stock_reserves": {"en": "In reserves", "zh": "储备库存"},
    "stock_short": {"en": "Orders sent with less than they should hold", "zh": "订单缺量发出"},
    "whom_title": {
        "en": "For whom: difference in hours with an empty pantry, at {level}",
        "zh": "对谁更好：断供时间之差，{level}",
    },
    "hours_less_is_better": {"en": "Hours per household (left: better)", "zh": "户均小时（左侧为优）"},
    "one_more_title": {"en": "What one more gains: {metric}", "zh": "增加一个单位的改善：{metric}"},
    "gain_axis": {"en": "Gain, {unit} (right: better)", "zh": "改善量，{unit}（右侧为优）"},
    "percentage_points": {"en": "percentage points", "zh": "个百分点"},
    "difference_found": {"en": "Difference found", "zh": "差别成立"},
    "difference_not_found": {"en": "None found", "zh": "未见差别"},
    "simultaneous_interval": {"en": "Simultaneous 95 % interval", "zh": "联合95% 置信区间"},
    "all_households": {"en": "All households", "zh": "全部家庭"},
    "worst_decile_of_all": {"en": "Worst-off tenth", "zh": "最差的十分之一"},
    "boundary_title": {"en": "Where the plan fails: {failing}", "zh": "方案在何处失效：{failing}"},
    "boundary_holds": {"en": "Holds", "zh": "达标"},
    "boundary_fails": {"en": "Fails", "zh": "失效"},
    "boundary_point_holds": {"en": "Point run, holds", "zh": "已模拟的点：达标"},
    "boundary_point_fails": {"en": "Point run, fails", "zh": "已模拟的点：失效"},
    "boundary_line": {"en": "{level}, interpolated", "zh": "{level}（插值）"},
    "tornado_title": {"en": "What one parameter alone changes: {metric}", "zh": "单个参数的影响：{metric}"},
    "tornado_axis": {"en": "{metric}", "zh": "{metric}"},
    "tornado_low": {"en": "At the lower end of its range", "zh": "取下限"},
    "tornado_high": {"en": "At the upper end", "zh": "取上限"},
    "tornado_base": {"en": "As planned", "zh": "原方案"},
    "boxes_title": {"en": "Under what conditions the plan fails: {failing}", "zh": "方案失效的条件：{failing}"},
    "boxes_panel": {
        "en": "Box {box}: {density} of it fails, {coverage} of all failures",
        "zh": "条件{box}：其中{density}失效，占全部失效的{coverage}",
    },
    "boxes_in": {"en": "In the box", "zh": "条件范围"},
    "boxes_perhaps": {"en": "Limit that may be chance (p > 5 %)", "zh": "可能出于偶然的界限（p > 5%）"},
    "boxes_sampled": {"en": "Sampled", "zh": "抽样范围"},
    "boxes_axis": {"en": "Within what was sampled", "zh": "在抽样范围内"},
    "boxes_least": {"en": "least", "zh": "最小"},
    "boxes_most": {"en": "most", "zh": "最大"},
    "morris_title": {"en": "What matters (elementary effects): {metric}", "zh": "影响因素筛选（基本效应）：{metric}"},
    "morris_axis": {"en": "{metric}: change over a parameter's range", "zh": "{metric}：在参数取值范围内的变动"},
    "measure_mu_star": {"en": "Mean size of the effect (µ*)", "zh": "效应绝对值均值（µ*）"},
    "measure_sigma": {"en": "Its spread: interactions, bends (σ)", "zh": "离散程度：交互或非线性（σ）"},
    "sobol_title": {
        "en": "What the variance comes from (Sobol indices): {metric}",
        "zh": "方差来源（Sobol 指数）：{metric}",
    },
    "sobol_axis": {"en": "Share of the variance", "zh": "占方差的比例"},
    "measure_total": {"en": "With all interactions (total)", "zh": "含全部交互（总效应）"},
    "measure_first_order": {"en": "Alone (first order)", "zh": "单独作用（一阶）"},
    "not_available": {"en": "n/a", "zh": "无数据"},
}

SPLITS: dict[str, dict[Language, str]] = {
    "tier": {"en": "Without one or more of the goods needed, by tier", "zh": "缺任意一种所需物资，按管控等级"},
    "district": {"en": "Without one or more of the goods needed, by district", "zh": "缺任意一种所需物资，按区县"},
    "kind": {
        "en": "Without one or more of the goods needed, by kind of household",
        "zh": "缺任意一种所需物资，按家庭类型",
    },
    "goods": {
        "en": "Without each of the goods, among households that need it",
        "zh": "缺某种物资（仅计需要该物资的家庭）",
    },
}


def figure_text(key: str, language: Language) -> str:
    """Text of a title, an axis or a legend entry; `key` is one of ``TEXTS``."""
    return TEXTS[key][language]


def split_label(split: str, language: Language) -> str:
    """Heading of a split; one that is not in ``SPLITS`` is shown under its own name."""
    return SPLITS[split][language] if split in SPLITS else display_name(split)
