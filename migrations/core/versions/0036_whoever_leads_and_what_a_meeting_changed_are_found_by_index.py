"""Whoever leads an episode, and what a meeting changed in the plan, are found by index"""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_lead_appointment_episode_id"), "lead_appointment", ["episode_id"])
    op.create_index(op.f("ix_goal_rating_meeting_id"), "goal_rating", ["meeting_id"])
    op.create_index(op.f("ix_action_update_meeting_id"), "action_update", ["meeting_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_action_update_meeting_id"), table_name="action_update")
    op.drop_index(op.f("ix_goal_rating_meeting_id"), table_name="goal_rating")
    op.drop_index(op.f("ix_lead_appointment_episode_id"), table_name="lead_appointment")
