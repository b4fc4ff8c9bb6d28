"""Digest to CMS, payload to JWS."""
