"""Contract kits: what a store, a dispatcher, a notifier, a district and a calendar must do."""
