"""Order intake: demand, channel choice, release, group buying, admission control, triggers."""
