"""What the mechanism asks, performed row by row (docs/features.md)."""
