"""Answers in words, and the folder of a run or comparison."""
