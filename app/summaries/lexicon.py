"""What a fold asks of the taxonomy, looked up once: which bases are documentary, which verdicts are convictions, which order terms have."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.taxonomy.catalogue import Taxonomy, Term


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Sets of codes of one taxonomy version. A code that the version does not know is in none of them."""

    taxonomy: Taxonomy
    documentary: frozenset[str]
    sufficient: frozenset[str]
    not_assessable: frozenset[str]
    convictions: frozenset[str]
    custodial: frozenset[str]
    content_indicators: frozenset[str]
    content_counts: frozenset[str]
    ranks: Mapping[str, Mapping[str, int]]

    def rank(self, vocabulary: str, code: str) -> int:
        """The place of a term in its vocabulary; an unknown one comes after all."""
        places = self.ranks.get(vocabulary, {})
        return places.get(code, len(places))

    def in_order(self, vocabulary: str, codes: Iterable[str]) -> list[str]:
        """Distinct codes in the order of their vocabulary."""
        return sorted(set(codes), key=lambda code: (self.rank(vocabulary, code), code))

    def kind(self, indicator: str) -> str | None:
        """The kind of an indicator."""
        known = self.taxonomy.indicators.get(indicator)
        return known.kind if known else None

    def indicator_of(self, vocabulary: str, code: str) -> str | None:
        """The indicator that a term stands for."""
        term = self.taxonomy.vocabularies.get(vocabulary, {}).get(code)
        return term.indicator if term else None


@lru_cache(maxsize=16)
def lexicon_of(taxonomy: Taxonomy) -> Lexicon:
    """The lexicon of a taxonomy, made once for each version."""
    words = taxonomy.vocabularies
    return Lexicon(
        taxonomy=taxonomy,
        documentary=_where(words, "observation_basis", "class", "documentary"),
        sufficient=_where(words, "comprehension", "sufficient", wanted=True),
        not_assessable=_where(words, "comprehension", "assessable", wanted=False),
        convictions=_where(words, "verdict", "conviction", wanted=True),
        custodial=_where(words, "sentence_kind", "custodial", wanted=True),
        content_indicators=frozenset(each.code for each in taxonomy.indicators.values() if each.content_dependent),
        content_counts=_where(words, "count_subject", "content_dependent", wanted=True),
        ranks={name: {code: place for place, code in enumerate(terms)} for name, terms in words.items()},
    )


def _where(words: Mapping[str, Mapping[str, Term]], vocabulary: str, attribute: str, wanted: object) -> frozenset[str]:
    return frozenset(code for code, term in words.get(vocabulary, {}).items() if term.attributes.get(attribute) == wanted)
