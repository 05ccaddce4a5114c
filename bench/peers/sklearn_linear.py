"""The peer of training-text.ts: scikit-learn's TF-IDF over words (1-2) and characters (char_wb 2-5) with LinearSVC.

usage: sklearn_linear.py train.ndjson test.ndjson  → one line of JSON on standard output.
"""

import json
import resource
import sys

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion
from sklearn.svm import LinearSVC


def rows(path):
    with open(path, encoding="utf-8") as lines:
        parsed = [json.loads(line) for line in lines]
    return [row["text"] for row in parsed], [row["label"] for row in parsed]


texts, labels = rows(sys.argv[1])
test_texts, test_labels = rows(sys.argv[2])
features = FeatureUnion(
    [
        ("words", TfidfVectorizer(ngram_range=(1, 2))),
        ("characters", TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5))),
    ]
)
matrix = features.fit_transform(texts)
model = LinearSVC().fit(matrix, labels)
print("trained", flush=True)
accuracy = model.score(features.transform(test_texts), test_labels)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"accuracy": accuracy, "peak_memory_bytes": peak, "features": matrix.shape[1]}))
