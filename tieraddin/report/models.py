"""Reports of models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tieraddin.language import language, listed
from tieraddin.report.console import data, table, told

if TYPE_CHECKING:
    from tieraddin.models.load import ModelSource


def models(found: list[dict[str, Any]], *, whole: bool, as_json: bool) -> None:
    """The models there are; ``whole``: everything of one. JSON is a list either way."""
    if as_json:
        data(found)
        return
    lang = language()
    if not whole:
        rows = [
            (m["id"], listed(m["systems"]), m["name"][lang], listed(m["labels"][id][lang] for id in m["grades"]))
            for m in found
        ]
        table([told("model_header"), told("systems"), told("name"), told("grades")], rows)
        return
    model = found[0]
    print(f"{model['id']}  {model['name'][lang]}  ({', '.join(model['blocks'])}; {model['hash']})")
    print(model["about"][lang])
    table(
        [told("field"), told("name"), told("kind"), told("unit"), told("required")],
        [
            (f["name"], f["label"][lang], told(f"convert.kind_{f['kind']}"), f["unit"], "x" if f["required"] else "")
            for f in model["fields"]
        ],
    )
    if model["options"]:
        table(
            [told("option_header"), told("default"), told("help")],
            [(name, option["default"], option["help"][lang]) for name, option in model["options"].items()],
        )
    handling = {id: playbook["handling"][lang] for id, playbook in model["playbook"].items()}
    table(
        [told("grades"), told("name"), told("handling")],
        [(id, model["labels"][id][lang], handling.get(id, "")) for id in model["grades"]],
    )


def model_written(output: Path, *, as_json: bool) -> None:
    """Where a model was written to."""
    if as_json:
        data({"output": str(output)})
    else:
        print(told("written", file=output))


def model_begun(output: Path, *, as_json: bool) -> None:
    """Where a new model is, and what comes next."""
    if as_json:
        data({"output": str(output)})
    else:
        print(told("own_models.begun", file=output))


def model_checked(source: ModelSource, *, as_json: bool) -> None:
    """Every mistake of a model, or that it has none."""
    mistakes = [
        {"where": str(fault.facts.get("where", source.where)), "sentence": fault.sentence()}
        for fault in source.mistakes
    ]
    if as_json:
        known = {} if mistakes else {"model": source.model.id, "hash": source.hash}
        data(known | {"file": source.where, "mistakes": mistakes})
    elif mistakes:
        print(told("own_models.wrong", file=source.where, count=len(mistakes)))
        for mistake in mistakes:
            print(mistake["sentence"])
        print(told("own_models.more_later"))
    else:
        model = source.model
        facts = {"fields": len(model.fields), "grades": listed(model.grade_ids), "blocks": listed(model.blocks)}
        print(told("own_models.right", where=source.where, id=model.id, **facts))


def model_added(added: dict[str, str], *, as_json: bool) -> None:
    """Where a model of one's own is now."""
    if as_json:
        data(added)
        return
    print(told("own_models.added", id=added["model"], file=added["output"]))
    if "backup" in added:
        print(told("own_models.backup", file=added["backup"]))
