"""What plugin authors rely on: isolation, settings, versions, scaffolds."""
