"""Waves of orders, queues, loads, effort, and the protocol that every step keeps."""
