"""The demo community: a made-up district, for whoever tries the service and for whoever tells how it works."""

from app.demo.load import is_empty, load_demo
from app.demo.logins import DemoLogin, DemoLogins

__all__ = ["DemoLogin", "DemoLogins", "is_empty", "load_demo"]
