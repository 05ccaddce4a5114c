import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { eventually } from '@understudy/e2e';
import type { MessageOracle } from './message-oracle.ts';
import type { MessageApplication } from './message-rig.ts';

/** SQS takes and gives so many at once. */
const BATCH = 10;
const TAKERS = 4;
const PATIENCE_MS = 600_000;

/** An application on SQS, standard queues or FIFO ones: those whose names end so. */
export class SqsApplication implements MessageApplication {
  readonly #client: SQSClient;
  readonly #loops: Promise<void>[] = [];
  readonly #stopping = new AbortController();

  constructor(endpoint: string) {
    this.#client = new SQSClient({
      endpoint,
      region: 'elasticmq',
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
      useQueueUrlAsEndpoint: false,
    });
  }

  async makeTopics(...topics: string[]): Promise<void> {
    for (const QueueName of topics) {
      const Attributes = QueueName.endsWith('.fifo') ? { FifoQueue: 'true' } : undefined;
      await this.#client.send(new CreateQueueCommand({ QueueName, Attributes }));
    }
  }

  async publish(
    topic: string,
    items: ReadonlyMap<string, string>,
    oracle: MessageOracle,
    random: () => number,
  ): Promise<void> {
    const names = [...items.keys()];
    oracle.attempt(names);
    const QueueUrl = await this.#url(topic);
    const messages = names.flatMap((name) => {
      const text = (StringValue: string) => ({ DataType: 'String', StringValue });
      const message = {
        MessageBody: JSON.stringify({ comment: { id: name, body: items.get(name) } }),
        MessageAttributes: { 'message-id': text(name), 'correlation-id': text(`for ${name}`) },
        ...(topic.endsWith('.fifo') ? { MessageGroupId: `customer-${name.at(-1)}`, MessageDeduplicationId: name } : {}),
      };
      return random() < 0.03 ? [message, message] : [message];
    });
    for (let from = 0; from < messages.length; from += BATCH) {
      const Entries = messages.slice(from, from + BATCH).map((message, index) => ({ Id: `${index}`, ...message }));
      await eventually(
        `${names[0]} and what follows is confirmed`,
        async () => {
          const answer = await this.#client.send(new SendMessageBatchCommand({ QueueUrl, Entries })).catch(() => null);
          return answer?.Successful?.length === Entries.length;
        },
        PATIENCE_MS,
        200,
      );
    }
    oracle.confirm(names);
  }

  takeAnswers(topic: string, oracle: MessageOracle): void {
    for (let taker = 0; taker < TAKERS; taker++) this.#loops.push(this.#take(topic, oracle));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#loops);
    this.#client.destroy();
  }

  async #take(topic: string, oracle: MessageOracle): Promise<void> {
    const QueueUrl = await this.#url(topic);
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const receive = new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: BATCH,
        WaitTimeSeconds: 1,
        MessageAttributeNames: ['All'],
      });
      const received = await this.#client.send(receive, { abortSignal: signal }).catch((error: unknown) => {
        if (signal.aborted) return null;
        throw error;
      });
      const Messages = received?.Messages ?? [];
      if (Messages.length === 0) continue;
      oracle.answer(
        Messages.map(({ Body, MessageAttributes }) => {
          const { external_id: name, correlation_id, decision } = JSON.parse(Body!);
          // An answer that does not fit shows as one to an item that nobody sent.
          const fits = decision.external_id === name && [`for ${name}`, null].includes(correlation_id);
          const id = MessageAttributes?.['message-id']?.StringValue ?? '';
          return { name: fits ? name : `wrong answer to ${name}`, id };
        }),
      );
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }));
      await this.#client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }
  }

  async #url(QueueName: string): Promise<string> {
    return (await this.#client.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl!;
  }
}
