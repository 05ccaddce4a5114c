<?php

declare(strict_types=1);

namespace Understudy\Laravel\Events;

/** Any other event that a webhook told: job.finished, model.promoted, certificate.suspended… See docs/reference/events.md. */
final class EventReceived
{
    /**
     * @param string               $eventId the same however often it comes
     * @param string               $subject id of what it happened to
     * @param array<string, mixed> $data
     */
    public function __construct(
        public readonly string $eventId,
        public readonly string $type,
        public readonly string $subject,
        public readonly string $time,
        public readonly array $data,
    ) {
    }
}
