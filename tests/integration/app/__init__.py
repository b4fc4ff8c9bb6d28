"""The composed service as processes: several at once, and one that dies."""
