"""A page that shows what a check found: one file, without network."""

from cancelnorm.report.html.writer import HtmlWriter

__all__ = ["HtmlWriter"]
