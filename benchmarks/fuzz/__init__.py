"""Damaged inputs for every reader: none may end in a traceback."""
