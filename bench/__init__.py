"""How fast the app is, measured from outside and told in multiples of a yardstick. `bin/bench` runs it."""
