"""Facts that laws and registers decide, with the day each took effect and where it was read."""
