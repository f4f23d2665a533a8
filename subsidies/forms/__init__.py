"""Forms of the finance and award pages: each asks only what its act needs."""
