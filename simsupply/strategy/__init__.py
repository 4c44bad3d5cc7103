"""What we decide: channels and their steps, release, mix, triggers, allocation, routes."""
