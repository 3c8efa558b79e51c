"""The Flask extensions, unbound; `create_app` binds them."""

from flask_login import LoginManager
from flask_mail import Mail
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from formsite.foundation.database import db

login = LoginManager()
csrf = CSRFProtect()
mail = Mail()
migrate = Migrate()

__all__ = ["csrf", "db", "login", "mail", "migrate"]
