<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Profiler;

use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpFoundation\Response;
use Symfony\Component\HttpKernel\DataCollector\DataCollector;
use Symfony\Component\HttpKernel\DataCollector\LateDataCollectorInterface;
use Understudy\Client\CallRecord;
use Understudy\Client\Decision;
use Understudy\SymfonyBundle\Client\Clients;

/**
 * What the panel shows: every call with timing, outcome, cost and link. Keeps scalars only, and none of them is a key,
 * an input or a body: whoever may see the profiler may not therefore see the comments of users.
 */
final class UnderstudyDataCollector extends DataCollector implements LateDataCollectorInterface
{
    /** Decisions of one call that are listed; the others are counted. */
    private const LISTED = 50;

    public function __construct(
        private readonly CallLog $log,
        private readonly Clients $clients,
    ) {
        $this->reset();
    }

    public function collect(Request $request, Response $response, ?\Throwable $exception = null): void
    {
        // Calls may be made until the response is sent: lateCollect() has all.
    }

    public function lateCollect(): void
    {
        $this->reset();
        foreach ($this->log->calls() as [$client, $call]) {
            $this->data['calls'][] = $this->call($client, $call);
            $this->data['seconds'] += $call->seconds;
            $this->data['failed'] += $call->error === null ? 0 : 1;
            $this->data['fallbacks'] += $call->fallback ? 1 : 0;
            foreach ($call->decisions as $decision) {
                ++$this->data['decisions'];
                $this->data['automated'] += $decision->isAutomated() ? 1 : 0;
                if ($decision->cost !== null) {
                    $currency = $decision->cost->currency;
                    $this->data['cost'][$currency] = ($this->data['cost'][$currency] ?? 0.0) + (float) $decision->cost->amount;
                }
            }
        }
        $this->data['dropped'] = $this->log->dropped();
    }

    /** @return array<string, mixed> */
    private function call(string $client, CallRecord $call): array
    {
        $decisions = [];
        foreach (\array_slice($call->decisions, 0, self::LISTED) as $decision) {
            $decisions[] = $this->decision($client, $decision);
        }

        return [
            'client' => $client,
            'operation' => $call->operation,
            'request' => $call->method . ' ' . $call->path,
            'task' => $call->task,
            'status' => $call->status,
            'attempts' => $call->attempts,
            'started_at' => $call->startedAt,
            'ms' => $call->seconds * 1000,
            'request_id' => $call->requestId ?? $call->error?->requestId(),
            'fallback' => $call->fallback,
            'error' => $call->error === null ? null : [
                'class' => substr(strrchr('\\' . $call->error::class, '\\'), 1),
                'code' => $call->error->errorCode(),
                'detail' => $call->error->problem->detail,
            ],
            'decisions' => $decisions,
            'more' => max(0, \count($call->decisions) - self::LISTED),
        ];
    }

    /** @return array<string, mixed> */
    private function decision(string $client, Decision $decision): array
    {
        return [
            'id' => $decision->id,
            'outcome' => $decision->outcome,
            'label' => $decision->label,
            'suggestion' => $decision->suggestion?->label,
            'confidence' => $decision->confidence,
            'reason' => $decision->review?->reason,
            'model' => $decision->decidedBy === null ? null : $decision->decidedBy->model . ' ' . $decision->decidedBy->version,
            'cost' => $decision->cost === null ? null : $decision->cost->amount . ' ' . $decision->cost->currency,
            'external_id' => $decision->externalId,
            'link' => $this->clients->link($decision, $client === '' ? null : $client),
        ];
    }

    public function reset(): void
    {
        $this->data = ['calls' => [], 'seconds' => 0.0, 'failed' => 0, 'fallbacks' => 0, 'decisions' => 0, 'automated' => 0, 'cost' => [], 'dropped' => 0];
    }

    public function getName(): string
    {
        return 'understudy';
    }

    /** @return list<array<string, mixed>> */
    public function getCalls(): array
    {
        return $this->data['calls'];
    }

    public function getMilliseconds(): float
    {
        return $this->data['seconds'] * 1000;
    }

    public function getFailed(): int
    {
        return $this->data['failed'];
    }

    public function getFallbacks(): int
    {
        return $this->data['fallbacks'];
    }

    public function getDecisions(): int
    {
        return $this->data['decisions'];
    }

    public function getAutomated(): int
    {
        return $this->data['automated'];
    }

    /** @return array<string, float> by currency */
    public function getCost(): array
    {
        return $this->data['cost'];
    }

    public function getDropped(): int
    {
        return $this->data['dropped'];
    }
}
