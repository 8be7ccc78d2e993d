"""Schemes of romanisation, letter by letter, each written from its own standard: what a matcher's fold table must undo.

A dash is a letter that a scheme does not write.
"""

_TABLE = """
letters            а б в г ғ д е  ё   ж   з и  й  к қ л м н ң  о ө  п р с т у  ұ  ү  ф х  һ  ц  ч    ш   щ       ы і э ю    я   ь ә
BGN/PCGN           a b v g gh d e yo  zh  z ī  y  k q l m n ng o ö  p r s t ū  u  ü  f kh h  ts ch   sh  shch    y i e yu   ya  ’ ä
ISO_9              a b v g ġ d e  ë   ž   z i  j  k ķ l m n ņ  o ô  p r s t u  u̇  ù  f h  ḥ  c  č    š   ŝ       y ì è û    â   ʹ a̋
passport           a b v g g d e  e   zh  z i  i  k k l m n n  o o  p r s t u  u  u  f kh kh ts ch   sh  shch    y i e iu   ia  . a
Kazakh_Latin_2017  a b v g g' d e -   j   z i' i' k q l m n n' o o' p r s t y' u  u' f h  h  -  -    s'  -       y i e i'y' i'a . a'
Kazakh_Latin_2018  a b v g ǵ d e  -   j   z ı  ı  k q l m n ń  o ó  p r s t ý  u  ú  f h  h  -  ch   sh  -       y i e ıý   ıa  . á
Kazakh_Latin_2021  a b v g ğ d e  -   j   z i  i  k q l m n ñ  o ö  p r s t u  ū  ü  f h  h  -  -    ş   -       y ı e iu   ia  . ä
press              a b v g gh d ye yo zh  z i  y  k k l m n ng o o  p r s t u  u  u  f kh h  ts ch   sh  sch     y i e yu   ya  . a
press_with_dzh     a b v g g d e  yo  dzh z i  i  k k l m n n  o u  p r s t u  u  u  f kh kh ts ch   sh  sh      i i e yu   ya  ' a
German             a b w g g d e  jo  sch s i  j  k k l m n n  o ö  p r s t u  u  ü  f ch h  z  tsch sch schtsch y i e ju   ja  . ä
French             a b v g g d e  -   j   z i  ï  k k l m n n  o o  p r s t ou ou ou f kh h  ts tch  ch  chtch   y i e iou  ia  . a
Russian_spelling   а б в г г д е  ё   ж   з и  й  к к л м н н  о о  п р с т у  у  у  ф х  х  ц  ч    ш   щ       ы и э ю    я   ь а
"""
_ROWS = {name: columns for name, *columns in (line.split() for line in _TABLE.strip().splitlines())}
_LETTERS = _ROWS.pop("letters")
SCHEMES = {name: dict(zip(_LETTERS, columns, strict=True)) for name, columns in _ROWS.items()}


def romanised(name, scheme):
    """A name in Kazakh or Russian letters, in a scheme; None where the scheme has no letter for one of its own."""
    written = [[SCHEMES[scheme][letter] for letter in word.lower()] for word in name.split()]
    if any("-" in word for word in written):
        return None
    words = ["".join(word).replace(".", "") for word in written]
    return " ".join(word[:1].upper() + word[1:] for word in words)
