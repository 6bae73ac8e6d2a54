"""A server for each test, and a client that is what pytest-lsp has recorded of a real editor."""

import os
import shutil
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

SERVER = os.environ["LEASTWISE_BIN"]
EXAMPLES = Path(__file__).parents[2] / "examples"


def make_client() -> LanguageClient:
    client = LanguageClient(converter_factory=default_converter)
    #: Everything that was published, in order, each with the version that the document had by then.
    client.published = []

    def publish(_client: LanguageClient, params: types.PublishDiagnosticsParams) -> None:
        client.published.append((params.diagnostics, client.document.version))

    def agree(_client: LanguageClient, _params: object) -> None:
        return None

    register_lsp_features(
        client,
        DEFAULT_CLIENT_FEATURES
        | {
            types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: publish,
            # Both editors take registrations; the client of pytest-lsp doesn't know the request.
            types.CLIENT_REGISTER_CAPABILITY: agree,
            types.WORKSPACE_INLAY_HINT_REFRESH: agree,
        },
    )
    return client


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A copy of the examples, with their config."""
    return Path(shutil.copytree(EXAMPLES, tmp_path / "shop"))


@pytest_lsp.fixture(
    config=ClientServerConfig(server_command=[SERVER, "lsp"], client_factory=make_client),
    params=["visual_studio_code", "neovim"],
)
async def client(request: pytest.FixtureRequest, lsp_client: LanguageClient, workspace: Path):
    uri = workspace.as_uri()
    lsp_client.answer = await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities=client_capabilities(request.param),
            process_id=os.getpid(),
            root_uri=uri,
            workspace_folders=[types.WorkspaceFolder(uri=uri, name="shop")],
        )
    )
    yield
    await lsp_client.shutdown_session()
