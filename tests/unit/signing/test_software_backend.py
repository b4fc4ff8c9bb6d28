"""Keys in files do what every backend must do."""

from pathlib import Path

import pytest

from signing.keys.backend import KeyBackend
from signing.keys.software import load_software_key
from tests.support.backend_contract import BackendContract
from tests.support.seals import Town


class TestSoftwareKey(BackendContract):
    @pytest.fixture
    def town(self, any_town: Town) -> Town:
        return any_town

    @pytest.fixture
    def key(self, any_town: Town, tmp_path: Path) -> KeyBackend:
        files = any_town.identity.write(tmp_path, "zegel")
        return load_software_key(files.key_file, files.certificate_file, files.chain_file)
