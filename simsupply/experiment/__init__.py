"""Simulate, top up, compare, select, one more: functions on results."""
