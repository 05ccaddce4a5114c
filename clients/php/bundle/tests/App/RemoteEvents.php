<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests\App;

use Symfony\Component\RemoteEvent\Attribute\AsRemoteEventConsumer;
use Symfony\Component\RemoteEvent\Consumer\ConsumerInterface;
use Symfony\Component\RemoteEvent\RemoteEvent;

/** Loaded only where RemoteEvent is. */
#[AsRemoteEventConsumer('understudy')]
final class RemoteEvents implements ConsumerInterface
{
    /** @var list<RemoteEvent> */
    public array $events = [];

    public function consume(RemoteEvent $event): void
    {
        $this->events[] = $event;
    }
}
