"""Which share of the orders of a channel goes which way, in words."""

from __future__ import annotations

from simsupply.base.catalogue import Message, message
from simsupply.base.language import display_name
from simsupply.base.spec import Title
from simsupply.strategy.branches import REST
from simsupply.strategy.channels import StrategySpec
from simsupply.strategy.step_titles import step_labels


def ways_of_branches(strategy: StrategySpec) -> list[Message]:
    """For each branch of the channels in use its share, and the steps that its orders pass."""
    english, chinese = step_labels([strategy], "en"), step_labels([strategy], "zh")
    notes = []
    for name in dict.fromkeys(use.channel for use in strategy.uses):
        channel = strategy.channels[name]
        titles = {branch: spec.title or display_name(branch) for branch, spec in channel.branches.items()}
        for branch, share in channel.branch_shares.items() if channel.branches else ():
            names = [step.body.name for step in channel.of_branch(branch).steps]
            steps, percent = [Title(en=english[step], zh=chinese[step]) for step in names], 100 * share
            if branch == REST:
                notes.append(message("way_of_rest", percent=percent, channel=channel.title, steps=steps))
            else:
                title = titles[branch]
                notes.append(
                    message("way_of_branch", percent=percent, channel=channel.title, branch=title, steps=steps)
                )
    return notes
