"""How good scores, segments and labels are (Section 4.2)."""
