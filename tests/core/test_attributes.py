"""The attributes of an input: the same text as WTForms' own."""

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from wtforms.widgets.core import html_params

from core.forms import attributes

NAMES = st.sampled_from(["name", "class_", "for_", "data_x_y", "aria_label", "value", "required"])
VALUES = st.one_of(st.booleans(), st.integers(), st.none(), st.text(), st.text().map(Markup))


@given(st.dictionaries(NAMES, VALUES))
def test_attributes_are_written_as_the_library_writes_them(given_ones: dict[str, object]) -> None:
    assert attributes(**given_ones) == html_params(**given_ones)
