"""The catalogue of services, and how a resident follows a need by its code.

Why: a need names a service of the catalogue, so an empty one would let nobody ask for anything. And whoever
holds the code of a need may see what became of it, or withdraw it, without signing in: two functions answer
that for one need at a time, and show of it no name and no household.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

# code, name in English, name in Chinese, office (`office-…` of needs.ftl), days until an answer is due
SERVICES = (
    ("jobs", "Job information", "就业信息", "employment", 7),
    ("training", "Vocational training", "职业技能培训", "employment", 15),
    ("wages", "Help with unpaid wages", "欠薪维权", "labour", 10),
    ("legal-aid", "Legal aid", "法律援助", "legal-aid", 10),
    ("mediation", "Mediation between neighbours", "邻里纠纷调解", "mediation", 15),
    ("school", "A place at school", "子女入学", "education", 30),
    ("early-education", "Early education", "早期教育", "education", 30),
    ("insurance", "Social insurance", "社会保险", "social-security", 15),
    ("permit", "Residence permit", "居住证办理", "police-station", 15),
    ("vaccination", "Vaccination", "预防接种", "clinic", 7),
    ("home-care", "Home care for older people", "居家养老服务", "civil-affairs", 15),
    ("accessibility", "Making a home accessible", "居家无障碍改造", "civil-affairs", 30),
    ("relief", "Temporary relief", "临时救助", "civil-affairs", 10),
    ("rent-help", "Public housing and help with rent", "公租房与租房补贴", "housing", 30),
    ("repairs", "Repairs of water, power and house", "水电与房屋维修", "housing", 7),
    ("culture", "Courses, sport and culture", "文体活动", "culture", 15),
)
FUNCTIONS = """
CREATE FUNCTION follow_need(hash bytea)
RETURNS TABLE (
    need_id bigint, household_id bigint, name_en text, name_zh text, state text, made_at timestamptz,
    until_on date, office text, made_on date, due_on date, result text, result_on date
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('gridkeeper.keeping', 'on', true);
    RETURN QUERY SELECT need.id, need.household_id::bigint, service.name_en, service.name_zh, need.state,
        need.made_at, need.until_on, referral.office, referral.made_on, referral.due_on, referral.result,
        referral.result_on
    FROM need JOIN service ON service.id = need.service_id
    LEFT JOIN referral ON referral.need_id = need.id
    WHERE need.code_hash = hash ORDER BY referral.id;
    PERFORM set_config('gridkeeper.keeping', '', true);
END $$;
REVOKE ALL ON FUNCTION follow_need(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION follow_need(bytea) TO gridkeeper_app;

CREATE FUNCTION withdraw_need(hash bytea) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE withdrawn bigint;
BEGIN
    PERFORM set_config('gridkeeper.keeping', 'on', true);
    DELETE FROM need WHERE code_hash = hash RETURNING id INTO withdrawn;
    PERFORM set_config('gridkeeper.keeping', '', true);
    RETURN withdrawn;
END $$;
REVOKE ALL ON FUNCTION withdraw_need(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION withdraw_need(bytea) TO gridkeeper_app;
"""


def upgrade() -> None:
    service = sa.table(
        "service",
        *(sa.column(name) for name in ("code", "name_en", "name_zh", "office", "days")),
    )
    columns = [column.name for column in service.columns]
    op.bulk_insert(service, [dict(zip(columns, row, strict=True)) for row in SERVICES])
    op.execute(FUNCTIONS)


def downgrade() -> None:
    op.execute("DROP FUNCTION withdraw_need(bytea)")
    op.execute("DROP FUNCTION follow_need(bytea)")
    op.execute("SELECT set_config('gridkeeper.keeping', 'on', true)")
    codes = ", ".join(f"'{row[0]}'" for row in SERVICES)
    op.execute(
        f"DELETE FROM service WHERE code IN ({codes}) "
        "AND NOT EXISTS (SELECT FROM need WHERE need.service_id = service.id)"
    )
    op.execute("SELECT set_config('gridkeeper.keeping', '', true)")
