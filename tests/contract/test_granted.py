"""What is granted is found once to be read, and by the statement itself inside a write: both say the same of all."""

from sqlalchemy import select

from tafcore import db, hooks
from tafcore.accounts.models import User
from tafcore.families.access import times, visible
from tafcore.families.models import Family


def test_everybody_sees_the_same_families_in_a_list_and_inside_a_write(borough):
    with borough.app.app_context():
        actors = [user.actor() for user in db.session.scalars(select(User).order_by(User.id)).unique()]
        areas = [None, *sorted({area for rule in hooks.access_rules() for area in rule.areas})]

        def seen():
            found = {}
            for actor in actors:
                for area in areas:
                    rows = db.session.scalars(select(Family.id).where(visible(actor, area)), times())
                    found[actor.user_id, area] = sorted(rows)
            return found

        read = seen()
        with db.writing():
            assert seen() == read
    assert len({tuple(ids) for ids in read.values()}) > 10
