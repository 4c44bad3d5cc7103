"""Stages: workers serve units from queues."""
