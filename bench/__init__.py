"""How fast the product is, beside the least that the same work could cost: ratios of one run, never promises."""
