"""The books: rekening, boeking, saldo."""

from app.ledger.boeking import Boeking, Rekening, boekingen_van
from app.ledger.service import Controle, SaldoFilter, SaldoRegel, boekingen, fold, saldi, verify

__all__ = ["Boeking", "Controle", "Rekening", "SaldoFilter", "SaldoRegel", "boekingen", "boekingen_van", "fold", "saldi", "verify"]
