"""Settings, read from `HEARSIGHT_*` variables in one place."""

from pathlib import Path
from typing import Literal

from pydantic_settings import BaseSettings, SettingsConfigDict

from app.kit.keys import KeyFiles


class Settings(BaseSettings):
    """How one server runs. `docs/reference/settings.md` says the same in words."""

    model_config = SettingsConfigDict(env_prefix="HEARSIGHT_", extra="ignore")

    data_dir: Path = Path("data")
    database_url: str | None = None
    token_keys_file: Path | None = None
    server_key_file: Path | None = None
    identity_key_file: Path | None = None
    checkpoint_key_file: Path | None = None
    public_address: str | None = None
    docs: Literal["on", "off"] = "on"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def address(self) -> str:
        """The database's address: PostgreSQL where one is set, else SQLite in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'hearsight.db'}"

    @property
    def remembered_checkpoints(self) -> Path:
        """The file that no checkpoint is missing from: it knows what a database that was set back has lost."""
        return self.data_dir / "checkpoints.txt"

    @property
    def key_files(self) -> KeyFiles:
        """The files of the server's keys: where the settings say, else in the data folder."""
        folder = self.data_dir / "keys"
        return KeyFiles(
            token=self.token_keys_file or folder / "token.json",
            server=self.server_key_file or folder / "server.json",
            identity=self.identity_key_file or folder / "identity.json",
            checkpoint=self.checkpoint_key_file or folder / "checkpoint.json",
        )
