"""Runs of the verevening with their life: who fixed, booked or withdrew them, what is to be booked, and fingerprints of input and outcome.

What earlier versions booked run by run (sleutel `run:NR`) gets the sleutel of its year, so that a later run books the difference only.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision: str | None = "0008"
branch_labels: str | None = None
depends_on: str | None = None

COLUMNS = """
    alter table verevening_run
        add column te_boeken jsonb,
        add column bestanden jsonb,
        add column reserve_cent bigint not null default 0,
        add column overeenkomst_sha256 text,
        add column invoer_sha256 text,
        add column uitkomst_sha256 text,
        add column vastgesteld_op timestamptz,
        add column vastgesteld_door text,
        add column geboekt_op timestamptz,
        add column geboekt_door text,
        add column geboekt_nr bigint references handeling,
        add column ingetrokken_op timestamptz,
        add column ingetrokken_door text,
        drop constraint verevening_run_status_check,
        add constraint verevening_run_status check (status in ('concept', 'vastgesteld', 'geboekt', 'ingetrokken')),
        add constraint verevening_run_vier_ogen check (vastgesteld_door <> gemaakt_door),
        add constraint verevening_run_intrekken check ((status = 'ingetrokken') = (ingetrokken_door is not null))
"""
UNDO_COLUMNS = """
    alter table verevening_run
        drop constraint verevening_run_status,
        drop constraint verevening_run_vier_ogen,
        drop constraint verevening_run_intrekken,
        drop column te_boeken,
        drop column bestanden,
        drop column reserve_cent,
        drop column overeenkomst_sha256,
        drop column invoer_sha256,
        drop column uitkomst_sha256,
        drop column vastgesteld_op,
        drop column vastgesteld_door,
        drop column geboekt_op,
        drop column geboekt_door,
        drop column geboekt_nr,
        drop column ingetrokken_op,
        drop column ingetrokken_door,
        add constraint verevening_run_status_check check (status in ('concept', 'vastgesteld', 'geboekt'))
"""

FUNCTION = """
    create function keur_verevening_run() returns trigger language plpgsql as $$
    begin
        if tg_op <> 'UPDATE' then
            raise exception 'een verevening verdwijnt niet: trek haar in' using errcode = 'integrity_constraint_violation';
        end if;
        if row (old.run_nr, old.gemaakt_op, old.gemaakt_door, old.jaar, old.model, old.invoer, old.uitkomst, old.te_boeken, old.bestanden,
                old.reserve_cent, old.overeenkomst_sha256, old.invoer_sha256, old.uitkomst_sha256)
           is distinct from
           row (new.run_nr, new.gemaakt_op, new.gemaakt_door, new.jaar, new.model, new.invoer, new.uitkomst, new.te_boeken, new.bestanden,
                new.reserve_cent, new.overeenkomst_sha256, new.invoer_sha256, new.uitkomst_sha256) then
            raise exception 'invoer en uitkomst van een verevening zijn onveranderlijk: maak een nieuwe'
                  using errcode = 'integrity_constraint_violation';
        end if;
        if (old.status, new.status) not in (('concept', 'vastgesteld'), ('concept', 'ingetrokken'), ('vastgesteld', 'geboekt')) then
            raise exception 'een verevening gaat niet van % naar %', old.status, new.status using errcode = 'integrity_constraint_violation';
        end if;
        if new.status = 'vastgesteld' and (new.vastgesteld_door is null or new.vastgesteld_op is null)
           or new.status = 'geboekt' and (new.geboekt_door is null or new.geboekt_op is null)
           or new.status = 'geboekt'
              and row (old.vastgesteld_door, old.vastgesteld_op) is distinct from row (new.vastgesteld_door, new.vastgesteld_op)
        then
            raise exception 'wie een verevening vaststelt of boekt en wanneer hoort erbij, en blijft'
                  using errcode = 'integrity_constraint_violation';
        end if;
        return new;
    end $$
"""
TRIGGERS = (
    "create trigger verevening_run_levensloop before update or delete on verevening_run for each row execute function keur_verevening_run()",
    "create trigger verevening_run_blijft before truncate on verevening_run for each statement execute function weiger_verandering()",
)
SLEUTELS = (
    "alter table handeling disable trigger handeling_blijft",
    "update handeling h set sleutel = 'jaar:' || r.jaar from verevening_run r where h.soort = 'verevening' and h.sleutel = 'run:' || r.run_nr",
    "alter table handeling enable trigger handeling_blijft",
)
INDEXES = ("create index verevening_run_jaar on verevening_run (jaar, run_nr)",)


def upgrade() -> None:
    """Add the columns and what guards them; runs of before keep their status."""
    for statement in (COLUMNS, FUNCTION, *TRIGGERS, *SLEUTELS, *INDEXES):
        op.execute(statement)


def downgrade() -> None:
    """Take them away; a run that was withdrawn goes with its status, which the version before does not know."""
    op.execute("drop trigger verevening_run_levensloop on verevening_run")
    op.execute("drop trigger verevening_run_blijft on verevening_run")
    op.execute("drop function keur_verevening_run")
    op.execute("drop index verevening_run_jaar")
    op.execute("delete from verevening_run where status = 'ingetrokken'")
    op.execute(UNDO_COLUMNS)
