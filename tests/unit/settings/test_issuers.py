"""The tables [[api.issuers]]: whose tokens the API takes beside its own."""

import json
from datetime import UTC, datetime

import pytest
from joserfc.jwk import RSAKey

from app.settings import load_settings
from tests.unit.settings.conftest import Instance
from tests.unit.settings.test_settings import refused


def today() -> datetime:
    return datetime.now(UTC)


ISSUER = """
[[api.issuers]]
id = "landelijk"
name = "Landelijk Portaal"
issuer = "https://toestemming.voorbeeld.example"
keys_file = "landelijk.json"
scopes = {schuldenoverzicht = "nl.schulden.lezen"}
[[api.issuers.apps]]
azp = "55f9f559-2496-49d4-b6c3-351a586b7484"
name = "Mijn Plan"
"""


def test_tokens_of_others_are_taken_by_the_settings_only(instance: Instance) -> None:
    assert load_settings(instance.file).api.issuers == ()  # type: ignore[union-attr]
    instance.change("\n[sharing]", f"{ISSUER}\n[sharing]")
    assert refused(instance).endswith("there is no file " + str(instance.folder / "landelijk.json"))
    (instance.folder / "landelijk.json").write_text("[]")
    assert refused(instance) == "api: issuers and decryption_key_file go together"
    instance.change("# decryption_key_file", "decryption_key_file")
    instance.secret("api-decryption.pem", "geen sleutel")
    assert refused(instance).startswith("api.issuers: the log-in key is not a readable PEM")
    instance.secret("api-decryption.pem", RSAKey.generate_key(3072).as_pem(private=True).decode())
    assert refused(instance) == "api.issuers: the keys_file of an issuer is no JWK set"
    (instance.folder / "landelijk.json").write_text('{"keys": []}')
    assert refused(instance).startswith("api.issuers: the JWK set has no usable key")
    public = RSAKey.generate_key(2048).as_dict(private=False)
    (instance.folder / "landelijk.json").write_text(json.dumps({"keys": [{**public, "kid": "een"}]}))
    api = load_settings(instance.file).api
    assert api is not None
    ((issuer, keys),) = ((one.issuer, one.keys) for one in api.external("https://schulden.example", today))
    assert issuer.audience == "https://schulden.example/api/v1"
    assert issuer.levels == {f"http://eidas.europa.eu/LoA/{level}" for level in ("substantial", "high")}
    assert {word: str(scope) for word, scope in issuer.scopes.items()} == {
        "nl.schulden.lezen": "schuldenoverzicht",
        "toestemmingen": "toestemmingen",
    }
    assert keys.key("een", "PS256") is not None
    assert keys.key("een", "ES256") is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "landelijk"', 'id = "Landelijk:1"', "api.issuers.0.id"),
        ('issuer = "https', 'issuer = "http', "the address must start with https://"),
        ("keys_file", 'jwks_uri = "https://x.example/k"\nkeys_file', "jwks_uri or keys_file, and not both"),
        ("keys_file", 'oin = "00000001900000010000"\nkeys_file', "oin and authorities_file go together"),
        ("keys_file", 'algorithms = ["HS256"]\nkeys_file', "api.issuers.0.algorithms.0"),
        ("keys_file", "longest_seconds = 3601\nkeys_file", "api.issuers.0.longest_seconds"),
        ("keys_file", 'minimum_level = "low"\nkeys_file', "api.issuers.0.minimum_level"),
        ("nl.schulden.lezen", "toestemmingen", None),
        (
            "{schuldenoverzicht",
            '{toestemmingen = "nl.schulden.lezen", schuldenoverzicht',
            "two scopes of ours",
        ),
        ("[[api.issuers.apps]]", '[[api.issuers.apps]]\nscopes = ["alles"]', "api.issuers.0.apps.0.scopes.0"),
        ("keys_file", 'binding = "certificate"\nkeys_file', "tied to certificates need certificate_url"),
    ],
)
def test_an_issuer_that_is_not_clear_stops_the_start(
    instance: Instance, old: str, new: str, said: str | None
) -> None:
    instance.change("# decryption_key_file", "decryption_key_file")
    instance.secret("api-decryption.pem", "niet gelezen")
    (instance.folder / "landelijk.json").write_text("{}")
    instance.change("\n[sharing]", f"{ISSUER.replace(old, new, 1)}\n[sharing]")
    assert (said or "not a readable PEM") in refused(instance)
