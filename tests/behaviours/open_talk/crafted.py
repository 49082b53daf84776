"""A real transformers model that the tests make: its weights are set so that it says what it is told to."""

from pathlib import Path


def crafted_model(folder: Path, text: str) -> Path:
    """A GPT-2 of one layer. Each word of `text` (none twice) is followed by the next, any other word by the first."""
    import torch
    import transformers
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = ["<unk>", *text.split(), "<eos>"]
    assert len(set(words)) == len(words)
    raw = Tokenizer(models.WordLevel({word: number for number, word in enumerate(words)}, unk_token="<unk>"))
    raw.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=raw, pad_token="<eos>", eos_token="<eos>", unk_token="<unk>"
    ).save_pretrained(folder)
    size, end = len(words), len(words) - 1
    config = transformers.GPT2Config(
        vocab_size=size, n_positions=512, n_embd=size, n_layer=1, n_head=1, bos_token_id=end, eos_token_id=end,
        tie_word_embeddings=False,
    )  # fmt: skip
    model = transformers.GPT2LMHeadModel(config)
    with torch.no_grad():
        for each in model.transformer.h[0].parameters():
            each.zero_()  # nothing but the word itself counts
        model.transformer.wpe.weight.zero_()
        model.transformer.wte.weight.copy_(torch.eye(size))
        following = torch.zeros(size, size)
        for number in range(end):
            following[number + 1, number] = 10.0
        model.lm_head.weight.copy_(following)
    model.save_pretrained(folder)
    return folder
