"""The contract as the reader knows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sources.activity.contract import load_contract
from sources.registry import RegistryError
from tests.sources.activity.reading import REGISTRY, contract

TABLES, COLUMNS = "contract_table.csv", "contract_column.csv"


def seeds(folder: Path, file: str, old: str, new: str) -> Path:
    for name in (TABLES, COLUMNS):
        text = (REGISTRY / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace(old, new, 1) if name == file else text, encoding="utf-8")
    return folder


def test_parents_come_before_the_tables_that_refer_to_them() -> None:
    """A child landed first would lose its rows for want of a parent that is still to come."""
    seen: set[str] = set()
    for table in contract().tables.values():
        for column in table.columns:
            assert column.verwijst_naar is None or column.verwijst_naar in {*seen, table.tabel}
        seen.add(table.tabel)
    assert len(seen) == 31


def test_every_identifier_is_pseudonymised_in_the_domain_of_what_it_points_to() -> None:
    """A link hashed in another domain than its parent never finds it; one without a domain lands in clear."""
    for table in contract().tables.values():
        for column in table.columns:
            assert not column.kolom.endswith("_id") or column.domein is not None
            if column.verwijst_naar is not None:
                parent = contract().tables[column.verwijst_naar]
                assert parent.column(parent.key[0]).domein == column.domein


def test_the_relapse_and_the_follow_up_share_the_domain_of_what_they_follow() -> None:
    """A 37 and A 39 would find no link at all."""
    tables = contract().tables
    assert tables["casus"].column("terugval_van_casus_id").domein == "casus"
    assert tables["interventie"].column("vervolg_op_interventie_id").domein == "interventie"


def test_two_kinds_of_beoordeling_have_two_domains() -> None:
    """The same number in two tables would look like one thing."""
    tables = contract().tables
    assert tables["situatiebeoordeling"].columns[0].domein != tables["partnerbeoordeling"].columns[0].domein


def test_the_kernset_is_what_the_vet_indicators_need() -> None:
    """An organisation that starts would be asked for more than it needs, or for too little."""
    kern = {name for name, table in contract().tables.items() if table.kern}
    assert kern == {"signaal", "casus", "situatiebeoordeling", "interventie", "partnerbeoordeling"}


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (COLUMNS, "signaal,1,signaal_id,text", "signaal,1,signaal_id,tekst", "type: 'tekst' is no type"),
        (COLUMNS, ",casus,hard,casus,", ",casus,hard,,", "identifier without a pseudonymisation domain"),
        (COLUMNS, ",casus,hard,casus,", ",casus,hard,plan,", "another pseudonymisation domain"),
        (COLUMNS, ",casus,hard,casus,", ",dossier,hard,casus,", "has to refer, hard or soft"),
        (COLUMNS, ",casus,hard,casus,", ",casus,zacht,casus,", "unknown verwijzing"),
        (COLUMNS, ",in_dienst_van,true", ",begin,true", "niet_voor that is not in its table"),
        (COLUMNS, "partner,2,soort", "partner,2,partner_id", "is there twice"),
        (COLUMNS, "\npartner,1,partner_id", "\npartnr,1,partner_id", "'partnr' is not in contract_table.csv"),
        (TABLES, "signaal,6", "signal,6", "'signal' has no columns"),
        (TABLES, "partner,22", "casus,22", "'casus' is there twice"),
    ],
)
def test_a_contract_that_cannot_be_is_refused(tmp_path: Path, file: str, old: str, new: str, message: str) -> None:
    """A slip in a seed would land an identifier in clear or cut a link between two tables."""
    with pytest.raises(RegistryError, match="contract_") as raised:
        load_contract(seeds(tmp_path, file, old, new))
    assert message in str(raised.value)
