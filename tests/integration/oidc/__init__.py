"""The relying party against the DigiD simulator, over real HTTP."""
