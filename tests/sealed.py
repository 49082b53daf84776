"""What is really in an encrypted file."""

import subprocess
from pathlib import Path

from culture_profiles.store import sealing


def decrypted(path: Path) -> bytes:
    """Every raw page of the file, free cells and free pages too, as the key's owner can decrypt it."""
    log = path.with_name(path.name + "-wal")
    assert not log.exists() or log.stat().st_size == 0
    key = sealing.need_key(path).digits
    content = path.read_bytes()
    pages = []
    for at in range(0, len(content), 4096):
        page = content[at : at + 4096]
        iv = page[-80:-64].hex()  # SQLCipher 4: 80 bytes at the end of each page, the IV and the authentication
        command = ["openssl", "enc", "-d", "-aes-256-cbc", "-nopad", "-K", key, "-iv", iv]
        sealed = page[16 if at == 0 else 0 : -80]  # the first page begins with the salt
        pages.append(subprocess.run(command, input=sealed, capture_output=True, check=True).stdout)
    return b"".join(pages)
