"""Data in a page stays data: it neither ends the element it stands in nor loses a character."""

import json

from serving.site.embed import embed_json, script_text

_HOSTILE = "</script><script>alert(1)</script> & <!-- \u2028 \u2029 Súdwest-Fryslân"


def test_hostile_text_cannot_end_the_script_element() -> None:
    """Failure: a label with </script> in it runs as a script on every page that shows it."""
    text = str(embed_json({"naam": _HOSTILE}))

    assert not any(character in text for character in "<>&\u2028\u2029")
    assert json.loads(text) == {"naam": _HOSTILE}


def test_a_template_does_not_escape_it_again() -> None:
    """Failure: autoescape turns every quotation mark into &#34;, which a script element does not read back."""
    assert embed_json(["a"]).__html__() == '["a"]'


def test_script_hands_over_name_and_value() -> None:
    """Failure: a data file that the page cannot load, or one that breaks off at a line end inside a name."""
    text = script_text("gemeente/GM0758", {"naam": _HOSTILE})

    head, _, rest = text.partition("(")
    assert head == "impactKpi.ontvang"
    assert json.loads(f"[{rest.rstrip().removesuffix(');')}]") == ["gemeente/GM0758", {"naam": _HOSTILE}]
    assert not any(character in text for character in "<>&\u2028\u2029")
