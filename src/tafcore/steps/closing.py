"""Closing an episode with an outcome for every need, opening it again, and asking afterwards whether it held."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.db import session, utcnow
from tafcore.episodes import service as episodes
from tafcore.episodes.models import Episode
from tafcore.families.access import FamilyView, visible_family
from tafcore.meetings.models import Meeting
from tafcore.plans import service as plans
from tafcore.plans.commands import SetNeedOutcome
from tafcore.plans.models import Action, Need, Plan
from tafcore.plans.rules import OPEN_STATES
from tafcore.standards import service as standards
from tafcore.steps import rules
from tafcore.steps.commands import CloseEpisode, DoFollowUp, ReopenEpisode
from tafcore.steps.events import FollowedUp
from tafcore.steps.models import FollowUp, Step
from tafcore.vocabulary import Subject
from tafcore.work import NotFound, Refused, check, publish

OPENS_BEFORE = timedelta(days=14)


def close_episode(command: CloseEpisode, actor: Actor) -> Episode:
    """Close early help: nothing else may be open, every need has an outcome, follow-ups are put in the diary."""
    view = check(
        command,
        actor,
        lambda: visible_family(command.family, actor, "change", command.scopes),
        _needs_told,
        _nothing_open,
    )
    episode = episodes.require_episode(view.id)
    for one in command.needs:
        for judge, outcome, words in (("lead", one.outcome, one.evidence), ("family", one.family_says, None)):
            if outcome is not None and outcome != "not_asked":
                asked = SetNeedOutcome(family=view.ref, need=one.need, judged_by=judge, outcome=outcome, evidence=words)
                plans.set_need_outcome(asked, actor)
    episodes.close(episode, command.reason, command.words, actor)
    if command.reason not in ("in_error", "died"):
        _plan_follow_ups(episode)
    return episode


def _needs_told(view: FamilyView, command: CloseEpisode) -> list[Problem]:
    return rules.problems_of_outcomes(_needs(view), command.needs, command.reason)


def _needs(view: FamilyView) -> list[str]:
    """References of the needs of the plan in force."""
    live = (
        select(Need.ref)
        .join(Plan, Plan.id == Need.plan_id)
        .join(Episode, Episode.id == Plan.episode_id)
        .where(Episode.family_id == view.id, Episode.state != "closed", Need.ended_at.is_(None))
        .order_by(Need.id)
    )
    return list(session.scalars(live))


def _nothing_open(view: FamilyView, command: CloseEpisode) -> list[Problem]:
    if episodes.episode_now(view.id) is None:
        return [Problem("Early help is not open for this family")]
    in_hand = select(Step.ref).where(Step.family_id == view.id, Step.state.in_(rules.IN_HAND)).order_by(Step.id)
    planned = select(Meeting.id).where(Meeting.family_id == view.id, Meeting.state == "scheduled").limit(1)
    to_do = (
        select(Action.id)
        .join(Plan, Plan.id == Action.plan_id)
        .join(Episode, Episode.id == Plan.episode_id)
        .where(Episode.family_id == view.id, Episode.state != "closed")
        .where(Action.state.in_(OPEN_STATES), Action.ended_at.is_(None))
    )
    return rules.problems_of_closing(
        command.reason,
        sum(one.outcome == "not_met" for one in command.needs),
        list(session.scalars(in_hand)),
        session.scalar(planned) is not None,
        len(list(session.scalars(to_do))),
    )


def _plan_follow_ups(episode: Episode) -> None:
    closed_at = episode.closed_at or utcnow()
    for months in rules.FOLLOW_UP_MONTHS:
        due = standards.due(f"follow_up_{months}", closed_at)
        row = FollowUp(family_id=episode.family_id, episode_id=episode.id, team_id=episode.team_id, months=months)
        row.due, row.opens_at = due, due - OPENS_BEFORE
        session.add(row)
    session.flush()


def last_episode(family_id: int) -> Episode:
    """The newest episode, whatever its state. Raises NotFound when there was none."""
    newest = select(Episode).where(Episode.family_id == family_id).order_by(Episode.id.desc()).limit(1)
    found = session.scalar(newest)
    if found is None:
        raise NotFound
    return found


def reopen_episode(command: ReopenEpisode, actor: Actor) -> Episode:
    """Open the last episode again, while that may be; its follow-ups end, and come anew with the next closing."""

    def may(view: FamilyView, _: ReopenEpisode) -> list[Problem]:
        last = last_episode(view.id)
        return rules.may_reopen(last.closed_at, utcnow(), last.closing_reason)

    view = check(command, actor, lambda: visible_family(command.family, actor, "change", command.scopes), may)
    episode = last_episode(view.id)
    now = utcnow()
    waiting = select(FollowUp).where(FollowUp.episode_id == episode.id, FollowUp.ended_at.is_(None))
    for row in session.scalars(waiting):
        row.ended_at, row.ended_by = now, actor.byline
    episodes.reopen(episode, command.reason, actor)
    return episode


def do_follow_up(command: DoFollowUp, actor: Actor) -> FollowUp:
    """What became of a family some months after closing."""
    view = check(command, actor, lambda: visible_family(command.family, actor, "change", command.scopes))
    row = waiting_follow_up(view.id, command.months)
    problems = rules.may_follow_up(row.months, row.ended_at, row.opens_at, utcnow())
    if problems:
        raise Refused(problems)
    row.outcome, row.words, row.ended_at, row.ended_by = command.outcome, command.words, utcnow(), actor.byline
    publish(
        FollowedUp(
            actor=actor,
            subject=Subject("follow_up", row.id, view.ref),
            family_id=view.id,
            months=row.months,
            outcome=command.outcome,
            words=command.words,
            line=f"Asked {row.months} months after closing: {rules.FOLLOW_UP_OUTCOMES[command.outcome].lower()}",
        )
    )
    return row


def waiting_follow_up(family_id: int, months: int) -> FollowUp:
    """The follow-up at `months` months after the last closing. Raises NotFound when there is none."""
    newest = select(FollowUp).where(FollowUp.family_id == family_id, FollowUp.months == months)
    row = session.scalar(newest.order_by(FollowUp.id.desc()).limit(1))
    if row is None:
        raise NotFound
    return row
