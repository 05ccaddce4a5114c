<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Messenger;

use Psr\EventDispatcher\EventDispatcherInterface;
use Psr\Log\LoggerInterface;
use Symfony\Component\Messenger\Exception\NoHandlerForMessageException;
use Symfony\Component\Messenger\MessageBusInterface;

/** Hands results to the application: on its message bus, or as events where it has none. */
final class Results
{
    public function __construct(
        private readonly ?MessageBusInterface $bus = null,
        private readonly ?EventDispatcherInterface $events = null,
        private readonly ?LoggerInterface $logger = null,
    ) {
    }

    /** @throws \Throwable what the application's handler or listener throws: the result has to come again then */
    public function tell(object $result): void
    {
        if ($this->bus === null) {
            if ($this->events === null) {
                throw new \LogicException('There is neither a message bus nor an event dispatcher to tell results to.');
            }
            $this->events->dispatch($result);

            return;
        }
        try {
            $this->bus->dispatch($result);
        } catch (NoHandlerForMessageException) {
            $this->logger?->warning('Nothing in the application handles {class} of Understudy.', ['class' => $result::class]);
        }
    }
}
