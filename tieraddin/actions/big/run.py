"""Parquet graded part by part: in bounded memory on one machine, or by the workers of a cluster.

Passes over the parts find the cutoffs that the model needs of all customers (none, where it looks at each row alone);
a last one grades every part by them. The grades are those that all rows at once would get.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from tieraddin.actions.big.parts import Part, Source, batches
from tieraddin.actions.big.result_arrays import available, result_arrays, types
from tieraddin.actions.cluster import map_on
from tieraddin.actions.grade import kept_names
from tieraddin.actions.output import check_target, refuse_existing, to_json, write_whole
from tieraddin.actions.rules import Rules
from tieraddin.errors import TieraddinError, UsageError
from tieraddin.grading.cutoffs import Cutoffs
from tieraddin.grading.partitioned import Answer, Pass, find_cutoffs, merged
from tieraddin.language import Language, language
from tieraddin.tables.frame import from_frame
from tieraddin.tables.mapping import Mapped, map_fields
from tieraddin.tables.values import Table
from tieraddin.workbooks.package.saving import replacing

if TYPE_CHECKING:
    import pyarrow as pa

Item = TypeVar("Item")
Result = TypeVar("Result")

MANIFEST = "_manifest.json"
"""The list of a run's parts, in the folder with them; a folder without it is not whole."""


class Each(Protocol):
    """Works out a function of each item, here or elsewhere, in any order."""

    def __call__(self, function: Callable[[Item], Result], items: Sequence[Item], /) -> Iterator[Result]: ...


@dataclass(frozen=True)
class Job:
    """All that it takes to grade a part, wherever that is done.

    Attributes
    ----------
    headers
        the columns of the source.
    mapping
        field -> its column among the headers.
    wanted
        the results to write.
    """

    rules: Rules
    headers: tuple[str, ...]
    mapping: Mapping[str, Mapped]
    wanted: tuple[str, ...]
    lang: Language

    def table(self, batch: pa.RecordBatch, mapping: Mapping[str, Mapped]) -> tuple[Table, dict[str, Mapped]]:
        """The columns of ``batch`` that ``mapping`` names, and where in that table they are."""
        import pyarrow as pa

        names = [self.headers[column] for column in self.columns(mapping)]
        table = from_frame(pa.Table.from_batches([batch.select(names)]).to_pandas())
        return table, {
            field: replace(mapped, column=names.index(self.headers[mapped.column])) for field, mapped in mapping.items()
        }

    @staticmethod
    def columns(mapping: Mapping[str, Mapped]) -> list[int]:
        """The columns that ``mapping`` names, each once."""
        return sorted({mapped.column for mapped in mapping.values()})

    def answer(self, asked: Pass, part: Part) -> Answer:
        """What ``part`` answers to the questions of a pass."""
        model = asked.narrowed(self.rules.model)
        mapping = {field.name: self.mapping[field.name] for field in model.fields if field.name in self.mapping}
        names = [self.headers[column] for column in self.columns(mapping)]
        answers = []
        for batch in batches(part, names):
            table, placed = self.table(batch, mapping)
            places = {name: (mapped.column, mapped.scale) for name, mapped in placed.items()}
            answers.append(asked.answer(model, table, places, self.rules.as_of))
        return reduce(merged, answers)

    def graded(self, cutoffs: Cutoffs, part: Part) -> Iterator[tuple[pa.RecordBatch, Counter[str]]]:
        """The rows of ``part`` with their results, batch by batch, and how many have each grade."""
        import pyarrow as pa

        kept = kept_names(self.headers, self.wanted)
        names = [*(kept.get(name, name) for name in self.headers), *self.wanted]
        for batch in batches(part):
            table, mapping = self.table(batch, self.mapping)
            result = self.rules.apply(table, mapping, cutoffs)
            results = result_arrays(result, self.lang, self.wanted)
            columns = [*batch.columns, *(results[name] for name in self.wanted)]
            yield pa.RecordBatch.from_arrays(columns, names=names), Counter(result.grading.counts())

    def schema(self, source: pa.Schema) -> pa.Schema:
        """The columns of the output."""
        import pyarrow as pa

        kept = kept_names(self.headers, self.wanted)
        own = [field.with_name(kept.get(field.name, field.name)) for field in source]
        return pa.schema([*own, *(pa.field(name, types(self.rules.model)[name]) for name in self.wanted)])


@dataclass(frozen=True, slots=True)
class Written:
    """A part of the output, and what it came from."""

    file: str
    source: str
    group: int
    rows: int
    counts: Mapping[str, int]


def grade_parts(
    path: Path,
    rules: Rules,
    output: Path,
    *,
    given: Mapping[str, str] | None = None,
    columns: Sequence[str] | None = None,
    cluster: str | None = None,
) -> dict[str, Any]:
    """Grade a Parquet file, or all of a folder.

    Parameters
    ----------
    output
        the file to write; on a cluster a folder, which gets one file a part and the manifest.
    columns
        the results to write (default: grade, class and, where it does not compare all customers, score).
    cluster
        the address of a Dask scheduler, whose workers must reach ``path`` and ``output`` by the same names.

    Returns
    -------
    What was done: rows, graded, counts, cutoffs (by step, the values that part its classes), passes, parts, output.
    """
    if path.is_dir() and output.resolve().is_relative_to(path.resolve()):
        raise UsageError("scale.output_in_source", output=output, folder=path)
    if cluster is None:
        check_target(path, output)
    else:
        refuse_existing(output)
    source = Source.of(path)
    headers = tuple(source.schema.names)
    mapping = map_fields(headers, rules.fields, given)
    job = Job(rules, headers, mapping, available(rules, mapping, columns), language())
    each: Each = map if cluster is None else partial(map_on, cluster)
    passes = 0

    def ask(asked: Pass) -> Answer:
        nonlocal passes
        passes += 1
        return reduce(merged, each(partial(job.answer, asked), source.parts))

    cutoffs = find_cutoffs(rules.model, ask) if source.rows else {}
    write = _one_file if cluster is None else partial(_folder, each)
    counts = write(job, cutoffs, source, output)
    return {
        "model": rules.model.id,
        "rows": source.rows,
        "graded": counts.total(),
        "counts": {grade: counts[grade] for grade in rules.model.grade_ids},
        "cutoffs": {step: [edges.tolist() for edges in found] for step, found in cutoffs.items()},
        "passes": passes + 1,
        "parts": len(source.parts),
        "columns": list(job.wanted),
        "output": str(output),
    }


def _one_file(job: Job, cutoffs: Cutoffs, source: Source, output: Path) -> Counter[str]:
    graded = (rows for part in source.parts for rows in job.graded(cutoffs, part))
    return _write(output, job.schema(source.schema), graded)


def _write(path: Path, schema: pa.Schema, graded: Iterator[tuple[pa.RecordBatch, Counter[str]]]) -> Counter[str]:
    """Write a Parquet file whole or not at all; how many rows have each grade."""
    import pyarrow.parquet as pq

    counts: Counter[str] = Counter()
    with replacing(path) as file, pq.ParquetWriter(file, schema) as writer:
        for batch, of_batch in graded:
            writer.write_batch(batch)
            counts += of_batch
    return counts


def _folder(each: Each, job: Job, cutoffs: Cutoffs, source: Source, output: Path) -> Counter[str]:
    """Let each part be written by whom ``each`` gives it to; the folder gets its name when it is whole."""
    with _replacing_folder(output) as folder:
        task = partial(_write_part, job, cutoffs, folder, job.schema(source.schema))
        written = sorted(each(task, source.parts), key=lambda part: part.file)
        found = {file.name for file in folder.glob("*.parquet")}
        if sum(part.rows for part in written) != source.rows or found != {part.file for part in written}:
            raise TieraddinError("scale.parts_missing", folder=folder, count=len(source.parts))
        manifest = {"model": job.rules.model.id, "rows": source.rows, "parts": [_plain(part) for part in written]}
        write_whole(folder / MANIFEST, to_json(manifest).encode())
    return sum((Counter(part.counts) for part in written), Counter())


def _write_part(job: Job, cutoffs: Cutoffs, folder: Path, schema: pa.Schema, part: Part) -> Written:
    """Write one part. Done twice it writes the same again."""
    target = folder / f"part-{part.number:06d}.parquet"
    counts = _write(target, schema, job.graded(cutoffs, part))
    return Written(target.name, str(part.file), part.group, part.rows, counts)


def _plain(part: Written) -> dict[str, Any]:
    return {name: getattr(part, name) for name in Written.__slots__}


@contextmanager
def _replacing_folder(target: Path) -> Iterator[Path]:
    """A folder to write into that becomes ``target`` when all went well, and else is gone."""
    folder = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.resolve().parent))
    try:
        folder.chmod(target.resolve().parent.stat().st_mode & 0o777)  # workers may be other users
        yield folder
        for left in folder.glob(".*"):  # what a lost worker had begun
            left.unlink()
        folder.replace(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
