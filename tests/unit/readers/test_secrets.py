import pytest

from generator.readers.secrets import fingerprint, is_encrypted, is_secret_name, mask_within, only_encrypted, protect


def mask(value: str) -> str:
    return f"<{len(value)}>"


@pytest.mark.parametrize(
    "name",
    [
        "DB_PASSWORD",
        "PGPASSWORD",
        "SMTP_PASS",
        "apiKey",
        "XDD_API-KEY",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "SECRETACCESSKEY",
        "JUPYTER_TOKEN",
        "TOKEN_PRIVATE_KEY",
        "SECRET_KEY_BASE",
        "PASSWORD_2",
        "google-credentials",
        "Authorization",
        "api_key",
        "secret_key",
        "auth.private_key",
        "encryption_key",
        "signing_key",
        "license_key",
        "storage.account.primary_key",
        "cache.auth_key",
        "cache_api_key",
        "username_secret_key",
        "auth.username_password",
        "secret.cache_key",
    ],
)
def test_names_that_hold_a_secret(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "PASSWORD_FILE",
        "tokenUrl",
        "secretName",
        "imagePullSecrets",
        "existingSecret",
        "inject-ca-from-secret",
        "SSH_PUBLIC_KEY",
        "tokenExpirationSeconds",
        "ROUTING_KEY",
        "username_key",
        "auth.username_key",
        "credentials.usernameKey",
        "auth.name_key",
        "user_key",
        "primary_key",
        "auth.foreign_key",
        "app.sort_key",
        "app.partition_key",
        "SESSION_CACHE_KEY",
        "app.events.routing_key",
        "auth.group_key",
        "app.map_key",
        "auth.public_key",
        "KEYBOARD",
        "COMPASS",
        "replicas",
        "",
    ],
)
def test_names_that_only_speak_of_one(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("USE_TOKEN", "true"),
        ("MAX_TOKENS", "4096"),
        ("DB_PASSWORD", "$(SHARED_PASSWORD)"),
        ("DB_PASSWORD", "${SHARED_PASSWORD}"),
        ("DB_PASSWORD", ""),
        ("LOG_LEVEL", "debug"),
        ("TARGET", "token-service:8080"),
        ("TARGET", "http://secret-store:8200/v1"),
        ("IMAGE", "registry.test/sealed-secrets:v1"),
        ("IMAGE", "nginx:1.25@sha256:0123456789abcdef"),
        ("REPOSITORY", "ssh://git@code.test/shop.git"),
        ("REDIS", "redis://user@redis:6379"),
        ("DATABASE", "postgres://app:$(DB_PASSWORD)@db:5432/shop"),
        ("PACKAGES", "https://packages.test/@scope/name"),
        ("MAIL", "mailto:someone@shop.test"),
    ],
)
def test_values_that_stay(name: str, value: str) -> None:
    assert protect(name, value, mask) == (value, False)


def test_a_secret_name_masks_the_whole_value() -> None:
    assert protect("DB_PASSWORD", "123456", mask) == ("<6>", True)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("postgres://app:canary@db:5432/shop", "postgres://<10>@db:5432/shop"),
        ("redis://:canary@redis:6379/0", "redis://<7>@redis:6379/0"),
        ("postgres://app:can@ary@db/shop", "postgres://<11>@db/shop"),
        ("postgres://app:can/ary@db/shop", "postgres://<11>@db/shop"),
        ("https://canary@errors.test/1", "https://<6>@errors.test/1"),
        ("amqp://a:canary@one,amqp://b:canary@two", "amqp://<8>@one,amqp://<8>@two"),
        ("app:canary@tcp(mysql:3306)/shop", "<10>@tcp(mysql:3306)/shop"),
        ("https://api.test/v1?token=canary&page=2", "https://api.test/v1?token=<6>&page=2"),
        ("https://store.test/x/token=canary/y", "https://store.test/x/token=<8>"),
        ("https://store.test/file?sig=canary", "https://store.test/file?sig=<6>"),
        ("Server=db,1433;User=app;Password=can ary;Encrypt=yes", "Server=db,1433;User=app;Password=<7>;Encrypt=yes"),
        ("host=db user=app password=canary dbname=x", "host=db user=app password=<6> dbname=x"),
        ("redis:6379,password=canary,ssl=True", "redis:6379,password=<6>,ssl=True"),
        ('{"user": "app", "password": "can\\"ary"}', '{"user": "app", "password": "<8>"}'),
        ("run --api-key canary --verbose", "run --api-key <6> --verbose"),
        ("--password=canary", "--password=<6>"),
        ("db:\n  password: can ary # x\n  port: 1", "db:\n  password: <11>\n  port: 1"),
        ("password: can, ary;b=c", "password: <12>"),
        ("password=canary,ssl=True", "password=<6>,ssl=True"),
        ("a:\n  token: |\n    can\n\n    ary\n  b: 1", "a:\n  token: <18>\n  b: 1"),
        ("Authorization: Bearer canary0", "Authorization: <14>"),
        ("Bearer canary01", "<15>"),
        ("a ENC[AES256_GCM,data:canary,type:str]", "a encrypted:<36>"),
        ("ghp_canarycanarycanary00", "<24>"),
    ],
)
def test_only_the_secret_part_is_masked(value: str, shown: str) -> None:
    assert mask_within(value, mask) == shown


def test_private_keys_are_masked_whole_even_without_their_end() -> None:
    begin, end = "-----BEGIN RSA PRIVATE KEY-----\n", "-----END RSA PRIVATE KEY-----"
    assert mask_within(f"a\n{begin}canary\n{end}\nb", mask) == f"a\n<{len(begin) + 7 + len(end)}>\nb"
    assert "canary" not in mask_within(f"{begin}canary", mask)


VAULT = "$ANSIBLE_VAULT;1.1;AES256\n6338\n  6162\n"
ARMORED = "-----BEGIN PGP MESSAGE-----\nVersion: x\n\nhQEM+/=\n-----END PGP MESSAGE-----"


@pytest.mark.parametrize("value", ["ENC[AES256_GCM,data:x,type:str]", "ENC[PKCS7,MIIB]", VAULT, ARMORED])
@pytest.mark.parametrize("name", ["DB_PASSWORD", "LOG_LEVEL"])
def test_what_is_encrypted_is_told_apart_from_plain_text(name: str, value: str) -> None:
    assert is_encrypted(value)
    shown = f"encrypted:<{len(value.strip())}>"
    assert protect(name, value, mask) == (shown, True)
    assert fingerprint(value, mask) == shown


@pytest.mark.parametrize("value", ["canary", "ENC[", "ENC(x)", "$ANSIBLE_VAULT;1.1;AES256", f"{ARMORED} canary"])
def test_anything_else_is_not(value: str) -> None:
    assert not is_encrypted(value)
    assert fingerprint(value, mask) == f"<{len(value)}>"


@pytest.mark.parametrize(
    ("value", "alone"),
    [
        ("password=ENC[A,b]", True),
        ("host=db password=ENC[A,b] dbname=x", True),
        ("password=ENC[A,b] token=canary", False),
        ("password: encrypted:0123456789ab", False),
        ("https://canary:canary@shop.test?a=ENC[A,b]", False),
        ("no secret", False),
    ],
)
def test_only_encrypted_values_are_no_plain_text(value: str, *, alone: bool) -> None:
    shown = mask_within(value, lambda _: "secret:0123456789ab")
    assert "canary" not in shown
    assert only_encrypted(shown) is alone


HOSTILE = [
    "a",
    "key",
    "a:",
    "http://",
    "@",
    "password=",
    "token = ",
    "-----BEGIN ",
    "token:\n",
    "ENC[A,",
    "-eyJaaaaaaaa",
    "-----BEGIN PGP MESSAGE-----\n",
    "$ANSIBLE_VAULT;1.1;AES256\na",
    "glpat-",
    '"',
]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("unit", HOSTILE)
def test_long_texts_take_no_long_time(unit: str) -> None:
    mask_within(unit * (400_000 // len(unit)) + "@", mask)
    mask_within("password: x" + " " * 400_000 + unit, mask)
