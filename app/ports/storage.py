"""What every store may raise."""


class StorageUnavailable(Exception):
    """The database cannot be reached, stayed locked or refuses work now. Trying again later may help."""


class StoredDataUnreadable(Exception):
    """A stored row cannot be decrypted or understood: its key is gone, or the row was tampered with or moved."""
