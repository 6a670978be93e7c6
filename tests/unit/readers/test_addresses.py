import pytest

from generator.model.component import Role
from generator.readers.addresses import Address, find_addresses

INSIDE, OUTSIDE = Role.COMPONENT, Role.EXTERNAL


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("cart:7070", [("cart", "7070", INSIDE)]),
        ("my_cache:6379", [("my_cache", "6379", INSIDE)]),
        ("http://diff:80/x", [("diff", "80", INSIDE)]),
        ("http://Search/", [("search", "", INSIDE)]),
        ("redis://user@redis:6379", [("redis", "6379", INSIDE)]),
        ("postgresql+asyncpg://a:b@db/shop", [("db", "", INSIDE)]),
        ("jdbc:sqlserver://db:1433;encrypt", [("db", "1433", INSIDE)]),
        ("api.shop.svc.cluster.local:80", [("api.shop.svc.cluster.local", "80", INSIDE)]),
        ("http://api.shop.svc/x", [("api.shop.svc", "", INSIDE)]),
        ("redis.cache:6379", [("redis.cache", "6379", INSIDE)]),
        ("one:9092,two:9092", [("one", "9092", INSIDE), ("two", "9092", INSIDE)]),
        ("mongodb://a:b@one:1,two:2/shop", [("one", "1", INSIDE), ("two", "2", INSIDE)]),
        ("app:canary@tcp(mysql:3306)/shop", [("mysql", "3306", INSIDE)]),
        ("redis:6379,password=canary,ssl=False", [("redis", "6379", INSIDE)]),
        ("host=db port=5432 user=app password=canary", [("db", "5432", INSIDE)]),
        ("custom://api:99", [("api", "99", INSIDE)]),
        ("https://api.shop.example.com/v1", [("api.shop.example.com", "", OUTSIDE)]),
        ("smtp.example.com:25", [("smtp.example.com", "25", OUTSIDE)]),
        ("example.com:443", [("example.com", "443", OUTSIDE)]),
        (
            "https://a.example.com https://b.example.com",
            [("a.example.com", "", OUTSIDE), ("b.example.com", "", OUTSIDE)],
        ),
        ("10.1.2.3:6379", [("10.1.2.3", "6379", OUTSIDE)]),
        ("http://[fd00::7]:80/", [("[fd00::7]", "80", OUTSIDE)]),
        ("https://kubernetes.default.svc", [("kubernetes.default.svc", "", OUTSIDE)]),
    ],
)
def test_addresses(value: str, expected: list[tuple[str, str, Role]]) -> None:
    assert find_addresses("TARGET", value) == tuple(Address(*parts) for parts in expected)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "redis",
        "shop.example.com",
        "12:30",
        "1:30",
        "sha256:1234",
        "redis:latest",
        "redis:0",
        "redis:99999",
        "redis:07",
        "localhost:80",
        "http://localhost/",
        "127.0.0.1:6379",
        "0.0.0.0:8080",
        "http://[::1]:80",
        "300.1.1.1:80",
        "1.2.3:80",
        "s3://bucket/key",
        "file:///etc/shop",
        "bolt://",
        "custom://thing",
        "http://$(HOST):80/",
        "http://${HOST}/",
        "INFO:1",
        "at noon cart:7070",
        "registry.test/cart:7070",
        "projects/a/instances/b",
    ],
)
def test_what_is_no_address(value: str) -> None:
    assert find_addresses("TARGET", value) == ()


def test_image_tags_are_no_ports() -> None:
    assert find_addresses("REDIS_IMAGE", "redis:7") == ()


@pytest.mark.parametrize("value", ["db://can:ary@x:1", "db://u:can/ary@x:1", "db://u:can@ary:22@x:1", "u:can@x:1"])
def test_no_part_of_a_login_becomes_a_host(value: str) -> None:
    assert {address.host for address in find_addresses("TARGET", value)} == {"x"}


def test_a_secret_names_no_host() -> None:
    assert find_addresses("DB_PASSWORD", "cart:7070") == ()
