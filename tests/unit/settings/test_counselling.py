"""The tables [[sharing.organisations]]."""

import pytest

from app.persistence.cipher import new_key_line
from app.settings import load_settings
from app.settings.counselling import CounsellingSettings
from tests.unit.settings.conftest import Instance
from tests.unit.settings.test_settings import refused

TABLE = "[[sharing.organisations]]"


def organisations(instance: Instance) -> tuple[CounsellingSettings, ...]:
    sharing = load_settings(instance.file).sharing
    assert sharing is not None
    return sharing.organisations


def own_table(instance: Instance) -> str:
    text = instance.file.read_text()
    return text[text.index(TABLE) : text.index("# From here on")]


def add_second(instance: Instance, **changes: str) -> None:
    """Another organisation, in all but `changes` (key: line) different."""
    instance.secret("sharing-wijkteam", new_key_line("one"))
    lines = {
        "id": 'id = "wijkteam"',
        "name": 'name = "Wijkteam Noord"',
        "key_ring_file": 'key_ring_file = "secrets/sharing-wijkteam"',
        "client_id": 'client_id = "wijkteam"',
        **changes,
    }
    kept = [line for line in own_table(instance).splitlines() if line.split(" = ")[0] not in lines]
    instance.change("# From here on", "\n".join([*kept, *lines.values(), "", "# From here on"]))


def test_the_example_names_one_organisation(instance: Instance) -> None:
    [found] = organisations(instance)
    assert found.organisation.stated == "Stadsbank Voorbeeldstad (OIN 00000099000000002000)"
    assert found.staff_config().profile.organisation == "stadsbank"
    assert [key_id for key_id, _ in found.key_lines()] == ["one"]


def test_without_the_table_nobody_logs_in(instance: Instance) -> None:
    instance.change(own_table(instance), "")
    assert organisations(instance) == ()


def test_two_organisations_can_be_told_apart(instance: Instance) -> None:
    add_second(instance)
    assert [one.id for one in organisations(instance)] == ["stadsbank", "wijkteam"]


@pytest.mark.parametrize("key", ["id", "name", "key_ring_file", "client_id"])
@pytest.mark.threat("T-45")
def test_two_that_could_be_mixed_up_are_refused(instance: Instance, key: str) -> None:
    same = next(line for line in own_table(instance).splitlines() if line.startswith(f"{key} = "))
    add_second(instance, **{key: same})
    assert f"two organisations have the same {key}" in refused(instance)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('id = "stadsbank"', 'id = "Stads/bank"', "id"),
        ('name = "Stadsbank Voorbeeldstad"', 'name = " "', "name"),
        ('name = "Stadsbank Voorbeeldstad"', 'name = "Stads\\nbank"', "name"),
        ('oin = "00000099000000002000"', 'oin = "12"', "oin"),
        ("https://inloggen.stadsbank", "http://inloggen.stadsbank", "issuer"),
        ('allowed_roles = ["schuldhulpverlener"]', "allowed_roles = []", "allowed_roles"),
    ],
)
def test_every_wrong_key_is_named(instance: Instance, old: str, new: str, expected: str) -> None:
    instance.change(old, new)
    assert refused(instance).startswith(f"sharing.organisations.0.{expected}")


def test_a_file_that_is_no_key_ring_is_refused(instance: Instance) -> None:
    instance.secret("sharing-stadsbank", "geen sleutel")
    assert refused(instance).startswith("sharing.organisations stadsbank: key_ring_file")
