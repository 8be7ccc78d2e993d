"""Settings, read from `HEARSIGHT_*` variables in one place."""

from pathlib import Path
from typing import Literal

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """How one server runs. `docs/reference/settings.md` says the same in words."""

    model_config = SettingsConfigDict(env_prefix="HEARSIGHT_", extra="ignore")

    data_dir: Path = Path("data")
    database_url: str | None = None
    token_keys_file: Path | None = None
    server_key_file: Path | None = None
    docs: Literal["on", "off"] = "on"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def address(self) -> str:
        """The database's address: PostgreSQL where one is set, else SQLite in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'hearsight.db'}"

    @property
    def token_keys(self) -> Path:
        """The file of the token keys."""
        return self.token_keys_file or self.data_dir / "keys" / "token.json"

    @property
    def server_key(self) -> Path:
        """The file of the server's own key."""
        return self.server_key_file or self.data_dir / "keys" / "server.json"
