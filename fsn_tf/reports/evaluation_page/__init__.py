"""The page of an evaluation: one file for a browser that needs no other."""
