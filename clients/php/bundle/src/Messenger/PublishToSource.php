<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Messenger;

/**
 * Work for a source of Understudy: plain JSON, published to a queue that Understudy reads. Route it to an AMQP transport
 * with the serializer `understudy.messenger.source_serializer`. Extend it once a source to route each to its own.
 */
class PublishToSource
{
    /**
     * @param array<string, mixed> $payload       the JSON that the source's mapping looks into
     * @param string               $messageId     names the item: one with the same id is not decided twice. The same
     *                                            when it is published again
     * @param string|null          $correlationId comes back with the answer
     * @param string|null          $replyTo       queue for the answer, where the source allows it
     * @param string|null          $traceparent   W3C trace context
     */
    public function __construct(
        public readonly array $payload,
        public readonly string $messageId,
        public readonly ?string $correlationId = null,
        public readonly ?string $replyTo = null,
        public readonly ?string $traceparent = null,
    ) {
    }
}
