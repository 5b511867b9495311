"""The words of documents in each language."""

from __future__ import annotations

from penstock.adapters.documents.wording import language_of, sentences, words_of


def test_a_language_without_words_has_english_ones() -> None:
    assert [language_of(locale) for locale in ("de-AT", "DE", "pt_BR", "zh-Hant-TW", "")] == ["de", "de", "pt", "en", "en"]
    assert words_of("ja").invoice == "Invoice"


def test_a_fact_that_ends_with_a_full_stop_ends_its_sentence() -> None:
    template = "{total} is due on {due}. Pay {total}."
    assert sentences(template, total="5 kr.", due="14. dec. 2026") == "5 kr. is due on 14. dec. 2026. Pay 5 kr."
    assert sentences(template, total="5 €", due="2026. december 14.") == "5 € is due on 2026. december 14. Pay 5 €."


def test_each_language_replaces_the_same_names() -> None:
    def names(text: str) -> set[str]:
        return {part.split("}")[0] for part in text.split("{")[1:]}

    english = words_of("en")
    wrong = [
        f"{language}.{field}"
        for language in ("de", "fr", "es", "it", "nl", "pt", "pl")
        for field in english.__struct_fields__
        if names(getattr(words_of(language), field)) != names(getattr(english, field))
        or (getattr(words_of(language), field) == getattr(english, field) and len(getattr(english, field)) > 20)
    ]
    assert wrong == []
