"""Steps that couple, simulated together: what they are, their arena, and what is told of them when it has run."""
