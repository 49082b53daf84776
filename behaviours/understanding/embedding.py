"""Sentence embeddings by a local transformers model such as all-MiniLM-L6-v2. Nothing is ever downloaded."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from behaviours.understanding.likeness import Floats
from culture_profiles.errors import KithError

_MOST_TOKENS = 64
_BATCH = 64


class SentenceModel:
    """Turns sentences into unit vectors: the mean over the tokens (Reimers and Gurevych, 2019)."""

    def __init__(self, folder: Path, threads: int = 2) -> None:
        """Load the model. Takes seconds. Errors: KithError that says what to install."""
        try:
            import torch
            from transformers import AutoModel, AutoTokenizer
        except ImportError:
            raise KithError("understanding by meaning needs torch and transformers: run `make understanding`") from None
        torch.set_num_threads(threads)
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            self._model: Any = AutoModel.from_pretrained(folder, local_files_only=True).eval()
        except (OSError, ValueError, RuntimeError, KeyError):
            raise KithError(
                f"the model {folder.name} cannot be loaded: run `kith models verify {folder.name}`"
            ) from None
        self._torch: Any = torch
        self.name = folder.name

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row per text, unit length."""
        rows = []
        for begin in range(0, len(texts), _BATCH):
            batch = self._tokenizer(
                list(texts[begin : begin + _BATCH]),
                padding=True,
                truncation=True,
                max_length=_MOST_TOKENS,
                return_tensors="pt",
            )
            with self._torch.inference_mode():
                tokens = self._model(**batch).last_hidden_state
                mask = batch["attention_mask"][..., None].float()
                mean = (tokens * mask).sum(dim=1) / mask.sum(dim=1).clamp(min=1.0)
                rows.append(self._torch.nn.functional.normalize(mean, dim=1).numpy())
        found: Floats = np.concatenate(rows).astype(np.float32)
        return found
