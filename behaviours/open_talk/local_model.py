"""A causal language model on this machine, through transformers. Nothing is ever downloaded here."""

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from culture_profiles.errors import KithError

_MOST_TOKENS = 60
_WAIT_S = 5.0


class LocalModel:
    """Loads once, answers one question at a time."""

    def __init__(self, folder: Path, threads: int = 2) -> None:
        """Takes seconds. Errors: KithError that says what to do."""
        try:
            import torch
            from transformers import AutoModelForCausalLM, AutoTokenizer
        except ImportError:
            raise KithError("a language model needs torch and transformers: run `make understanding`") from None
        torch.set_num_threads(threads)
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            self._model: Any = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True).eval()
        except (OSError, ValueError, RuntimeError, KeyError):
            raise KithError(
                f"the language model {folder.name} cannot be loaded: is it a transformers folder?"
            ) from None
        self._one_at_a_time = threading.Lock()

    def stream(self, messages: list[Mapping[str, str]]) -> Iterator[str]:
        """Pieces of the answer as they are made. Leaving off early stops the model."""
        from transformers import StoppingCriteria, StoppingCriteriaList, TextIteratorStreamer

        left = threading.Event()

        class Left(StoppingCriteria):
            def __call__(self, *_: Any, **__: Any) -> bool:
                return left.is_set()

        inputs = self._inputs(messages)
        pieces = TextIteratorStreamer(self._tokenizer, skip_prompt=True, skip_special_tokens=True, timeout=_WAIT_S)
        with self._one_at_a_time:
            worker = threading.Thread(
                target=self._generate,
                args=(inputs, pieces, StoppingCriteriaList([Left()])),
                name="open talk",
                daemon=True,
            )
            worker.start()
            try:
                yield from pieces
            except Exception:  # noqa: S110 - the streamer's queue timed out: the model hangs
                pass
            finally:
                left.set()
                worker.join(_WAIT_S)

    def _inputs(self, messages: list[Mapping[str, str]]) -> Any:
        if getattr(self._tokenizer, "chat_template", None):
            text = self._tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        else:
            text = "\n".join(each["content"] for each in messages) + "\n"
        return self._tokenizer(text, return_tensors="pt", truncation=True, max_length=self._room())

    def _room(self) -> int:
        longest = getattr(self._model.config, "max_position_embeddings", None) or 1024
        return max(8, int(longest) - _MOST_TOKENS)

    def _generate(self, inputs: Any, pieces: Any, stopping: Any) -> None:
        try:
            self._model.generate(
                input_ids=inputs["input_ids"],
                attention_mask=inputs["attention_mask"],
                max_new_tokens=_MOST_TOKENS,
                do_sample=False,
                streamer=pieces,
                stopping_criteria=stopping,
                pad_token_id=self._tokenizer.pad_token_id or self._tokenizer.eos_token_id or 0,
            )
        except (RuntimeError, ValueError, IndexError):
            pass  # what came so far stands
        finally:
            pieces.end()
