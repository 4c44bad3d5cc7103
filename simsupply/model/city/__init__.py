"""What happens to the city: tiers, epidemic, shocks, closures, diversions."""
