"""The one way in: whatever the platform, an act is received, its person found, and its answer brought back here."""
