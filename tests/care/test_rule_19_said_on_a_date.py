"""Care rule 19 in talk: what is said of deaths, visits and whereabouts is kept as said, and never raised again."""

import pytest

from behaviours.hearsay import said_of_others
from behaviours.identity import Level
from behaviours.understanding.understander import Understander
from culture_profiles.fact import Status
from tests.behaviours.minds import Chat, hanna
from tests.culture_profiles.profiles import fact, profile

SAID = [
    ("death", "My husband died last year."),
    ("death", "I lost my sister."),
    ("visit", "My daughter is coming on Sunday."),
    ("visit", "My son visited me yesterday."),
    ("whereabouts", "My brother is in hospital."),
    ("whereabouts", "My son has moved to Leeds."),
]


@pytest.mark.parametrize(("kind", "text"), SAID)
def test_it_is_heard_and_kept_with_its_day(kind: str, text: str) -> None:
    chat = hanna()
    chat.say(text)
    (kept,) = [each for each in chat.facts() if each.key == "said.event"]
    assert (kept.value, kept.status, kept.note) == (text, Status.STATED, f"{kind}, said on 2026-11-23")


IN_OTHER_LANGUAGES = [
    ("cy", "visit", "Mae fy merch yn dod ddydd Sul."),
    ("pl", "death", "Mój mąż umarł w zeszłym roku."),
    ("pl", "visit", "Moja córka przyjdzie w niedzielę."),
    ("pl", "whereabouts", "Mój syn mieszka w Londynie."),
    ("pt", "death", "O meu marido morreu há um ano."),
    ("pt", "visit", "A minha filha vem no domingo."),
    ("it", "death", "Mio marito è morto l'anno scorso."),
    ("it", "visit", "Mia figlia viene domenica."),
    ("hi", "visit", "मेरी बेटी रविवार को आएगी।"),
    ("pa", "visit", "ਮੇਰੀ ਧੀ ਐਤਵਾਰ ਨੂੰ ਆਵੇਗੀ।"),
    ("ur", "death", "میرے شوہر کا انتقال ہو گیا۔"),
    ("fil", "visit", "Darating ang anak ko sa Linggo."),
    ("ja", "death", "夫は去年亡くなりました。"),
    ("ja", "visit", "娘が日曜日に来ます。"),
    ("ko", "visit", "우리 딸이 일요일에 와요."),
    ("zh", "visit", "我女儿星期天会来。"),
]


@pytest.mark.parametrize(("language", "kind", "text"), IN_OTHER_LANGUAGES)
def test_it_is_heard_in_every_language(language: str, kind: str, text: str) -> None:
    assert [each.kind for each in said_of_others(Understander().read(text, language))] == [kind]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("pl", "Kiedy przyjdzie moja córka?"),
        ("pl", "Moja córka lubi pierogi."),
        ("ja", "娘は来ますか。"),
        ("ja", "娘は歌が上手です。"),
        ("it", "Mia figlia è maestra."),
        ("zh", "我女儿什么时候来？"),
    ],
)
def test_questions_and_tastes_are_no_statements_there_either(language: str, text: str) -> None:
    assert said_of_others(Understander().read(text, language)) == ()


@pytest.mark.parametrize("text", [text for _, text in SAID])
def test_it_is_never_raised_again(text: str) -> None:
    chat = hanna()
    chat.say(text)
    later = chat.say("What do you know about me?") + chat.say("Yes, go on") + chat.say("Yes, go on")
    later += " ".join(chat.say("Mm") for _ in range(15))
    for word in ("husband", "sister", "Sunday", "yesterday", "hospital", "Leeds"):
        assert word not in later


@pytest.mark.parametrize(
    "text",
    [
        "Is my daughter coming on Sunday?",
        "Where is my brother",
        "I wish my husband was here",
        "In the film she died",
        "I went to the market",
        "My daughter is a teacher",
        "She passed away at Easter",  # of whom, nobody could tell later
    ],
)
def test_questions_wishes_and_stories_are_no_statements(text: str) -> None:
    assert said_of_others(Understander().read(text, "en")) == ()


def test_a_name_counts_when_it_is_of_the_family() -> None:
    reading = Understander().read("Ewa is coming on Sunday.", "en")
    assert said_of_others(reading) == ()
    assert [each.kind for each in said_of_others(reading, ["Ewa"])] == ["visit"]


def test_said_twice_it_is_kept_once() -> None:
    chat = hanna()
    chat.say("My brother is in hospital.")
    chat.say("My brother is in hospital.")
    assert [each for each in chat.facts() if each.key == "said.event"] == []


@pytest.mark.parametrize("text", [text for _, text in SAID])
def test_without_consent_or_in_company_nothing_is_kept(text: str) -> None:
    no_consent = Chat(profile(fact("family.daughter", "Ewa", "resident")))
    for chat in (hanna(Level.PUBLIC), no_consent, Chat(None)):
        chat.say(text)
        assert chat.facts() == []


def test_a_disclosure_is_not_hearsay() -> None:
    chat = hanna()
    chat.say("My son came here and he hit me.")
    assert chat.facts() == []
