"""Open talk: what a model streams becomes sentences, each guarded, in time or not at all."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from behaviours.guard.guard import Known
from behaviours.open_talk.talking import answer, may_tell, messages
from culture_profiles.errors import KithError
from tests.behaviours.minds import profile

KNOWN = Known(said=("I grew tomatoes in the yard",), facts=("family daughter: Ewa",))


class Scripted:
    """A stand-in for a model: its text, a few letters at a time, each taking `pace_s`."""

    def __init__(self, text: str, pace_s: float = 0.0) -> None:
        self.text, self.pace_s, self.now, self.asked = text, pace_s, 0.0, list[Mapping[str, str]]()

    def stream(self, messages: list[Mapping[str, str]]) -> Iterator[str]:
        self.asked = messages
        for place in range(0, len(self.text), 5):
            self.now += self.pace_s
            yield self.text[place : place + 5]

    def clock(self) -> float:
        return self.now


def test_sentences_that_pass_are_spoken_as_they_come() -> None:
    model = Scripted("Tomatoes in the yard, lovely. What kind were they? And more. And more.")
    assert answer(model, KNOWN, model.clock).sentences == ("Tomatoes in the yard, lovely.", "What kind were they?")


def test_a_forbidden_sentence_is_left_out_and_ends_what_leans_on_it() -> None:
    model = Scripted("Tomatoes in the yard, lovely. You should take vitamins. They help.")
    reply = answer(model, KNOWN, model.clock)
    assert reply.sentences == ("Tomatoes in the yard, lovely.",)
    assert reply.refused == ("medical_advice",)


def test_nothing_is_spoken_when_everything_is_forbidden() -> None:
    model = Scripted("I love you. I will always be here. Your husband is waiting. More.")
    reply = answer(model, KNOWN, model.clock)
    assert reply.sentences == ()
    assert reply.why == "the guard refused"


def test_a_model_that_is_too_slow_is_not_waited_for() -> None:
    model = Scripted("Tomatoes in the yard, lovely.", pace_s=0.5)
    reply = answer(model, KNOWN, model.clock, budget_s=1.5)
    assert reply.sentences == ()
    assert reply.why == "nothing in time"
    assert model.now <= 2.0


def test_an_unfinished_sentence_is_dropped() -> None:
    model = Scripted("Tomatoes in the yard")
    assert answer(model, KNOWN, model.clock).sentences == ()


def test_a_model_is_told_nothing_sensitive() -> None:
    told = " ".join(may_tell(profile(family__daughter="Ewa", faith__stated="catholic", safety__allergy="nuts")))
    assert "Ewa" in told
    assert "catholic" not in told
    assert "nuts" not in told
    said = messages(Known(said=("hello",), facts=("family daughter: Ewa",)))
    assert said[-1] == {"role": "user", "content": "hello"}
    assert "Ewa" in said[0]["content"]


def test_a_real_transformers_model_is_loaded_and_streams(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed: `make understanding`")
    transformers = pytest.importorskip("transformers", reason="transformers is not installed: `make understanding`")
    from behaviours.open_talk.local_model import LocalModel

    folder = tiny_model(tmp_path, torch, transformers)
    model = LocalModel(folder)
    pieces = list(model.stream([{"role": "user", "content": "hello there"}]))
    assert "".join(pieces).strip()
    reply = answer(model, KNOWN, lambda: 0.0)
    assert all(each.endswith((".", "!", "?")) for each in reply.sentences)


def test_a_folder_that_holds_no_model_is_told_in_one_line(tmp_path: Path) -> None:
    from behaviours.open_talk.local_model import LocalModel

    with pytest.raises(KithError, match=r"make understanding|cannot be loaded"):
        LocalModel(tmp_path)


def tiny_model(folder: Path, torch: object, transformers: object) -> Path:
    """A random model of a few thousand weights with a tokenizer of a few words: loads as every other."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = ["<pad>", "<eos>", "<unk>", "hello", "there", "tomatoes", "yard", "lovely", ".", "?", "the", "in", "what"]
    raw = Tokenizer(models.WordLevel({word: number for number, word in enumerate(words)}, unk_token="<unk>"))
    raw.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer = transformers.PreTrainedTokenizerFast(  # type: ignore[attr-defined]
        tokenizer_object=raw, pad_token="<pad>", eos_token="<eos>", unk_token="<unk>"
    )
    torch.manual_seed(1)  # type: ignore[attr-defined]
    config = transformers.GPT2Config(  # type: ignore[attr-defined]
        vocab_size=len(words), n_positions=256, n_embd=16, n_layer=1, n_head=2, bos_token_id=1, eos_token_id=1
    )
    transformers.GPT2LMHeadModel(config).save_pretrained(folder)  # type: ignore[attr-defined]
    tokenizer.save_pretrained(folder)
    return folder
