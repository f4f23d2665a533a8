"""Pages: authorise, validate, one service call, redirect."""
