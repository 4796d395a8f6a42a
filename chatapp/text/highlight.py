"""Code with its keywords, strings and comments marked by classes, for the languages that are named and known here.

The lexers are others' regular expressions on a stranger's text, on the event loop: so the text is short, every token
has its price, and a clock of this thread's own work is looked at between any two of them.
"""

import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from html import escape
from itertools import groupby

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Generic, Keyword, Name, Number, Operator, String, _TokenType

from chatapp.text.budget import Budget, TooMuchWork, spend

MAX_CHARS = 4000  # of one message, 14 ms; a page of code has 2,000-3,000
MAX_SECONDS = 0.02  # of one message, as the budget's other 20 ms
WORK_PER_TOKEN = 1
WORK_PER_SPAN = 2

# Those that people write to one another, under the names they give them. Of a lexer outside this list nobody has
# looked at how long it takes (tests/text/test_highlight.py does for these): that of `ini`, for one, is quadratic.
LANGUAGES = {
    "bash": "bash", "sh": "bash", "shell": "bash", "zsh": "bash",
    "c": "c", "c++": "cpp", "cpp": "cpp", "c#": "csharp", "cs": "csharp", "csharp": "csharp",
    "css": "css", "scss": "scss", "diff": "diff", "patch": "diff",
    "docker": "docker", "dockerfile": "docker", "go": "go", "golang": "go",
    "html": "html", "xml": "xml", "svg": "xml", "ini": "toml", "toml": "toml",
    "java": "java", "js": "js", "javascript": "js", "jsx": "js", "mjs": "js", "json": "json",
    "kotlin": "kotlin", "kt": "kotlin", "lua": "lua", "make": "make", "makefile": "make",
    "nginx": "nginx", "php": "php", "powershell": "powershell", "ps1": "powershell",
    "py": "python", "python": "python", "r": "r", "rb": "ruby", "ruby": "ruby",
    "rs": "rust", "rust": "rust", "sql": "sql", "swift": "swift",
    "ts": "ts", "tsx": "ts", "typescript": "ts", "yaml": "yaml", "yml": "yaml",
}  # fmt: skip

# From the particular to the general: the first that a token belongs to.
_CLASSES = [
    (Comment, "code-comment"),
    (Operator.Word, "code-keyword"),
    (Keyword, "code-keyword"),
    (Name.Tag, "code-keyword"),
    (String, "code-string"),
    (Number, "code-number"),
    (Name.Attribute, "code-name"),
    (Name.Builtin, "code-name"),
    (Name.Class, "code-name"),
    (Name.Decorator, "code-name"),
    (Name.Function, "code-name"),
    (Generic.Inserted, "code-added"),
    (Generic.Deleted, "code-removed"),
    (Generic.Heading, "code-comment"),
    (Generic.Subheading, "code-comment"),
    (Generic.Prompt, "code-comment"),
]
CLASSES = frozenset(name for _, name in _CLASSES)

Piece = tuple[str, str]  # class ("" for none), text


def highlighted(code: str, language: str, budget: Budget) -> str | None:
    """`code` as HTML with its parts in spans; None where the language is unknown or it would be too much work."""
    alias = LANGUAGES.get(language)
    if alias is None:
        return None
    try:
        pieces = list(_pieces(code, _lexer(alias), budget))
    except TooMuchWork:
        return None
    same = "".join(text for _, text in pieces) == code  # whatever a lexer does: no character is lost
    return "".join(_html(name, text) for name, text in pieces) if same else None


def preparations() -> list[Callable[[], object]]:
    """Make every language ready when all are called: 1-60 ms each, which a worker spends before anybody needs it."""
    return [partial(_lexer, alias) for alias in sorted(set(LANGUAGES.values()))]


def _pieces(code: str, lexer: Lexer, budget: Budget) -> Iterator[Piece]:
    _count_chars(budget, len(code))
    for name, tokens in groupby(_timed(code, lexer, budget), key=lambda piece: piece[0]):
        if name:
            spend(budget, WORK_PER_SPAN)
        yield name, "".join(text for _, text in tokens)


def _count_chars(budget: Budget, chars: int) -> None:
    if budget.get("code_chars", 0) + chars > MAX_CHARS:
        raise TooMuchWork
    budget["code_chars"] = budget.get("code_chars", 0) + chars


def _timed(code: str, lexer: Lexer, budget: Budget) -> Iterator[Piece]:
    # The thread's own time: on a busy machine a message must not lose its colours for the work of others.
    started = time.thread_time() - budget.get("code_seconds", 0.0)
    for _, kind, text in lexer.get_tokens_unprocessed(code):
        spend(budget, WORK_PER_TOKEN)
        budget["code_seconds"] = time.thread_time() - started
        if budget["code_seconds"] > MAX_SECONDS:
            raise TooMuchWork
        yield _class_of(kind), text


@cache
def _class_of(kind: _TokenType) -> str:
    return next((name for parent, name in _CLASSES if kind in parent), "")


def _html(name: str, text: str) -> str:
    return f'<span class="{name}">{escape(text)}</span>' if name else escape(text)


@cache
def _lexer(alias: str) -> Lexer:
    return get_lexer_by_name(alias)
