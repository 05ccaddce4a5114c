"""A Celery task that does nothing but write one result row: the peer of the RabbitMQ source.

python celery_peer.py send COUNT     puts so many tasks into the queue
celery --app celery_peer worker …    works them off
Environment: PEER_BROKER (amqp URL), PEER_DATABASE (PostgreSQL URL).
"""

import os
import sys

import psycopg
from celery import Celery

app = Celery("peer", broker=os.environ["PEER_BROKER"])
# A task is gone only when it is done, and the queue survives the broker: what ours promises too.
app.conf.update(
    task_acks_late=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=64,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
)

_connection = None


def connection():
    global _connection
    if _connection is None:
        _connection = psycopg.connect(os.environ["PEER_DATABASE"], autocommit=True)
    return _connection


@app.task(name="peer.decide")
def decide(name, text):
    connection().execute("INSERT INTO peer_results (name, label) VALUES (%s, 'ok')", (name,), prepare=True)


if __name__ == "__main__" and sys.argv[1] == "send":
    with app.producer_pool.acquire() as producer:
        for n in range(int(sys.argv[2])):
            decide.apply_async((f"item-{n}", f"shipping parcel late refund invoice charged {n}"), producer=producer)
