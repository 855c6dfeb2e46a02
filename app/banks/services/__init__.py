"""What can be done with a bank: load it from its files, draw on it, look into it."""

from __future__ import annotations

from app.banks.services.load import BrokenBank, Loaded, Report, check_folder, check_folders, hold, load_all, load_bank
from app.banks.services.look import BankView, ItemLine, ItemView, get_bank, get_item, list_banks, list_items
from app.banks.services.practice import practice_items, practice_pool
from app.banks.services.stock import (
    get_item_version,
    get_item_versions,
    get_specification,
    get_specification_version,
    last_loaded,
    list_specifications,
    pool_for,
)

__all__ = [
    "BankView",
    "BrokenBank",
    "ItemLine",
    "ItemView",
    "Loaded",
    "Report",
    "check_folder",
    "check_folders",
    "get_bank",
    "get_item",
    "get_item_version",
    "get_item_versions",
    "get_specification",
    "get_specification_version",
    "hold",
    "last_loaded",
    "list_banks",
    "list_items",
    "list_specifications",
    "load_all",
    "load_bank",
    "pool_for",
    "practice_items",
    "practice_pool",
]
