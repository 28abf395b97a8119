"""The tables and pictures of a tagged PDF in words, as a screen reader is told of them: read with PDFium."""

from __future__ import annotations

import ctypes
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

_NAMES = 64
"""Bytes for the name of a tag."""


def tables(pdf: bytes) -> list[list[list[str]]]:
    """Every table as rows of cells, in reading order; of a table over two pages each part by itself."""
    return [_rows(table, words) for table, words in _found(pdf, "Table")]


def alternatives(pdf: bytes) -> list[str]:
    """What its pictures say in words."""
    return [_alternative(figure) for figure, _words in _found(pdf, "Figure")]


def _found(pdf: bytes, tag: str) -> Iterator[tuple[Any, dict[int, str]]]:
    """The elements of this tag, each with the words of its page by their mark."""
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            words = _words(page)
            tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
            roots = _children(tree, pdfium.FPDF_StructTree_CountChildren, pdfium.FPDF_StructTree_GetChildAtIndex)
            for each in (element for root in roots for element in _walk(root)):
                if _tag(each) == tag:
                    yield each, words
            pdfium.FPDF_StructTree_Close(tree)


def _words(page: pypdfium2.PdfPage) -> dict[int, str]:
    lines = page.get_textpage()
    found: defaultdict[int, str] = defaultdict(str)
    for each in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
        found[pdfium.FPDFPageObj_GetMarkedContentID(each.raw)] += _object_text(each.raw, lines.raw)
    return found


def _object_text(text: Any, lines: Any) -> str:
    size = pdfium.FPDFTextObj_GetText(text, lines, None, 0)
    letters = (ctypes.c_ushort * (size // 2))()
    pdfium.FPDFTextObj_GetText(text, lines, letters, size)
    return bytes(letters).decode("utf-16-le").rstrip("\0")


def _children(parent: Any, count: Callable[[Any], int], child: Callable[[Any, int], Any]) -> list[Any]:
    return [each for number in range(count(parent)) if (each := child(parent, number))]


def _below(element: Any) -> list[Any]:
    return _children(element, pdfium.FPDF_StructElement_CountChildren, pdfium.FPDF_StructElement_GetChildAtIndex)


def _walk(element: Any) -> Iterator[Any]:
    yield element
    for each in _below(element):
        yield from _walk(each)


def _tag(element: Any) -> str:
    name = ctypes.create_string_buffer(_NAMES)
    size = pdfium.FPDF_StructElement_GetType(element, name, _NAMES)
    return name.raw[: max(size - 2, 0)].decode("utf-16-le")


def _alternative(element: Any) -> str:
    size = pdfium.FPDF_StructElement_GetAltText(element, None, 0)
    text = ctypes.create_string_buffer(size)
    pdfium.FPDF_StructElement_GetAltText(element, text, size)
    return text.raw.decode("utf-16-le").rstrip("\0")


def _rows(table: Any, words: dict[int, str]) -> list[list[str]]:
    rows = [each for each in _walk(table) if _tag(each) == "TR"]
    return [[_text(cell, words) for cell in _below(row)] for row in rows]


def _text(element: Any, words: dict[int, str]) -> str:
    said = []
    for each in _walk(element):
        marks = range(max(pdfium.FPDF_StructElement_GetMarkedContentIdCount(each), 0))
        said += [words.get(pdfium.FPDF_StructElement_GetMarkedContentIdAtIndex(each, mark), "") for mark in marks]
    return " ".join("".join(said).split())
