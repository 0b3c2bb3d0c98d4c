"""The quick scanners find what expat finds, or give up; random edits come back."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import fields
from xml.sax.saxutils import escape

import numpy as np
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tieraddin.errors import WorkbookRefused
from tieraddin.tables.layout import Area, column_letters
from tieraddin.tables.values import Kind
from tieraddin.workbooks import ERASE, KEEP, open_workbook
from tieraddin.workbooks.package import fastcells, fastscan, plainscan, scan, stream
from tieraddin.workbooks.package.block import TYPES
from tieraddin.workbooks.package.cells import CellReader
from tieraddin.workbooks.package.strings import _parsed_strings, decode, encode, shared_strings
from tieraddin.workbooks.package.styles import Styles

from .conftest import MAIN, parts_of, write_zip

STYLES = f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
HEAD = f'<worksheet xmlns="{MAIN}"><sheetData>'.encode()

space = st.sampled_from(["", "", "", "\n", "  "])
texts = st.sampled_from(["1", "", "1.5", "a&amp;b", "客户", "x]]y", " "])
contents = st.one_of(
    st.builds("<v>{}</v>".format, texts),
    st.just("<v/>"),
    st.builds("<is><t>{}</t></is>".format, texts),
    st.just('<is><t xml:space="preserve"> a </t></is>'),
    st.just("<is><r><t>a</t></r></is>"),
    st.builds("<f>{}</f><v>2</v>".format, texts),
    st.sampled_from(
        [
            '<f t="shared" si="0" ref="A1:B2">A1</f><v>1</v>',
            '<f t="shared" si="3"/>',
            '<f t="array" ref="A1">x</f>',
            '<f t="normal">1</f>',
            '<f t="shared" ref="A1" si="1"></f>',
            "<v><![CDATA[</c>]]></v>",
            "<!-- </row> --><v>3</v>",
            "<extLst/>",
            "",
        ]
    ),
)
kinds = st.sampled_from(["", ' t="s"', ' t="str"', ' t="inlineStr"', ' t="b"', ' t="e"', ' t="d"', ' t="n"', " t='s'"])
styles = st.sampled_from(["", ' s="7"', ' s=""', ' cm="1"', ' s = "1"'])


@st.composite
def sheets(draw):
    """Rows of cells as XML, most of them written the usual way."""
    out, number = [], 0
    for _ in range(draw(st.integers(0, 5))):
        number += draw(st.integers(1, 3))
        facts = draw(
            st.sampled_from(["", ' spans="1:3"', ' s="2" customFormat="1"', ' s="x"', ' s="2"', ' ht="1" xml:lang="x"'])
        )
        cells = []
        for column in draw(st.lists(st.sampled_from([1, 2, 27, 703, 16_000]), max_size=4)):
            kind, style, content = draw(kinds), draw(styles), draw(contents)
            place = f' r="{column_letters(column)}{number}"' if draw(st.integers(0, 19)) else ""
            end = "/>" if not content and draw(st.booleans()) else f">{draw(space)}{content}</c>"
            facts_of_cell = f"{kind}{style}" if draw(st.booleans()) else f"{style}{kind}"
            cells.append(f"<c{place}{facts_of_cell}{end}{draw(space)}")
        place = f' r="{number}"' if draw(st.integers(0, 19)) else ""
        out.append(f"<row{place}{facts}>{''.join(cells)}</row>{draw(space)}" if cells else f"<row{place}{facts}/>")
    return "".join(out).encode()


QUICK = pytest.mark.parametrize("quick", [fastscan.scan, plainscan.scan], ids=["compiled", "plain"])


@QUICK
@settings(max_examples=300, deadline=None)
@given(sheets())
def test_a_quick_scanner_finds_what_expat_finds(quick, data):
    expected = scan.scan(HEAD, data, 0, "sheet")
    found = quick(data, 0)
    if found is None:
        return  # which are not left to expat is the next test's
    for field in fields(expected):
        ours, theirs = getattr(found, field.name), getattr(expected, field.name)
        assert ours == theirs if isinstance(ours, bytes) else np.array_equal(ours, theirs)


REFERENCES = [
    "&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&#23458;", "&#x5ba2;", "&#x5BA2;", "&#233;", "&#128512;",
    "&#x10FFFF;", "&#0000065;", "&#00000065;", "&#10;", "&#95;", "&#120;", "&#x7FF;", "&#x800;", "&#xFFFD;",
]  # fmt: skip
contents_of_cells = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.integers(-(10**17), 10**17).map(str),
    st.decimals(-(10**6), 10**6, places=4).map(str),
    st.sampled_from(
        ["", " ", "1", "0", "2", "9", "-1", "1e3", "01", ".5", "5.", "-", ".", "1_0", "nan", " 1 ", "true"]
    ),
    st.sampled_from(
        ["#N/A", "2024-02-29", "12:30:00", "9e9", "-700000", "2958466", "a_x0041_", "_x", "&amp;b", "客户"]
    ),
    st.text(st.sampled_from("ab_x01&lt;\r\n客"), max_size=6).map(lambda text: text.replace("&", "&amp;")),
    st.lists(st.sampled_from([*REFERENCES, "a", "_", "x0041_", "客"]), max_size=4).map("".join),
).map(lambda text: text.replace("<", "&lt;"))
forms = st.sampled_from(
    [
        "<v>{}</v>",
        "<is><t>{}</t></is>",
        '<is><t xml:space="preserve">{}</t></is>',
        "<is><r><t>{}</t></r></is>",
        "<v/>",
        "<is>{}</is>",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(forms, contents_of_cells, st.sampled_from([*TYPES]), st.integers(0, 2)), max_size=8))
def test_the_compiled_reader_reads_the_same_values(cells):
    xml = "".join(
        f'<c r="{column_letters(i)}1" s="{style}" t="{kind}">{form.format(text)}</c>'
        for i, (form, text, kind, style) in enumerate(cells, start=1)
    )
    block = scan.scan(HEAD, f'<row r="1">{xml}</row>'.encode(), 0, "sheet")
    reader = CellReader(lambda: ["zero", "", "two"], Styles(STYLES.encode(), "styles"), date1904=True)
    quick, slow = reader.values(block, compiled=True), reader.values(block, compiled=False)
    area = Area(1, 1, 1, 20)
    assert [*map(repr, quick.inside(area, reader))] == [*map(repr, slow.inside(area, reader))]
    assert quick.kinds.tolist() == slow.kinds.tolist()


USUAL = [
    '<row r="1"><c r="A1"><v>1</v></c></row>',
    '<row r="3" spans="1:2" ht="15.75" x14ac:dyDescent="0.2"><c r="B3" s="4" t="s"><v>12</v></c>\n</row>\n<row r="9"/>',
    '<row r="1"><c r="XFD1" t="inlineStr"><is><t xml:space="preserve"> a&amp;b</t></is></c><c r="A1"/></row>',
    '<row r="1"><c r="A1" t="str" s="12"><f>1&lt;"2"</f><v>a"b</v></c><c r="AB1" s="3"/></row><row r="2"></row>\r\n',
    "",
]
FORMULAS = '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="5">B1</f><v>1</v></c><c r="B1"><f>1&lt;2</f></c></row>'


@pytest.mark.parametrize("data", [*USUAL, FORMULAS])
def test_usual_sheets_need_no_expat(data):
    assert fastscan.scan(data.encode(), 0) is not None


@pytest.mark.parametrize("data", [*USUAL, FORMULAS])
def test_plain_sheets_need_no_compiler(data):
    assert plainscan.scan(data.encode(), 0) is not None


@QUICK
@pytest.mark.parametrize(
    "data",
    [
        '<row r="1"><c r="A1"><v>1</v></c>', '<row r="1"><c r="A1"><v>1', '<row r="1"><c r="A', '<row r="1', "<row",
        "<", "x", "><", "<row r=", '</row><row r="1">', '<row r="1"><c r="A1"></v><v></c></row>', "<>", "<c/>",
        '<row r="0"/>', '<row r="1048577"/>', '<row r="2"/><row r="1"/>', '<row r="1"><c r="XFE1"/></row>',
        '<row r="1"><c r="a1"/></row>', '<row r="1"><c r="A1" t="z"/></row>', '<row r="1"><c r="A1">x</c></row>',
        '<row r="1"><c r="A1" t="str"><v>\udcff</v></c></row>',  # no UTF-8
        '<row r="1"><c r="A1" t="str"><v>a\0b</v></c></row>',  # else the compiled reader parts the text there
        '<row r="1" xmlns="urn:x"/>', '<row r="1"><c r="A1"><v>1<!-- --></v></c></row>', "<row><c/></row>",
    ],
)  # fmt: skip
def test_what_a_quick_scanner_leaves_to_expat(quick, data):
    assert quick(data.encode(errors="surrogateescape"), 0) is None


@pytest.mark.parametrize(
    "data",
    [
        '<row r="1"><c r="A1" s="1" s="2"/></row>', '<row r="1"><c r="A1" t="n" t="n"/></row>',
        '<row r="1"><c s="1"/></row>', '<row r="1"><cx/></row>', '<row r="1"/>x', 'x<row r="1"/>',
        '<row r="1"><c r="A1"><is><t>a</x></is></c></row>', '<row r="1"><c r="A1"><v>1</w></c></row>',
        '<row r="1"><c r="A1"><is><t bad="1">a</t></is></c></row>', '<row r="1"><c r="A1" /></row>',
        '<row r="1"><c r="A1"><v>1</v></c></rop>', '<row r="1"><c r="A1" s="x"/></row>',
        '<row r="1"><c r="A1" s="1"s/></row>',
        '<row r="1"><c r="A1"><v>a>b</v></c></row>', '<row r="1"><c q="A1"/></row>', '<rop r="1"/>', "<row r='1'/>",
        '<row r="1"><c r="A1" t="strx"/></row>', '<row r="1"><c r="A1"><it>1</it></c></row>',
        '<row r="1"><c r="A1"><is><t>a</t></ix></c></row>', '<row r="1"><c r="A1"><f>A1 & B1</f></c></row>',
        '<row r="1"><c r="A1" t="str"><v>&bad;</v></c></row>', '<row r="1"><c r="A1" t="str"><v>&#x;</v></c></row>',
    ],
)  # fmt: skip
def test_what_the_plain_scanner_leaves_to_expat(data):
    assert plainscan.scan(data.encode(), 0) is None


cells = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**14), 10**14),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(9999, 12, 30)).map(lambda d: d.replace(microsecond=0)),
    st.sampled_from([KEEP, ERASE]),
)
writes = st.lists(
    st.tuples(
        st.integers(1, 12),
        st.integers(1, 6),
        st.integers(1, 3).flatmap(lambda w: st.lists(st.lists(cells, min_size=w, max_size=w), min_size=1, max_size=3)),
    ),
    max_size=6,
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(writes, st.booleans())
def test_random_edits_come_back(tmp_path, edits, large):
    start = (
        '<sheetData><row r="2" spans="2:3"><c r="B2"><v>1</v></c><c r="C2" t="str"><v>x</v></c></row><row r="5"/>'
        '<row r="7"><c r="A7" t="b"><v>1</v></c></row></sheetData>'
    )
    path = write_zip(tmp_path / "book.xlsx", parts_of(start))
    expected = {(2, 2): 1, (2, 3): "x", (7, 1): True}
    with open_workbook(path) as book:
        if large:
            book._book.parts.size = lambda _: 1 << 30  # the compiled scanner's way
        for row, column, rows in edits:
            book.write("S", row, column, rows)
            for r, line in enumerate(rows, start=row):
                for c, value in enumerate(line, start=column):
                    if value is not KEEP:
                        expected[r, c] = None if value is ERASE else value
        before = book.read("S", "A1:Z20")
        book.save()
        assert book.read("S", "A1:Z20") == before
        columns = [list(column) for column in book.read_columns("S", range(1, 27), 1, 20)]
    for (r, c), value in expected.items():
        assert before[r - 1][c - 1] == value
        assert columns[c - 1][r - 1] == (None if value == "" else value)
    judge = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))["S"]
    for (r, c), value in expected.items():
        found = judge.cell(r, c).value
        if isinstance(value, str):
            assert decode(found or "") == value
        elif isinstance(value, dt.datetime):
            assert abs(found - value) < dt.timedelta(milliseconds=2)
        else:
            assert found == value


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "plain"])
def test_what_an_inline_string_has_outside_its_texts_is_no_text(compiled):
    block = scan.scan(HEAD, b'<row r="1"><c r="A1" t="inlineStr"><is> x </is></c></row>', 0, "sheet")
    values = CellReader(list, Styles(STYLES.encode(), "styles"), date1904=False).values(block, compiled)
    assert values.kinds.tolist() == [Kind.BLANK]


def test_plain_values_need_no_slow_reader():
    cells = '<c r="A1"><v>12.5</v></c><c r="B1" t="s"><v>2</v></c><c r="C1" t="inlineStr"><is><t>a b</t></is></c>'
    block = scan.scan(HEAD, f'<row r="1">{cells}<c r="D1" t="b"><v>1</v></c></row>'.encode(), 0, "sheet")
    kinds, numbers = np.zeros(4, np.uint8), np.full(4, np.nan)
    plain, left = fastcells.read(block, kinds, numbers)
    assert (plain, left.tolist(), numbers.tolist()) == (b"a b\0", [], [12.5, 2, -1, 1])


@pytest.mark.parametrize(
    "text, read",
    [
        ("&lt;a&gt; &amp; &quot;&apos;", "<a> & \"'"), ("&#23458;&#x6237;", "客户"), ("&#x1F600;", "😀"),
        ("&#233;", "é"),
        ("&#0;", None), ("&#xD800;", None), ("&#x110000;", None), ("&#;", None), ("&#x;", None), ("&#12", None),
        ("&amp", None), ("&", None), ("&bad;", None), ("&#1a;", None), ("&#95;x0041_", None), ("&#9;", None),
    ],
)  # fmt: skip
def test_which_references_need_no_slow_reader(text, read):
    data = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>'.encode()
    plain, left = fastcells.read(fastscan.scan(data, 0), np.full(1, Kind.TEXT, np.uint8), np.full(1, np.nan))
    assert (plain.decode().rstrip("\0") or None, len(left)) == (read, int(read is None))


def test_much_is_read_by_the_compiled_scanner(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(fastscan, "scan", lambda data, previous: seen.append(len(data)))
    monkeypatch.setattr(stream, "MUCH", 1_000_000)
    path = write_zip(tmp_path / "book.xlsx", parts_of(f"<sheetData>{' ' * 600_000}</sheetData>"))
    for _ in range(3):
        with open_workbook(path) as book:
            assert book.used_range("S") is None
    assert seen == [600_000, 600_000]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escapes_come_back(text):
    assert decode(encode(text)) == text


runs = st.text(st.sampled_from("ab &<>\"'_x01客\n"), max_size=5).map(escape)
items = st.one_of(
    runs.map("<si><t>{}</t></si>".format),
    runs.map('<si><t xml:space="preserve">{}</t></si>'.format),
    st.tuples(runs, runs).map(lambda two: f"<si><r><rPr/><t>{two[0]}</t></r><r><t>{two[1]}</t></r></si>"),
    runs.map("<si><t>a</t><rPh sb='0'><t>{}</t></rPh></si>".format),
    st.sampled_from(
        ["<si/>", "<si></si>", "<si><t/></si>", "<si> <t>&#65;_x0041_</t> </si>", "<!-- <si> --><si><t>c</t></si>"]
    ),
    st.sampled_from(
        ["<si><t><![CDATA[<si>]]></t></si>", "<si><t>\r\n</t></si>", "\n<si><t>x</t></si>\n", "<?p <si>?>"]
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(items, max_size=6), st.sampled_from(["", '<?xml version="1.0"?>', "\ufeff"]))
def test_shared_strings_cut_out_are_those_expat_finds(found, start):
    part = f'{start}<sst xmlns="{MAIN}">{"".join(found)}</sst>'.encode()
    assert shared_strings(part, "strings") == _parsed_strings(part, "strings")


@pytest.mark.parametrize("item", ["<si><t>&bad;</t></si>", "<si><t>a</x></si>", "<si><t>\udcff</t></si>"])
def test_shared_strings_that_are_no_xml_are_refused(item):
    part = f'<sst xmlns="{MAIN}"><si><t>a</t></si>{item}</sst>'.encode(errors="surrogateescape")
    with pytest.raises(WorkbookRefused):
        shared_strings(part, "strings")
