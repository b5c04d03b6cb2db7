"""The testing door, tried from outside."""
