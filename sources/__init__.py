"""Where debts come from: one folder per protocol, all of them asked at once."""
