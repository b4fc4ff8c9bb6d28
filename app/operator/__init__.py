"""The operator site: pages for the municipality's own operators, never for citizens."""
