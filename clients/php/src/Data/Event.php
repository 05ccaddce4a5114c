<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class Event extends Record
{
    /**
     * @param string $type decision.made, decision.reviewed, decision.erased, label.recorded, model.promoted,
     *     certificate.issued, certificate.suspended, job.finished, webhook.disabled, source.failing; more may come.
     * @param string $subject Id of what it happened to: the decision, the model version, the job.
     * @param \DateTimeImmutable $time RFC 3339, UTC.
     * @param string|null $traceparent W3C trace context of what caused it.
     * @param array<string, mixed> $data decision.made: the decision as in lists. decision.reviewed, label.recorded:
     *     {label, decision}. decision.erased: {decision: id}. The others are described by their schemas in contracts/events.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $specversion,
        public readonly string $id,
        public readonly string $source,
        public readonly string $type,
        public readonly string $subject,
        public readonly \DateTimeImmutable $time,
        public readonly string $datacontenttype,
        public readonly ?string $traceparent = null,
        public readonly array $data = [],
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['specversion'] ?? null),
            Read::string($data['id'] ?? null),
            Read::string($data['source'] ?? null),
            Read::string($data['type'] ?? null),
            Read::string($data['subject'] ?? null),
            Read::time($data['time'] ?? null),
            Read::string($data['datacontenttype'] ?? null),
            Read::nullableString($data['traceparent'] ?? null),
            Read::object($data['data'] ?? null),
            $data,
        );
    }
}
