"""The paper's tables and figure, and 50 Salads, beside ours (Section 4)."""
