"""Compares the feasible intervals of `disclosure` with those of HiGHS, for every suppressed cell.

Run by hand; needs highspy and numpy (tested with 1.16 and 2.4). The public instances, as protected by an example:

    cargo run --profile pipeline -p disclosure --example public_instances -- --intervals OUT FOLDER
    python disclosure/tests/agreement/with_highs.py --public FOLDER OUT

Tables of growing size that are generated, and if you like files with their width and tables as the example takes them
(see its text; several are separated by `--`, and `--quick` before one leaves out the search for the least suppression):

    cargo build --profile pipeline -p disclosure --example instances
    python disclosure/tests/agreement/with_highs.py target/pipeline/examples/instances [FILE WIDTH TABLE... ]

Where the example bounds an interval from both sides, HiGHS must lie between them, and is asked for every 20th cell. The
cells, their sums and the programs are built here from the file and the list of suppressed cells alone. Exits with 1 when
any interval differs.
"""

import csv
import itertools
import math
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import highspy
import numpy as np

WIDTHS = ["3", "5"]
PUBLIC = {
    "z1": ["z1.csv", "0,1"],
    "z2": ["z2.csv", "0+1,3", "2,3"],
    "z2-without-kostragr": ["z2.csv", "0+1,3"],
    "linked-tables": ["linked-tables.csv", "0+1", "0+2"],
    "z3": ["z3.csv", "0+1,3,4+5", "2,3,4+5"],
    "d53": ["d53.csv", "0,1+2,4+5", "0,1+2,6+7", "0,1+2,9+10", "0,4+5,6+7"],
}


def generated(folder):
    """District > street by category, and by channel; every other street is small."""
    chance = random.Random(20201231)
    for number, (streets, categories, channels) in enumerate([(6, 4, 2), (9, 5, 2), (12, 6, 3), (20, 6, 3)] * 3):
        path = Path(folder) / f"generated{number}.csv"
        with open(path, "w", encoding="utf-8") as file:
            file.write("district,street,category,channel,count\n")
            for s, c, h in itertools.product(range(streets), range(categories), range(channels)):
                count = chance.choice([0, 0, 1, 2, 5] if s % 2 else [0, 1, 2, 3, 4, 6, 9, 14, 25, 40])
                file.write(f"d{s % 3},s{s},c{c},h{h},{count}\n")
        yield [str(path), "3", "0+1,2", "0+1,3"]
    path = Path(folder) / "large.csv"
    with open(path, "w", encoding="utf-8") as file:
        file.write("district,street,category,count\n")
        for s, c in itertools.product(range(1100), range(6)):
            file.write(f"d{s % 40},s{s},c{c},{chance.choice([0, 1, 2, 3, 14, 25, 40, 18, 33, 21, 16, 28])}\n")
    yield ["--quick", str(path), "5", "0+1,2"]


def read(path, tables):
    """Counts, and for each published cell the records in it."""
    with open(path, encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    cells = {}
    for table in tables:
        dimensions = [[int(c) for c in d.split("+")] for d in table.split(",")]
        for columns in itertools.product(*[[None, *d] for d in dimensions]):
            columns = sorted(c for c in columns if c is not None)
            for at, row in enumerate(rows):
                cells.setdefault("|".join(f"{c}={row[c]}" for c in columns), set()).add(at)
    return np.array([int(row[-1]) for row in rows]), cells


class Program:
    """Nonnegative counts with given sums over some sets of them."""

    def __init__(self, counts, sets):
        self.size = len(counts)
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = self.size, len(sets)
        program.col_cost_ = np.zeros(self.size)
        program.col_lower_, program.col_upper_ = np.zeros(self.size), np.full(self.size, highspy.kHighsInf)
        sums = np.array([counts[list(members)].sum() for members in sets], dtype=float)
        program.row_lower_ = program.row_upper_ = sums
        members = [sorted(one) for one in sets]
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_ = np.cumsum([0, *map(len, members)])
        program.a_matrix_.index_ = np.array(list(itertools.chain(*members)))
        program.a_matrix_.value_ = np.ones(sum(map(len, members)))
        self.solver = highspy.Highs()
        self.solver.setOptionValue("output_flag", False)
        self.solver.passModel(program)

    def ends(self, members):
        """Least and greatest sum over some counts, between which integers may lie."""
        costs = np.zeros(self.size)
        costs[list(members)] = 1
        self.solver.changeColsCost(self.size, np.arange(self.size, dtype=np.int32), costs)
        found = []
        for sense in (highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize):
            self.solver.changeObjectiveSense(sense)
            self.solver.run()
            status = self.solver.getModelStatus()
            if status == highspy.HighsModelStatus.kOptimal:
                found.append(self.solver.getInfo().objective_function_value)
            elif status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
                found.append(math.inf)
            else:
                raise RuntimeError(f"HiGHS says {status}")
        low, high = found
        return math.ceil(low - 1e-6), high if math.isinf(high) else math.floor(high + 1e-6)


def compare(path, width, tables, intervals):
    """Prints how the intervals of a file compare; returns how many were asked for and how many differ."""
    with open(intervals, encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = {r["cell"]: (int(r["low"]), float(r["high"] or "inf")) for r in rows}
    inner = {r["cell"]: (int(r["inner low"]), float(r["inner high"] or "inf")) for r in rows}
    counts, cells = read(path, tables)
    program = Program(counts, [members for key, members in cells.items() if key not in found])
    wrong, narrowest, asked = 0, math.inf, 0
    bounded = sum(found[key] != inner[key] for key in found)
    for key in list(found)[::20 if bounded else 1]:
        (low, high), (least, most) = found[key], inner[key]
        asked += 1
        expected = program.ends(cells[key])
        if not (low <= expected[0] <= least and most <= expected[1] <= high):
            wrong += 1
            print(f"  {key}: here {expected}, disclosure {(low, high)}, inside {(least, most)}")
        true = counts[list(cells[key])].sum()
        if 1 <= true <= 3:
            narrowest = min(narrowest, expected[1] - expected[0])
    print(f"{Path(path).name} {' '.join(tables)}, width {width}: {len(cells)} cells, {len(found)} suppressed, "
          f"{bounded} bounded, {asked} asked, narrowest primary {narrowest}, {wrong} differ", flush=True)
    return asked, wrong


def public(folder, out):
    """The public instances whose intervals have been written."""
    for name, (file, *tables) in PUBLIC.items():
        for width in WIDTHS:
            intervals = Path(out) / f"{name}-{width}.csv"
            if intervals.exists():
                yield compare(Path(folder) / file, width, tables, intervals)
            else:
                print(f"{name}, width {width}: left out, no {intervals}")


def protected(example, named):
    """Files, and generated ones, that the example protects."""
    with tempfile.TemporaryDirectory() as folder:
        for arguments in [*named, *generated(folder)]:
            out = Path(folder) / "intervals.csv"
            subprocess.run([example, "--intervals", out, *arguments], check=True, stdout=subprocess.DEVNULL)
            path, width, *tables = [a for a in arguments if a != "--quick"]
            yield compare(path, width, tables, out)


def main():
    first, *rest = sys.argv[1:]
    if first == "--public":
        results = public(*rest)
    else:
        results = protected(first, [list(g) for end, g in itertools.groupby(rest, lambda a: a == "--") if not end])
    totals = [sum(column) for column in zip(*([0, 0, 0], *((1, *one) for one in results)))]
    print(f"{totals[0]} compared, {totals[1]} intervals, {totals[2]} differ")
    sys.exit(totals[2] > 0)


main()
