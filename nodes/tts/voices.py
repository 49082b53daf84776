"""From a locale to a voice of eSpeak NG, whose languages are named `en-gb`, `pl`, `cmn`."""

from collections.abc import Iterable

from babel import Locale, UnknownLocaleError

# CLDR's name -> eSpeak's, where they differ.
_NAMED = {
    "zh": "cmn-latn-pinyin",  # eSpeak's `cmn` spells its own transcription out in English
    "zh_hk": "yue",
    "zh_mo": "yue",
    "no": "nb",
    "nn": "nb",
    "tl": "fil",
    "iw": "he",
    "sh": "hr",
    "es_mx": "es-419",
    "fr": "fr-fr",
    "en_au": "en-gb",
    "en_nz": "en-gb",
    "en_ie": "en-gb",
    "en_ca": "en-us",
    "en": "en-gb",
    "pt_pt": "pt",
}
# Languages without a voice, and the one that comes nearest: Indonesian is spelled as Filipino is, sound for sound.
_BORROWED = {"fil": "id"}


def candidates(locale: str) -> list[str]:
    """eSpeak language names for a locale such as en_GB, zh_Hant_HK or pl, the closest first; none for nonsense."""
    try:
        parsed = Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return []
    language = parsed.language
    found = []
    for territory in (parsed.territory, None):
        name = f"{language}_{territory}".lower() if territory else language
        if name in _NAMED:
            found.append(_NAMED[name])
        found.append(name.replace("_", "-"))
    return list(dict.fromkeys(found))


def borrowed(locale: str) -> str | None:
    """The language whose voice speaks a locale that has none of its own: listeners will find it foreign."""
    return next((_BORROWED[name] for name in candidates(locale) if name in _BORROWED), None)


def choose(locale: str, languages: Iterable[str]) -> str | None:
    """The language of eSpeak's to speak `locale` with; None if there is none.

    Its own territory's, else any of that language, else one that is borrowed.
    """
    offered = sorted(languages)
    wanted = candidates(locale)
    for name in wanted:
        if name in offered:
            return name
    families = {name.split("-")[0] for name in wanted}
    own = next((name for name in offered if name.split("-")[0] in families), None)
    lent = borrowed(locale)
    return own or (lent if lent in offered else None)
