"""Forms as browsers send them: whether they are from here, and what is in them."""

from pathlib import PurePath

from starlette.requests import Request

LARGEST_FORM = 64_000
"""Bytes."""
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def from_elsewhere(request: Request) -> bool:
    """Whether a form was sent by another site: browsers say so, and a page of ours says nothing else."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return True
    origin = request.headers.get("origin", "")
    return bool(origin) and origin != f"{request.url.scheme}://{request.headers.get('host', '')}"


async def read_form(request: Request, largest: int = LARGEST_FORM) -> dict[str, str]:
    """The fields of a form, each once, as text. What is too large or no form is empty.

    A file is its text under its field's name, with what is not UTF-8 replaced, and its name under `<field>.name`.
    """
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > largest:
        return {}
    if request.headers.get("content-type", "").split(";")[0] not in _FORMS:
        return {}
    found: dict[str, str] = {}
    async with request.form(max_files=1, max_fields=200) as form:
        for name, value in form.items():
            if isinstance(value, str):
                found[name] = value
            elif value.filename:
                found[f"{name}.name"] = PurePath(value.filename).name
                found[name] = (await value.read()).decode("utf-8", "replace")
    return found
