"""A whole policy typed character by character, as a real editor sends it."""

import asyncio
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from lsprotocol import types
from lsprotocol.converters import get_converter

from files import JSON, YAML, Typed

SERVER = os.environ["LEASTWISE_BIN"]
CONVERTER = get_converter()
#: Between two questions about a document, in characters; more are asked behind what triggers completion.
EVERY = 5
#: Between two slips that are taken back, in characters.
SLIP_EVERY = 41
#: What slips of the keyboard look like.
SLIPS = ["x", '"', "{", "]", "]\n", "\t- ", "🛒ü", "${", "'"]

UNITS = {
    types.PositionEncodingKind.Utf8: "utf-8",
    types.PositionEncodingKind.Utf16: "utf-16-le",
    types.PositionEncodingKind.Utf32: "utf-32-le",
}


class Document:
    """A document as the editor has it, told to the server edit by edit."""

    def __init__(self, client, path: Path, language: str, text: str):
        self.client = client
        self.uri = path.as_uri()
        self.text = text
        self.version = 1
        self.lines_at = {1: text.split("\n")}
        encoding = client.answer.capabilities.position_encoding or types.PositionEncodingKind.Utf16
        self.unit = UNITS[encoding]
        self.width = {"utf-8": 1, "utf-16-le": 2, "utf-32-le": 4}[self.unit]
        client.text_document_did_open(
            types.DidOpenTextDocumentParams(
                text_document=types.TextDocumentItem(
                    uri=self.uri, language_id=language, version=1, text=text
                )
            )
        )

    def length(self, text: str) -> int:
        """The length of a text in the unit that was agreed on."""
        return len(text.encode(self.unit)) // self.width

    def position(self, offset: int) -> types.Position:
        before = self.text[:offset].split("\n")
        return types.Position(line=len(before) - 1, character=self.length(before[-1]))

    def replace(self, start: int, end: int, text: str) -> None:
        changed = types.Range(start=self.position(start), end=self.position(end))
        self.text = self.text[:start] + text + self.text[end:]
        self.version += 1
        self.lines_at[self.version] = self.text.split("\n")
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                text_document=types.VersionedTextDocumentIdentifier(
                    uri=self.uri, version=self.version
                ),
                content_changes=[
                    types.TextDocumentContentChangePartial(range=changed, text=text)
                ],
            )
        )

    def check(self, answer: object, what: str, version: int | None = None) -> int:
        """Fails unless every range in an answer is in the document as it was; counts them."""
        version = version or self.version
        lines = self.lines_at[version]
        count = 0
        for found in ranges(CONVERTER.unstructure(answer)):
            count += 1
            start, end = found["start"], found["end"]
            place = f"{what}: {found} in version {version}:\n" + "\n".join(lines)
            assert (start["line"], start["character"]) <= (end["line"], end["character"]), place
            for position in (start, end):
                assert position["line"] < len(lines), place
                line = lines[position["line"]]
                assert position["character"] <= self.length(line), place
                # A position inside a character would be no place at all.
                raw = line.encode(self.unit)[: position["character"] * self.width]
                assert raw.decode(self.unit, "ignore").encode(self.unit) == raw, place
        return count


def ranges(value: object) -> Iterator[dict]:
    """The ranges anywhere in an answer."""
    if isinstance(value, dict):
        if set(value) == {"start", "end"}:
            yield value
        else:
            for inner in value.values():
                yield from ranges(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from ranges(inner)


async def ask(client, document: Document, offset: int, all_of_it: bool) -> dict[str, int]:
    """Asks what an editor asks at a place. Errors of the server are raised by the client."""
    identifier = types.TextDocumentIdentifier(uri=document.uri)
    at = document.position(offset)
    completion = await client.text_document_completion_async(
        types.CompletionParams(text_document=identifier, position=at)
    )
    counts = {"completion": document.check(completion, f"completion at {at}")}
    items = completion.items if isinstance(completion, types.CompletionList) else completion or []
    for item in items:
        edit = item.text_edit
        if isinstance(edit, types.TextEdit):
            assert edit.range.start.line == edit.range.end.line == at.line, item
            assert edit.range.start.character <= at.character <= edit.range.end.character, item
    if items:
        await client.completion_item_resolve_async(items[len(items) // 2])
    hover = await client.text_document_hover_async(
        types.HoverParams(text_document=identifier, position=at)
    )
    counts["hover"] = document.check(hover, f"hover at {at}")
    if all_of_it:
        whole = types.Range(start=types.Position(0, 0), end=document.position(len(document.text)))
        actions = await client.text_document_code_action_async(
            types.CodeActionParams(
                text_document=identifier,
                range=whole,
                context=types.CodeActionContext(diagnostics=[]),
            )
        )
        hints = await client.text_document_inlay_hint_async(
            types.InlayHintParams(text_document=identifier, range=whole)
        )
        symbols = await client.text_document_document_symbol_async(
            types.DocumentSymbolParams(text_document=identifier)
        )
        for hint in hints or []:
            document.check(types.Range(start=hint.position, end=hint.position), "hint")
        provider = client.answer.capabilities.code_action_provider
        if getattr(provider, "resolve_provider", False):
            actions = [await client.code_action_resolve_async(action) for action in actions or []]
        counts["action"] = document.check(actions, "code actions")
        counts["symbol"] = document.check(symbols, "symbols")
        counts["hint"] = len(hints or [])
    return counts


async def final_diagnostics(client, document: Document, expected: list[tuple]) -> list[tuple]:
    """What the editor shows once the server has caught up."""
    if client.answer.capabilities.diagnostic_provider:
        report = await client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(
                text_document=types.TextDocumentIdentifier(uri=document.uri)
            )
        )
        document.check(report, "diagnostics")
        return shown(document, report.items)
    # VS Code takes no versions with what is published, so only the content tells that it is the last.
    try:
        async with asyncio.timeout(20):
            while not client.published or shown(document, client.published[-1][0]) != expected:
                await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    except TimeoutError:
        pass
    return shown(document, client.published[-1][0])


def check_published(client, document: Document) -> None:
    """Every range that was published was in the document as it had been since what was published before."""
    oldest = 1
    for diagnostics, newest in client.published:
        for version in range(oldest, newest + 1):
            try:
                document.check(diagnostics, "published diagnostics", version)
            except AssertionError:
                if version == newest:
                    raise
            else:
                oldest = version
                break


def shown(document: Document, diagnostics: list[types.Diagnostic]) -> list[tuple]:
    """Findings in the terms of `leastwise check`: lines and columns from 1, columns in characters."""

    def place(position: types.Position) -> tuple[int, int]:
        line = document.text.split("\n")[position.line]
        before = line.encode(document.unit)[: position.character * document.width]
        return position.line + 1, len(before.decode(document.unit)) + 1

    return sorted(
        (place(each.range.start), place(each.range.end), each.code, each.severity.name.lower(), each.message)
        for each in diagnostics
    )


def checked(path: Path) -> list[tuple]:
    run = subprocess.run(
        [SERVER, "check", "--format", "json", "--show", "suggestion", str(path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode in (0, 1), run.stderr
    severity = {"suggestion": "information"}
    return sorted(
        (
            (each["range"]["start"]["line"], each["range"]["start"]["column"]),
            (each["range"]["end"]["line"], each["range"]["end"]["column"]),
            each["rule"],
            severity.get(each["severity"], each["severity"]),
            " ".join(filter(None, [each["message"], each.get("help")])),
        )
        for each in json.loads(run.stdout)["findings"]
    )


@pytest.mark.parametrize("file", [YAML, JSON], ids=lambda file: file.language)
@pytest.mark.asyncio
async def test_a_policy_typed_character_by_character(client, workspace: Path, file: Typed):
    path = workspace / file.name
    path.write_text(file.before + file.after)
    document = Document(client, path, file.language, file.before + file.after)
    client.document = document
    at = len(file.before)
    counts: dict[str, int] = {}
    steps = 0
    for number, character in enumerate(file.typed):
        document.replace(at, at, character)
        at += 1
        if number % SLIP_EVERY == SLIP_EVERY - 1:
            slip = SLIPS[number // SLIP_EVERY % len(SLIPS)]
            document.replace(at, at, slip)
            await ask(client, document, at + len(slip), True)
            document.replace(at, at + len(slip), "")
        if number % EVERY == 0 or character in ":*$\"'{/.":
            steps += 1
            for what, count in (await ask(client, document, at, number % (EVERY * 8) == 0)).items():
                counts[what] = counts.get(what, 0) + count
    assert document.text == file.whole

    path.write_text(document.text)
    expected = checked(path)
    assert len(expected) >= 3, "the text was meant to have findings"
    assert await final_diagnostics(client, document, expected) == expected
    check_published(client, document)
    print(f"{document.version} edits, {steps} questions, {len(expected)} findings, ranges {counts}")
    for what in ("completion", "hover", "symbol", "action"):
        assert counts[what] > 0, f"no answer to {what} had a range"
    assert client.messages == [], "the server complained to the user"
