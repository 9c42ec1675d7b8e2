"""Where the files that belong to the product stand: in the wheel under `app/_data`, in a checkout beside `app`."""

from __future__ import annotations

from pathlib import Path


def data_folder(name: str) -> Path:
    """The folder `schemas` or `migrations` of the installed product or of the checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_data" / name
    return installed if installed.is_dir() else package.parent / name
