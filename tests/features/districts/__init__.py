"""What the source documents ask of the other districts, performed in each one's own hall."""
