"""Settings, read from `HEARSIGHT_*` variables in one place."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.evidence.schemas import CEILING, DAILY, LARGEST, MOST, TOTAL, Limits
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
    attachments: str | None = None
    attachments_endpoint: str | None = None
    attachment_size: int = Field(default=LARGEST, ge=1, le=CEILING)
    attachment_number: int = Field(default=MOST, ge=1, le=1000)
    attachment_daily: int = Field(default=DAILY, ge=1)
    attachment_total: int = Field(default=TOTAL, ge=1)
    docs: Literal["on", "off"] = "on"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def address(self) -> str:
        """The database's address: PostgreSQL where one is set, else SQLite in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'hearsight.db'}"

    @property
    def files(self) -> str:
        """Where attachments lie: a bucket where one is set, else a folder in the data folder."""
        return self.attachments or str(self.data_dir / "attachments")

    @property
    def limits(self) -> Limits:
        """How large attachments may be, how many, and how much of them."""
        return Limits(self.attachment_size, self.attachment_number, self.attachment_daily, self.attachment_total)

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
