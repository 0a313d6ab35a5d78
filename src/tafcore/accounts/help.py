"""How accounts are looked after."""

from tafcore.contributions import HelpPage

PAGES = (
    HelpPage(
        key="accounts",
        title="Look after accounts, sectors and plugins",
        when="Somebody leaves, or a sector is to see its own children.",
        permission="admin.users",
        steps=(
            "Open *Administration* to find an account. *End the account* signs it out everywhere at once, with"
            " a reason.",
            "*What sectors may see* switches a sector's published scope on or off for the whole borough.",
            "*Plugins* lists which sectors' parts are installed. New accounts are made at the machine with"
            " tafcore user add.",
        ),
        after="Each of these is on the trail.",
        family="When an account ends, its sight of every family ends with it.",
        shows="The list of accounts, with agency, roles and whether each may sign in.",
        endpoints=("accounts.users", "accounts.sectors", "accounts.plugins", "accounts.disable"),
        tour=frozenset({"administrator"}),
        order=90,
    ),
)
