"""The ledger: points against pooled effects, cell by cell and across cells."""

from synthesis.crosscheck.ledger.columns import Ledger, ledger

__all__ = ["Ledger", "ledger"]
