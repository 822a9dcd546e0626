"""The URL map: every controller of the app."""
