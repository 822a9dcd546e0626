"""What Piccolo's commands read: the engine and the apps."""

from piccolo.conf.apps import AppRegistry

from models.engine import DB

APP_REGISTRY = AppRegistry(apps=["models.piccolo_app"])

__all__ = ["APP_REGISTRY", "DB"]
