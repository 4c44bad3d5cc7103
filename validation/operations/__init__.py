"""Published operations as small plans: what rates foretell, against what was reported."""
