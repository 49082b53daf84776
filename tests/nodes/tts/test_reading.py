"""Numbers, dates, times, money and short forms as a person of that language reads them aloud."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from culture_profiles.errors import KithError
from nodes.tts.clean import clean
from nodes.tts.reading import japanese
from nodes.tts.reading.language import FOLDER
from nodes.tts.reading.language import read as read_language
from nodes.tts.reading.spans import Span, spans
from nodes.tts.reading.words import read

LOCALES = ("en_GB", "cy_GB", "pl_PL", "pt_PT", "it_IT", "hi_IN", "pa_IN", "ur_PK", "fil_PH", "ja_JP", "ko_KR", "zh_CN")


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Mr Smith and Dr. Nowak", "mister Smith and doctor Nowak"),
        ("St Mary's in Mill St", "saint Mary's in Mill street"),
        ("fruit, e.g. pears", "fruit, for example pears"),
        ("It is 25 °C.", "It is 25 degrees Celsius."),
        ("minus: -3 °C", "minus: minus 3 degrees Celsius"),
        ("£3.50", "three pounds fifty pence"),
        ("£5 or 20p", "five pounds or 20p"),
        ("£1,250", "one thousand, two hundred and fifty pounds"),
        ("at 10:30", "at ten thirty"),
        ("at 10:00", "at ten o'clock"),
        ("at 3:05", "at three oh five"),
        ("at 15:00", "at three p m"),
        ("at 9am, at 7.30 p.m. today", "at nine a m, at seven thirty p m today"),
        ("on 23/11/2026", "on the twenty-third of November twenty twenty-six"),
        ("on 2026-11-23", "on the twenty-third of November twenty twenty-six"),
        ("the 1st and the 22nd", "the first and the twenty-second"),
        ("born in 1938", "born in nineteen thirty-eight"),
        ("1938 apples", "1938 apples"),
        ("call 07700 900123", "call zero seven seven zero zero, nine zero zero one two three"),
        ("from 9–17", "from 9 to 17"),
        ("tea & cake", "tea and cake"),
        ("12kg, 50%", "12 kilograms, 50 per cent"),
        ("see example.co.uk", "see example dot co dot uk"),
        ("anna.b@example.org", "anna dot b at example dot org"),
        ("half past, 99:99, 31/02/2026, 1/2", "half past, 99:99, 31/02/2026, 1/2"),
        ("version 1.2.3.4", "version 1.2.3.4"),
    ],
)
def test_english(text: str, spoken: str) -> None:
    assert read(clean(text), "en_GB") == spoken


def test_the_month_comes_first_in_america() -> None:
    assert read("11/23/2026", "en_US") == read("23/11/2026", "en_GB")


@pytest.mark.parametrize(
    ("locale", "text", "spoken"),
    [
        ("pl_PL", "Jest 10:30.", "Jest dziesiąta trzydzieści."),
        ("pl_PL", "o 22:00, od 14:00 do 15:30", "o dwudziestej drugiej, od czternastej do piętnastej trzydzieści"),
        ("pl_PL", "2.03.2026 r.", "drugiego marca dwa tysiące dwudziestego szóstego roku"),
        ("pl_PL", "3,50 zł", "trzy złote pięćdziesiąt groszy"),
        ("pl_PL", "dr Nowak, np. 5 kg", "doktor Nowak, na przykład 5 kilogramów"),
        ("it_IT", "il sig. Rossi alle 10:30", "il signor Rossi alle 10 e 30"),
        ("it_IT", "€ 3,50, 1º piano", "tre euro cinquanta centesimi, primo piano"),
        ("pt_PT", "Sra. Silva às 2:00", "senhora Silva às duas horas"),
        ("pt_PT", "23/11/2026, 1.ª vez", "23 de novembro de 2026, primeira vez"),
        ("cy_GB", "Mr Jones, 2:00, 25 °C", "Mister Jones, 2 o'r gloch, 25 gradd Celsius"),
        ("hi_IN", "डॉ. शर्मा 10:30 बजे", "डॉक्टर शर्मा 10 बजकर 30 मिनट"),
        ("hi_IN", "₹350", "350 रुपये"),
        ("pa_IN", "10:00 ਵਜੇ", "10 ਵਜੇ"),
        ("ur_PK", "10:30 بجے", "10 بج کر 30 منٹ"),
        ("fil_PH", "Mga 25 ng 10:30", "manga dalawampu't lima nang alas diyes y medya"),
        ("fil_PH", "Gng. Cruz, 119", "Ginang Cruz, isang daan at labinsiyam"),
        ("ja_JP", "11月20日10:30です", "じゅういちがつはつかじゅうじさんじゅっぷんです"),
        ("ja_JP", "2026-04-01", "にせんにじゅうろくねんしがつついたち"),
        ("ko_KR", "10:30에", "열 시 삼십 분에"),
        ("zh_CN", "2026-11-23 2:30", "二〇二六年11月23日 两点30分"),
        ("de_DE", "um 10:30", "um 10:30"),
        ("nonsense!", "10:30", "10:30"),
    ],
)
def test_other_languages(locale: str, text: str, spoken: str) -> None:
    assert read(clean(text), locale) == spoken


def test_a_persons_own_pronunciations_come_first_and_whole_words_only() -> None:
    own = {"Siobhan": "Shivawn", "佐藤": "サトウ"}
    assert read("siobhan's tea for Siobhans", "en_GB", own) == "Shivawn's tea for Siobhans"
    assert read("佐藤さん", "ja_JP", own) == "サトウさん"


@given(st.sampled_from(LOCALES), st.text(max_size=120))
@settings(deadline=None)
def test_any_text_can_be_read_and_cut_into_voices(locale: str, text: str) -> None:
    spoken = read(clean(text), locale)
    assert "  " not in spoken
    joined = "".join("".join(span.text for span in spans(spoken, locale)).split())
    assert joined.replace(" ", "") in "".join(spoken.split()) or not joined


@given(
    st.sampled_from(LOCALES),
    st.from_regex(r"[£€₹]?\d{1,9}([:./,-]\d{1,4}){0,3} ?(am|kg|°C|%|zł|st|月|日|時)?", fullmatch=True),
)
@settings(deadline=None)
def test_no_figures_make_it_stumble(locale: str, text: str) -> None:
    assert read(text, locale)


@pytest.mark.parametrize(
    ("locale", "text", "parts"),
    [
        ("en_GB", "Good morning, Stanisław Wójcik, how are you?", ["en_GB", "pl", "en_GB"]),
        ("en_GB", "Łukasz Nowak and Jan Żak", ["pl", "en_GB", "pl"]),
        ("pl_PL", "Dzień dobry, pani Wiśniewska", ["pl_PL"]),
        ("en_GB", "Say おはよう to him", ["en_GB", "ja", "en_GB"]),
        ("en_GB", "你好 means hello", ["zh", "en_GB"]),
        ("zh_CN", "你好 Mary，今天是23日", ["zh_CN", "en", "zh_CN"]),
        ("ja_JP", "今日は Tom とコーヒー 3", ["ja_JP", "en", "ja_JP"]),
        ("hi_IN", "नमस्ते John, आप", ["hi_IN", "en", "hi_IN"]),
        ("fil_PH", "Señor Peña", ["fil_PH"]),
        ("en_GB", "123", ["en_GB"]),
        ("en_GB", "?!", []),
    ],
)
def test_each_part_has_its_voice(locale: str, text: str, parts: list[str]) -> None:
    assert [span.locale for span in spans(text, locale)] == parts


def test_a_name_is_not_taken_beyond_its_clause() -> None:
    assert spans("Then Łukasz came. Hello!", "en_GB") == [
        Span("Then", "en_GB"), Span("Łukasz", "pl"), Span("came. Hello!", "en_GB"),
    ]  # fmt: skip


def test_every_language_of_the_home_has_its_file() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == {locale.split("_")[0] for locale in LOCALES}
    for path in FOLDER.glob("*.yaml"):
        read_language(path)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("order: upside", r"xx.yaml, line 1, order: must be one of"),
        ("hurry: yes", r"xx.yaml, line 1: there is no field 'hurry'"),
        ('date: "{dya}"', r"xx.yaml, line 1, date: may have the places"),
        ("hours: {one: una}", r"xx.yaml, line 1, hours: 'one' is no number"),
        ("time: {whole: a}", r"xx.yaml, line 1, time: must have"),
        ("order: dmy", r"xx.yaml, line 1, date: is missing"),
    ],
)
def test_a_mistake_in_a_file_is_told_with_line_and_field(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "xx.yaml"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(KithError, match=said):
        read_language(path)


@pytest.mark.skipif(not japanese.can_read(), reason="SudachiPy, which reads kanji, is not installed")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("今日は", "キョウワ"),
        ("看護師を呼びます", "カンゴシオヨビマス"),
        ("ここへ", "ココエ"),
        ("コーヒー", "コーヒー"),
    ],
)
def test_kanji_are_read_and_particles_said_as_they_sound(text: str, said: str) -> None:
    hiragana = str.maketrans({chr(code): chr(code + 0x60) for code in range(0x3041, 0x3097)})
    assert japanese.kana(text).translate(hiragana) == said


def test_without_a_reader_japanese_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(japanese, "_tokenizer", lambda: None)
    assert japanese.kana("今日は") == "今日は"
    assert japanese.has_kanji("今日は")
    assert not japanese.has_kanji("おはようございます")
