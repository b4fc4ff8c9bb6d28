"""The Protocols that use cases need and the records that cross them."""
