"""seats of choices, and quotas"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Up."""
    op.create_table(
        "tallies",
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_tallies_form_id_forms")),
        sa.PrimaryKeyConstraint("form_id", "name", name=op.f("pk_tallies")),
    )


def downgrade() -> None:
    """Down."""
    op.drop_table("tallies")
