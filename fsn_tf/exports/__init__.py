"""Trained networks as files that run without fsn_tf."""
