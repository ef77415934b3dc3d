"""Writer of the page: findings are collected, and the page is written at the end."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256
from importlib import resources

from cancelnorm.check.finding import Finding
from cancelnorm.check.statistics import Summary
from cancelnorm.escapes import printable
from cancelnorm.logs import MissingLibraryError
from cancelnorm.report.html.shown_findings import ShownFindings
from cancelnorm.report.html.view import view
from cancelnorm.report.run import Run

__all__ = ["HtmlWriter", "rendered"]


class HtmlWriter:
    """Writer of one self-contained page with at most about 1,000 findings and the counts of all."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._shown = ShownFindings()
        self._run = Run()

    def begin(self, run: Run) -> None:
        """Raise MissingLibraryError at once, not at the end of a long run."""
        try:
            import jinja2  # noqa: F401
            import vl_convert  # noqa: F401
        except ImportError as error:
            raise MissingLibraryError("html", "a page with charts", "html") from error
        self._run = run

    def add(self, finding: Finding) -> None:
        """Store a finding if there is room for it."""
        self._shown.add(finding)

    def end(self, summary: Summary) -> None:
        """Write the page."""
        self._write(rendered("page.html", view(summary, self._shown, self._run)))


def rendered(template: str, variables: Mapping[str, object]) -> str:
    """A page with the style, the script and the policy that all pages have."""
    import jinja2
    from markupsafe import Markup

    def shown(value: object) -> object:
        """Any text of the data, with non-printable characters and direction marks escaped."""
        return value if isinstance(value, Markup) else printable(str(value))

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_resource),
        autoescape=True,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["number"] = lambda number: f"{number:,}"
    style, script = _resource("page.css"), _resource("page.js")
    return environment.get_template(template).render(
        variables,
        style=Markup(style),  # noqa: S704  # ours
        script=Markup(script),  # noqa: S704  # ours
        svg=Markup,  # a chart: Vega escapes its input
        policy="default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"style-src '{_hash(style)}'; script-src '{_hash(script)}'",
    )


def _resource(name: str) -> str:
    return (resources.files("cancelnorm.report.html") / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Hash source of a style sheet or script for the Content-Security-Policy."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
