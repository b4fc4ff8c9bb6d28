"""The JSON API for programs, under /api/v1. Its contract is `openapi.yaml` beside this file, kept by hand."""
