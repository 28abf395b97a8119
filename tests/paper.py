"""Reading PDFs back with programs that did not write them: PDFium for words and pictures, qpdf for the structure."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pikepdf
import pypdfium2
import zxingcpp
from PIL import Image


def words(pdf: bytes) -> str:
    """All words of a PDF, spaces evened out, without the soft breaks of its lines."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    return " ".join(" ".join(pages).replace("\ufffe", "").split())


def pictures(pdf: bytes, scale: float = 1.5) -> list[Image.Image]:
    """Its pages as a reader sees them."""
    return [page.render(scale=scale).to_pil().convert("RGB") for page in pypdfium2.PdfDocument(pdf)]


def codes(pdf: bytes) -> list[str]:
    """What the QR codes on its pages say, found in the picture as a phone finds them."""
    return [each.text for picture in pictures(pdf, 3) for each in zxingcpp.read_barcodes(picture)]


def span_of(pdf: bytes, text: str) -> tuple[float, float]:
    """From where to where a text stands on the first page, as shares of the sheet's width counted from the left."""
    page = pypdfium2.PdfDocument(pdf)[0]
    lines = page.get_textpage()
    found = lines.search(text).get_next()
    assert found is not None, f"{text} is not on the page"
    boxes = [lines.get_charbox(found[0] + place) for place in range(found[1])]
    wide = page.get_width()
    return min(box[0] for box in boxes) / wide, max(box[2] for box in boxes) / wide


def barriers(pdf: bytes) -> list[str]:
    """What of PDF/UA-1 (ISO 14289-1) a program can see to be missing; veraPDF sees more, but needs its own set-up."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root: Any = document.Root
        found = {
            "not marked as tagged": not bool(root.get("/MarkInfo", {}).get("/Marked", False)),
            "no language": not str(root.get("/Lang", "")),
            "its title is not shown": not bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)),
            "does not call itself PDF/UA-1": b"<pdfuaid:part>1</pdfuaid:part>" not in _metadata(document),
            "no title": b"<dc:title>" not in _metadata(document),
            "no structure": "/StructTreeRoot" not in root,
            "tab order is not that of the structure": any(_tabs(page) != "/S" for page in _busy(document)),
            "a font is not embedded": any(not _is_embedded(font) for font in _fonts(document)),
            "a font does not say its letters": any("/ToUnicode" not in font for font in _fonts(document)),
            "content outside of tags": any(not _all_marked(page) for page in document.pages),
        }
        problems = [name for name, is_so in found.items() if is_so]
        if "/StructTreeRoot" in root:
            problems += _of_tree(list(elements(root.StructTreeRoot)))
    return problems


def tags(pdf: bytes) -> list[str]:
    """The structure's elements in reading order."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [str(each.S)[1:] for each in elements(document.Root.StructTreeRoot)]


def elements(node: Any) -> Iterator[Any]:
    """The structure elements under a node."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def _of_tree(found: list[Any]) -> list[str]:
    names = [str(each.S)[1:] for each in found]
    levels = [int(name[1]) for name in names if name[0] == "H" and name[1:].isdigit()]
    figures = [each for each, name in zip(found, names, strict=True) if name in ("Figure", "Formula")]
    heads = [each for each, name in zip(found, names, strict=True) if name == "TH"]
    problems = {
        "no heading": not levels,
        "the first heading is not of the first level": bool(levels) and levels[0] != 1,
        "a level of headings is skipped": any(after > before + 1 for before, after in pairwise(levels)),
        "a figure without words": any(not str(each.get("/Alt", "")) for each in figures),
        "a table without head cells": names.count("Table") > 0 and not heads,
        "a head cell without scope": any("/Scope" not in _attributes(each) for each in heads),
    }
    return [name for name, is_so in problems.items() if is_so]


def _attributes(element: Any) -> set[str]:
    kept = element.get("/A", {})
    entries = kept if isinstance(kept, pikepdf.Array) else [kept]
    return {str(name) for entry in entries if isinstance(entry, pikepdf.Dictionary) for name in entry}


def _metadata(document: pikepdf.Pdf) -> bytes:
    return bytes(document.Root.Metadata.read_bytes()) if "/Metadata" in document.Root else b""


def _busy(document: pikepdf.Pdf) -> list[pikepdf.Page]:
    return [page for page in document.pages if "/Annots" in page.obj]


def _tabs(page: pikepdf.Page) -> str:
    return str(page.obj.get("/Tabs", ""))


def _fonts(document: pikepdf.Pdf) -> list[Any]:
    dictionaries = (each for each in document.objects if isinstance(each, pikepdf.Dictionary))
    return [each for each in dictionaries if each.get("/Subtype") == "/Type0"]


def _is_embedded(font: Any) -> bool:
    descriptor = font.DescendantFonts[0].FontDescriptor
    return any(name in descriptor for name in ("/FontFile2", "/FontFile3", "/FontFile"))


def _all_marked(page: pikepdf.Page) -> bool:
    """Whether everything that is drawn stands inside marked content: tagged, or said to be scenery."""
    depth = 0
    for instruction in pikepdf.parse_content_stream(page):
        name = str(instruction.operator)
        if name in ("BDC", "BMC"):
            depth += 1
        elif name == "EMC":
            depth -= 1
        elif name in ("Tj", "TJ", "Do", "S", "f", "f*", "B", "B*", "sh") and depth == 0:
            return False
    return True
