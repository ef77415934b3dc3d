"""Report as an HTML page: one self-contained file."""

from cancelnorm.report.html.writer import HtmlWriter

__all__ = ["HtmlWriter"]
