<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Messenger;

use Psr\Log\LoggerInterface;
use Symfony\Component\Messenger\Exception\RecoverableMessageHandlingException;
use Symfony\Component\Messenger\Exception\UnrecoverableMessageHandlingException;
use Symfony\Component\Messenger\Handler\Acknowledger;
use Symfony\Component\Messenger\Handler\BatchHandlerInterface;
use Understudy\Client\BatchOptions;
use Understudy\Client\CallOptions;
use Understudy\Client\Decision;
use Understudy\Client\Exception\InvalidRequest;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Fallback;
use Understudy\Client\Item;
use Understudy\Client\PredictOptions;
use Understudy\SymfonyBundle\Client\Clients;

/**
 * Decides what waits in one request. In a worker, a message is acknowledged when its result has been handled; what
 * cannot be answered now comes again for as long as it takes, what can never be answered goes to the failure transport.
 * Dispatched without a transport it decides at once and never throws on our account: then a person decides.
 */
final class BatchHandler implements BatchHandlerInterface
{
    /** @var list<array{DecideMessage, Acknowledger}> */
    private array $waiting = [];

    public function __construct(
        private readonly Clients $clients,
        private readonly Results $results,
        private readonly int $batchSize = 500,
        private readonly ?LoggerInterface $logger = null,
    ) {
    }

    /** @return Decision|int the decision, or how many wait when Messenger acknowledges later */
    public function __invoke(DecideMessage $message, ?Acknowledger $ack = null): mixed
    {
        if ($ack === null) {
            $decision = $this->predict($message, Fallback::Review);
            $this->tell($message, $decision);

            return $decision;
        }
        $this->waiting[] = [$message, $ack];
        if (\count($this->waiting) < $this->batchSize) {
            return \count($this->waiting);
        }
        $this->flush(true);

        return 0;
    }

    /** Messenger calls this when nothing more waits in the transport, and when the worker stops. */
    public function flush(bool $force): void
    {
        $waiting = $this->waiting;
        $this->waiting = [];
        $groups = [];
        foreach ($waiting as $job) {
            $groups[($job[0]->client ?? '') . "\n" . $job[0]->task][] = $job;
        }
        foreach ($groups as $jobs) {
            $this->decide($jobs);
        }
    }

    /** @param non-empty-list<array{DecideMessage, Acknowledger}> $jobs of one client and task */
    private function decide(array $jobs): void
    {
        try {
            $decisions = $this->decisions(array_column($jobs, 0));
        } catch (InvalidRequest $refused) {
            $this->isolate($jobs, $refused);

            return;
        } catch (UnderstudyException $unanswered) {
            $this->logger?->warning('{count} items of {task} wait: {code}', self::context($unanswered) + ['count' => \count($jobs), 'task' => $jobs[0][0]->task]);
            foreach ($jobs as [, $ack]) {
                $ack->nack(self::later($unanswered));
            }

            return;
        } catch (\Throwable $failure) {
            foreach ($jobs as [, $ack]) {
                $ack->nack($failure);
            }

            return;
        }
        foreach ($jobs as $position => [$message, $ack]) {
            try {
                $this->tell($message, $decisions[$position]);
                $ack->ack($decisions[$position]);
            } catch (\Throwable $failure) {
                $ack->nack($failure);
            }
        }
    }

    /**
     * One bad item rejects its whole batch. Those to blame are named by pointers, or found by halving.
     *
     * @param non-empty-list<array{DecideMessage, Acknowledger}> $jobs
     */
    private function isolate(array $jobs, InvalidRequest $refused): void
    {
        if (\count($jobs) === 1) {
            $this->logger?->error('An item of {task} can never be decided as it is: {code}', self::context($refused) + ['task' => $jobs[0][0]->task, 'external_id' => $jobs[0][0]->externalId]);
            $jobs[0][1]->nack(new UnrecoverableMessageHandlingException($refused->getMessage(), 0, $refused));

            return;
        }
        $bad = [];
        foreach ($refused->problem->errors as $error) {
            if (preg_match('#^/items/(\d+)(/|$)#', $error['pointer'], $match) === 1 && isset($jobs[(int) $match[1]])) {
                $bad[(int) $match[1]] = true;
            }
        }
        if ($bad === [] || \count($bad) === \count($jobs)) {
            foreach (array_chunk($jobs, (int) ceil(\count($jobs) / 2)) as $half) {
                $this->decide($half);
            }

            return;
        }
        $good = array_values(array_diff_key($jobs, $bad));
        foreach (array_intersect_key($jobs, $bad) as $job) {
            $this->isolate([$job], $refused);
        }
        $this->decide($good);
    }

    /**
     * @param non-empty-list<DecideMessage> $messages
     *
     * @return list<Decision>
     */
    private function decisions(array $messages): array
    {
        if (\count($messages) === 1) {
            return [$this->predict($messages[0], Fallback::Throw)];
        }
        $items = $ids = [];
        foreach ($messages as $message) {
            $items[] = new Item($message->input, $message->subject, $message->externalId, $message->attributes);
            $ids[] = $message->id;
        }
        $decisions = $this->clients->get($messages[0]->client)->predictMany($messages[0]->task, $items, new BatchOptions(
            size: \count($items),
            fallback: Fallback::Throw,
            call: new CallOptions(idempotencyKey: 'messenger-' . substr(hash('sha256', implode("\n", $ids)), 0, 32)),
        ));

        return \is_array($decisions) ? array_values($decisions) : iterator_to_array($decisions, false);
    }

    private function predict(DecideMessage $message, Fallback $fallback): Decision
    {
        return $this->clients->get($message->client)->predict($message->task, $message->input, new PredictOptions(
            subject: $message->subject,
            externalId: $message->externalId,
            attributes: $message->attributes,
            fallback: $fallback,
            call: new CallOptions(idempotencyKey: 'messenger-' . $message->id),
        ));
    }

    private function tell(DecideMessage $message, Decision $decision): void
    {
        $this->results->tell(new DecisionMade(
            $decision->toArray(),
            'messenger',
            $message->id,
            $message->externalId,
            $message->context,
            failure: $decision->cause?->errorCode(),
            failureDetail: $decision->cause?->problem->detail,
        ));
    }

    /** Recoverable: Messenger repeats it without a limit. Nothing that is queued is lost by an outage or an expired key. */
    private static function later(UnderstudyException $cause): RecoverableMessageHandlingException
    {
        if ($cause->retryAfter !== null && method_exists(RecoverableMessageHandlingException::class, 'getRetryDelay')) {
            return new RecoverableMessageHandlingException($cause->getMessage(), 0, $cause, (int) ceil($cause->retryAfter * 1000));
        }

        return new RecoverableMessageHandlingException($cause->getMessage(), 0, $cause);
    }

    /** @return array<string, mixed> */
    private static function context(UnderstudyException $cause): array
    {
        return ['code' => $cause->errorCode(), 'status' => $cause->status(), 'request_id' => $cause->requestId(), 'exception' => $cause];
    }
}
