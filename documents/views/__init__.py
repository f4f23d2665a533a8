"""Pages of the documents app, one subject a module."""
