"""Backups: what is truth (catalogue and originals) kept elsewhere, and put back. The index is made from them again."""

from searchsvc.backup.making import Made, Maker
from searchsvc.backup.moving import Moved, Mover, Place
from searchsvc.backup.restoring import Restored, Restorer
from searchsvc.backup.vault import Vault

__all__ = ["Made", "Maker", "Moved", "Mover", "Place", "Restored", "Restorer", "Vault"]
