"""A presentation and a web page for the reader, about what no other file of these tests is about."""

from __future__ import annotations

import io
from base64 import b64encode

import pptx
from PIL import Image
from pptx.util import Inches


def _dot() -> str:
    into = io.BytesIO()
    Image.new("RGB", (2, 2), "red").save(into, "PNG")
    return b64encode(into.getvalue()).decode()


PAGE = f"""<html><head><title>Costs of the sponge</title><meta name="author" content="Bela Varga"></head><body>
<nav><a href="/">Home of all sponges</a></nav><article><h1>Costs of the sponge</h1>
<p>Bela Varga says that a sponge <b>costs</b> nine dollars when half a million are made in a year.</p>
<h3>What follows</h3><ul><li>fewer sponges are lost on the way to Kisumu</li>
<li>see <a href="https://sponge.example/more">more of it</a> and <a href="javascript:alert(1)">less of it</a></li></ul>
<img src="https://evil.example/track.png" alt="A box of sponges">
<img src="data:image/png;base64,{_dot()}" alt="Bela Varga holds a red sponge">
<table><tr><th>Year</th><th>Price</th></tr><tr><td>2021</td><td>nine dollars</td></tr></table>
<p>Whoever wants a sponge for &lt;script&gt;alert(2)&lt;/script&gt; asks the nurse, who has one for everybody.</p>
</article></body></html>"""


def deck() -> bytes:
    """Three slides: who speaks, what was found, with notes, and nothing but a box."""
    made = pptx.Presentation()
    first = made.slides.add_slide(made.slide_layouts[0])
    first.shapes.title.text = "Sponges that last"
    first.placeholders[1].text = "Bela Varga, Institute of Sponges"
    second = made.slides.add_slide(made.slide_layouts[1])
    second.shapes.title.text = "Ninety days"
    second.placeholders[1].text = "The sponge released its drug for ninety days."
    second.notes_slide.notes_text_frame.text = "Bela Varga says: nobody asked for an applicator in Kisumu."
    made.slides.add_slide(made.slide_layouts[6]).shapes.add_shape(1, Inches(1), Inches(1), Inches(1), Inches(1))
    into = io.BytesIO()
    made.save(into)
    return into.getvalue()
