"""FastAPI serving the scikit-learn pipeline: schema check, probabilities, no authentication, no ledger.

The model runs on the event loop: a thread pool only adds hand-overs to work that holds the interpreter's lock.
"""

import os

import joblib
import numpy
from fastapi import FastAPI
from pydantic import BaseModel

model = joblib.load(os.environ["PEER_MODEL"])
classes = [str(name) for name in model.classes_]
app = FastAPI()


class Input(BaseModel):
    text: str


class Request(BaseModel):
    input: Input


@app.post("/predict")
async def predict(request: Request):
    probabilities = model.predict_proba([request.input.text])[0]
    best = numpy.argsort(-probabilities)[:5]
    return {
        "label": classes[best[0]],
        "confidence": float(probabilities[best[0]]),
        "candidates": [{"label": classes[i], "score": float(probabilities[i])} for i in best],
    }
