"""The unmodified official OpenAI client for Python against the OpenAI-compatible door.

Reads {"base_url", "key", "bad_key", "task", "texts"} from standard input. Prints what it saw as JSON; whether that is
right, the test that starts this says.
"""

import json
import sys

import openai


def error_of(call):
    try:
        call()
    except openai.APIStatusError as error:
        return {
            "class": type(error).__name__,
            "status": error.status_code,
            "code": error.code,
            "type": error.type,
            "param": error.param,
            "message": error.message,
            "request_id": error.request_id,
        }
    return None


given = json.load(sys.stdin)
client = openai.OpenAI(base_url=given["base_url"], api_key=given["key"])
stranger = openai.OpenAI(base_url=given["base_url"], api_key=given["bad_key"], max_retries=0)
task, texts = given["task"], given["texts"]

moderation = client.moderations.create(model=task, input=texts)
default = client.moderations.create(input=texts[0])
embedding = client.embeddings.create(model=task, input=texts)
floats = client.embeddings.create(model=task, input=texts[0], dimensions=64, encoding_format="float")

print(
    json.dumps(
        {
            "version": openai.__version__,
            "models": [{"id": model.id, "object": model.object, "created": model.created} for model in client.models.list()],
            "model": client.models.retrieve(task).id,
            "moderation": {
                "id": moderation.id,
                "model": moderation.model,
                "flagged": [result.flagged for result in moderation.results],
                "harassment": [result.categories.harassment for result in moderation.results],
                "own": [result.categories.model_extra for result in moderation.results],
                "own_scores": [result.category_scores.model_extra for result in moderation.results],
                "violence": [result.category_applied_input_types.violence for result in moderation.results],
                "decisions": [result.model_extra["understudy"]["id"] for result in moderation.results],
                "default": default.model,
            },
            "embedding": {
                "model": embedding.model,
                "lengths": [len(one.embedding) for one in embedding.data],
                "squares": [sum(value * value for value in one.embedding) for one in embedding.data],
                "dimensions": len(floats.data[0].embedding),
                "tokens": embedding.usage.total_tokens,
            },
            "errors": {
                "key": error_of(lambda: stranger.models.list()),
                "model": error_of(lambda: client.moderations.create(model="nobody", input="x")),
                "image": error_of(
                    lambda: client.moderations.create(
                        model=task, input=[{"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}]
                    )
                ),
                "tokens": error_of(lambda: client.embeddings.create(model=task, input=[1, 2, 3])),
                "dimensions": error_of(lambda: client.embeddings.create(model=task, input="x", dimensions=1)),
                "chat": error_of(
                    lambda: client.chat.completions.create(model=task, messages=[{"role": "user", "content": "x"}])
                ),
            },
        }
    )
)
