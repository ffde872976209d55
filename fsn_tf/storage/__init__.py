"""Paths on object storage: mirrored on the disk, published when whole."""
