"""Shapes as an SVG file, read back by a parser of XML."""

import base64
import xml.etree.ElementTree

from absl.testing import absltest
import numpy as np

from fsn_tf.reports import drawing


def _elements(*shapes):
    """The elements of a file in order, without the white ground."""
    text = drawing.svg(100, 50.5, shapes)
    _, *elements = xml.etree.ElementTree.fromstring(text)
    return elements


class SvgTest(absltest.TestCase):
    def test_scales_with_its_page(self):
        root = xml.etree.ElementTree.fromstring(drawing.svg(100, 50.5, []))
        self.assertEqual(root.get("viewBox"), "0 0 100 50.5")

    def test_keeps_what_is_markup_in_names(self):
        box, text = _elements(
            drawing.Box(1, 2, 3, 4, "#ff0000", 'A & <"B">'),
            drawing.Text(1, 2, "</svg> & more"),
        )
        self.assertEqual([x.text for x in box], ['A & <"B">'])
        self.assertEqual(text.text, "</svg> & more")

    def test_box_without_a_title_has_none(self):
        (box,) = _elements(drawing.Box(1, 2, 3, 4, "#ff0000"))
        self.assertEmpty(list(box))
        self.assertEqual(box.get("fill"), "#ff0000")

    def test_picture_is_the_file_itself(self):
        image = np.zeros((2, 2, 3), np.uint8)
        (picture,) = _elements(drawing.Picture(0, 0, 8, 8, image, b"\xff\xd8"))
        head, _, data = picture.get("href").partition(",")
        self.assertEqual(head, "data:image/jpeg;base64")
        self.assertEqual(base64.b64decode(data), b"\xff\xd8")

    def test_moves_shapes_and_nothing_else(self):
        shapes = [drawing.Box(1, 2, 3, 4, "#ff0000"), drawing.Text(5, 6, "x")]
        box, text = drawing.moved(10, 20, shapes)
        self.assertEqual(box, drawing.Box(11, 22, 3, 4, "#ff0000"))
        self.assertEqual(text, drawing.Text(15, 26, "x"))


if __name__ == "__main__":
    absltest.main()
