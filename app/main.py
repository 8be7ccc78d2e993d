"""The application, put together: the one place where packages meet."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.types import ASGIApp

from app import __version__, docs, health, openapi
from app.accounts import routes as accounts
from app.accounts.callers import TokenReader, codes_of, load_scope, scope_query
from app.accounts.passwords import Passwords
from app.accounts.sign_in import SignIn
from app.cases import routes as cases
from app.cases.documents.service import ATTACHMENTS as FILES_OF_DOCUMENTS
from app.cases.participants.service import same_person
from app.cases.sources import OBSERVATIONS
from app.editions import routes as editions
from app.evidence import reception as uploads
from app.evidence import routes as evidence
from app.evidence import service as attachments
from app.evidence import timer as expiry
from app.evidence.vault import Vault
from app.forms import routes as forms
from app.journal import routes as journal
from app.journal import timer
from app.journal.checkpoints import Checkpoints
from app.journal.disclosures import PEOPLE
from app.journal.errors import Unsound
from app.journal.notes import Signer
from app.journal.reading import ACTORS
from app.journal.refusals import Refusals
from app.journal.remembered import Remembered
from app.journal.service import Journal
from app.kit import access, durability, keys, migrations, problems
from app.kit.blobs import open_blobs
from app.kit.database import Database
from app.kit.middleware import Passage
from app.kit.paging import Cursors
from app.kit.store import Store
from app.kit.writer import Writer
from app.observations import routes as observations
from app.observations import service, tally
from app.observations.beside import ATTACHMENTS as FILES_OF_OBSERVATIONS
from app.observations.intake import Intake
from app.observations.reception import Reception
from app.observations.schemas import Batch
from app.settings import Settings
from app.statistics import routes as statistics
from app.summaries import routes as summaries
from app.summaries.aggregates import routes as aggregates
from app.summaries.service import Memory
from app.taxonomy import routes as taxonomy
from app.taxonomy.schemas import Observation
from app.webform import routes as webform

CONTENT = "content"
FILES = "files"
COLLECT_AFTER = 20_000
ROUTERS: tuple[APIRouter, ...] = (
    # The framework looks routes up one by one; what phones send comes first.
    observations.router,
    health.router,
    accounts.auth,
    accounts.programmes,
    taxonomy.api,
    forms.api,
    forms.own,
    *cases.ROUTERS,
    evidence.api,
    summaries.api,
    editions.api,
    aggregates.api,
    statistics.api,
    journal.api,
    webform.api,
)
RAW_BODIES: dict[str, Any] = {"Observation": Observation, "Batch": Batch}
"""Types of bodies that routes read as bytes, by the names that they have in the OpenAPI document."""


def open_store(settings: Settings, *, is_checked: bool = True) -> Store:
    """The store of a server.

    Refuses a database with another schema than this release's, one that could lose what it acknowledged, and (`Unsound`, unless it is not
    to be checked) one whose journal does not go on from what was signed.
    """
    database = Database(settings.address)
    migrations.check(database)
    durability.check(database)
    durability.tell_talkative(database)
    ring = keys.load(settings.key_files)
    OBSERVATIONS.exists = service.exists
    FILES_OF_DOCUMENTS.exists = attachments.is_whole
    FILES_OF_OBSERVATIONS.counted = attachments.counted
    ACTORS.codes = codes_of
    PEOPLE.same = same_person
    sealing = Journal((tally.project,))
    intake = Intake(scope_query, sealing.seal, ring.derive(CONTENT))
    writer = Writer(database, seal=sealing.seal, write_group=intake.write)
    store = Store(database, writer, ring, Cursors(ring.derive("cursor")))
    if is_checked:
        check_journal(settings, store)
    return store


def check_journal(settings: Settings, store: Store) -> None:
    """Close a store whose journal contradicts what was signed, and say so: `Unsound`."""
    try:
        checkpoints_of(settings, store).check()
    except Unsound:
        close_store(store)
        raise


def checkpoints_of(settings: Settings, store: Store) -> Checkpoints:
    """What signs a server's logs."""
    signer = Signer(store.keys.instance, store.keys.checkpoint)
    return Checkpoints(store.database, store.writer, signer, Remembered(settings.remembered_checkpoints))


def calm_the_collector() -> None:
    """Have the garbage collector look less often, and not at what never goes away.

    What is there at the start stays. A large case makes so many values at once that the usual threshold would have it look for garbage
    hundreds of times while it folds: measured, half of the processor time.
    """
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 20)


def close_store(store: Store) -> None:
    """Finish what waits and close the database."""
    store.writer.close()
    store.database.close()


def admit_people(app: FastAPI, store: Store, passwords: Passwords) -> None:
    """Give the application what its routes know their callers by."""
    reader = TokenReader(store.keys)
    app.state.holder_of = reader.holder_of
    app.state.load_scope = load_scope(store, reader)
    app.state.sign_in = SignIn(store, reader, passwords)


def vault_of(settings: Settings, store: Store) -> Vault:
    """Where files lie, and the key with which they are sealed."""
    return Vault(open_blobs(settings.files, endpoint=settings.attachments_endpoint), store.keys.derive(FILES))


def create_app(settings: Settings | None = None, *, passwords: Passwords | None = None) -> FastAPI:
    """The application. Nothing is opened before it starts; a route without a policy keeps it from starting."""
    chosen = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        store = open_store(chosen)
        app.state.store = store
        admit_people(app, store, passwords or Passwords())
        app.state.reception = Reception(store.writer, store.keys.derive(CONTENT))
        app.state.evidence = uploads.Reception(store, vault_of(chosen, store), chosen.limits)
        app.state.memory = Memory()
        app.state.data_dir = chosen.data_dir
        app.state.public_address = chosen.public_address and chosen.public_address.rstrip("/")
        app.state.checkpoints = checkpoints_of(chosen, store)
        app.state.on_missing = Refusals(store)
        calm_the_collector()
        try:
            async with timer.running(app.state.checkpoints), expiry.running(app.state.evidence):
                yield
            await app.state.on_missing.finish()
        finally:
            gc.unfreeze()
            close_store(store)

    app = describe(lifespan, has_docs=chosen.docs == "on")
    problems.install(app)
    access.check_policies(app)
    return app


class Application(FastAPI):
    """FastAPI with our one layer before its own: the short roads have no use for those."""

    def build_middleware_stack(self) -> ASGIApp:
        """Everything that a request passes, the first it meets outside."""
        return Passage(super().build_middleware_stack(), problems.roads(self))


def describe(lifespan: object = None, *, has_docs: bool = True) -> FastAPI:
    """The application with its routes, and no store yet: what the OpenAPI document is made from."""
    app = Application(
        title="Hearsight",
        version=__version__,
        openapi_url="/openapi.json" if has_docs else None,
        docs_url=None,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},
        generate_unique_id_function=operation_id,
        lifespan=lifespan,  # type: ignore[arg-type]
    )
    for router in ROUTERS:
        app.include_router(router)
    openapi.install(app, RAW_BODIES)
    if has_docs:
        docs.install(app)
    return app


def operation_id(route: APIRoute) -> str:
    """`tag_verb_thing`: stable, because generated clients name their functions after it."""
    return f"{route.tags[0]}_{route.name}" if route.tags else route.name
