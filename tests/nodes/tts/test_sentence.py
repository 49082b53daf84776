"""From a sentence to its sound: every language's voice, more than one voice in a sentence, engines that fail."""

from collections.abc import Iterator

import numpy as np
import pytest

from culture_profiles.errors import KithError
from nodes.base.models import default_models_dir
from nodes.tts.clean import clean
from nodes.tts.espeak import ESpeak
from nodes.tts.piper import Piper
from nodes.tts.sentence import SentenceRenderer, Wording
from nodes.tts.sentences import sentences
from nodes.tts.synthesiser import Manner, Sound

GREETINGS = {
    "en_GB": "Good morning, how are you today?",
    "cy_GB": "Bore da, sut dach chi heddiw?",
    "pl_PL": "Dzień dobry, jak się pan dziś czuje?",
    "pt_PT": "Bom dia, como está hoje?",
    "it_IT": "Buongiorno, come sta oggi?",
    "hi_IN": "सुप्रभात, आज आप कैसे हैं?",
    "pa_IN": "ਸਤਿ ਸ੍ਰੀ ਅਕਾਲ, ਤੁਸੀਂ ਕਿਵੇਂ ਹੋ?",
    "ur_PK": "صبح بخیر، آپ کیسے ہیں؟",
    "fil_PH": "Magandang umaga po, kumusta po kayo?",
    "ja_JP": "おはようございます。おげんきですか。",
    "ko_KR": "안녕하세요, 오늘은 어떠세요?",
    "zh_CN": "早上好，您今天怎么样？",
}


@pytest.fixture(scope="module")
def espeak() -> Iterator[ESpeak]:
    made = ESpeak()
    yield made
    made.close()


@pytest.mark.parametrize("locale", GREETINGS)
def test_every_language_sounds(espeak: ESpeak, locale: str) -> None:
    sound = SentenceRenderer([espeak]).render(GREETINGS[locale], Manner(locale))
    loud = np.abs(sound.samples.astype(int)) > 500
    # A greeting takes a second or two; a voice that spells letters out takes many.
    assert 0.8 < sound.seconds < 6.0
    assert loud.mean() > 0.2


def test_chinese_is_not_spelled_out_in_english(espeak: ESpeak) -> None:
    sound = SentenceRenderer([espeak]).render("今天天气很好", Manner("zh_CN", rate=175.0))
    assert sound.seconds < 2.5


@pytest.mark.parametrize(
    "text",
    [
        "x" * 240,
        "12345" * 40,
        "Z̸̢̛͔a̷l̶g̸o̵ text",
        "שלום hello Привет γειά 你好 こんにちは नमस्ते ਸਤਿ สวัสดี",
        "؟؟؟ !!! ---",
        "Ⅳ ² ½ ㎏ １２：３０ ٣٤٥",
        "𝓗𝓮𝓵𝓵𝓸 \ue123 \u202eabc",
        "<voice xml:lang='pl'> [[ &amp;",
    ],
)
@pytest.mark.parametrize("locale", ["en_GB", "ja_JP", "ur_PK"])
def test_no_text_harms_the_engine(espeak: ESpeak, text: str, locale: str) -> None:
    renderer = SentenceRenderer([espeak])
    for sentence in sentences(clean(text)):
        assert renderer.render(sentence, Manner(locale)).seconds < 120
    assert espeak.restarts == 0


class Engine:
    """Gives a tone as long as the text, and remembers what it was asked."""

    def __init__(self, name: str, languages: str, rate: int = 22_050, *, broken: bool = False) -> None:
        self.name, self.languages, self.rate, self.broken = name, languages.split(), rate, broken
        self.asked: list[tuple[str, str]] = []

    def speaks(self, locale: str) -> bool:
        return locale.split("_")[0] in self.languages

    def render(self, text: str, manner: Manner) -> Sound:
        self.asked.append((text, manner.locale))
        if self.broken:
            raise KithError(f"{self.name} is broken")
        return Sound(np.full(len(text) * self.rate // 20, 4000, np.int16), self.rate)

    def close(self) -> None:
        pass


def test_a_polish_name_is_spoken_by_the_polish_voice_unless_the_person_has_their_own_way() -> None:
    engine = Engine("e", "en pl")
    renderer = SentenceRenderer([engine])
    renderer.render("Hello, Łukasz!", Manner("en_GB"))
    renderer.render("Hello, Łukasz!", Manner("en_GB"), Wording({"Łukasz": "Wookash"}))
    assert engine.asked == [("Hello,", "en_GB"), ("Łukasz!", "pl"), ("Hello, Wookash!", "en_GB")]


def test_a_script_that_no_voice_knows_is_left_to_the_sentences_own() -> None:
    engine = Engine("e", "en")
    SentenceRenderer([engine]).render("This is Αθήνα.", Manner("en_GB"))
    assert engine.asked == [("This is", "en_GB"), ("Αθήνα.", "en_GB")]


def test_an_engine_that_fails_is_replaced_by_the_next_one_at_the_rate_that_was_begun() -> None:
    broken, good = Engine("broken", "en", broken=True), Engine("good", "en", rate=16_000)
    sound = SentenceRenderer([broken, good]).render("Hello there.", Manner("en_GB"), rate=22_050)
    assert sound.rate == 22_050
    assert sound.seconds == pytest.approx(12 / 20 + 0.22, abs=0.01)
    with pytest.raises(KithError, match="broken is broken"):
        SentenceRenderer([broken]).render("Hello.", Manner("en_GB"))
    with pytest.raises(KithError, match="no installed voice speaks 'pl_PL'"):
        SentenceRenderer([good]).render("Tak.", Manner("pl_PL"))


def test_phrases_are_kept_by_voice_and_manner_but_nothing_private() -> None:
    engine = Engine("e", "en")
    renderer = SentenceRenderer([engine])
    for manner in (Manner("en_GB"), Manner("en_GB"), Manner("en_GB", pitch=0.8), Manner("en_US")):
        renderer.render("Good morning.", manner)
    assert len(engine.asked) == 3
    assert renderer.cache_hits == 1
    for _ in range(2):
        renderer.render("Your sister wrote.", Manner("en_GB"), Wording({}, private=True))
    assert len(engine.asked) == 5


def test_piper_speaks_where_a_voice_is_installed_and_espeak_elsewhere(espeak: ESpeak) -> None:
    renderer = SentenceRenderer([Piper(default_models_dir()), espeak])
    manner = Manner("en_GB")
    assert renderer.render("Hello, Łukasz.", manner).seconds > 0.8
    assert renderer.render("Dzień dobry.", Manner("pl_PL")).seconds > 0.5
