<?php

declare(strict_types=1);

namespace Understudy\Laravel\Support;

use Illuminate\Contracts\Events\Dispatcher;
use Psr\Log\LoggerInterface;
use Understudy\Client\CallRecord;
use Understudy\Client\Observer;
use Understudy\Laravel\Events\CallFinished;

/** Tells listeners of every call. One that throws costs the call nothing. */
final class CallEvents implements Observer
{
    public function __construct(
        private readonly string $connection,
        private readonly Dispatcher $events,
        private readonly ?LoggerInterface $logger,
    ) {
    }

    public function observed(CallRecord $call): void
    {
        if (!$this->events->hasListeners(CallFinished::class)) {
            return;
        }
        try {
            $this->events->dispatch(new CallFinished($this->connection, $call));
        } catch (\Throwable $failure) {
            $this->logger?->error('A listener of Understudy\'s calls failed: {class}', ['class' => $failure::class]);
        }
    }
}
