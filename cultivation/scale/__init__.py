"""A synthetic population for tests of speed: never data to work with.

``lives`` makes up firms, pure and from a seed; ``writing`` puts them into the database in bulk. The services would take
days for half a million firms, so the rows are written directly, in the shape that the services give them.
"""
