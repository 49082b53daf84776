"""The API before schemathesis: whatever is sent, no server error, and every answer is as the OpenAPI document says."""

from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from culture_profiles.keys import keys
from nodes.tablet.api.app import WHERE
from nodes.tablet.roles import Role
from tests.nodes.tablet.api import endpoints, program
from tests.nodes.tablet.homes import PIN, TestHome, call, occurrence

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 16


@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _ in endpoints()])
def test_no_input_breaks_it(tmp_path: Path, method: str, path: str) -> None:
    tablet = TestHome(tmp_path, hosts=["localhost", "testserver"])
    for key, value in (("name.full", "Hanna Nowak"), ("faith.stated", "Quaker"), ("safety.allergy", "nuts")):
        tablet.know(key, value)
    tablet.home.listed, tablet.home.due = [call("c1")], [occurrence("o1")]
    signed = {"person_id": tablet.person(Role.MANAGER).id, "pin": PIN}
    _, token = program(tablet, Role.MANAGER)
    schema = schemathesis.openapi.from_asgi(f"{WHERE}/openapi.json", tablet.app)
    operation = schema[path][method]

    @given(
        case=operation.as_strategy() | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
        key=st.sampled_from(sorted(keys())),
        there=st.booleans(),
    )
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def tried(case: schemathesis.Case, key: str, there: bool) -> None:
        if there:
            _point_at_what_is_there(case, key, signed)
        answer = case.call(headers={"authorization": f"Bearer {token}"})
        case.validate_response(answer, checks=CHECKS)

    tried()
    tablet.close()


def _point_at_what_is_there(case: schemathesis.Case, key: str, signed: dict[str, str]) -> None:
    """Else nearly every case ends at an id that nobody has."""
    real = {"resident_id": "hanna", "call_id": "c1", "occurrence_id": "o1", "key": key, "signed": signed}
    for part in (case.path_parameters, case.body):
        if isinstance(part, dict):
            part.update({name: value for name, value in real.items() if name in part})
