"""The scikit-learn equivalent of Understudy's linear model, as the serving peers load it.

usage: text_pipeline.py train.ndjson model.joblib
"""

import json
import sys

import joblib
import numpy
import scipy.sparse
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC


class SideBySide(TransformerMixin, BaseEstimator):
    """What FeatureUnion does, without the job scheduler that it starts for every call: a fifth faster on one text."""

    def __init__(self, parts):
        self.parts = parts

    def fit(self, texts, labels=None):
        for part in self.parts:
            part.fit(texts)
        return self

    def transform(self, texts):
        return scipy.sparse.hstack([part.transform(texts) for part in self.parts], format="csr")


class ScaledLinearSVC(ClassifierMixin, BaseEstimator):
    """LinearSVC whose probabilities are softmax(t * margins), with t fitted on rows that a first fit did not see.

    The cheapest calibration to serve: LogisticRegression costs the same per request, CalibratedClassifierCV several times more.
    """

    def fit(self, rows, labels):
        seen, unseen, seen_labels, unseen_labels = train_test_split(
            rows, labels, test_size=0.1, random_state=1, stratify=labels
        )
        first = LinearSVC().fit(seen, seen_labels)
        margins = first.decision_function(unseen)
        truth = numpy.searchsorted(first.classes_, unseen_labels)
        self.scale_ = min(
            numpy.geomspace(0.1, 50, 60), key=lambda t: -numpy.log(softmax(t * margins)[range(len(truth)), truth]).mean()
        )
        self.svc_ = LinearSVC().fit(rows, labels)
        self.classes_ = self.svc_.classes_
        return self

    def predict_proba(self, rows):
        return softmax(self.scale_ * self.svc_.decision_function(rows))

    def predict(self, rows):
        return self.svc_.predict(rows)


def softmax(scores):
    exponentials = numpy.exp(scores - scores.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def main():
    with open(sys.argv[1], encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    # Imported by its name, so that the servers find its classes when they load the file.
    module = __import__("text_pipeline")
    words = TfidfVectorizer(ngram_range=(1, 2))
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5))
    pipeline = make_pipeline(module.SideBySide([words, characters]), module.ScaledLinearSVC())
    pipeline.fit([row["text"] for row in rows], [row["label"] for row in rows])
    joblib.dump(pipeline, sys.argv[2])


if __name__ == "__main__":
    main()
