"""No message, however it is written, becomes anything but the tags, attributes and schemes we chose."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatapp.text import render
from tests.text.safe_html import SafeHtml

SCRIPT_ADDRESSES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "java\u0000script:alert(1)",
    "\u0001javascript:alert(1)",
    "\u00a0javascript:alert(1)",
    "\u200bjavascript:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "javascript&#x3a;alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A&#x61&#x76&#x61script:alert(1)",
    "java&Tab;script:alert(1)",
    "java&NewLine;script:alert(1)",
    "java&#9;script:alert(1)",
    "java\\script:alert(1)",
    "javascript\\:alert(1)",
    "javascript%3Aalert(1)",
    "%6Aavascript:alert(1)",
    "\uff4aavascript:alert(1)",
    "java\u017fcript:alert(1)",
    "javascript://a.example/%0Aalert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "data:image/png;base64,AAAA",
    "file:///etc/passwd",
    "blob:https://a.example/b",
    "intent://a#Intent;end",
    "ms-word:ofe|u|https://a.example",
    "//a.example",
    "/\\a.example",
    "\\\\a.example",
    "https:javascript:alert(1)//",
]
ADDRESS_PLACES = [
    "[a]({})",
    "[a](<{}>)",
    "![a]({})",
    "[![a]({})](https://b.example)",
    "[![a](https://b.example)]({})",
    "<{}>",
    "{}",
    "[a]\n\n[a]: {}",
    "[a]({} 'title')",
    "http://b.example/?{}",
    "www.b.example/{}",
    '<a href="{}">a</a>',
    "|a|\n|-|\n|[a]({})|",
]
MARKUP = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//a.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    '<img """><script>alert(1)</script>">',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>a</text></a></svg>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<base href=//a.example>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//a.example/x.css>",
    "<style>@import '//a.example/x.css'</style>",
    "<div style='background:url(javascript:alert(1))'>a</div>",
    "<p style=position:fixed;inset:0>a</p>",
    "<form action=//a.example><input name=password></form>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea><script>alert(1)</script>",
    "<title></title><script>alert(1)</script>",
    "<plaintext>a",
    "<xmp><script>alert(1)</script></xmp>",
    "<!--><script>alert(1)</script>-->",
    "<!-- a --!><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><?php echo 1 ?>",
    "<!DOCTYPE html>",
    "</p></div></body><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "<a href='https://a.example' onclick=alert(1) target=_self rel=opener>a</a>",
    "[a](https://a.example \"' onmouseover=alert(1) '\")",
    "[a](https://a.example '\" onmouseover=\"alert(1)')",
    '[a](https://a.example ("><script>alert(1)</script>))',
    '[a](https://a.example/"onmouseover="alert(1))',
    "[a](https://a.example/'><img/src=x/onerror=alert(1)>)",
    '![" onerror="alert(1)](https://a.example)',
    "![<img src=x onerror=alert(1)>](https://a.example)",
    '<https://a.example/"onmouseover="alert(1)>',
    'https://a.example/"onmouseover="alert(1)',
    "https://a.example/<script>alert(1)</script>",
    'bob@example.org"onmouseover=alert(1)',
    "mailto:bob@example.org?subject=<script>",
    "www.example.com/'onmouseover='alert(1)",
    '```"><script>alert(1)</script>\na\n```',
    "```js onclick=alert(1)\na\n```",
    '``` a"onmouseover="alert(1)\n</code></pre><script>alert(1)</script>\n```',
    "    </code></pre><script>alert(1)</script>",
    "`</code><script>alert(1)</script>`",
    "- <script>\n  alert(1)\n  </script>",
    "> <script>alert(1)</script>",
    "# <script>alert(1)</script>",
    "|<script>|\n|-|\n|</td><img src=x onerror=alert(1)>|",
    "|a|\n|:-:|\n|b|",
    "999999999. <script>",
    '[a](https://b.example)[c](https://d.example "e\nf")',
    "[[a](https://b.example)](https://c.example)",
    "[https://a.example](https://b.example)",
    "[<https://a.example>](https://b.example)",
    "[bob@example.org](https://b.example) [www.c.example](https://d.example)",
    "**[a](https://b.example**)",
    "*_**~~[`a`](https://b.example)_~~***",
    "![![a](https://b.example)](https://c.example)",
    "![[a](https://b.example)](https://c.example)",
    "\x00<script>\x00alert(1)",
    "<\x00script>alert(1)</script>",
    "\ud83d<script>\ude00",
    "{{7*7}} {% raw %} ${7*7} #{7*7}",
]


@pytest.mark.parametrize("place", ADDRESS_PLACES)
@pytest.mark.parametrize("address", SCRIPT_ADDRESSES)
def test_no_address_runs_anything(place: str, address: str) -> None:
    page = SafeHtml(render(place.format(address)))
    assert page.troubles == []
    assert all(".example" in link or link.startswith("https:javascript") for link in page.links)


@pytest.mark.parametrize("body", MARKUP)
def test_no_markup_breaks_out(body: str) -> None:
    assert SafeHtml(render(body)).troubles == []


SIGNS = ["[", "]", "(", ")", "![", "](", "<", ">", "`", "```", "*", "**", "_", "~~", "|", "|-", "-", "#", ":", "/"]
MORE_SIGNS = ["\\", "&", ";", '"', "'", "=", "@", "1.", " ", "\n", "\n\n", "    ", "\t", "\x00", "\u202e"]
WORDS = ["a", "한", "http://", "www.", "a.example", "javascript:", "<a href=", "<img onerror=", "&#x3c;", "&nbsp;"]
nasty = st.lists(st.sampled_from(SIGNS + MORE_SIGNS + WORDS), max_size=40).map("".join)


@settings(max_examples=300)
@given(st.text() | nasty | st.builds("{}{}".format, nasty, st.text(max_size=5)))
def test_any_text_at_all_is_safe(body: str) -> None:
    assert SafeHtml(render(body)).troubles == []


@settings(max_examples=200)
@given(nasty)
def test_what_can_be_seen_in_a_text_is_never_shown_as_nothing(body: str) -> None:
    if body.strip(" \n\t\x00\u202e"):
        page = SafeHtml(render(body))
        assert page.text.strip() or "hr" in page.tags
