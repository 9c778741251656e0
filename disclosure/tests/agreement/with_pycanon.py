"""Compares the measures of `disclosure` with those of pycanon on generated tables.

Run by hand: build the example, then name it.

    cargo build -p disclosure --example measure_csv
    python disclosure/tests/agreement/with_pycanon.py target/debug/examples/measure_csv [CSV KEY,KEY OUTCOME]...

Needs pycanon (tested with 1.3). Exits with 1 when any figure differs.
"""

import math
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd
from pycanon import anonymity


def tables(folder):
    """Tables of growing size: even, skewed, homogeneous and unique classes, categories and numbers."""
    chance = random.Random(20201231)
    for number, (rows, places, months, skew) in enumerate(
        [(60, 2, 2, 0), (400, 4, 3, 1), (2000, 6, 12, 2), (3000, 40, 12, 1), (500, 1, 1, 0), (5000, 8, 24, 3)]
    ):
        path = Path(folder) / f"table{number}.csv"
        with open(path, "w", encoding="utf-8") as file:
            file.write("place,month,category,outcome,hours\n")
            for _ in range(rows):
                place = min(chance.randrange(places) for _ in range(skew + 1))
                category = chance.choice("水电路房噪")
                outcome = chance.choices(["按时", "超时", "未结"], [8 + place % 3, 2, 1])[0]
                file.write(f"p{place},m{chance.randrange(months)},{category},{outcome},{chance.randrange(1, 6)}\n")
        for keys in (["place"], ["place", "month"], ["place", "month", "category"]):
            yield path, keys, "outcome"
            yield path, keys, "hours:number"


def theirs(path, keys, outcome):
    name, _, is_number = outcome.partition(":")
    data = pd.read_csv(path, dtype={name: int if is_number else str})
    entropy = min(
        math.exp(-sum(p * math.log(p) for p in group[name].value_counts(normalize=True)))
        for _, group in data.groupby(keys)
    )
    return {
        "k": anonymity.k_anonymity(data, keys),
        "l": anonymity.l_diversity(data, keys, [name]),
        # pycanon cuts this one to a whole number: 2 may come out as 1.9999 and become 1, so that a figure next to
        # a whole number is checked against the definition only.
        "entropy_l": entropy,
        **(
            {}
            if abs(entropy - round(entropy)) < 1e-9
            else {"entropy_l_floor": anonymity.entropy_l_diversity(data, keys, [name])}
        ),
        "t": anonymity.t_closeness(data, keys, [name]),
    }


def ours(program, path, keys, outcome):
    output = subprocess.run(
        [program, str(path), ",".join(keys), outcome], check=True, capture_output=True, text=True
    ).stdout
    found = {line.split()[0]: float(line.split()[1]) for line in output.splitlines()}
    found["entropy_l_floor"] = math.floor(found["entropy_l"])
    return found


def main():
    program, given = sys.argv[1], sys.argv[2:]
    compared = wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        cases = list(tables(folder))
        for at in range(0, len(given), 3):
            cases.append((Path(given[at]), given[at + 1].split(","), given[at + 2]))
        for path, keys, outcome in cases:
            ours_here, theirs_here = ours(program, path, keys, outcome), theirs(path, keys, outcome)
            for measure, expected in theirs_here.items():
                compared += 1
                if abs(ours_here[measure] - expected) > 1e-6:
                    wrong += 1
                    print(f"{path.name} {keys} {outcome}: {measure} is {ours_here[measure]}, pycanon says {expected}")
    print(f"{len(cases)} tables and key sets, {compared} figures compared, {wrong} differ")
    sys.exit(wrong > 0)


main()
