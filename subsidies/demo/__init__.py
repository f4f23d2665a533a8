"""The money side of the demonstration: an invented award document, scheme and fund, all marked 演示."""
