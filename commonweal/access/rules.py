"""What one line of the access table means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody is to the fund. ANYONE and SIGNED_IN ask for no membership; whoever acts for an investor reads what
    is its own as well, and so is both."""

    ANYONE = "anyone"
    SIGNED_IN = "signed-in"
    MANAGER = "manager"
    OFFICER = "officer"
    FINANCE = "finance"
    AUDITOR = "auditor"
    BORROWER = "borrower"
    INVESTOR = "investor"
    INVESTOR_ACTS = "investor-acts"


class Side(StrEnum):
    """The three windows on one truth."""

    STAFF = "staff"
    BORROWER = "borrower"
    INVESTOR = "investor"


STAFF_ROLES = frozenset({Role.MANAGER, Role.OFFICER, Role.FINANCE, Role.AUDITOR})

SIDES = {
    **dict.fromkeys(STAFF_ROLES, Side.STAFF),
    Role.BORROWER: Side.BORROWER,
    Role.INVESTOR: Side.INVESTOR,
    Role.INVESTOR_ACTS: Side.INVESTOR,
}

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})

TITLES = {
    Role.MANAGER: "fund manager",
    Role.OFFICER: "loan officer",
    Role.FINANCE: "finance officer",
    Role.AUDITOR: "auditor",
    Role.BORROWER: "borrower",
    Role.INVESTOR: "investor",
    Role.INVESTOR_ACTS: "person who may act for an investor",
}
"""How a role is called in a sentence."""


class MalformedTable(Exception):
    """Raised while the access table is read, when a line cannot be understood. Correct the line that it names."""


@dataclass(frozen=True, slots=True)
class Permission:
    """Who may use one method of an address, and what it is for."""

    roles: frozenset[Role]
    purpose: str

    @property
    def is_open(self) -> bool:
        """Whether people who have not logged in may use it."""
        return Role.ANYONE in self.roles

    def admits(self, roles: frozenset[Role]) -> bool:
        """Whether a person who has logged in and has these roles may use it."""
        return bool(self.roles & (roles | {Role.ANYONE, Role.SIGNED_IN}))


@dataclass(frozen=True, slots=True)
class Rule:
    """All that is allowed at one address, by method."""

    name: str
    permissions: Mapping[str, Permission]

    def permission(self, method: str) -> Permission | None:
        """What is said of a method; HEAD is the same as GET."""
        return self.permissions.get("GET" if method == "HEAD" else method)

    def concerns(self, roles: frozenset[Role]) -> bool:
        """Whether the address is on the side of a person with these roles, whatever the method.

        To anybody else it must look as if it did not exist.
        """
        named = frozenset[Role]().union(*(permission.roles for permission in self.permissions.values()))
        return bool(named & {Role.ANYONE, Role.SIGNED_IN}) or bool(_sides(named) & _sides(roles))


def _sides(roles: frozenset[Role]) -> frozenset[Side]:
    return frozenset(SIDES[role] for role in roles if role in SIDES)


def read_rules(*sections: str) -> dict[str, Rule]:
    """The rules that lines of text say, by the name of the address. Raises MalformedTable.

    >>> rules = read_rules("desk:loan-draw    POST    manager, officer    draw a loan down")
    >>> sorted(rules["desk:loan-draw"].permissions["POST"].roles)
    [<Role.MANAGER: 'manager'>, <Role.OFFICER: 'officer'>]
    """
    permissions: dict[str, dict[str, Permission]] = {}
    for line in _lines(sections):
        name, methods, permission = _read_line(line)
        said = permissions.setdefault(name, {})
        if twice := methods & said.keys():
            raise MalformedTable(f"{name} {', '.join(sorted(twice))} is in the access table twice")
        said.update(dict.fromkeys(sorted(methods), permission))
    return {name: Rule(name, said) for name, said in permissions.items()}


def _lines(sections: tuple[str, ...]) -> Iterator[str]:
    for section in sections:
        for line in section.splitlines():
            if line.strip() and not line.lstrip().startswith("#"):
                yield line.strip()


def _read_line(line: str) -> tuple[str, frozenset[str], Permission]:
    cells = re.split(r"\s{2,}", line)
    if len(cells) != 4:
        raise MalformedTable(f"four columns, two blanks or more apart, are needed: {line!r}")
    name, methods, who, purpose = cells
    return name, _read_methods(methods, line), Permission(_read_roles(who, line), purpose)


def _read_methods(text: str, line: str) -> frozenset[str]:
    methods = frozenset(text.split(", "))
    if unknown := methods - METHODS:
        raise MalformedTable(f"{', '.join(sorted(unknown))} is not a method: {line!r}")
    return methods


def _read_roles(text: str, line: str) -> frozenset[Role]:
    roles: set[Role] = set()
    for word in text.split(", "):
        if word == Side.STAFF:
            roles |= STAFF_ROLES
        elif word in set(Role):
            roles.add(Role(word))
        else:
            raise MalformedTable(f"{word!r} is not a role: {line!r}")
    return frozenset(roles)
