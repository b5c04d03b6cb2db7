"""The plugin for SQL servers, on real ones."""
