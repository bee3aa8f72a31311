"""Help desks that really run, as grounds for the contract."""
