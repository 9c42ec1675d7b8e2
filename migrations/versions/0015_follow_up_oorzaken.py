"""Read causes of uitval without reading the berichten, and follow them up: notes, who works on it, and that it was solved.

A list of causes read every bericht of its period: 385 ms for a year with a million of them. What the list needs now stands with the cause
itself; a trigger copies it, so that whoever writes a cause need not know. A count per day would hold about as many rows as this, because most
days of one sender and one gemeente have one bericht with a cause.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision: str | None = "0014"
branch_labels: str | None = None
depends_on: str | None = None

STATEMENTS = (
    """
    alter table bericht_oorzaak
        add column rij_nr bigint generated always as identity,
        add column ontvangst_datum date,
        add column gemeente text,
        add column van text,
        add column soort text,
        add column deur boolean
    """,
    """
    update bericht_oorzaak o
       set ontvangst_datum = b.ontvangst_datum, gemeente = b.gemeente, van = b.van, soort = b.soort, deur = b.status = 'geweigerd'
      from bericht b where b.bericht_nr = o.bericht_nr
    """,
    """
    alter table bericht_oorzaak
        alter column ontvangst_datum set not null,
        alter column van set not null,
        alter column deur set not null
    """,
    "comment on column bericht_oorzaak.rij_nr is 'grows with every cause that is written, also when an old bericht is judged again'",
    "comment on column bericht_oorzaak.deur is 'refused at the door; the columns beside it are those of the bericht'",
    """
    create function vul_oorzaak() returns trigger language plpgsql as $$
    begin
        select b.ontvangst_datum, b.gemeente, b.van, b.soort, b.status = 'geweigerd'
          into new.ontvangst_datum, new.gemeente, new.van, new.soort, new.deur
          from bericht b where b.bericht_nr = new.bericht_nr;
        return new;
    end $$
    """,
    "create trigger bericht_oorzaak_vul before insert on bericht_oorzaak for each row execute function vul_oorzaak()",
    "create index bericht_oorzaak_dag on bericht_oorzaak (ontvangst_datum)",
    "create index bericht_oorzaak_gemeente on bericht_oorzaak (gemeente, ontvangst_datum)",
    """
    create table oorzaak_notitie (
        notitie_nr      bigint generated always as identity primary key,
        oorzaak         text not null check (length(oorzaak) between 1 and 60),
        gemeenten       text[],
        op              timestamptz not null,
        door            text not null,
        tekst           text not null check (length(tekst) between 1 and 1000)
    )
    """,
    "comment on table oorzaak_notitie is 'what people wrote with a cause of uitval; never changed, and without persons'",
    "comment on column oorzaak_notitie.gemeenten is 'for which gemeenten the writer worked; null: the region'",
    "create index oorzaak_notitie_oorzaak on oorzaak_notitie (oorzaak, notitie_nr)",
    """
    create table oorzaak_opvolging (
        opvolging_nr    bigint generated always as identity primary key,
        oorzaak         text not null check (length(oorzaak) between 1 and 60),
        gemeenten       text[],
        op              timestamptz not null,
        door            text not null,
        toegewezen_aan  text,
        opgelost_tot    bigint
    )
    """,
    "comment on table oorzaak_opvolging is 'who works on a cause of uitval and whether it was solved; the newest row that concerns a reader counts'",
    "comment on column oorzaak_opvolging.opgelost_tot is 'last bericht_oorzaak.rij_nr when it was solved: a later one opens it again'",
    "create index oorzaak_opvolging_oorzaak on oorzaak_opvolging (oorzaak, opvolging_nr)",
    *(
        f"create trigger {table}_onveranderlijk before update or delete or truncate on {table}"
        " for each statement execute function weiger_verandering()"
        for table in ("oorzaak_notitie", "oorzaak_opvolging")
    ),
    # Find berichten by toewijzing and by client. What was granted is found by its toewijzing; these indexes cost nothing for what is granted.
    "create index prestatie_afgewezen on prestatie (toewijzing_nummer) where not toegekend",
    "create index prestatie_afgewezen_client on prestatie (client_id) where not toegekend",
    "create index levering_van_client on levering (client_id)",
    "create index verzoek_van_client on verzoek (client_id)",
)


def upgrade() -> None:
    """Copy what a list of causes needs, add two tables, and the indexes that a search uses."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take it all away; what people wrote is lost."""
    for index in (
        "prestatie_afgewezen",
        "prestatie_afgewezen_client",
        "levering_van_client",
        "verzoek_van_client",
        "bericht_oorzaak_dag",
        "bericht_oorzaak_gemeente",
    ):
        op.execute(f"drop index {index}")
    op.execute("drop table oorzaak_opvolging")
    op.execute("drop table oorzaak_notitie")
    op.execute("drop trigger bericht_oorzaak_vul on bericht_oorzaak")
    op.execute("drop function vul_oorzaak()")
    op.execute(
        "alter table bericht_oorzaak drop column rij_nr, drop column ontvangst_datum, drop column gemeente, drop column van, "
        "drop column soort, drop column deur"
    )
