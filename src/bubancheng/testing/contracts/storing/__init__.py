"""The checks of the contract of stores, and what they put into one; nothing here needs pytest."""
