"""Our own complete record (schuldenoverzicht version 1): wire names, reader and writer."""
