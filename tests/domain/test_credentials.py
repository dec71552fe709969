"""Addresses of databases: which of them hold a password."""

import pytest

from workbench.domain.credentials import holds_password


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ada:hunter2@host/sales",
        "postgresql://ada:hun/te@r2@host/sales",
        "postgresql://:hunter2@host/sales",
        "postgresql://ada:${PW}x@host/sales",
        "postgresql://ada@host/sales?password=hunter2",
        "mssql+pyodbc:///?odbc_connect=PWD%3Dhunter2",
        "mysql://ada:a\nb@host/sales",
    ],
)
def test_that_a_password_is_found(address):
    assert holds_password(address)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ada:${DB_PASSWORD}@host:5432/sales?sslmode=require",
        "sqlite:////home/ada/a:b.db",
        "mysql://host/x",
        "",
    ],
)
def test_that_an_address_without_a_password_is_fine(address):
    assert not holds_password(address)
