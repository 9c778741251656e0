"""Compares the feasible intervals of `disclosure` with those of HiGHS, for every suppressed cell.

Run by hand: build the example, then name it, and if you like files with their width and tables as the example
takes them (see its text). Tables of growing size are generated besides.

    cargo build --profile pipeline -p disclosure --example instances
    python disclosure/tests/agreement/with_highs.py target/pipeline/examples/instances [FILE WIDTH TABLE,... ]

Separate several files by `--`; `--quick` before one leaves out the search for the least suppression. Where the
example bounds an interval from both sides, HiGHS must lie between them, and is asked for every 20th cell. Needs scipy (tested with 1.17). The cells, their sums and the programs are built
here from the file and the list of suppressed cells alone. Exits with 1 when any interval differs.
"""

import csv
import itertools
import math
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array


def generated(folder):
    """District > street by category, and by channel, with many small counts."""
    chance = random.Random(20201231)
    for number, (streets, categories, channels) in enumerate([(6, 4, 2), (9, 5, 2), (12, 6, 3), (20, 6, 3)]):
        path = Path(folder) / f"generated{number}.csv"
        with open(path, "w", encoding="utf-8") as file:
            file.write("district,street,category,channel,count\n")
            for s, c, h in itertools.product(range(streets), range(categories), range(channels)):
                count = chance.choice([0, 1, 2, 3, 4, 6, 9, 14, 25, 40])
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


def main():
    example, *rest = sys.argv[1:]
    named = [list(g) for end, g in itertools.groupby(rest, lambda a: a == "--") if not end]
    differing = 0
    with tempfile.TemporaryDirectory() as folder:
        for arguments in [*named, *generated(folder)]:
            out = Path(folder) / "intervals.csv"
            subprocess.run([example, "--intervals", out, *arguments], check=True, stdout=subprocess.DEVNULL)
            path, width, *tables = [a for a in arguments if a != "--quick"]
            with open(out, encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
            found = {r["cell"]: (int(r["low"]), float(r["high"] or "inf")) for r in rows}
            inner = {r["cell"]: (int(r["inner low"]), float(r["inner high"] or "inf")) for r in rows}
            counts, cells = read(path, tables)
            shown = [members for key, members in cells.items() if key not in found]
            at = [(line, column) for line, members in enumerate(shown) for column in members]
            lines, columns = zip(*at)
            sums = csr_array((np.ones(len(at)), (lines, columns)), shape=(len(shown), len(counts)))
            wrong, narrowest, asked = 0, math.inf, 0
            bounded = sum(found[key] != inner[key] for key in found)
            for key in list(found)[::20 if bounded else 1]:
                (low, high), (least, most) = found[key], inner[key]
                asked += 1
                weights = np.zeros(len(counts))
                weights[list(cells[key])] = 1
                ends = []
                for sign in (1, -1):
                    result = linprog(sign * weights, A_eq=sums, b_eq=sums @ counts, bounds=(0, None), method="highs")
                    ends.append(sign * result.fun if result.status == 0 else math.inf)
                # Integer bounds of the linear programs' ends.
                expected = (math.ceil(ends[0] - 1e-6), ends[1] if math.isinf(ends[1]) else math.floor(ends[1] + 1e-6))
                if not (low <= expected[0] <= least and most <= expected[1] <= high):
                    wrong += 1
                    print(f"  {key}: here {expected}, disclosure {(low, high)}, inside {(least, most)}")
                true = counts[list(cells[key])].sum()
                if 1 <= true <= 3:
                    narrowest = min(narrowest, expected[1] - expected[0])
            differing += wrong
            print(f"{Path(path).name} {' '.join(tables)}, width {width}: {len(cells)} cells, {len(found)} suppressed, "
                  f"{bounded} bounded, {asked} asked, narrowest primary {narrowest}, {wrong} differ")
    sys.exit(differing > 0)


main()
