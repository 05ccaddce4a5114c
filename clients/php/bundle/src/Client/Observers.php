<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Client;

use Psr\Log\LoggerInterface;
use Understudy\Client\CallRecord;
use Understudy\Client\Observer;

/** Tells all observers of a client's calls. One that throws costs neither the call nor the other observers anything. */
final class Observers implements Observer
{
    /** @param iterable<Observer> $observers */
    public function __construct(
        private readonly string $client,
        private readonly iterable $observers,
        private readonly ?LoggerInterface $logger = null,
    ) {
    }

    public function observed(CallRecord $call): void
    {
        foreach ($this->observers as $observer) {
            try {
                $observer instanceof ClientObserver ? $observer->observedOf($this->client, $call) : $observer->observed($call);
            } catch (\Throwable $failure) {
                $this->logger?->error('An observer of Understudy failed: {class}', ['class' => $failure::class, 'observer' => $observer::class]);
            }
        }
    }
}
