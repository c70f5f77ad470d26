"""BibTeX files in many styles, and entries to add to them."""

from hypothesis import strategies as st

WORDS = st.text("abcdefghijklmnopqrstuvwxyz äé-", min_size=1, max_size=20).map(lambda text: f"x{text}")
GARNISH = st.sampled_from(
    [
        "",
        "% a remark",
        "@comment{kept as it is}",
        '@string{jats = "Journal of Things"}',
        '@preamble{"\\\\foo"}',
        "free text",
    ]
)


@st.composite
def files(draw):
    """The bytes of a library: entries in one style, between remarks."""
    newline = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    indent = draw(st.sampled_from(["  ", "\t", "    ", ""]))
    equals = draw(st.sampled_from([" = ", "=", "\t= "]))
    opening, closing = draw(st.sampled_from(["{}", '""']))
    ending = draw(st.sampled_from([",", ""]))
    blocks = [draw(GARNISH)]
    for number in range(draw(st.integers(0, 4))):
        fields = [("title", draw(WORDS)), ("year", str(draw(st.integers(1900, 2030))))]
        lines = f",{newline}".join(f"{indent}{name}{equals}{opening}{value}{closing}" for name, value in fields)
        blocks += [f"@article{{Known{number},{newline}{lines}{ending}{newline}}}", draw(GARNISH)]
    text = (newline * draw(st.integers(1, 3))).join(filter(None, blocks)) + newline * draw(st.integers(0, 3))
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + text.encode()
