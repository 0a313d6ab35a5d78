"""A family, and who sees it for which reason."""

from types import SimpleNamespace

from tafcore.testing import settled


@settled
def borough(app, make):
    """A family with a lead in a school and a helper of a charity; its manager; a manager of another team."""
    team = make.team("Larch hub")
    found = SimpleNamespace(
        manager=make.user("early_help_manager", team=team),
        lead=make.user(organisation=make.organisation("school")),
        helper=make.user(organisation=make.organisation("vcs")),
        elsewhere=make.user("early_help_manager", team=make.team("Rowan hub")),
        family=make.family(team),
    )
    make.episode(found.family, found.manager, found.lead)
    make.member(found.family, found.lead, found.helper)
    return found
