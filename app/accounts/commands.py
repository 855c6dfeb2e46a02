"""Commands of accounts 账号: flask accounts add-base | add-person | rename-person | grant | end-grant."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.accounts.credit_code import credit_code_holds
from app.accounts.password_rule import weakness
from app.accounts.permissions import ROLES
from app.accounts.services import people
from app.store import writing

cli = AppGroup("accounts", help="People, training bases and roles.")


def base_id_of(code: str) -> int:
    """The id of the training base with this code; ends the command in one sentence when there is none."""
    found = people.find_base_by_code(code)
    if found is None:
        raise click.ClickException(f"There is no training base with the code {code}.")
    return found.id


def person_id_of(account: str) -> int:
    """The id of the person with this account; ends the command in one sentence when there is none."""
    found = people.find_person_id(account)
    if found is None:
        raise click.ClickException(f"There is no account {account}.")
    return found


@cli.command("add-base")
@click.argument("code")
@click.option("--name-zh", required=True)
@click.option("--name-en", required=True)
@click.option("--credit-code", required=True, help="Unified social credit code (GB 32100), checked.")
@click.option("--region", default="")
@click.option("--signer-zh", default="")
@click.option("--signer-en", default="")
def add_base(
    code: str, name_zh: str, name_en: str, credit_code: str, region: str, signer_zh: str, signer_en: str
) -> None:
    """Register a training base."""
    if not credit_code_holds(credit_code):
        raise click.ClickException("The unified social credit code is wrong: its check character does not fit.")
    with writing():
        base_id = people.add_base(
            code=code,
            name_zh=name_zh,
            name_en=name_en,
            credit_code=credit_code,
            region=region,
            signer_zh=signer_zh,
            signer_en=signer_en,
            by=None,
        )
    click.echo(f"training base {base_id} added")


@cli.command("add-person")
@click.argument("account")
@click.option("--name", required=True)
@click.option("--name-latin", default="")
@click.password_option()
def add_person(account: str, name: str, name_latin: str, password: str) -> None:
    """Add a person with an account."""
    if (wrong := weakness(password, account)) is not None:
        raise click.ClickException(wrong)
    with writing():
        person_id = people.add_person(account=account, name=name, name_latin=name_latin, password=password)
    click.echo(f"person {person_id} added")


@cli.command("rename-person")
@click.argument("account")
@click.option("--name", help="The right name; without it the name stays.")
@click.option("--name-latin", help="The right name in Latin letters; without it that name stays.")
def rename_person(account: str, name: str | None, name_latin: str | None) -> None:
    """Correct a person's name; a certificate keeps the name it was issued with until it is replaced."""
    if name is None and name_latin is None:
        raise click.UsageError("Give --name, --name-latin or both.")
    if name is not None and not name.strip():
        raise click.BadParameter("A name is not empty.", param_hint="--name")
    with writing():
        changed = people.rename_person(person_id=person_id_of(account), name=name, name_latin=name_latin, by=None)
    click.echo("renamed" if changed else "nothing to change")


@cli.command("grant")
@click.argument("account")
@click.argument("role", type=click.Choice(sorted(ROLES)))
@click.option("--base", help="Code of the training base; without it the role is for the whole platform.")
def grant(account: str, role: str, base: str | None) -> None:
    """Give a person a role."""
    with writing():
        people.grant(
            person_id=person_id_of(account), role=role, base_id=None if base is None else base_id_of(base), by=None
        )
    click.echo("granted")


@cli.command("end-grant")
@click.argument("account")
@click.argument("role", type=click.Choice(sorted(ROLES)))
@click.option("--base")
def end_grant(account: str, role: str, base: str | None) -> None:
    """Take a role back."""
    with writing():
        ended = people.end_grants(
            person_id=person_id_of(account), role=role, base_id=None if base is None else base_id_of(base), by=None
        )
    click.echo(f"{ended} grants ended")
