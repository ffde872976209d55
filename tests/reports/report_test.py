"""Names in Markdown are shown, and mean nothing to it."""

from absl.testing import absltest
from absl.testing import parameterized

from fsn_tf.reports import report


class EscapedTest(parameterized.TestCase):
    @parameterized.parameters(
        "video_test_0000001",
        "Dive & Jump (10 m), 50 %",
        "C:\\videos",
        "a~b - c: d; #3!",
    )
    def test_leaves_ordinary_names_alone(self, name):
        self.assertEqual(report.escaped(name), name)

    @parameterized.parameters(
        ("</script><script>", "&lt;/script&gt;&lt;script&gt;"),
        ("two\nlines\r\n# here", "two lines # here"),
        ("[x](javascript:y)", r"\[x](javascript:y)"),
        ("*a* _b_ c_d `e` ~~f~~", r"\*a\* \_b\_ c_d \`e\` \~~f\~~"),
        ("&lt; & x", "&amp;lt; & x"),
        ("\\<b>", r"\\&lt;b&gt;"),
        ("\\`b", r"\\\`b"),
    )
    def test_takes_the_meaning_from_marks(self, name, expected):
        self.assertEqual(report.escaped(name), expected)

    def test_a_cell_cannot_leave_its_table(self):
        table = report.markdown_table([["a|b", "c\nd"], ["<e>", "f"]])
        self.assertEqual(
            table.splitlines(),
            [r"| a\|b | c d |", "| --- | ---: |", "| &lt;e&gt; | f |"],
        )

    def test_code_holds_any_text(self):
        self.assertEqual(report.code("[0.5, 1]"), "`[0.5, 1]`")
        self.assertEqual(report.code("a``b`\nc"), "``` a``b` c ```")


if __name__ == "__main__":
    absltest.main()
