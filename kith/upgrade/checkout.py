"""The git checkout that Kith runs from: where it is, what its remote offers, going there and back."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from culture_profiles.errors import KithError
from kith.upgrade.programs import run

_LOCAL_S = 60.0
_NETWORK_S = 600.0


@dataclass(frozen=True)
class Place:
    """Where a checkout stands: commit, and branch or empty when on none."""

    commit: str
    branch: str


@dataclass(frozen=True)
class Checkout:
    """A git work tree. Every method may raise KithError with git's own last line."""

    root: Path

    def git(self, *arguments: str, timeout_s: float = _LOCAL_S) -> str:
        """Run git here; its output without the last line end."""
        command = ["git", "-c", f"safe.directory={self.root}", *arguments]
        what = f"git {arguments[0]}"
        return run(command, checkout=self.root, owned=self.root, timeout_s=timeout_s, what=what).rstrip("\n")

    def _try(self, *arguments: str) -> str:
        try:
            return self.git(*arguments)
        except KithError:
            return ""

    @property
    def git_dir(self) -> Path:
        """Git's own folder, where nothing that belongs to a version can be in the way."""
        return self.root / self.git("rev-parse", "--git-dir")

    def require_clean(self) -> None:
        """Errors: KithError when this is no checkout of its own, or tracked files were changed."""
        top = self._try("rev-parse", "--show-toplevel")
        if not top or Path(top).resolve() != self.root.resolve():
            raise KithError(f"{self.root} is not a git checkout: clone Kith with git to upgrade it, or install it anew")
        if changed := self._try("status", "--porcelain", "--untracked-files=no").splitlines():
            names = ", ".join(line[3:] for line in changed[:3]) + (" …" if len(changed) > 3 else "")
            raise KithError(f"{self.root} has changes of its own ({names}): commit them or undo them, then upgrade")

    def place(self) -> Place:
        """Where it stands."""
        return Place(self.git("rev-parse", "HEAD"), self._try("symbolic-ref", "--quiet", "--short", "HEAD"))

    def lock_hash(self) -> str:
        """SHA-256 over the lock files, in hex; of nothing when there are none."""
        digest = hashlib.sha256()
        for path in sorted((self.root / "lock").glob("*.txt")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()

    def _remote(self, branch: str) -> str:
        known = self.git("remote").splitlines()
        own = self._try("config", "--get", f"branch.{branch}.remote") if branch else ""
        for name in (own, "origin", *known):
            if name in known:
                return name
        raise KithError(f"{self.root} has no remote to upgrade from: git remote add origin URL")

    def fetch(self, wanted: str | None) -> str:
        """Fetch, and return the commit to go to: `wanted` (branch, tag, commit), else what the branch follows."""
        here = self.place()
        remote = self._remote(here.branch)
        self.git("fetch", "--quiet", "--tags", remote, timeout_s=_NETWORK_S)
        if wanted is not None:
            names = [f"refs/remotes/{remote}/{wanted}", f"refs/tags/{wanted}", wanted]
        else:
            follows = self._try("rev-parse", "--symbolic-full-name", "@{upstream}")
            self._try("remote", "set-head", remote, "--auto")
            names = [follows, f"refs/remotes/{remote}/{here.branch}", f"refs/remotes/{remote}/HEAD"]
        for name in names:
            if (
                name
                and not name.startswith("-")
                and (found := self._try("rev-parse", "--verify", f"{name}^{{commit}}"))
            ):
                return found
        raise KithError(f"{remote} has no {wanted or 'branch to follow'}: give a branch, tag or commit with --to")

    def switch(self, commit: str) -> None:
        """Go to `commit`: along the branch where that leads there, else off any branch."""
        here = self.place()
        forward = bool(here.branch) and self.git("merge-base", here.commit, commit) == here.commit
        if forward:
            self.git("merge", "--ff-only", "--quiet", commit)
        else:
            self.git("checkout", "--quiet", "--detach", commit)

    def back(self, place: Place) -> None:
        """Go back to where it stood, whatever a failed version left in tracked files."""
        if place.branch:
            self.git("checkout", "--quiet", "--force", place.branch)
            self.git("reset", "--quiet", "--hard", place.commit)
        else:
            self.git("checkout", "--quiet", "--force", "--detach", place.commit)
