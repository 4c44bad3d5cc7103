"""Stock of the depots: sources, batches, reserves, allocation, filling orders."""
