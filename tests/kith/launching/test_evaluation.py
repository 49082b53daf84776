"""Launch files mean what they mean under `ros2 launch`."""

from pathlib import Path

import pytest
import yaml

from culture_profiles.errors import KithError
from kith.launching import actions
from tests.kith.launching.programs import Evaluate, WriteLaunchFile


def test_arguments_come_from_outside_or_have_defaults(write: WriteLaunchFile, evaluate: Evaluate) -> None:
    path = write(
        "  - arg: {name: a, default: '1'}\n  - arg: {name: b, default: $(var a)2}\n"
        "  - executable: {cmd: echo $(var a) $(var b)}\n"
    )
    assert evaluate(path).processes[0].command == ("echo", "1", "12")
    assert evaluate(path, a="7").processes[0].command == ("echo", "7", "72")


def test_what_a_group_changes_ends_with_it(write: WriteLaunchFile, evaluate: Evaluate) -> None:
    path = write(
        "  - let: {name: x, value: outside}\n"
        "  - group:\n      - let: {name: x, value: inside}\n      - set_env: {name: V, value: inside}\n"
        "      - executable: {cmd: echo $(var x)}\n"
        "  - group: {scoped: false, children: [{let: {name: y, value: stays}}]}\n"
        "  - executable: {cmd: echo $(var x) $(var y)}\n"
    )
    inside, outside = evaluate(path).processes
    assert inside.command == ("echo", "inside")
    assert inside.environment["V"] == "inside"
    assert outside.command == ("echo", "outside", "stays")
    assert "V" not in outside.environment


def test_an_include_shares_the_scope_and_gets_arguments(write: WriteLaunchFile, evaluate: Evaluate) -> None:
    write("  - arg: {name: n}\n  - let: {name: back, value: from $(var n)}\n", name="sub.launch.yaml")
    path = write(
        "  - include: {file: $(dirname)/sub.launch.yaml, arg: [{name: n, value: sub}]}\n"
        "  - executable: {cmd: echo $(var back)}\n"
    )
    assert evaluate(path).processes[0].command == ("echo", "from sub")


def test_conditions(write: WriteLaunchFile, evaluate: Evaluate) -> None:
    path = write(
        "  - executable: {cmd: a, if: $(equals 1 1.0)}\n  - executable: {cmd: b, unless: ' TRUE '}\n"
        "  - executable: {cmd: c, if: $(not true)}\n  - executable: {cmd: d, unless: '0'}\n"
    )
    assert [process.command[0] for process in evaluate(path).processes] == ["a", "d"]


@pytest.mark.usefixtures("package")
def test_a_nodes_command_line(write: WriteLaunchFile, evaluate: Evaluate) -> None:
    path = write(
        """  - push_ros_namespace: {namespace: robot1}
  - set_parameter: {name: use_sim_time, value: 'true'}
  - set_remap: {from: a, to: b}
  - node:
      pkg: things
      exec: talker
      name: talk
      args: --loud $(eval '1 + 1')x
      remap: [{from: c, to: d}]
      env: [{name: V, value: w}]
      respawn: "true"
      respawn_delay: 1.5
      param:
        - {name: text, value: "5"}
        - {name: number, value: $(eval 5)}
        - {name: forced, value: $(eval 5), type: str}
        - {name: nested, param: [{name: deep, value: [1, 2]}]}
"""
    )
    (process,) = evaluate(path).processes
    program, *words = process.command
    files = [Path(words[i + 1]) for i, word in enumerate(words) if word == "--params-file"]
    plain = [word for word in words if word != "--params-file" and Path(word) not in files]
    assert program.endswith("lib/things/talker")
    assert " ".join(plain) == (
        "--loud 2x --ros-args -r __node:=talk -r __ns:=/robot1 -p use_sim_time:=True -r a:=b -r c:=d"
    )
    given: dict[str, object] = {}
    for file in files:
        content = yaml.safe_load(file.read_text())
        assert list(content) == ["/robot1/talk"]
        given.update(content["/robot1/talk"]["ros__parameters"])
    assert given == {"text": "5", "number": 5, "forced": "5", "nested.deep": [1, 2]} == process.parameters
    assert process.node == "/robot1/talk"
    assert (process.respawn, process.respawn_delay_s, process.environment["V"]) == (True, 1.5, "w")


def test_environment_actions(write: WriteLaunchFile, evaluate: Evaluate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONE", "1")
    path = write(
        "  - set_env: {name: A, value: '1'}\n  - append_env: {name: A, value: '2'}\n"
        "  - append_env: {name: A, value: '0', prepend: true, separator: ;}\n  - unset_env: {name: GONE}\n"
        "  - executable: {cmd: a}\n"
    )
    environment = evaluate(path).processes[0].environment
    assert environment["A"] == "0;1:2"
    assert "GONE" not in environment


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("- node: {pkg: things, exec: talker, respawn: true}", "node: respawn: must be text"),
        ("- node: {pkg: things, exec: talker, respawn_delay: '0.5'}", "respawn_delay: must be a number"),
        ("- node: {pkg: things, exec: talker, nonsense: 1}", "node: nonsense: is not known here"),
        ("- node: {pkg: things, exec: nobody}", "has no executable 'nobody'"),
        ("- node: {pkg: nowhere, exec: nobody}", "'nowhere' is not installed"),
        ("- node: {pkg: things, exec: talker, name: 1st}", "no valid node name"),
        ("- node: {pkg: things, exec: talker, param: [{name: x, value: '5', type: int}]}", "'type' names"),
        ("- node: {pkg: things, exec: talker, param: [{name: x}]}", "needs a 'value'"),
        ("- nod: {}", "'nod' is no action"),
        ("- let: {name: a, value: 1}", "let: value: must be text"),
        ("- let: {name: a, value: $(var nope)}", "no launch configuration 'nope'"),
        ("- let: {name: a, value: $(nope)}", r"\$\(nope\) is not known"),
        ("- let: {name: a, value: $(eval 1 + 1)}", "quotation marks"),
        ("- arg: {name: a}", "a:=VALUE"),
        ("- include: {file: /nowhere.launch.yaml}", "no such launch file"),
        ("- include: {file: $(filename)}", "without end"),
        ("- push_ros_namespace: {namespace: a-b}", "no valid namespace"),
        ("- executable: {cmd: a, if: 'yes'}", "neither true nor false"),
        ("- [1]", "exactly one key"),
    ],
)
@pytest.mark.usefixtures("package")
def test_what_launch_refuses_is_refused_in_one_line(
    write: WriteLaunchFile, evaluate: Evaluate, entry: str, problem: str
) -> None:
    with pytest.raises(KithError, match=problem) as refused:
        evaluate(write(f"\n  {entry}\n"))
    assert "\n" not in str(refused.value)
    assert ".yaml" in str(refused.value)


@pytest.mark.parametrize("content", ["", "a: b", "launch: 5", "launch: [", "- x", "launch: []\nmore: 1", "\x00"])
def test_files_that_are_no_launch_files(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.launch.yaml"
    path.write_text(content)
    with pytest.raises(KithError, match=r"x\.launch\.yaml"):
        actions.read(path)


def test_errors_name_the_line(write: WriteLaunchFile) -> None:
    path = write("  - let: {name: a, value: b}\n  - let:\n      name: a\n      valu: b\n")
    with pytest.raises(KithError, match=r":3: let: the key 'value' is missing"):
        actions.read(path)


def test_declared_arguments_are_found_in_included_files(write: WriteLaunchFile) -> None:
    write("  - arg: {name: deep, default: x}\n", name="body_laptop.launch.yaml")
    path = write(
        "  - arg: {name: body, default: laptop, choice: [{value: laptop}, {value: none}]}\n"
        "  - group:\n      - include: {file: $(dirname)/body_$(var body).launch.yaml}\n"
    )
    assert set(actions.arguments(path)) == {"body", "deep"}
