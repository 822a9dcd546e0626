"""What Piccolo's own commands read: where the tables and their migrations are. Serving pages does not need it, and it is
slow to load."""

from __future__ import annotations

from pathlib import Path

from piccolo.conf.apps import AppConfig

from models.tables import TABLES

APP_CONFIG = AppConfig(
    app_name="smartfaktura",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=list(TABLES),
    migration_dependencies=[],
)
