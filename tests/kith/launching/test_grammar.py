"""Text with substitutions is read as launch's own grammar reads it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.launching.grammar import Call, GrammarError, Text, parse


def call(name: str, *arguments: str) -> Call:
    return Call(name, tuple((Text(argument),) for argument in arguments))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", (Text(""),)),
        ("plain 'words' cost $5", (Text("plain 'words' cost $5"),)),
        ("$(dirname)/sub", (call("dirname"), Text("/sub"))),
        ("$(env A b)", (call("env", "A", "b"),)),
        (r"\$(var a)", (Text("$(var a)"),)),
        ("$(eval '1 + 1')", (call("eval", "1 + 1"),)),
        ("$(eval \"'a' == 'b'\")", (call("eval", "'a' == 'b'"),)),
        (r"$(eval 'it\'s')", (call("eval", "it's"),)),
        ("$(env A '')", (Call("env", ((Text("A"),), ())),)),
        (r"$(var a\(b\))", (call("var", "a(b)"),)),
        (
            "$(env A $(var b)/c)",
            (Call("env", ((Text("A"),), (call("var", "b"), Text("/c")))),),
        ),
        (
            "$(eval \"'$(var a)' == ''\")",
            (Call("eval", ((Text("'"), call("var", "a"), Text("' == ''")),)),),
        ),
    ],
)
def test_text_is_taken_apart(text: str, parts: tuple[object, ...]) -> None:
    assert parse(text) == parts


@pytest.mark.parametrize(
    "text",
    ["$(", "$()", "$(var", "$(var )", "$(var  a)", "$(var a )", "$(eval 'a)", "$(eval 'a'b)", "$(var a(b)", "$(1)"],
)
def test_broken_text_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(GrammarError, match="at character"):
        parse(text)


@given(st.text())
def test_text_without_dollar_and_backslash_means_itself(text: str) -> None:
    plain = text.replace("$", "").replace("\\", "")
    assert parse(plain) == (Text(plain),)


@given(st.lists(st.sampled_from(["$", "(", ")", "'", '"', "\\", " ", "a", "$(var ", "$(x)", "\n"]), max_size=12))
def test_any_text_is_read_or_refused(tokens: list[str]) -> None:
    try:
        parts = parse("".join(tokens))
    except GrammarError:
        return
    assert all(isinstance(part, Text | Call) for part in parts)
