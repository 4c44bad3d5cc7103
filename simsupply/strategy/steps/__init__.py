"""Specifications of the kinds of step."""
