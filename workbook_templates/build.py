"""Build the sample workbooks of this folder from what is written here: ``python -m workbook_templates.build``.

They are lists as a branch office keeps them, to be graded or converted, all customers invented. The templates are built
from ``sources`` when they are asked for.
"""

from __future__ import annotations

import datetime as dt
import random
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, PatternFill
from openpyxl.worksheet.table import Table, TableStyleInfo

from tieraddin.templates.fonts import font
from tieraddin.templates.prototype import unzipped, zipped

FOLDER = Path(__file__).parent
DAY = dt.date(2026, 11, 20)

WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "file": "sample-customers.xlsx",
        "sheet": "Customers",
        "title": "Customers of the northern branch, 2026",
        "headers": ["Customer", "Representative", "City", "Sales", "Last contact"],
        "total": "Total",
        "first": ["Amber", "Birch", "Cedar", "Delta", "Elm", "Falcon", "Granite", "Harbor", "Iris", "Juniper"],
        "second": ["Tools", "Foods", "Textiles", "Glass", "Pumps", "Paper"],
        "form": "{} {} Ltd",
        "people": ["Ana Reyes", "Ben Okafor", "Chen Wei", "Dora Klein"],
        "cities": ["Harbin", "Shenyang", "Dalian", "Tianjin"],
    },
    "zh": {
        "file": "sample-customers.zh.xlsx",
        "sheet": "客户清单",
        "title": "北方分公司客户清单（2026 年）",
        "headers": ["客户名称", "销售代表", "城市", "年销售额", "最近联系日期"],
        "total": "合计",
        "first": ["安泰", "博远", "长丰", "东方", "恒信", "宏达", "金桥", "凯旋", "明德", "瑞祥"],
        "second": ["机械", "食品", "纺织", "玻璃", "泵业", "纸业"],
        "form": "{}{}有限公司",
        "people": ["李敏", "王强", "陈伟", "赵丽"],
        "cities": ["哈尔滨", "沈阳", "大连", "天津"],
    },
}


def build_sample(lang: str) -> Workbook:
    """A customer list as a branch office keeps it: a title, an Excel table, a total below, some untidy cells."""
    words = WORDS[lang]
    chance = random.Random(2026)
    book = Workbook()
    book.properties.created = book.properties.modified = dt.datetime(2026, 11, 20)
    sheet = book.active
    assert sheet is not None
    sheet.title = words["sheet"]
    sheet["A1"] = words["title"]
    sheet["A1"].font = font(bold=True, size=14)
    sheet.merge_cells("A1:E1")
    sheet.append([])
    sheet.append(words["headers"])
    for cell in sheet[3]:
        cell.font = font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="2F5597")
        cell.alignment = Alignment(horizontal="center")
    names = [words["form"].format(first, second) for first in words["first"] for second in words["second"]]
    for k, name in enumerate(names):
        sales: Any = round(chance.lognormvariate(11.5, 1.3), 2)
        if k == 7:
            sales = f"¥{sales:,.2f}"  # typed as text
        if k == 23:
            sales = None
        if k == 41:
            sales = -1250.0
        contact = DAY - dt.timedelta(days=chance.randrange(1, 60))
        sheet.append([name, chance.choice(words["people"]), chance.choice(words["cities"]), sales, contact])
    last = 3 + len(names)
    for row in range(4, last + 1):
        sheet.cell(row, 4).number_format = "#,##0.00"
        sheet.cell(row, 5).number_format = "yyyy-mm-dd"
    table = Table(displayName="Customers", ref=f"A3:E{last}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleMedium2", showRowStripes=True)
    sheet.add_table(table)
    sheet.cell(last + 2, 1, words["total"]).font = font(bold=True)
    sheet.cell(last + 2, 4, f"=SUM(D4:D{last})").number_format = "#,##0.00"
    sheet.freeze_panes = "A4"
    for letter, width in zip("ABCDE", (28, 16, 12, 16, 14), strict=True):
        sheet.column_dimensions[letter].width = width
    return book


def main() -> None:
    """Build all workbooks; the same sources give the same bytes."""
    for lang, words in WORDS.items():
        buffer = BytesIO()
        build_sample(lang).save(buffer)
        (FOLDER / words["file"]).write_bytes(zipped(unzipped(buffer.getvalue())))


if __name__ == "__main__":
    main()
