// A RabbitMQ of its own for the forum, as the tests have it; prints its URL, ends with us.
import { startRabbit } from '@understudy/components';

const rabbit = await startRabbit();
process.stdout.write(`${rabbit.url}\n`);
const stop = () => rabbit.stop().then(() => process.exit(0));
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
setInterval(() => {}, 60_000);
