"""Move the line for seats from the pursuits to the waiting entries, and a tenant's days of approval to its settings.

`pursuits.seat_held_until` stays for one release and is not read any more.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# A request where every seat is taken stands in line since it was made; one for which a seat was held is offered that
# seat until the same moment.
LINES = """
INSERT INTO waiting_entries (tenant_id, id, created_at, updated_at, version, status, opportunity_id, student_id,
                             school_id, joined_at, offered_at, offer_until)
SELECT p.tenant_id, gen_random_uuid(), now(), now(), 1,
       CASE WHEN p.seat_held_until IS NULL THEN 'waiting' ELSE 'offered' END,
       p.opportunity_id, p.student_id, p.school_id, p.requested_at,
       CASE WHEN p.seat_held_until IS NOT NULL THEN p.updated_at END, p.seat_held_until
FROM pursuits p
JOIN opportunities o ON o.tenant_id = p.tenant_id AND o.id = p.opportunity_id
WHERE p.status = 'requested' AND (p.seat_held_until IS NOT NULL OR o.seats_taken >= o.seats)
ON CONFLICT DO NOTHING
"""
SETTINGS = """
INSERT INTO tenant_settings (tenant_id, id, created_at, updated_at, version, waitlist_hours, pursuit_days,
                             stale_after_days, stale_silence_days, trusted_after, sensitive_industries,
                             session_cancel_hours, host_again_months)
SELECT id, gen_random_uuid(), now(), now(), 1, 24, (settings->>'pursuit_days')::integer, 183, 14, 3,
       '{5616,622,623,7132,7224,814,332992,332994}', 24, 12
FROM tenants
WHERE CASE WHEN jsonb_typeof(settings->'pursuit_days') = 'number' AND settings->>'pursuit_days' ~ '^[0-9]{1,3}$'
           THEN (settings->>'pursuit_days')::integer BETWEEN 1 AND 120 ELSE false END
ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    """Copy what stands where it stood."""
    op.execute(LINES)
    op.execute(SETTINGS)


def downgrade() -> None:
    """Leave both: the release before reads its own columns."""
