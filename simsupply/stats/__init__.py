"""Intervals, paired differences, selection: arrays in, numbers out."""
