"""Locales find the voice that a listener of that place expects."""

import pytest

from nodes.tts import voices
from nodes.tts.espeak import ESpeak
from nodes.tts.synthesiser import Manner


@pytest.fixture(scope="module")
def espeak() -> ESpeak:
    made = ESpeak()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("en_GB", "en-gb"),
        ("en-US", "en-us"),
        ("en_AU", "en-gb"),
        ("pl_PL", "pl"),
        ("zh_CN", "cmn-latn-pinyin"),
        ("zh_Hant_HK", "yue"),
        ("nb_NO", "nb"),
        ("no", "nb"),
        ("pt_BR", "pt-br"),
        ("pt", "pt"),
        ("es_MX", "es-419"),
        ("fr_CA", "fr-fr"),
        ("fil_PH", "id"),
        ("tl", "id"),
        ("xx_YY", None),
        ("nonsense!", None),
        ("", None),
    ],
)
def test_a_locale_has_its_voice(espeak: ESpeak, locale: str, language: str | None) -> None:
    assert voices.choose(locale, espeak.languages()) == language


def test_every_language_espeak_lists_can_be_rendered(espeak: ESpeak) -> None:
    silent = []
    for language in espeak.languages():
        if voices.choose(language, espeak.languages()) == language:
            sound = espeak.render("mama", Manner(language))
            if abs(sound.samples).max() < 500:
                silent.append(language)
    assert silent == []
    assert espeak.restarts == 0


def test_rate_pitch_and_volume_are_heard(espeak: ESpeak) -> None:
    text = "How are you today?"
    plain = espeak.render(text, Manner("en_GB"))
    assert espeak.render(text, Manner("en_GB", rate=90)).seconds > 1.3 * plain.seconds
    assert abs(espeak.render(text, Manner("en_GB", volume=0.3)).samples).max() < 0.5 * abs(plain.samples).max()
    low = espeak.render(text, Manner("en_GB", pitch=0.6))
    assert low.samples.tolist() != plain.samples.tolist()
