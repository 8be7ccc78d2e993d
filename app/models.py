"""Every table of the project, so that migrations know them all."""

from app.journal import models as journal

__all__ = ["journal"]
