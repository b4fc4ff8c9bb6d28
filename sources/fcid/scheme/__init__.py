"""Organisations that supply FCID documents and stand in one signed list, instead of a stanza each."""
